#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sparse.sh ARGS...: sparse, which does not know RISC-V's newer extensions and
# stops at their names; nothing that it looks at depends on them.
for arg; do
	shift
	case $arg in
	-march=rv*) set -- "$@" "${arg%%_*}" ;;
	*) set -- "$@" "$arg" ;;
	esac
done
exec sparse "$@"

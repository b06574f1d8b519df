#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh [LINE/ARCH/VARIANT]... [lint] [host]: build, boot and judge these kernels;
# check all files; check what runs on the host. Prints a table of what came of it.
# MAKE comes from the environment, with what its user has asked for.
# shellcheck disable=SC2086,SC2016 # words are meant to be split, and by another shell

# judge NAME PART COMMAND...: a row of the table
judge() {
	name=$1 part=$2
	shift 2
	scripts/judge.py row build/check "$name" "$part" -- "$@"
}

rows() {
	find build/check -name '*.json' | wc -l
}

cell() {
	line=$1 arch=$2 variant=$3
	of="ARCH=$arch VARIANT=$variant"
	# A tree of one's own says itself which line it is
	[ -n "$KDIR" ] || of="LINE=$line $of"

	# As many guests at once as there are processors: a test seldom keeps two busy
	if judge "$line $arch" "$variant build" $MAKE guest-check $of; then
		boots=$($MAKE -s boots $of) had=$(rows)
		echo "$boots" | xargs -n 1 | xargs -P "$(nproc)" -I{} $MAKE check-boot $of BOOT={}
		[ "$(rows)" -eq "$((had + $(echo "${boots:-none}" | wc -w)))" ] ||
			judge "$line $arch" "$variant: a row for each boot" false
	fi

	[ "$variant" = bitmap ] || return
	judge "$line $arch" 'unchanged when off' sh -c '
		$MAKE objects "$@" VARIANT=stock && $MAKE objects "$@" VARIANT=off &&
			$MAKE same-code "$@"' sh $of
	judge "$line $arch" 'number masked' $MAKE masked $of
	judge "$line $arch" 'W=1, sparse' $MAKE compile $of VARIANT=lint
}

rm -rf build/check
for what; do
	case $what in
	lint) judge all lint $MAKE lint-files ;;
	host) judge host 'classifier, workshop' $MAKE check-host PERCENT=10 ;;
	*)
		IFS=/
		set -f
		set -- $what
		unset IFS
		cell "$@" ;;
	esac
done
scripts/judge.py table build/check

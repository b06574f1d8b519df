#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# setup.sh PACKAGE...: install those of the Debian packages that are missing.
log=build/setup.log

missing=
have=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null)
for pkg; do
	case "
$have
" in
	*"
$pkg ii "*) ;;
	*) missing="$missing $pkg" ;;
	esac
done
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null; then
	echo "setup: this is not a Debian system; it lacks what these Debian packages give:$missing" >&2
	exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
	root=
elif sudo -n true 2>/dev/null; then
	root="sudo -n"
else
	echo "setup: packages are missing and need root to install. Run this, then try again:" >&2
	echo "    sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

mkdir -p build
echo "  setup    apt-get install$missing"
for step in update "install -y --no-install-recommends $missing"; do
	# shellcheck disable=SC2086 # words are meant to be split
	if ! $root env DEBIAN_FRONTEND=noninteractive apt-get -q $step >"$log" 2>&1; then
		echo "setup: apt-get $step failed; the end of $log:" >&2
		tail -n 20 "$log" | sed 's/^/    /' >&2
		exit 1
	fi
done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# setup.sh PACKAGE...: install those of the Debian packages that are missing.
log=build/setup.log

if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is not a Debian system; it needs what these Debian packages give: $*" >&2
	exit 1
fi

have=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii //p')
missing=$(printf '%s\n' "$@" | grep -vxF "$have" | xargs)
[ "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	root=
elif sudo -n true 2>/dev/null; then
	root="sudo -n"
else
	echo "setup: packages are missing and need root to install. Run this, then try again:" >&2
	echo "    sudo apt-get update && sudo apt-get install --no-install-recommends $missing" >&2
	exit 1
fi

mkdir -p build
echo "  setup    apt-get install $missing"
# A package list that a mirror does not give matters only if what follows fails. Another
# apt-get, of a machine's daily updates for example, is waited for
for left in $(seq "${APT_TRIES:-60}" -1 0); do
	# shellcheck disable=SC2086 # words are meant to be split
	$root env LC_ALL=C DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -q update
		exec apt-get -q install -y --no-install-recommends "$@"' sh $missing >"$log" 2>&1 && exit
	held=$(grep -m 1 -o 'Could not get lock.*' "$log") || break
	[ "$left" -ne 0 ] || break
	echo "  setup    waiting: $held"
	sleep "${APT_WAIT:-10}"
done
echo "setup: apt-get update and install failed; the end of $log:" >&2
tail -n 20 "$log" | sed 's/^/    /' >&2
exit 1

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# setup.sh PACKAGE...: install those of the Debian packages that are missing.
log=build/setup.log

if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is not a Debian system; it needs what these Debian packages give: $*" >&2
	exit 1
fi

have=" $(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null |
	sed -n 's/ ii *$//p' | xargs) "
missing=
for pkg; do
	case $have in
	*" $pkg "*) ;;
	*) missing="$missing $pkg" ;;
	esac
done
[ -z "$missing" ] && exit 0

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
: >"$log"
# Another apt-get, of a machine's daily updates for example, is waited for
apt_get() {
	for left in $(seq "${APT_TRIES:-60}" -1 0); do
		$root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$log.now" 2>&1 &&
			status=0 || status=$?
		cat "$log.now" >>"$log"
		if [ "$status" -eq 0 ] || ! grep -q 'Could not get lock' "$log.now"; then
			return "$status"
		fi
		[ "$left" -ne 0 ] || break
		echo "  setup    waiting: $(sed -n 's/.*\(Could not get lock\)/\1/p' "$log.now" | head -n 1)"
		sleep "${APT_WAIT:-10}"
	done
	return "$status"
}

echo "  setup    apt-get install$missing"
# A package list that a mirror does not give matters only if that fails.
apt_get update
# shellcheck disable=SC2086 # words are meant to be split
if ! apt_get install -y --no-install-recommends $missing; then
	echo "setup: apt-get update and install failed; the end of $log:" >&2
	tail -n 20 "$log" | sed 's/^/    /' >&2
	exit 1
fi

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# setup.sh PACKAGE...: install those of the Debian packages that are missing.
# PACKAGE:ARCH is one of another Debian architecture, such as a library for
# guest programs; dpkg is told of that architecture if it does not know it.
log=build/setup.log

if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is not a Debian system; it needs what these Debian packages give: $*" >&2
	exit 1
fi

native=$(dpkg --print-architecture)
missing='' foreign=''
have=$(dpkg-query -W -f '${Package}:${Architecture} ${db:Status-Abbrev}\n' "$@" 2>/dev/null)
for pkg; do
	case $pkg in
	*:*) names=$pkg ;;
	*) names="$pkg:$native $pkg:all" ;;
	esac
	found=
	for name in $names; do
		case "
$have
" in
		*"
$name ii "*) found=y ;;
		esac
	done
	[ "$found" ] || missing="$missing $pkg"
done
[ -z "$missing" ] && exit 0

known=" $native all $(dpkg --print-foreign-architectures | xargs) "
for pkg in $missing; do
	arch=${pkg#"${pkg%%:*}"}
	case "$known" in
	*" ${arch#:} "*) ;;
	*) [ -n "$arch" ] && foreign="$foreign ${arch#:}" known="$known${arch#:} " ;;
	esac
done

if [ "$(id -u)" -eq 0 ]; then
	root=
elif sudo -n true 2>/dev/null; then
	root="sudo -n"
else
	echo "setup: packages are missing and need root to install. Run this, then try again:" >&2
	for arch in $foreign; do
		echo "    sudo dpkg --add-architecture $arch" >&2
	done
	echo "    sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

mkdir -p build
: >"$log"
apt_get() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >>"$log" 2>&1
}

for arch in $foreign; do
	echo "  setup    dpkg --add-architecture $arch"
	$root dpkg --add-architecture "$arch" || exit 1
done
echo "  setup    apt-get install$missing"
# A package list that a mirror does not give matters only if that fails.
apt_get update
# shellcheck disable=SC2086 # words are meant to be split
if ! apt_get install -y --no-install-recommends $missing; then
	echo "setup: apt-get update and install failed; the end of $log:" >&2
	tail -n 20 "$log" | sed 's/^/    /' >&2
	exit 1
fi

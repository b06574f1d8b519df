#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debs.sh ARCH SUITES DIR PACKAGE...: unpack Debian packages into DIR that this machine
# does not have: for another architecture (as Debian calls it), or from another suite,
# the first one that has them all. They come from the mirror that it uses, with lists of
# packages of our own. What apt knows of the machine stays as it is. If DIR has them
# already, it is left alone.
set -e
what=$* arch=$1 suites=$2 dir=$3
shift 3
apt=$PWD/$dir.apt
[ ! -d "$dir" ] || [ "$(cat "$dir.list" 2>/dev/null)" != "$what" ] || exit 0
# shellcheck disable=SC2016 # apt-get knows what SITE is
site=$(apt-get indextargets --format '$(SITE)' 'Label: Debian' | head -n 1)

apt_get() {
	apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o Dir::State::status="$apt/status" -o APT::Architecture="$arch" \
		-o APT::Architectures::="$arch" -o Acquire::Languages=none "$@"
}

# As an ordinary user, too: nothing but its own directories is written
rm -rf "$apt" "$dir" "$dir.list"
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$dir"
: >"$apt/status"
for suite in $suites; do
	echo "deb [arch=$arch signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" \
		>"$apt/sources.list"
	rm -f "$apt"/*.deb
	{ apt_get update && (cd "$apt" && apt_get download "$@"); } || continue
	for deb in "$apt"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	echo "$what" >"$dir.list"
	exit
done
echo "debs: there is no package $* in $suites at ${site:-no mirror that apt knows} for $arch" >&2
exit 1

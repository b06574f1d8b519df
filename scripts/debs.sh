#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debs.sh ARCH SUITE DIR PACKAGE...: unpack Debian packages into DIR that this machine
# does not have: for another architecture (as Debian calls it), or from another
# suite.  They come from the mirror that it uses, with lists of packages of our own.
# What apt knows of the machine stays as it is.
set -e
arch=$1 suite=$2 dir=$3
shift 3
apt=$PWD/$dir.apt

# shellcheck disable=SC2016 # apt-get knows what SITE is
site=$(apt-get indextargets --format '$(SITE)' 'Label: Debian' | head -n 1)
if [ -z "$site" ]; then
	echo "debs: this machine's apt knows no Debian mirror, for $* of $suite" >&2
	exit 1
fi

apt_get() {
	apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o Dir::State::status="$apt/status" -o APT::Architecture="$arch" \
		-o APT::Architectures::="$arch" -o Acquire::Languages=none "$@"
}

# As an ordinary user, too: nothing but its own directories is written
rm -rf "$apt" "$dir"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$dir"
: >"$apt/status"
echo "deb [arch=$arch signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" \
	>"$apt/sources.list"

fetch() {
	apt_get update && (cd "$apt" && apt_get download "$@") || return
	for deb in "$apt"/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return
	done
}

status=0
if ! fetch "$@"; then
	echo "debs: there is no package $* in $suite at $site for $arch" >&2
	rm -rf "$dir"
	status=1
fi
rm -rf "$apt"
exit "$status"

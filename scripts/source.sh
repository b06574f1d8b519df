#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# source.sh PACKAGE SUITE TARBALL: fetch a kernel's TARBALL, which is in a Debian
# package of a SUITE that this machine does not have: from the mirror that it uses,
# with lists of packages of our own.  What apt knows of the machine stays as it is.
set -e
package=$1 suite=$2 tarball=$3
apt=$PWD/build/apt
[ -f "$tarball" ] && exit

# shellcheck disable=SC2016 # apt-get knows what SITE is
site=$(apt-get indextargets --format '$(SITE)' 'Label: Debian' | head -n 1)
if [ -z "$site" ]; then
	echo "source: this machine's apt knows no Debian mirror, for $package of $suite;" \
		"KDIR= takes a kernel tree of your own" >&2
	exit 1
fi

apt_get() {
	apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" "$@"
}

# As an ordinary user, too: nothing but its own directories is written
rm -rf "$apt"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" \
	>"$apt/sources.list"
if ! apt_get update || ! (cd "$apt" && apt_get download "$package"); then
	echo "source: there is no package $package in $suite at $site;" \
		"KDIR= takes a kernel tree of your own" >&2
	exit 1
fi

dpkg-deb --fsys-tarfile "$apt/$package"_*.deb |
	tar -x -C "$apt" --strip-components=3 "./usr/src/${tarball##*/}"
mv "$apt/${tarball##*/}" "$tarball"
rm -rf "$apt"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# source.sh PACKAGE SUITE TARBALL: fetch a kernel's TARBALL, which is in a Debian
# package of a SUITE that this machine does not have.
set -e
package=$1 suite=$2 tarball=$3
[ -f "$tarball" ] && exit

if ! scripts/debs.sh "$(dpkg --print-architecture)" "$suite" build/source "$package"; then
	echo "source: KDIR= takes a kernel tree of your own" >&2
	exit 1
fi
mv "build/source/usr/src/${tarball##*/}" "$tarball"
rm -rf build/source

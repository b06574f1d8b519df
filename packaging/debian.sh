#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian.sh OUT: the Debian package of seccomp-coverage, by debhelper, and what lintian
# says of it. It is built from what is committed. OUT is an absolute path.
set -e
out=$1
# git archive goes by where it is run
cd "$(dirname "$0")/.."
version=$(git log -1 --format=0~%cd.%h --date=format:%Y%m%d)
tree=$out/seccomp-coverage-$version

rm -rf "$out"
mkdir -p "$tree"
git archive HEAD COPYING include kernel/seccomp tools/lib/seccomp tools/seccomp-coverage |
	tar -x -C "$tree"
git archive HEAD packaging/debian | tar -x --strip-components=1 -C "$tree"
author=$(git log -1 --format='%an <%ae>')
sed -i "s/@MAINTAINER@/$author/" "$tree/debian/control"
cat >"$tree/debian/changelog" <<END
seccomp-coverage ($version) unstable; urgency=medium

  * Made of commit $(git log -1 --format=%h).

 -- $author  $(git log -1 --format=%cD)
END
(cd "$tree" && dpkg-buildpackage -b -us -uc >"$out/build.log" 2>&1) || {
	tail -n 20 "$out/build.log" >&2
	exit 1
}
! command -v lintian >/dev/null ||
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$out"/*.changes
echo "  package  $(ls "$out"/seccomp-coverage_*.deb)"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bundle.sh STOCK PATCHED MAILS TOP LINE: write TOP/LINE, which vendors apply: bundle/
# with its @WORDS@ filled in, the patches, and the sources of seccomp-coverage; and a
# tarball of it.
set -e
stock=$1 patched=$2 mails=$3 top=$4 line=$5
out=$top/$line

version=$(git log -1 --format=%cd.%h --date=format:%Y%m%d 2>/dev/null) || {
	echo "bundle: its version is that of a commit: this has to be a git tree" >&2
	exit 1
}
# What seccomp-coverage is made of
sources="COPYING include kernel/seccomp tools/lib/seccomp tools/seccomp-coverage"
# shellcheck disable=SC2046,SC2086 # words are meant to be split
git status --porcelain -- bundle series $sources $(cat series/*/files) | grep -q . &&
	version=$version.changed
release=$(make -s -C "$stock" kernelversion)
coverage=seccomp-coverage-$version

md5() {
	md5sum "$1" | cut -d' ' -f1
}

# As they were built of the same sources, so are the archives the same
pack() {
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c "$@"
}

# fill FILE: a line with @PATCH@ becomes one for each patch, the other words a value
fill() {
	find "$out/patches" -type f -printf '%f\n' | sort | awk '
		FNR == NR { patch[n++] = $0; next }
		!/@PATCH@/ { print; next }
		{ for (i = 0; i < n; i++) { line = $0; sub(/@PATCH@/, patch[i], line); print line } }
		' - "$1" |
	sed "s|@LINE@|$line|g; s|@VERSION@|$version|g; s|@RELEASE@|$release|g
		s|@HEADERS@|$(echo "$line" | tr . _)|g
		s|@COPYING@|$(md5 COPYING)|g; s|@KERNEL_COPYING@|$(md5 "$stock/COPYING")|g" >"$1.new"
	mv "$1.new" "$1"
}

begin() {
	rm -rf "$out" "$top/seccomp-bitmap-$line"-*.tar.xz
	mkdir -p "$out/patches"
	cp -r bundle/. COPYING "$out"
	cp "$mails"/*.patch "$out/patches"
	rm "$out"/patches/0000-*
	grep -rlE '@[A-Z_]+@' "$out" --exclude-dir=patches | while read -r file; do
		fill "$file"
	done
}

# tag DIR TEXT: copy the patches to DIR, with a line that its checks want to see
tag() {
	mkdir -p "$1"
	for patch in "$out"/patches/*; do
		sed "0,/^---\$/s//\n$2\n---/" "$patch" >"$1/${patch##*/}"
	done
}

sources() {
	mkdir -p "$out/src/$coverage"
	# shellcheck disable=SC2086 # words are meant to be split
	git ls-files -z $sources | tar -c --null -T - | tar -x -C "$out/src/$coverage"
	pack -C "$out/src" "$coverage" | gzip -n >"$out/src/$coverage.tar.gz"
}

yocto() {
	layer=$out/meta-seccomp-bitmap
	kernel=$layer/recipes-kernel/linux/files/seccomp-bitmap
	recipe=$layer/recipes-support/seccomp-coverage
	tag "$kernel" 'Upstream-Status: Pending'
	cp "$out/seccomp-bitmap.config" "$kernel/seccomp-bitmap.cfg"
	mkdir "$recipe/files"
	mv "$recipe/seccomp-coverage.bb" "$recipe/seccomp-coverage_$version.bb"
	cp "$out/src/$coverage.tar.gz" "$recipe/files"
	cp COPYING "$layer"
}

buildroot() {
	tag "$out/buildroot/patches" 'Upstream: not sent yet'
	cp "$out/seccomp-bitmap.config" "$out/buildroot"
	mv "$out/src/$coverage" "$out/buildroot/src"
}

openwrt() {
	pending=$out/openwrt/target/linux/generic/pending-$line
	mkdir -p "$pending"
	for patch in "$out"/patches/*; do
		name=${patch##*/}
		cp "$patch" "$pending/9${name#00}"
	done
	mv "$out/openwrt/config" "$out/openwrt/config-$line"
}

end() {
	# For quilt
	(cd "$out/patches" && printf '%s\n' *.patch >series)
	# A result counts if its test began after the last file of the tree changed
	changed=$(cd "$patched" && xargs stat -c %.9Y <.patched | sort -n | tail -n 1)
	tree=${patched##*/linux-}
	{
		printf '%s\n' "seccomp-bitmap $version for Linux $line, made from the sources of $release" \
			'' patches: "$(sed 's/^/  /; s/\.patch$//' "$out/patches/series")" \
			'' 'tested, on the tree that these patches make of these sources:'
		scripts/judge.py tested build/tested "${tree%-bitmap*}" "$changed"
	} >"$out/MANIFEST"
	(cd "$out" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum) \
		>"$top/sums"
	mv "$top/sums" "$out/SHA256SUMS"
	name=seccomp-bitmap-$line-$version
	pack -C "$top" --transform "s,^$line,$name," "$line" | xz >"$top/$name.tar.xz"
	echo "  bundle   $out, $top/$name.tar.xz"
}

begin
sources
yocto
buildroot
openwrt
end

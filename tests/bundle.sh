#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bundle.sh STOCK PATCHED LINE: is what `make bundle` writes whole, and do its patches
# make of STOCK what PATCHED is?  TAP; nothing but seccomp-coverage is built.
# shellcheck disable=SC2317 # check() calls functions
cd "$(dirname "$0")/.." || exit
stock=$1 patched=$2 line=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
out=$tmp/bundle/$line layer=$tmp/bundle/$line/meta-seccomp-bitmap
nr=0 failed=0

# check WHAT COMMAND...: the command does not fail
check() {
	nr=$((nr + 1)) what=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $nr $what"
	else
		echo "not ok $nr $what"
		sed 's/^/# /' "$tmp/said"
		failed=1
	fi
}

written() {
	scripts/mails.sh -n "$stock" "$tmp/series" "$line" &&
		scripts/bundle.sh "$stock" "$patched" "$tmp/series/mails" "$tmp/bundle" "$line" &&
		find "$out/patches" -name '*.patch' -printf '%f\n' | sort >"$tmp/patches" &&
		[ "$(wc -l <"$tmp/patches")" -eq "$(grep -c '^[^#]' series/series)" ]
}

filled() {
	! grep -rnIE '@[A-Z_]+@' "$out" --exclude='*.patch' --exclude-dir=src
}

summed() {
	(cd "$out" && find . -type f ! -name SHA256SUMS | sort >"$tmp/found" &&
		cut -c67- SHA256SUMS | diff - "$tmp/found" && sha256sum --quiet -c SHA256SUMS)
}

packed() {
	mkdir "$tmp/unpacked" && tar -xJf "$tmp"/bundle/*.tar.xz -C "$tmp/unpacked" &&
		diff -r "$tmp"/unpacked/* "$out"
}

# lists FILE SED: the patches that FILE names, as SED extracts them, are those there are
lists() {
	sed -n "$2" "$1" | diff "$tmp/patches" -
}

# applies DIR: its patches, in the order of their names, make the patched tree
applies() {
	rm -rf "$tmp/tree"
	mkdir "$tmp/tree"
	while read -r file; do
		[ ! -f "$stock/$file" ] || (cd "$stock" && cp --parents "$file" "$tmp/tree") || return
	done <"$tmp/touched"
	for patch in "$1"/*.patch; do
		patch -s -p1 -F0 -d "$tmp/tree" <"$patch" || return
	done
	(cd "$tmp/tree" && find . -type f -printf '%P\n' | sort) >"$tmp/found"
	diff "$tmp/touched" "$tmp/found" || return
	while read -r file; do
		cmp "$patched/$file" "$tmp/tree/$file" || return
	done <"$tmp/found"
}

# What bitbake would compare
licensed() {
	sum=$(sed -n 's/.*COPYING;md5=\([0-9a-f]*\)"/\1/p' "$2") &&
		echo "$sum  $1" | md5sum --quiet -c -
}

# Of its own archive alone, as a build system does it
coverage_builds() {
	mkdir "$tmp/coverage" &&
		tar -xzf "$layer"/recipes-support/seccomp-coverage/files/*.tar.gz -C "$tmp/coverage" &&
		make -C "$tmp"/coverage/*/tools/seccomp-coverage &&
		diff -r -x build "$tmp"/coverage/* "$out/buildroot/src"
}

if ! git rev-parse HEAD >/dev/null 2>&1; then
	echo "1..0 # SKIP not a git tree, of which bundles are made"
	exit
fi
sort "$patched/.patched" >"$tmp/touched"
check "all patches are written" written
check "no word is left to fill in" filled
check "checksums are right, and all there" summed
check "the tarball is the directory" packed
for list in patches/series,p \
	"meta-seccomp-bitmap/recipes-kernel/linux/files/seccomp-bitmap/seccomp-bitmap.scc,s/^patch //p" \
	"meta-seccomp-bitmap/recipes-kernel/linux/seccomp-bitmap.inc,s|^ *file://\(.*\.patch\) .*|\1|p"; do
	check "${list%%,*} names the patches" lists "$out/${list%%,*}" "${list#*,}"
done
for dir in patches buildroot/patches "openwrt/target/linux/generic/pending-$line" \
	meta-seccomp-bitmap/recipes-kernel/linux/files/seccomp-bitmap; do
	check "$dir makes the patched tree" applies "$out/$dir"
done
check "the tool's license is the one named" licensed "$out/COPYING" \
	"$(find "$layer" -name 'seccomp-coverage_*.bb')"
check "the kernel's license is the one named" licensed "$stock/COPYING" \
	"$(find "$layer" -name 'seccomp-selftests.bb')"
check "seccomp-coverage builds from its archive" coverage_builds

echo "1..$nr"
exit $failed

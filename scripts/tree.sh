#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tree.sh TARBALL|KDIR TREE [SUITE]: make TREE a pristine copy of a kernel's sources,
# unpacked from a tarball or copied from a user's own tree (left as it is). The tarball is
# in a Debian package of its name; it is fetched if that is of a SUITE that this machine
# does not have.
# TREE/.origin tells what it was made from; it changes when TREE does.
set -e
from=$1 tree=$2 suite=$3

die() {
	echo "tree: $*" >&2
	exit 1
}

enough_space() {
	mkdir -p "${tree%/*}"
	free=$(df -Pk "${tree%/*}" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge 3 ] || die "only $free GiB are free for $tree; a kernel tree needs 3"
}

check_kdir() {
	[ -d "$from" ] || die "KDIR=$from is not a directory"
	for f in Makefile Kbuild kernel/seccomp.c; do
		[ -f "$from/$f" ] || die "KDIR=$from is not a kernel tree: it has no $f"
	done
	grep -qs SECCOMP_ARCH_NATIVE "$from"/kernel/seccomp.c ||
		die "KDIR=$from is too old: SECCOMP_ARCH_NATIVE came with Linux 5.11"
	for f in "$from"/.config "$from"/include/config \
		 "$from"/arch/*/include/generated; do
		[ ! -e "$f" ] || die "KDIR=$from has been built in (it has $f):" \
			"run 'make mrproper' there, or name a clean copy (git worktree add)"
	done
}

copy_kdir() {
	[ -d "$tree" ] || enough_space
	mkdir -p "$tree"
	changed=$(rsync -ai --delete --exclude=/.git --exclude=/.origin \
		"$from"/ "$tree"/ | head -n 1)
	if [ -n "$changed" ] || [ ! -f "$tree/.origin" ]; then
		# A new file: a patched tree may share the old one.
		rm -f "$tree/.origin"
		echo "$from, copied $(date '+%F %T.%N')" >"$tree/.origin"
	fi
}

unpack() {
	if [ "$suite" ] && [ ! -f "$from" ]; then
		package=$(basename "$from" .tar.xz)
		scripts/debs.sh "$(dpkg --print-architecture)" "$suite" build/source "$package" ||
			die "KDIR= takes a kernel tree of your own"
		mv "build/source/usr/src/$package.tar.xz" "$from"
		rm -rf build/source build/source.list
	fi
	[ -f "$from" ] || die "$from is missing, though its package is installed"
	origin=$(stat -c '%n %s %Y' "$from")
	[ "$(cat "$tree/.origin" 2>/dev/null)" = "$origin" ] && return
	rm -rf "$tree" "$tree.part"
	enough_space
	mkdir -p "$tree.part"
	tar -xf "$from" -C "$tree.part" --strip-components=1
	echo "$origin" >"$tree.part/.origin"
	mv "$tree.part" "$tree"
}

if [ "${from%.tar.*}" != "$from" ]; then
	unpack
else
	check_kdir
	copy_kdir
fi

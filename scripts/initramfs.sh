#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh GEN_INIT_CPIO DIR OUT: pack DIR, and a console, with the kernel
# tree's own tool: no root is needed.
set -e
gen=$1 dir=$2 out=$3
{
	echo "dir /dev 0755 0 0"
	echo "nod /dev/console 0600 0 0 c 5 1"
	find "$dir" -mindepth 1 \( -type d -printf 'dir /%P 0755 0 0\n' \) -o \
		\( -type l -printf 'slink /%P %l 0777 0 0\n' \) -o \
		-printf 'file /%P %p %m 0 0\n' | sort -k 2
} >"$out.list"
"$gen" "$out.list" >"$out.new"
mv "$out.new" "$out"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# appskit.sh DIR KIT: pack programs, filters to run them under and the script that
# measures them as KIT, an archive; DIR is where that is put together.
# ARCH, CROSS_COMPILE and PKGS_ARCH come from the environment.
set -e
dir=$1 kit=$2
root=$dir/root

# Debian's name for the target is in that of its C library for cross compilers.
debian=$(echo "$PKGS_ARCH" | tr ' ' '\n' | sed -n 's/^libc6-dev-\([a-z0-9]*\)-cross$/\1/p')
debian=${debian:-$(dpkg --print-architecture)}

packages=$(sed 's/#.*//' tests/apps/packages)
if [ "$(cat "$dir/packages" 2>/dev/null)" != "$packages" ]; then
	mkdir -p "$dir"
	# shellcheck disable=SC2086 # words are meant to be split
	scripts/debs.sh "$debian" bookworm "$root" $packages
	# What nobody runs
	rm -rf "$root/usr/share/doc" "$root/usr/share/locale" "$root/usr/share/man"
	find "$root/usr/lib/git-core" -type f ! -name git -size +500k -delete
	ln -s python3.11 "$root/usr/bin/python3"
	mkdir "$root/dev" "$root/tmp"
	echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	echo "$packages" >"$dir/packages"
fi
printf '[%s]\n\t%s\n' user 'name = A user' user 'email = user@example.org' pack 'threads = 1' \
	gc 'auto = 0' >"$root/etc/gitconfig"
install -D -m 644 tests/apps/nginx.conf "$root/etc/nginx/page.conf"
install -m 755 tests/apps/program.sh "$root/program"
sed -n 's/^\([a-z]*\)) .*/\1/p' tests/apps/program.sh >"$dir/programs"

"${CROSS_COMPILE}gcc" -O2 -Wall -static -s -o "$dir/launch" tests/apps/launch.c \
	tests/board/counters.c tests/board/sample.c tests/guest/rows.c
rm -rf "$dir/filters"
cp -r build/filters "$dir/filters"
cp tests/apps/measure-this-kernel.sh COPYING "$dir"
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
name=$(basename "$kit" .tar.gz)
echo "$name, $commit" >"$dir/VERSION"
tar -czf "$kit" --owner=0 --group=0 --sort=name --transform "s,^\.,$name,S" -C "$dir" .

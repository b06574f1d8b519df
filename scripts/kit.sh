#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kit.sh board TREE OUT: pack static programs for the target, and the script that runs
# them on a board, as KIT.
# kit.sh apps DIR: pack programs, filters to run them under and the script that measures
# them as KIT; DIR is where that is put together.
# KIT, ARCH, KARCH, CROSS_COMPILE, CC32, CCx32, CCn32, PKGS_ARCH and STOCK_FAILS come from
# the environment.
set -e
unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL

# Debian's name for the target is in that of its C library for cross compilers.
debian=$(echo "$PKGS_ARCH" | tr ' ' '\n' | sed -n 's/^libc6-dev-\([a-z0-9]*\)-cross$/\1/p')
debian=${debian:-$(dpkg --print-architecture)}

# pack SCRIPT FILE...: what is in $dir, and these
pack() {
	cp COPYING "$@" "$dir"
	name=$(basename "$KIT" .tar.gz)
	echo "$name, $(git describe --always --dirty 2>/dev/null || echo unknown)" >"$dir/VERSION"
	tar -czf "$KIT" --owner=0 --group=0 --sort=name --transform "s,^\.,$name,S" -C "$dir" .
}

board() {
	tree=$1 out=$2 dir=$2/kit sysroot=build/boardkit/debian-$ARCH
	scripts/guest.sh kit "$tree" "$out"
	# What the stock kernel fails, too, says nothing of ours
	for test in $STOCK_FAILS; do
		sed -i "s,^ktap selftests/${test%%/*}.*,& -T ${test##*.}," "$dir/programs"
	done
	{
		echo 'timing selftests/seccomp_benchmark 1000000'
		# Not those that are there for a curve alone
		sed -n 's,^row \([^ ]*\) .*memory.*,plain bin/measure \1,p' build/filters/rows
	} >>"$dir/programs"
	if scripts/debs.sh "$debian" 'bookworm trixie' "$sysroot" libseccomp-dev libjson-c-dev libyaml-dev \
			busybox-static; then
		# Debian 13's libraries are compiled for a C library with more names than Debian 12's
		make -C tools/seccomp-coverage OUT="$PWD/$out/kit.obj" AR="${CROSS_COMPILE}ar" \
			CC="${CROSS_COMPILE}gcc -isystem $PWD/$sysroot/usr/include" \
			LIBS="-static -s -L$(dirname "$(find "$PWD/$sysroot" -name libseccomp.a)") -lseccomp \
				-ljson-c -lyaml -Wl,--defsym=__isoc23_strtoll=strtoll \
				-Wl,--defsym=__isoc23_strtoull=strtoull"
		cp "$out/kit.obj/seccomp-coverage" tools/seccomp-coverage/seccomp-coverage.1 "$dir/bin"
		echo 'plain bin/seccomp-coverage -q filters/container.bpf' >>"$dir/programs"
	else
		echo "boardkit: seccomp-coverage: Debian gives no static libseccomp, json-c and libyaml for $debian"
	fi
	pack tests/board/test-this-kernel.sh tests/board/README
}

apps() {
	dir=$1 root=$1/root
	# shellcheck disable=SC2046 # words are meant to be split
	scripts/debs.sh "$debian" bookworm "$root" $(sed 's/#.*//' tests/apps/packages)
	# What nobody runs
	rm -rf "$root/usr/share/doc" "$root/usr/share/locale" "$root/usr/share/man"
	find "$root/usr/lib/git-core" -type f ! -name git -size +500k -delete
	ln -sf python3.11 "$root/usr/bin/python3"
	mkdir -p "$root/dev" "$root/tmp"
	echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	printf '[%s]\n\t%s\n' user 'name = A user' user 'email = user@example.org' pack 'threads = 1' \
		gc 'auto = 0' >"$root/etc/gitconfig"
	install -D -m 644 tests/apps/nginx.conf "$root/etc/nginx/page.conf"
	install -m 755 tests/apps/program.sh "$root/program"
	sed -n 's/^\([a-z]*\)) .*/\1/p' tests/apps/program.sh >"$dir/programs"
	"${CROSS_COMPILE}gcc" -O2 -Wall -static -s -o "$dir/launch" tests/apps/launch.c \
		tests/board/counters.c tests/board/sample.c tests/guest/rows.c
	rm -rf "$dir/filters"
	cp -r build/filters "$dir/filters"
	pack tests/apps/measure-this-kernel.sh
}

"$@"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# boardkit.sh TREE OUT: pack static programs for the target, and the script that runs
# them on a board, as KIT.
# KIT, ARCH, KARCH, CROSS_COMPILE, CC32, CCx32, CCn32, PKGS_ARCH and STOCK_FAILS come from
# the environment.
set -e
tree=$1 out=$2
name=$(basename "$KIT" .tar.gz)
dir=$out/kit

# Debian's name for the target is in that of its C library for cross compilers.
debian=$(echo "$PKGS_ARCH" | tr ' ' '\n' | sed -n 's/^libc6-dev-\([a-z0-9]*\)-cross$/\1/p')
debian=${debian:-$(dpkg --print-architecture)}

# libraries PACKAGE...: the target's, from the first suite that has it
libraries() {
	sysroot=build/boardkit/debian-$ARCH
	[ -d "$sysroot" ] && return
	for suite in bookworm trixie; do
		scripts/debs.sh "$debian" "$suite" "$sysroot" "$@" && return
	done
	return 1
}

# Debian 13's libraries are compiled for a C library with more names than Debian 12's
coverage() {
	lib=$(dirname "$(find "$PWD/$sysroot" -name libseccomp.a)")
	make -C tools/seccomp-coverage OUT="$PWD/$out/kit.obj" AR="${CROSS_COMPILE}ar" \
		CC="${CROSS_COMPILE}gcc -isystem $PWD/$sysroot/usr/include" \
		LIBS="-static -s -L$lib -lseccomp -ljson-c -lyaml -Wl,--defsym=__isoc23_strtoll=strtoll \
			-Wl,--defsym=__isoc23_strtoull=strtoull"
	cp "$out/kit.obj/seccomp-coverage" tools/seccomp-coverage/seccomp-coverage.1 "$dir/bin"
	echo 'plain bin/seccomp-coverage -q filters/container.bpf' >>"$dir/programs"
}

unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL
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
if libraries libseccomp-dev libjson-c-dev libyaml-dev busybox-static; then
	coverage
else
	echo "boardkit: seccomp-coverage: Debian gives no static libseccomp, json-c and libyaml for $debian"
fi
cp tests/board/test-this-kernel.sh tests/board/README COPYING "$dir"
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
echo "$name, $commit" >"$dir/VERSION"
tar -czf "$KIT" --owner=0 --group=0 --sort=name --transform "s,^\.,$name," -C "$dir" .

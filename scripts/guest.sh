#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh check|run|attack|shell|board TREE OUT: make the initramfs OUT/KIND.cpio: our init
# and the programs for that kind of boot, all static, for the target.
# guest.sh kit TREE OUT: only the programs of a board kit, in OUT/kit.
# guest.sh system TREE OUT: what a Debian system is to run, OUT/system.tar.
# ARCH, KARCH, SRCARCH, CROSS_COMPILE, CC32, CCx32 and CCn32 come from the environment,
# for attack also BY, how the names of the programs begin, and for board KIT, the archive
# of a kit.
set -e
kind=$1 tree=$2 out=$3
top=$PWD
root=$out/$kind
hdr=$PWD/$out/obj/usr

unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL
static=-static
# A board may be small
[ "$kind" != kit ] || static='-static -s'

# program OUTPUT SOURCE FLAGS...: against the headers of the kernel under test, and
# of its own tests
program() {
	prog=$root/$1 src=$2
	shift 2
	# shellcheck disable=SC2086 # words are meant to be split
	"${CROSS_COMPILE}gcc" -O2 -Wall $static -isystem "$hdr/include" \
		-isystem "$tree/tools/testing/selftests" -o "$prog" "$src" "$@"
}

# selftests DIR TARGET VARIABLE=VALUE...: the tree's own, as kselftest makes them
selftests() {
	dir=$tree/tools/testing/selftests/$1
	shift
	make -C "$dir" TARGETS=seccomp FORCE_TARGETS=1 O="$top/$out/obj" ARCH="$KARCH" \
		CROSS_COMPILE="$CROSS_COMPILE" KHDR_INCLUDES="-isystem $hdr/include" \
		USERCFLAGS="$static -I$top/tests/guest" LDLIBS= "$@"
}

tests() {
	# seccomp_bpf on MIPS includes what the kernel does not give to user space
	first=$(grep '^#define __NR_[A-Z0-9]*_Linux[[:space:]]' \
		"$tree/arch/$SRCARCH/include/asm/unistd.h" 2>/dev/null || :)
	for abi in ${first:+o32 n32 n64}; do
		echo "$first" >"$hdr/include/asm/unistd_nr_$abi.h"
	done
	built=$top/$out/obj/kselftest/seccomp
	rm -rf "$built"
	mkdir -p "$built"
	selftests seccomp OUTPUT="$built" "$built/seccomp_bpf" \
		LDLIBS="$top/tests/guest/libc.c -Wl,--wrap=wait,--wrap=nanosleep,--wrap=poll,--wrap=setitimer"
	selftests . install KSFT_INSTALL_PATH="$top/$root/tests"
	# Tests nothing, and takes minutes
	sed -i /:seccomp_benchmark$/d "$root/tests/kselftest-list.txt"
}

# attacker NAME OUTPUT COMPILER...: with the generators and the interpreter of the tests on
# the host; not for those that arch.h does not describe in full
attacker() {
	tests=tools/testing/selftests/seccomp	# a stock tree has no arch.h
	source=tests/attack/$1.c prog=$2
	shift 2
	"$@" -E -dM "$tests/arch.h" 2>/dev/null | grep -q UNUSED_NRS || return 0
	# shellcheck disable=SC2086 # words are meant to be split
	"$@" -O2 -Wall $static -std=gnu11 -D_GNU_SOURCE -DCONFIG_SECCOMP_BITMAP \
		-Itools/lib/seccomp/shim -Itools/lib/seccomp -Iinclude \
		-iquote kernel/seccomp -Itests/host -I"$tests" -o "$prog" "$source" \
		tests/host/generate.c tests/host/mutate.c tests/host/oracle.c \
		tools/lib/seccomp/cbpf_program.c
}

# The programs whose names begin by $BY, or all
attack() {
	mkdir -p "$root/tests/attack"
	for name in hostile attach; do
		attacker $name "$root/tests/attack/$name" "${CROSS_COMPILE}gcc" -isystem "$hdr/include"
		# shellcheck disable=SC2086 # words are meant to be split
		[ -z "$CC32" ] || attacker $name "$root/tests/attack/${name}_32" $CC32
	done
	[ ! -f "$root/tests/attack/hostile" ] || for name in faults faults_memcg races; do
		program "tests/attack/$name" "tests/attack/$name.c" -std=gnu11 -D_GNU_SOURCE= \
			-pthread -Itools/testing/selftests/seccomp \
			-I"$tree/tools/testing/selftests/seccomp"
	done
	(cd "$root/tests" && find attack -type f -name "$BY*" | sort | tr / :) \
		>>"$root/tests/kselftest-list.txt"
	[ ! -d "tests/filters/$ARCH" ] || cp -r "tests/filters/$ARCH" "$root/filters"
}

check() {
	tests
	# shellcheck disable=SC2086 # words are meant to be split
	[ -z "$STOCK_HANGS" ] || sed -i "s/:seccomp_bpf$/&$(printf ' -T %s' $STOCK_HANGS)/" \
		"$root/tests/kselftest-list.txt"
	BY='' attack
}

run() {
	program bin/measure tests/guest/measure.c tests/guest/rows.c tests/guest/irqs_off.c \
		tests/guest/preempt_off.c
	program bin/memory tests/guest/memory.c tests/guest/rows.c
	selftests seccomp OUTPUT="$top/$root/bin" "$top/$root/bin/seccomp_benchmark"
	cp -r build/filters "$root/filters"
}

# No more than the kit says that it needs
board() {
	mkdir -p "$root/kit" "$root/etc"
	tar -xzf "$KIT" -C "$root/kit" --strip-components=1
	cp tests/board/guest.sh "$root/bin/try"
	# Whose libraries the kit was linked with
	cp "$(find "build/boardkit/debian-$ARCH" -path '*bin/busybox')" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	ln -s busybox "$root/bin/mkdir"
	echo 'user:x:1000:1000::/:/bin/sh' >"$root/etc/passwd"
}

kit() {
	tests
	mv "$root/tests/seccomp" "$root/selftests"
	sed -n 's,^seccomp:,ktap selftests/,p' "$root/tests/kselftest-list.txt" >"$root/programs"
	rm -r "$root/tests" "$root/selftests/config" "$root/selftests/settings"
	program bin/facts tests/board/facts.c tests/board/counters.c
	program bin/run-ktap tests/board/run-ktap.c tests/guest/ktap.c
	program bin/measure tests/board/measure.c tests/board/task.c tests/board/counters.c \
		tests/board/sample.c tests/guest/rows.c -lm
	cp -r build/filters "$root/filters"
}

# Programs of each ABI, in bin/try*
system() {
	mkdir "$root/filters"
	cp tests/system/*.sh tests/system/supervise.py "$root"
	mv "$root/run.sh" "$root/run"
	cp build/filters/container.bpf build/filters/trivial.bpf "$root/filters"
	program bin/filtered tests/system/filtered.c -std=gnu11 -D_GNU_SOURCE
	program bin/try tests/system/try.c -std=gnu11 -D_GNU_SOURCE
	for abi in 32 x32; do
		eval "cc=\$CC$abi"
		# shellcheck disable=SC2086,SC2154 # words are meant to be split
		[ -z "$cc" ] || $cc -O2 -Wall $static -std=gnu11 -D_GNU_SOURCE -o "$root/bin/try$abi" tests/system/try.c
	done
	tar -C "$root" -cf "$out/$kind.tar" .
}

shell() {
	cp "$(command -v busybox)" "$root/bin/busybox"
	# One of its names is its own
	"$root/bin/busybox" --list | grep -vx busybox | while read -r applet; do
		ln -s busybox "$root/bin/$applet"
	done
}

rm -rf "$root"
mkdir -p "$root/bin"
# Programs for a Debian system are made with the headers of one
[ "$kind" = system ] || scripts/kernel.sh build "$tree" "$out/obj" headers
$kind
case $kind in
kit | system) exit ;;
esac
program init tests/guest/init.c tests/guest/ktap.c
# The kernel's own initramfs has a console
cpio=$top/$out/$kind.cpio tree=$(realpath "$tree")
(cd "$out/obj" && sh "$tree/usr/gen_initramfs.sh" -o "$cpio" -u squash -g squash "$top/$root")

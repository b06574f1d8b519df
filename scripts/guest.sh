#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guest.sh check|run|shell TREE OUT: make the initramfs OUT/KIND.cpio: our init
# and the programs for that kind of boot, all static, for the target.
# ARCH, KARCH and CROSS_COMPILE come from the environment.
set -e
kind=$1 tree=$2 out=$3
top=$PWD
root=$out/$kind
hdr=$PWD/$out/obj/usr

unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL

# program OUTPUT SOURCE FLAGS...: against the headers of the kernel under test, and
# of its own tests
program() {
	prog=$root/$1 src=$2
	shift 2
	"${CROSS_COMPILE}gcc" -O2 -Wall -static -isystem "$hdr/include" \
		-isystem "$tree/tools/testing/selftests" -o "$prog" "$src" "$@"
}

tests() {
	mkdir -p "$root/etc" "$root/tests"
	program tests/seccomp_bpf "$tree/tools/testing/selftests/seccomp/seccomp_bpf.c" \
		tests/guest/libc.c -Wl,--wrap=wait,--wrap=nanosleep -Itests/guest -lpthread
	echo seccomp_bpf >"$root/etc/tests"
	# A pristine kernel runs only the kernel's own.
	if [ -f "$tree/.patched" ]; then
		make -C tests/selftests TREE="$(realpath "$tree")" HDR="$hdr" \
			OUT="$top/$root/tests" CROSS_COMPILE="$CROSS_COMPILE" ARCH="$ARCH"
		cat "$root/tests/list" >>"$root/etc/tests"
	fi
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
scripts/kernel.sh build "$tree" "$out/obj" headers
program init tests/guest/init.c
case $kind in
check)
	tests ;;
run)
	program bin/measure tests/guest/measure.c tests/guest/rows.c tests/guest/irqs_off.c
	program bin/memory tests/guest/memory.c tests/guest/rows.c
	program bin/seccomp_benchmark "$tree/tools/testing/selftests/seccomp/seccomp_benchmark.c"
	cp -r build/filters "$root/filters" ;;
shell)
	shell ;;
esac
scripts/initramfs.sh "$out/obj/usr/gen_init_cpio" "$root" "$out/$kind.cpio"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# boot.sh [-i] [-n NAME] [-t SECONDS] [-p PROCESSOR] [-s CPUS] [-m MEMORY]
#	  [-a 'KERNEL ARGS'] [-r ROOT] [-c] OUT KIND ORDER...
# Boot OUT/image with OUT/KIND.cpio in QEMU, give init its ORDER, and keep
# the console in OUT/console-NAME.log.  With -r it boots from the disk image ROOT, which
# stays as it is, and OUT/KIND.tar is its second disk.  -c counts: one guest nanosecond is one
# instruction (-icount shift=0, one processor).  -i is for a person: the console
# is the terminal's.  V=1 shows the console too.  Exits with the guest's status,
# or 124 when the time was up, or 125 when the guest never came to its end.
# QEMU, QEMU_ARGS, QEMU_CPU, QEMU_SMP (how many, if not 2), CONSOLE and ACCEL
# come from the environment.
set -f
name=boot limit=600 smp=${QEMU_SMP:-2} mem=512M args='' root='' icount='' interactive=
while getopts in:t:p:s:m:a:r:c opt; do
	case $opt in
	i) interactive=y ;;
	n) name=$OPTARG ;;
	t) limit=$OPTARG ;;
	p) QEMU_CPU=$OPTARG ;;
	s) smp=$OPTARG ;;
	m) mem=$OPTARG ;;
	a) args=$OPTARG ;;
	r) root=$OPTARG ;;
	c) icount="-icount shift=0" smp=1 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
out=$1 kind=$2
shift 2
log=$out/console-$name.log

command -v "$QEMU" >/dev/null || { echo "boot: there is no $QEMU: install it, or set QEMU= to yours" >&2; exit 1; }
if [ "${ACCEL:=tcg}" = kvm ]; then
	[ -w /dev/kvm ] || { echo "boot: ACCEL=kvm, but /dev/kvm cannot be opened" >&2; exit 1; }
	[ -z "$icount" ] || { echo "boot: instructions are counted by TCG alone: not with ACCEL=kvm" >&2; exit 1; }
	QEMU_CPU=host
fi

disk=format=raw,if=virtio
if [ "$root" ]; then
	[ -f "$root" ] || { echo "boot: there is no disk image $root: make root" >&2; exit 1; }
	start_from="-drive file=$root,snapshot=on,$disk -drive file=$out/$kind.tar,readonly=on,$disk"
	args="root=/dev/vda rw $args"
else
	start_from="-initrd $out/$kind.cpio"
fi

# Each processor in a socket of its own: without ACPI x86 finds only the first of each
qemu() {
	# shellcheck disable=SC2086 # words are meant to be split
	timeout $1 -k 5 "$limit" "$QEMU" $QEMU_ARGS -cpu "$QEMU_CPU" -accel "$ACCEL" \
		-nodefaults -no-user-config -display none -no-reboot \
		-smp "$smp,sockets=$smp" -m "$mem" $icount -serial "$2" \
		-kernel "$out/image" $start_from \
		-append "$early console=$CONSOLE panic=-1 oops=panic $args -- $order"
}

order=$*
# Where the kernel knows the word: others hand it on to init. On a busy machine x86 finds
# its timer too slow to be one.
early=$(sed -n 's/^CONFIG_SERIAL_EARLYCON=y$/earlycon/p; s/^CONFIG_X86_IO_APIC=y$/no_timer_check/p' \
	"$out/obj/.config" 2>/dev/null | paste -sd' ')
if [ "$interactive" ]; then
	limit=0 # a person ends it: no limit
	echo "  Ctrl-A X ends the guest, as 'exit' does."
	qemu --foreground mon:stdio
	exit
fi

start=$(date +%s)
if [ "$V" = 1 ]; then
	qemu --foreground stdio </dev/null 2>&1 | tee "$log"
else
	qemu --foreground stdio </dev/null >"$log" 2>&1
fi
end=$(tr -d '\r' <"$log" | sed -n 's/.*guest: end, status \([0-9]*\)$/\1/p' | tail -n 1)
[ -n "$end" ] && exit "$end"

why="the guest stopped before its end"
code=125
if [ $(($(date +%s) - start)) -ge "$limit" ]; then
	why="no end after $limit s" code=124
fi
echo "boot: $name: $why; the end of $log:" >&2
tail -n 30 "$log" | tr -d '\r' | sed 's/^/    /' >&2
grep -q 'Linux version' "$log" ||
	echo "boot: not a line of the kernel: is console=$CONSOLE right, and its driver configured as a console?" >&2
exit "$code"

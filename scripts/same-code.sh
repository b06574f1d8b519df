#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# same-code.sh OBJDUMP DIR1 DIR2 OBJECT...: are the instructions of each function
# the same in both objects?  Not looked at: the order of functions, the numbers of
# local labels, which RISC-V's objdump names, the line that 32-bit Arm and MIPS give to
# a WARN(), and which register s390x spills to which slot: declarations that nobody uses
# change that.
objdump=$1 one=$2 two=$3
shift 3
status=0
for obj; do
	for dir in "$one" "$two"; do
		"$objdump" -d --no-addresses --no-show-raw-insn "$dir/$obj" |
			sed '1,2d; s/\.L[0-9]*/.L/g
				s/movw*\(.r1, #\)[0-9].*/mov\1LINE/
				s/li\(.a1,\)[0-9].*/li\1LINE/
				s/\(stg\|lg\)\t%r[0-9]*,[0-9]*(%r15)/\1\tSLOT/' |
			awk -v RS= '{ gsub("\n", "\a"); print }' | LC_ALL=C sort |
			tr '\a' '\n' >"$dir/code" || exit 1
	done
	if [ ! -f "$one/$obj" ] || ! diff -u "$one/code" "$two/code" >"$two/code.diff"; then
		echo "$obj is not the same code in $one and $two:"
		head -n 30 "$two/code.diff"
		status=1
	fi
done
exit $status

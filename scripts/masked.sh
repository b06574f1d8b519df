#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# masked.sh OBJDUMP DIR MASK: does the code that compilers make of the lookup mask the
# number, so that no branch that is mispredicted has a row read that is outside of the
# table? MASK is a regular expression for what array_index_nospec() becomes.
objdump=$1 dir=$2 mask=$3
status=0

# masks OBJECT FUNCTION
masks() {
	[ -f "$dir/kernel/seccomp/$1" ] || return 0
	"$objdump" -d --no-addresses --no-show-raw-insn "$dir/kernel/seccomp/$1" |
		awk -v name="<$2>:" '/^<[^.]/ { of = $1 == name } of' >"$dir/masked" || exit 1
	grep -qE "$mask" "$dir/masked" && return
	echo "$2() does not mask the number (there is no '$mask'):"
	cat "$dir/masked"
	status=1
}

masks table.o seccomp_table_decide
masks early.o seccomp_early
# What a class leads to, and a step
masks early.o early_class
masks early.o early_filters
masks table.o seccomp_class_run
exit $status

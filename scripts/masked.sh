#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# masked.sh OBJDUMP DIR MASK: does the code that compilers make of the lookup mask the
# number, so that no branch that is mispredicted has a row read that is outside of the
# table? MASK is a regular expression for what array_index_nospec() becomes.
objdump=$1 dir=$2 mask=$3
status=0

# What looks numbers up; what a class leads to, and a step
for in in table.o:seccomp_table_decide early.o:seccomp_early early.o:early_class \
		early.o:early_filters table.o:seccomp_class_run; do
	object=$dir/kernel/seccomp/${in%:*}
	[ -f "$object" ] || continue
	"$objdump" -d --no-addresses --no-show-raw-insn "$object" |
		awk -v name="^<${in#*:}([.][a-z0-9.]*)?>:" '/^<[^.]/ { of = $1 ~ name } of' \
			>"$dir/masked" || exit 1
	if ! grep -qE "$mask" "$dir/masked"; then
		echo "${in#*:}() does not mask the number (there is no '$mask'):"
		cat "$dir/masked"
		status=1
	fi
done
exit $status

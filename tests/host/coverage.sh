#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.sh OUT PERCENT SEED FILTERS: run the tests, then print for each file of the
# core how many of its lines and branches they have reached, and the lines that they
# have not.
out=$(realpath "$1") percent=$2 seed=$3 filters=$4
cd "$(dirname "$0")" || exit
log=$out/coverage.log

find "$out/gcov" -name '*.gcda' -delete
"$out/tests-gcov" -n "$percent" -s "$seed" -f "$filters" >"$log" || {
	grep '^not ok' "$log"
	exit 1
}
rm -rf "$out/coverage"
mkdir "$out/coverage"
(cd "$out/coverage" && gcov -b "$out"/gcov/core/*.gcda 2>/dev/null) | awk -F"['%: ]" '
	BEGIN { printf "%-14s%8s%10s%10s\n", "file", "lines", "reached", "branches" }
	/^File/ { file = $3; ours = file ~ /kernel\/seccomp\/[a-z]*\.[ch]$/; sub(/.*\//, "", file) }
	ours && /^Lines executed/ { lines = $NF; reached = $3 }
	ours && /^Taken at least once/ {
		printf "%-14s%8d%9s%%%9s%%\n", file, lines, reached, $5
	}'
cat <<'END'

Not reached on the host: module parameters, what only the probe uses, filters that are
dropped while another task finds them. KUnit and the selftests reach those in guests.

END
grep -H '#####:' "$out"/coverage/*.gcov | sed -n 's,.*/\([a-z]*\.[ch]\)\.gcov: *#####: *\([0-9]*\):[ \t]*,\1:\2: ,p'

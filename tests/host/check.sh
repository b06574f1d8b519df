#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh OUT PERCENT SEED FILTERS: all tests, optimised and fast, then a
# smaller number of the same under the sanitizers. PERCENT scales both.
out=$1 percent=$2 seed=$3 filters=$4
few=$((percent > 25 ? percent / 25 : 1))
export ASAN_OPTIONS=max_malloc_fill_size=1000000000

{
	"$out/tests" -n "$percent" -s "$seed" -f "$filters" || :
	"$out/tests-asan" -n "$few" -s "$seed" -f "$filters" -p asan- || :
} | awk -v percent="$percent" '
	/^TAP version/ { runs++; next }
	/^1\.\./ { planned += substr($0, 4); next }
	/^# seed/ && runs > 1 { next }
	/^# [0-9]+ decisions/ { decisions += $2; programs += $8; next }
	/^(not )?ok / {
		seen++
		failed += /^not/
		sub(/ok [0-9]+/, "ok " seen)
	}
	{ print; fflush() }
	END {
		print "# " decisions " decisions against the oracle, on " \
			programs " programs"
		if (percent >= 100) {
			planned++
			seen++
			few = decisions < 100000000
			failed += few
			print (few ? "not " : "") "ok " seen \
				" at least 100 million decisions"
		}
		if (runs < 2 || seen < planned)
			print "# tests did not run to their end"
		failed += runs < 2 ? 1 : planned - seen
		print seen - failed " passed, " failed " failed"
		exit failed > 0
	}'

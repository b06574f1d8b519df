#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.sh OUT SECONDS KIND...: each kind of file for so long, from a seed of that kind
out=$1 seconds=$2
shift 2
cd "$(dirname "$0")" || exit
failed=0
# An input that ends in a message leaves memory behind
export ASAN_OPTIONS=detect_leaks=0
for kind; do
	corpus=$out/fuzz-corpus-$kind
	mkdir -p "$corpus"
	python3 - "$kind" "$corpus/seed" <<-EOP || exit
	import sys
	import harness, inputs, profiles, units
	seeds = {"json": harness.flat(profiles.PROFILE), "yaml": inputs.CRD.encode(),
	         "unit": b"[Service]\nRestrictAddressFamilies=~AF_UNIX\nSystemCallFilter=~read open:EIO\n",
	         "report": harness.CACHE.encode(), "raw": harness.raw(harness.SMALL)}
	open(sys.argv[2], "wb").write(seeds[sys.argv[1]])
	EOP
	"$out/fuzz-coverage" -max_total_time="$seconds" -max_len=4096 -timeout=30 \
		-artifact_prefix="$corpus-" -print_final_stats=1 "$corpus" >"$corpus.log" 2>&1 || failed=1
	echo "fuzz     $kind: $(sed -n 's/^stat::number_of_executed_units: //p' "$corpus.log") inputs," \
		"$(grep -c '^==.*ERROR\|SUMMARY' "$corpus.log") faults; $corpus.log"
done
rm -f /dev/shm/fuzz-*
exit "$failed"

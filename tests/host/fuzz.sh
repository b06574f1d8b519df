#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.sh OUT TIME SEED: fuzz for TIME seconds, then leave of the corpus what
# adds to its coverage. A program that fails is printed and kept.
out=$1 time=$2 seed=$3
log=$out/fuzz.log
mkdir -p "$out/seeds" "$out/corpus"
"$out/tests" -w "$out/seeds" || exit

echo "# fuzz: $time s; log $log"
"$out/fuzz-classify" -max_total_time="$time" -seed="$seed" -max_len=1024 \
	-artifact_prefix="$out/" -print_final_stats=1 \
	"$out/corpus" "$out/seeds" >"$log" 2>&1
status=$?
grep '^# ' "$log"
if [ $status -ne 0 ]; then
	grep -h 'SUMMARY\|Test unit written' "$log" | sed 's/^/# /'
	echo "not ok 1 fuzz"
	echo "0 passed, 1 failed"
	exit 1
fi

rm -rf "$out/corpus.new"
mkdir "$out/corpus.new"
"$out/fuzz-classify" -merge=1 "$out/corpus.new" "$out/corpus" "$out/seeds" \
	>>"$log" 2>&1 || exit
rm -rf "$out/corpus"
mv "$out/corpus.new" "$out/corpus"
set -- "$out/corpus"/*
echo "# corpus: $# programs"
echo "ok 1 fuzz"
echo "1 passed, 0 failed"

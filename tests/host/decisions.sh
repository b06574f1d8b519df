#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# decisions.sh OUT N SEED FILTERS: compare N decisions with the oracle, in rounds of some
# million, each with a seed of its own. How far it has come is in OUT/decisions: stopped, it
# goes on there when it is called again.
out=$1 n=$2 seed=$3 filters=$4
state=$out/decisions
round=0 made=0 programs=0

# What is the same with any seed need not be done again
names=$(sed -n 's/^\t{ "\([a-z0-9-]*\)", test_[a-z]*, \([a-z_]*, .*\)MILLION.*/\1/p' tests.c)

[ ! -f "$state" ] || read -r was round made programs <"$state"
if [ "${was:-$seed}" != "$seed" ]; then
	echo "# $state is of seed $was: remove it to start with seed $seed" >&2
	exit 1
fi
echo "# seed $seed: $made of $n decisions made, $programs programs, in $round rounds"
log=$state.log
while [ "$made" -lt "$n" ]; do
	echo "$names" | xargs -P "$(nproc)" -I{} "$out/tests" -x -n 5 -j 1 \
		-s $((seed * 1000003 + round)) -f "$filters" -o {} >"$log" || {
		grep -v '^# [0-9]* decisions' "$log"
		echo "not ok 1 round $round of seed $seed"
		echo "0 passed, 1 failed"
		exit 1
	}
	# shellcheck disable=SC2046 # two numbers
	set -- $(awk '/^# [0-9]+ decisions/ { d += $2; p += $8 } END { printf "%d %d", d, p }' "$log")
	round=$((round + 1)) made=$((made + $1)) programs=$((programs + $2))
	echo "$seed $round $made $programs" >"$state.new"
	mv "$state.new" "$state"
	echo "# round $round: $made decisions, $programs programs"
done
echo "ok 1 $made decisions against the oracle, on $programs programs, of seed $seed"
echo "1 passed, 0 failed"

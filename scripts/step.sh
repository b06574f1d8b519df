#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# step.sh NAME LOG COMMAND...: run one step of a build with its output in LOG,
# and tell in one line what it was and how long it took.  V=1 shows the output
# too.  A step that fails shows the end of its log.
name=$1 log=$2
shift 2
mkdir -p "${log%/*}"
start=$(date +%s)

if [ "$V" = 1 ]; then
	printf '  %s\n' "$name"
	{ "$@" 2>&1; echo $? >"$log.status"; } | tee "$log"
	status=$(cat "$log.status")
	rm -f "$log.status"
	printf '  %s ... ' "$name"
else
	printf '  %s ... ' "$name"
	"$@" >"$log" 2>&1
	status=$?
fi

if [ "$status" -eq 0 ]; then
	echo "$(($(date +%s) - start)) s"
else
	echo "FAILED; the end of $log:"
	tail -n 20 "$log" | sed 's/^/    /'
fi
exit "$status"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# step.sh NAME LOG COMMAND...: run one step of a build with its output in LOG,
# and tell in one line what it was and how long it took.  V=1 shows the output
# too.  A step that fails shows the end of its log.
name=$1 log=$2
shift 2
mkdir -p "${log%/*}"
start=$(date +%s)
seconds() { echo "$(($(date +%s) - start)) s"; }

# What kernel.sh says how much there is to build: on a terminal always up to date
progress() {
	[ -t 1 ] && begin='\r' every=2 || begin='' every=60
	while sleep "$every" >/dev/null 2>&1; do
		todo=$(sed -n 's/^objects to build: //p' "$log")
		[ -z "$todo" ] || printf "$begin%s%s of %s objects, %s; " "${begin:+  $name ... }" \
			"$(grep -c '^  \(CC\|AS\) ' "$log")" "$todo" "$(seconds)"
	done
}

if [ "$V" = 1 ]; then
	printf '  %s\n' "$name"
	{ "$@" 2>&1; echo $? >"$log.status"; } | tee "$log"
	status=$(cat "$log.status")
	rm -f "$log.status"
	printf '  %s ... ' "$name"
else
	printf '  %s ... ' "$name"
	: >"$log"
	progress &
	"$@" >"$log" 2>&1
	status=$?
	kill $!
	[ ! -t 1 ] || printf '\r\033[K  %s ... ' "$name"
fi

if [ "$status" -eq 0 ]; then
	seconds
else
	echo "FAILED; the end of $log:"
	tail -n 20 "$log" | sed 's/^/    /'
fi
exit "$status"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # they are the sourcing script's
# For tests of scripts, as TAP: whoever sources this sets tmp, a directory

nr=0 failed=0

# says WHAT STATUS TEXT COMMAND...: it exits with that, and TEXT is in what it says; grep
# takes it as $match tells (-E), or literally. What was said last can be looked at again.
says() {
	what=$1 status=$2 text=$3
	shift 3
	nr=$((nr + 1)) result=ok
	"$@" >"$tmp/now" 2>&1 </dev/null
	was=$?
	mv "$tmp/now" "$tmp/said"
	if [ $was -ne "$status" ] ||
	   { [ -n "$text" ] && ! grep -q "${match:--F}" -e "$text" "$tmp/said"; }; then
		result="not ok" failed=1
	fi
	echo "$result $nr $what"
	[ "$result" = ok ] || sed 's/^/# /' "$tmp/said"
}

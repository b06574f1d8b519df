#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2086 # words are meant to be split
# Every function check_NAME of these FILES, one after the other, each in a shell of
# its own that ends at the first command that fails. The results are KTAP.
cd /checks || exit
export PATH=/checks/bin:$PATH LC_ALL=C.UTF-8 HOME=/root SYSTEMD_PAGER='' SYSTEMD_COLORS=0

if [ "$1" = one ]; then
	set -e -o pipefail
	# shellcheck source=/dev/null
	. ./common.sh && . "./$2"
	"$3"
	exit
fi

FILES="systemd.sh containers.sh sandboxes.sh servers.sh debuggers.sh browsers.sh"
# Seconds: everything is emulated
limit=400 number=0
# Audit records are not for the console
dmesg -n 5
ONLY=$(sed -n 's/.*\bONLY=\([^ ]*\).*/\1/p' /proc/cmdline)
mapfile -t checks < <(grep -ho '^check_[a-z0-9_]*' $FILES)
[ -z "$ONLY" ] || mapfile -t checks < <(printf '%s\n' "${checks[@]}" | grep -E "^check_($ONLY)\$")
[ ${#checks[@]} -gt 0 ] || echo "Bail out! no check is called $ONLY"
echo "KTAP version 1"
echo "1..${#checks[@]}"
for check in "${checks[@]}"; do
	number=$((number + 1)) name=${check#check_} start=$SECONDS
	rm -f /tmp/skipped
	timeout -k 5 "$limit" bash run one "$(grep -l "^$check()" $FILES)" "$check" \
		</dev/null >/tmp/said 2>&1
	status=$?
	if [ -f /tmp/skipped ]; then
		echo "ok $number $name # SKIP $(cat /tmp/skipped)"
	elif [ "$status" -eq 0 ]; then
		echo "ok $number $name"
	else
		[ "$status" -ne 124 ] || echo "no end after $limit s" >>/tmp/said
		tail -n 25 /tmp/said | sed 's/^/# /'
		echo "not ok $number $name"
	fi
	grep -a '^constant: ' /tmp/said | sed 's/^/# /'
	echo "# time: $name $((SECONDS - start)) s"
done
sync
echo "guest: end, status 0"
sleep 1
systemctl reboot -ff

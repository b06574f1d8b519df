#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest as a board: the root is read-only, there is little room in /tmp, and there
# are a shell and mkdir.  Uses the kit in /kit as root, and as an ordinary user, and
# prints what both found, and how that went, as KTAP.
PATH=/bin
export PATH
busybox() { /bin/busybox "$@"; }

nr=0 failed=0
# ok NAME COMMAND...
ok() {
	name=$1
	shift
	nr=$((nr + 1))
	if "$@"; then
		results="${results}ok $nr $name
"
	else
		failed=1
		results="${results}not ok $nr $name
"
	fi
}

# shellcheck disable=SC2317 # ok() calls it
refuses() {
	! "$@"
}

# One for all that may be written
busybox umount /run
busybox mount -o remount,size=2M,mode=1777 /tmp
busybox mount -o remount,ro /
# What the kernel says meanwhile is in its log, not in the middle of our lines
echo 1 >/proc/sys/kernel/printk

/kit/test-this-kernel.sh
root=$?
busybox ln -s /kit '/tmp/the kit'
busybox su user -c "cd /tmp && '/tmp/the kit/test-this-kernel.sh' 'of a user'"
user=$?

results=''
ok "the root is read-only" refuses busybox touch /kit/new
ok "root: exit status 0" [ $root -eq 0 ]
ok "user: exit status 0" [ $user -eq 0 ]
ok "results of root are in /tmp" [ -s /tmp/seccomp-results-1/report.txt ]
ok "results of a user are where that was asked for" [ -s "/tmp/of a user/report.txt" ]
ok "and nothing else was written" [ "$(busybox find /tmp | busybox wc -l)" -eq 10 ]
ok "results are kept" refuses /kit/test-this-kernel.sh /tmp/seccomp-results-1
for dir in /tmp/seccomp-results-1 "/tmp/of a user"; do
	busybox cat "$dir/results.ktap"
done
printf 'KTAP version 1\n1..%d\n%s' $nr "$results"
echo 7 >/proc/sys/kernel/printk
exit $failed

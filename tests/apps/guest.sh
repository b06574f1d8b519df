#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# As /checks/run in a Debian guest whose nanoseconds are instructions: measure the programs
# of the kit, and what the system starts under seccomp: a container, and a unit. Of these
# the time of the unit is all that is known.
cd /checks/kit || exit
echo 1 >/proc/sys/kernel/printk
echo 1 >/proc/sys/net/core/bpf_jit_enable
# Where things are in memory decides how long they take, too
echo 0 >/proc/sys/kernel/randomize_va_space
status=0

# unit PROGRAM ROW [SETTING...] -- COMMAND...: twice, as caches are to be warm
unit() {
	name=$1-$2 program=$1 row=$2
	shift 2
	for round in 1 2; do
		systemd-run -q -r -u "$name-$round" -p Type=oneshot -p CPUAccounting=yes "$@" || status=1
	done
	time=$(systemctl show -P CPUUsageNSec "$name-2")
	echo "apps: $program $row $time - - - - - - - -"
	case $time in
	'' | *[!0-9]*) status=1 ;;
	esac
}

containers() {
	crun='/usr/bin/crun --cgroup-manager=disabled run'
	mkdir -p /tmp/box/bin /tmp/box/dev /tmp/box/proc
	cp /bin/busybox /tmp/box/bin/true
	cp /bin/busybox /tmp/box/bin/sleep
	# One that stays alive, so that the others attach what is there
	$crun -d -b /checks/container/holder holder </dev/null >/dev/null || status=1
	for row in none runc; do
		# shellcheck disable=SC2086 # words are meant to be split
		unit crun $row -- $crun -b /checks/container/$row $row
	done
}

units() {
	unit systemd none -- /bin/true
	set --
	while IFS= read -r setting; do
		set -- "$@" -p "$setting"
	done <../settings
	# Likewise
	systemd-run -q -u holder "$@" -- /bin/sleep 1000000 || status=1
	unit systemd systemd-x16 "$@" -- /bin/true
}

while read -r program; do
	./launch -c -n 5 root "$program" runc systemd-x16 flatpak </dev/null || status=1
done <programs
containers
units
echo "guest: end, status $status"
sleep 1
systemctl reboot -ff

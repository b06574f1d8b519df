# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# What the checks have in common

skip() {
	echo "$*" >/tmp/skipped
	exit
}

# Builds of try.c: one for each ABI; SOCKETS are those whose socket calls can be filtered
ALL='/checks/bin/try*' SOCKETS=$ALL
if [ "$(uname -m)" = x86_64 ]; then
	X86=y SOCKETS='/checks/bin/try /checks/bin/tryx32'
fi
OTHERS=$(ls /checks/bin/try?* 2>/dev/null || :)

# each PROGRAM... -- CALL=RESULT...: with each program
each() {
	local programs=() program status=0
	while [ "$1" != -- ]; do
		programs+=("$1")
		shift
	done
	shift
	for program in "${programs[@]}"; do
		"$program" "$@" || status=1
	done
	return $status
}

# unit SETTING... -- COMMAND...: a command in a unit of systemd
unit() {
	local settings=()
	while [ "$1" != -- ]; do
		settings+=(-p "$1")
		shift
	done
	shift
	systemd-run -q --wait --pipe "${settings[@]}" -- "$@"
}

# denied SETTING... -- CALL=RESULT...: the same for system calls, of PROGRAMS or of all
denied() {
	local settings=()
	while [ "$1" != -- ]; do
		settings+=("$1")
		shift
	done
	shift
	unit "${settings[@]}" -- bash -c '. /checks/common.sh; each $0 -- "$@"' \
		"${PROGRAMS:-$ALL}" "$@"
}

# until_true COMMAND...: for as long as it takes
until_true() {
	local end=$((SECONDS + 300))
	while [ $SECONDS -lt $end ]; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.3
	done
	echo "not within five minutes: $*"
	return 1
}

# filters PID...: each of these tasks has some
filters() {
	local pid
	[ $# -gt 0 ] || { echo "no such task"; return 1; }
	for pid; do
		grep -q '^Seccomp:[[:space:]]*2' "/proc/$pid/status" ||
			{ echo "no filters: $(tr '\0' ' ' <"/proc/$pid/cmdline")"; return 1; }
	done
}

# What the profile of containers denies, which nothing else does, and what it allows
CONTAINED="add_key=ENOSYS personality,0x40000=ENOSYS perf_event_open=EPERM
	userfaultfd,99=EPERM getpid=allowed personality,8=allowed personality,0=allowed socket,1,1=allowed
	mkdirat=allowed unshare,0=allowed"

# constant NAME PID...: tasks that are sandboxed. A kernel of ours tells for each ABI how much
# of it is constant, which is never nothing.
constant() {
	local name=$1 pid
	shift
	filters "$@" || return
	for pid; do
		[ ! -d /sys/module/seccomp_bitmap ] || awk -v name="$name" '
			/^# / && !filters { filters = $2 }
			!/^#/ {
				n = split($2, ends, "-")
				count = ends[n] - ends[1] + 1
				all[$1] += count
				if ($3 != "FILTER")
					known[$1] += count
			}
			END {
				for (abi in all) {
					if (!known[abi])
						exit 1
					printf "constant: %s: %d of %d numbers of %s, filters: %s\n",
						name, known[abi], all[abi], abi, filters
				}
				if (!filters)
					exit 1
			}' "/proc/$pid/seccomp_coverage"
	done | sort | uniq -c | sed -E 's/^ *([0-9]+) (constant: .*)/\2, tasks: \1/'
}

# constant_soon NAME PGREP-OPTION...: the same, of tasks that are about to be sandboxed
constant_soon() {
	local name=$1
	shift
	until_true sandboxed_by_now "$@" || return
	constant "$name" $(pgrep "$@")
}

sandboxed_by_now() {
	filters $(pgrep "$@")
}

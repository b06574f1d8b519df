# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# What looks into sandboxed tasks, answers for them, or puts them away

# sandboxed COMMAND...: under the filter of containers
sandboxed() {
	filtered /checks/filters/container.bpf "$@"
}

check_strace_seccomp_bpf() {
	strace -f --seccomp-bpf -e trace=mkdir,rmdir -o /tmp/trace \
		sh -c 'for i in 1 2 3; do mkdir /tmp/traced && rmdir /tmp/traced; done'
	[ "$(grep -c 'mkdir("/tmp/traced".* = 0' /tmp/trace)" = 3 ]
	[ "$(grep -c 'rmdir("/tmp/traced") *= 0' /tmp/trace)" = 3 ]
}

check_strace_of_sandboxed() {
	sandboxed strace -f -o /tmp/trace /checks/bin/try add_key=ENOSYS getpid=allowed
	grep 'add_key.*ENOSYS' /tmp/trace
	strace -f -o /tmp/trace filtered /checks/filters/container.bpf \
		/checks/bin/try bpf=EPERM getpid=allowed
	grep 'bpf.*EPERM' /tmp/trace
}

check_gdb_of_sandboxed() {
	sandboxed sleep 1006 &
	until_true pgrep -x -f 'sleep 1006'
	gdb -nx -batch -p "$(pgrep -x -f 'sleep 1006' | tail -n 1)" -ex 'info registers' \
		-ex 'catch syscall exit_group' -ex detach >/tmp/gdb 2>&1
	grep '^[rp][ic][ps]* *0x\|^pc ' /tmp/gdb
	filters "$(pgrep -x -f 'sleep 1006' | tail -n 1)"
	sandboxed gdb -nx -batch -ex run -ex 'info inferiors' --args /bin/true
	pkill -x -f 'sleep 1006'
}

check_criu() {
	rm -rf /tmp/criu
	mkdir -p /tmp/criu
	setsid filtered /checks/filters/container.bpf sleep 1007 \
		</dev/null >/tmp/criu/said 2>&1 &
	until_true pgrep -x -f 'sleep 1007'
	local pid
	pid=$(pgrep -x -f 'sleep 1007')
	filters "$pid"
	criu dump -t "$pid" -D /tmp/criu -o dump.log || { tail -n 20 /tmp/criu/dump.log; return 1; }
	! kill -0 "$pid" 2>/dev/null
	criu restore -d -D /tmp/criu -o restore.log || { tail -n 20 /tmp/criu/restore.log; return 1; }
	constant 'restored by criu' "$pid"
	kill "$pid"
}

# libseccomp's own interface, in front of a child
check_notification() {
	python3 supervise.py
}

check_stress_ng() {
	stress-ng --seccomp 2 --seccomp-ops 100 --timeout 120
}

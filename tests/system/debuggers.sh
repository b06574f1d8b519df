# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# What looks into sandboxed tasks, answers for them, or checkpoints them

# sandboxed COMMAND...: under the filter of containers
sandboxed() {
	filtered /checks/filters/container.bpf "$@"
}

check_strace_seccomp_bpf() {
	# Some architectures have only the newer calls
	strace -f --seccomp-bpf -e 'trace=?mkdir,mkdirat,?rmdir,unlinkat' -o /tmp/trace \
		sh -c 'for i in 1 2 3; do mkdir /tmp/traced && rmdir /tmp/traced; done'
	[ "$(grep -cE 'mkdir(at)?\(.*"/tmp/traced".* = 0' /tmp/trace)" = 3 ]
	[ "$(grep -cE '(rmdir|unlinkat)\(.*"/tmp/traced".* = 0' /tmp/trace)" = 3 ]
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
		-ex detach >/tmp/gdb 2>&1
	grep -E '^(rip|pc) +0x' /tmp/gdb
	filters "$(pgrep -x -f 'sleep 1006' | tail -n 1)"
	sandboxed gdb -nx -batch -ex run --args /bin/true | grep 'exited normally'
	pkill -x -f 'sleep 1006'
}

# Kernels may be too new for Debian's criu
criu_works() {
	setsid sleep 1009 </dev/null >/dev/null 2>&1 &
	until_true pgrep -x -f 'sleep 1009'
	criu dump -t "$(pgrep -x -f 'sleep 1009')" -D /tmp/criu -o plain.log >/dev/null 2>&1
}

# It asks what is denied when it is back
check_criu() {
	local pid
	rm -rf /tmp/criu
	mkdir -p /tmp/criu
	criu_works || skip "it fails without filters, too: $(grep -h -m 1 Error /tmp/criu/plain.log)"
	rm -rf /tmp/criu/*
	setsid filtered /checks/filters/container.bpf bash -c '
		until [ -f /tmp/criu/back ]; do sleep 0.5; done
		try add_key=ENOSYS bpf=EPERM personality,8=allowed getpid=allowed >/tmp/criu/answer &&
			echo right >>/tmp/criu/answer
		: criu' </dev/null >/tmp/criu/said 2>&1 &
	until_true pgrep -f ': criu'
	pid=$(pgrep -o -f ': criu')
	filters "$pid"
	criu dump -t "$pid" -D /tmp/criu -o dump.log || { tail -n 20 /tmp/criu/dump.log; return 1; }
	if kill -0 "$pid" 2>/dev/null; then
		echo "it is still there"
		return 1
	fi
	criu restore -d -D /tmp/criu -o restore.log || { tail -n 20 /tmp/criu/restore.log; return 1; }
	constant 'restored by criu' "$pid"
	touch /tmp/criu/back
	until_true grep right /tmp/criu/answer || { cat /tmp/criu/answer; return 1; }
}

# libseccomp's own interface, in front of a child
check_notification() {
	python3 supervise.py
}

check_stress_ng() {
	stress-ng --seccomp 2 --seccomp-ops 100 --timeout 120
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# systemd, and the settings of systemd.exec(5) that are made of seccomp filters
DENY=SystemCallErrorNumber=EPERM

check_running() {
	until_true systemctl is-system-running || {
		systemctl is-system-running
		systemctl list-jobs
		systemctl --failed
		journalctl -b -p 4 | tail -n 20
		return 1
	}
}

check_services_are_sandboxed() {
	local service
	for service in systemd-journald systemd-logind; do
		constant "$service" "$(systemctl show -P MainPID "$service")"
	done
}

# What the others see denied is allowed here, or fails in another way in this kernel
check_unit_without_filters() {
	denied Description=none -- mount=allowed umount2=allowed pivot_root=allowed \
		unshare,0x10000000=allowed unshare,0x40000000=allowed setns,-1,0=allowed \
		clone,0x20000000=allowed personality,8=allowed personality,0xffffffff=allowed \
		sethostname=allowed setdomainname=allowed syslog,10=allowed add_key=allowed \
		keyctl,5=allowed socket,10,1=allowed socket,16,3=allowed socket,17,3=allowed \
		socket,1,1=allowed sync=allowed uname=allowed getppid=allowed swapon=ENOSYS \
		reboot=allowed settimeofday=allowed clock_settime,99=allowed bpf=allowed \
		sched_setscheduler,0,1=allowed fchmodat,-1,0,04755=allowed \
		mkdirat,-1,0,02755=allowed mmap,0,4096,7,0x22,-1=allowed \
		mprotect,0,4096,5=allowed init_module=allowed finit_module,-1=allowed \
		delete_module=ENOSYS ${X86:+iopl,3=ENOSYS ioperm,1,1,1=ENOSYS} ptrace,99=allowed
}

check_denied_calls() {
	denied $DENY SystemCallFilter='~@mount @keyring sethostname' -- \
		mount=EPERM umount2=EPERM pivot_root=EPERM add_key=EPERM keyctl,5=EPERM \
		sethostname=EPERM setdomainname=allowed getpid=allowed syslog,10=allowed
}

check_allowed_calls() {
	denied $DENY SystemCallFilter=@system-service -- \
		mount=EPERM swapon=EPERM reboot=EPERM settimeofday=EPERM delete_module=EPERM \
		bpf=EPERM getpid=allowed socket,1,1=allowed mkdirat=allowed mprotect=allowed
}

check_denied_calls_kill() {
	denied SystemCallFilter='~sync swapon' -- sync=SIGSYS swapon=SIGSYS getpid=allowed
}

check_denied_calls_with_errno() {
	denied $DENY SystemCallFilter='~getppid:ELOOP uname:EBUSY sync' -- \
		getppid=ELOOP uname=EBUSY sync=EPERM getpid=allowed
}

# logged COUNT: so many calls or more, by audit records, since it was asked for 0
logged() {
	local all
	sleep 1
	all=$(journalctl -q _TRANSPORT=audit + _TRANSPORT=kernel | grep -c 'code=0x7ffc0000' || :)
	echo "$all calls are logged"
	[ "$1" -eq 0 ] || [ $((all - before)) -ge "$1" ] || return 1
	before=$all
}

check_logged_calls() {
	logged 0
	denied SystemCallLog=getppid -- getppid=allowed getpid=allowed
	logged 1
}

check_native_abi() {
	unit $DENY SystemCallArchitectures=native -- try getpid=allowed mount=allowed
	[ "$OTHERS" ] || skip "no programs of other ABIs"
	# Killed by SIGSYS
	for program in $OTHERS; do
		unit SystemCallArchitectures=native -- \
			sh -c "$program getpid=allowed; [ \$? = 159 ] || exit 1"
	done
}

# For i386 it does nothing, since sockets have a call there that looks into memory
check_address_families() {
	PROGRAMS=$SOCKETS denied RestrictAddressFamilies='AF_UNIX AF_INET' -- \
		socket,1,1=allowed socket,2,1=allowed socket,10,1=EAFNOSUPPORT socket,16,3=EAFNOSUPPORT
}

check_address_families_denied() {
	PROGRAMS=$SOCKETS denied RestrictAddressFamilies='~AF_INET6 AF_PACKET' -- \
		socket,1,1=allowed socket,2,1=allowed socket,10,1=EAFNOSUPPORT socket,17,3=EAFNOSUPPORT
}

check_namespaces() {
	denied RestrictNamespaces=yes -- unshare,0x10000000=EPERM unshare,0x40000000=EPERM \
		unshare,0=allowed setns,-1,0=EPERM clone,0x20000000=EPERM getpid=allowed
}

check_namespaces_denied() {
	denied RestrictNamespaces='~user net' -- unshare,0x10000000=EPERM unshare,0x40000000=EPERM \
		unshare,0x4000000=allowed
}

check_realtime() {
	denied RestrictRealtime=yes -- sched_setscheduler,0,1=EPERM sched_setscheduler,0,2=EPERM \
		sched_setscheduler,0,3=allowed
}

check_suid_sgid() {
	denied RestrictSUIDSGID=yes -- fchmodat,-1,0,04755=EPERM fchmodat,-1,0,02755=EPERM \
		fchmodat,-1,0,0755=allowed mkdirat,-1,0,02755=EPERM mkdirat,-1,0,0755=allowed
}

check_personality() {
	denied LockPersonality=yes -- personality,8=EPERM personality,0xffffffff=EPERM
}

check_write_execute() {
	denied MemoryDenyWriteExecute=yes -- mmap,0,4096,7,0x22,-1=EPERM \
		mmap,0,4096,3,0x22,-1=allowed mprotect,0,4096,5=EPERM mprotect,0,4096,3=allowed
}

check_clock() {
	denied ProtectClock=yes -- clock_settime,99=EPERM getpid=allowed
}

check_modules() {
	denied ProtectKernelModules=yes -- init_module=EPERM finit_module,-1=EPERM \
		delete_module=EPERM getpid=allowed
}

check_logs() {
	denied ProtectKernelLogs=yes -- syslog,10=EPERM getpid=allowed
}

check_hostname() {
	denied ProtectHostname=yes -- sethostname=EPERM setdomainname=EPERM getpid=allowed
}

check_raw_io() {
	[ "$X86" ] || skip "no such calls"
	denied PrivateDevices=yes -- iopl,3=EPERM ioperm,1,1,1=EPERM getpid=allowed
}

check_user() {
	denied $DENY DynamicUser=yes SystemCallFilter='~uname' RestrictNamespaces=yes -- \
		uname=EPERM unshare,0x10000000=EPERM getpid=allowed
}

# All of them
HARDENED=("$DENY" SystemCallFilter='~@debug @cpu-emulation @keyring' RestrictRealtime=yes
	SystemCallFilter='~@mount @swap @reboot @obsolete' RestrictSUIDSGID=yes
	RestrictAddressFamilies='AF_UNIX AF_INET' RestrictNamespaces=yes LockPersonality=yes
	MemoryDenyWriteExecute=yes ProtectClock=yes ProtectKernelModules=yes
	ProtectKernelLogs=yes ProtectKernelTunables=yes ProtectHostname=yes PrivateDevices=yes
	SystemCallLog=getppid)

check_all_settings() {
	PROGRAMS=$SOCKETS denied "${HARDENED[@]}" -- mount=EPERM add_key=EPERM ptrace,99=EPERM swapon=EPERM reboot=EPERM \
		socket,10,1=EAFNOSUPPORT socket,2,1=allowed unshare,0x10000000=EPERM \
		sched_setscheduler,0,1=EPERM fchmodat,-1,0,04755=EPERM personality,8=EPERM \
		mmap,0,4096,7,0x22,-1=EPERM clock_settime,99=EPERM delete_module=EPERM syslog,10=EPERM \
		sethostname=EPERM getpid=allowed getppid=allowed mmap,0,4096,3,0x22,-1=allowed \
		mprotect,0,4096,1=allowed uname=allowed
}

check_hardened_service() {
	systemd-run -q --unit=hardened "${HARDENED[@]/#/--property=}" \
		--property=SystemCallArchitectures=native --property=Type=exec sleep 1000
	constant 'hardened unit' "$(systemctl show -P MainPID hardened)"
	systemctl stop hardened
}

# SPDX-License-Identifier: GPL-2.0-only
KARCH      := powerpc
SRCARCH    := powerpc
KIMAGE     := vmlinux
CROSS_COMPILE := powerpc64le-linux-gnu-
QEMU       := qemu-system-ppc64
# The small firmware: it is all that a kernel from the command line needs
QEMU_ARGS  := -M pseries,x-vof=on
QEMU_CPU   := power9
CONSOLE    := hvc0
# What array_index_nospec() becomes
MASK       := sradi
CLASSIFIER := symbolic
ENTRY      := arch/powerpc/kernel/syscall.o

# On 7.3 a call that a supervisor or a tracer leaves out does not return more than 0:
# system_call_exception() asks for an error only. One test then waits for ever
ifeq ($(KLINE),7.3)
STOCK_FAILS := seccomp_bpf/TRACE_syscall.seccomp.syscall_faked \
	       $(addprefix seccomp_bpf/global.user_notification_, basic child_pid_ns \
	       sibling_pid_ns fault_recv addfd_rlimit addfd_send_interrupted sync fifo \
	       wait_killable)
STOCK_HANGS := user_notification_addfd
endif

PKGS_ARCH  := gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross qemu-system-ppc

# SPDX-License-Identifier: GPL-2.0-only
KARCH      := mips
SRCARCH    := mips
KIMAGE     := vmlinux
CROSS_COMPILE := mips64el-linux-gnuabi64-
CC32       := mips64el-linux-gnuabi64-gcc -mabi=32
CCn32      := mips64el-linux-gnuabi64-gcc -mabi=n32
QEMU       := qemu-system-mips64el
QEMU_ARGS  := -M malta
QEMU_CPU   := 5KEf
QEMU_SMP   := 1
CONSOLE    := ttyS0
# What array_index_nospec() becomes
MASK       := dsra32
CLASSIFIER := symbolic
# A signal does not restart a call that seccomp leaves out: only the entry code's own
# way saves the number for that
STOCK_FAILS := $(addprefix seccomp_bpf/global.user_notification_, \
	       signal wait_killable_pre_notification)

PKGS_ARCH  := gcc-mips64el-linux-gnuabi64 libc6-dev-mips64el-cross qemu-system-mips
# Our tests also as o32 and n32 programs
PKGS_TESTS := gcc-multilib-mips64el-linux-gnuabi64 \
	      libc6-dev-mips32-mips64el-cross libc6-dev-mipsn32-mips64el-cross

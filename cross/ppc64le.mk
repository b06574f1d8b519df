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

PKGS_ARCH  := gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross qemu-system-ppc

# SPDX-License-Identifier: GPL-2.0-only
KARCH      := i386
SRCARCH    := x86
KIMAGE     := arch/x86/boot/bzImage
CROSS_COMPILE := i686-linux-gnu-
QEMU       := qemu-system-i386
QEMU_ARGS  := -M pc
# Not a K7, which is not for two processors, as the kernel warns
QEMU_CPU   := max,family=15
CLOCK      := tsc=reliable
CONSOLE    := ttyS0
# What array_index_nospec() becomes
MASK       := sbb
CLASSIFIER := symbolic
BOOTS      := probe both
ENTRY      := arch/x86/entry/common.o arch/x86/entry/syscall_32.o \
	      kernel/entry/common.o kernel/entry/syscall-common.o

PKGS_ARCH  := gcc-i686-linux-gnu libc6-dev-i386-cross qemu-system-x86

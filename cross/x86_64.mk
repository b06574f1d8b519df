# SPDX-License-Identifier: GPL-2.0-only
KARCH      := x86_64
SRCARCH    := x86
KIMAGE     := arch/x86/boot/bzImage
CROSS_COMPILE := x86_64-linux-gnu-
CC32       := i686-linux-gnu-gcc
CCx32      := x86_64-linux-gnux32-gcc
QEMU       := qemu-system-x86_64
QEMU_ARGS  := -M pc
QEMU_CPU   := max
# On a busy machine guests come to doubt the clock that counts them
CLOCK      := tsc=reliable
CONSOLE    := ttyS0
# What array_index_nospec() becomes
MASK       := sbb
# What the boot line must name when nothing is asked for
CLASSIFIER := symbolic
BOOTS      := probe both
# Where system calls enter: on one line or the other
ENTRY      := arch/x86/entry/common.o arch/x86/entry/syscall_32.o arch/x86/entry/syscall_64.o \
	      kernel/entry/common.o kernel/entry/syscall-common.o

# What Debian calls it: make system has a system for it
DEBIAN     := amd64

PKGS_ARCH  := gcc libc6-dev qemu-system-x86 libelf-dev
# Our tests also as i386 and x32 programs
PKGS_TESTS := gcc-i686-linux-gnu libc6-dev-i386-cross \
	      gcc-x86-64-linux-gnux32 libc6-dev-x32-cross
PKGS_SHELL := busybox-static

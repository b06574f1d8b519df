# SPDX-License-Identifier: GPL-2.0-only
KARCH      := i386
SRCARCH    := x86
KIMAGE     := arch/x86/boot/bzImage
CROSS_COMPILE := i686-linux-gnu-
QEMU       := qemu-system-i386
QEMU_ARGS  := -M pc
QEMU_CPU   := max
CONSOLE    := ttyS0
CLASSIFIER := symbolic
BOOTS      := probe both

PKGS_ARCH  := gcc-i686-linux-gnu libc6-dev-i386-cross qemu-system-x86

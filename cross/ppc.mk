# SPDX-License-Identifier: GPL-2.0-only
KARCH      := powerpc
SRCARCH    := powerpc
KIMAGE     := vmlinux
CROSS_COMPILE := powerpc-linux-gnu-
QEMU       := qemu-system-ppc
# Its firmware takes the serial port only where there is no display at all
QEMU_ARGS  := -M g3beige -nographic -monitor none
QEMU_CPU   := 750
QEMU_SMP   := 1
CONSOLE    := ttyS0
CLASSIFIER := symbolic
ENTRY      := arch/powerpc/kernel/syscall.o

PKGS_ARCH  := gcc-powerpc-linux-gnu libc6-dev-powerpc-cross qemu-system-ppc

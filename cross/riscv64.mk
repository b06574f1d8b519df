# SPDX-License-Identifier: GPL-2.0-only
KARCH      := riscv
SRCARCH    := riscv
KIMAGE     := arch/riscv/boot/Image
CROSS_COMPILE := riscv64-linux-gnu-
QEMU       := qemu-system-riscv64
QEMU_ARGS  := -M virt
QEMU_CPU   := rv64
CONSOLE    := ttyS0
# What array_index_nospec() becomes
MASK       := sra.*0x3f
CLASSIFIER := symbolic
ENTRY      := arch/riscv/kernel/traps.o kernel/entry/common.o

PKGS_ARCH  := gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-system-misc opensbi

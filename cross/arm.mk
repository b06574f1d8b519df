# SPDX-License-Identifier: GPL-2.0-only
KARCH      := arm
SRCARCH    := arm
KIMAGE     := arch/arm/boot/zImage
CROSS_COMPILE := arm-linux-gnueabihf-
QEMU       := qemu-system-arm
QEMU_ARGS  := -M virt
QEMU_CPU   := cortex-a15
CONSOLE    := ttyAMA0
# What array_index_nospec() becomes
MASK       := csdb
CLASSIFIER := symbolic

PKGS_ARCH  := gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-system-arm

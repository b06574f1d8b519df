# SPDX-License-Identifier: GPL-2.0-only
KARCH      := arm64
SRCARCH    := arm64
KIMAGE     := arch/arm64/boot/Image
CROSS_COMPILE := aarch64-linux-gnu-
CC32       := arm-linux-gnueabihf-gcc
QEMU       := qemu-system-aarch64
QEMU_ARGS  := -M virt
# QEMU takes long to compute pointer authentication's own algorithm
QEMU_CPU   := max,pauth-impdef=on
CONSOLE    := ttyAMA0
# What array_index_nospec() becomes
MASK       := csdb
CLASSIFIER := symbolic

# A processor that leaves the accessed flag to software: no probe
BOOTS      := probe both cortex-a57
CPU-cortex-a57  := cortex-a57
ASKS-cortex-a57 := probe
GETS-cortex-a57 := symbolic
ENTRY      := arch/arm64/kernel/syscall.o

# What Debian calls it: make system has a system for it
DEBIAN     := arm64
PKGS_ROOT  := qemu-user-static binfmt-support arch-test

PKGS_ARCH  := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm
# Our tests also as 32-bit Arm programs
PKGS_TESTS := gcc-arm-linux-gnueabihf libc6-dev-armhf-cross

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
CLASSIFIER := symbolic

# A processor that leaves the accessed flag to software: no probe
BOOTS      := probe both cortex-a57
BOOT-cortex-a57 := -n cortex-a57 -p cortex-a57 -a 'kunit.enable=1 seccomp_bitmap.classifier=probe'
MUST-cortex-a57 := --kunit --classifier symbolic

PKGS_ARCH  := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm
# Our tests also as 32-bit Arm programs
PKGS_TESTS := gcc-arm-linux-gnueabihf libc6-dev-armhf-cross

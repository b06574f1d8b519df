# SPDX-License-Identifier: GPL-2.0-only
KARCH      := s390
SRCARCH    := s390
KIMAGE     := arch/s390/boot/bzImage
CROSS_COMPILE := s390x-linux-gnu-
QEMU       := qemu-system-s390x
QEMU_ARGS  := -M s390-ccw-virtio
QEMU_CPU   := max
CONSOLE    := ttysclp0
# What array_index_nospec() becomes
MASK       := slbgr
CLASSIFIER := symbolic
ENTRY      := arch/s390/kernel/syscall.o kernel/entry/common.o kernel/entry/syscall-common.o

PKGS_ARCH  := gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-system-misc

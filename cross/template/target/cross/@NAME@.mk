# SPDX-License-Identifier: GPL-2.0-only
# The kernel's ARCH=
KARCH      := @SRCARCH@
# Its directory in arch/
SRCARCH    := @SRCARCH@
# The image that QEMU boots, as a path in the build directory
KIMAGE     := PORT: vmlinux or such: kernel_path in tools/testing/kunit/qemu_configs/ of the kernel
# The compiler's prefix
CROSS_COMPILE := @NAME@-linux-gnu-
# The emulator
QEMU       := qemu-system-@NAME@
# Its machine: -M ...
QEMU_ARGS  := PORT: -M and one of `qemu-system-@NAME@ -M help`
# The processor: -cpu
QEMU_CPU   := PORT: one of `qemu-system-@NAME@ -cpu help`, with an MMU
# console= of the kernel's command line
CONSOLE    := PORT: ttyS0 or such: kernel_command_line in qemu_configs/
# What the boot line must name: symbolic
CLASSIFIER := symbolic

# Debian packages of compiler, C library and emulator
PKGS_ARCH  := gcc-@NAME@-linux-gnu libc6-dev-@NAME@-cross qemu-system-misc

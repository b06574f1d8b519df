# SPDX-License-Identifier: GPL-2.0-only
FILESEXTRAPATHS:prepend := "${THISDIR}/files:"

# Versions that the patches are not for are left as they are
SECCOMP_BITMAP = "${@'y' if d.getVar('LINUX_VERSION').startswith('@LINE@.') else ''}"
SRC_URI:append = "${@' file://seccomp-bitmap;type=kmeta;destsuffix=seccomp-bitmap' if d.getVar('SECCOMP_BITMAP') else ''}"
KERNEL_FEATURES:append = "${@' seccomp-bitmap.scc' if d.getVar('SECCOMP_BITMAP') else ''}"

# SPDX-License-Identifier: GPL-2.0-only
SUMMARY = "seccomp tests of the kernel's tree, with those of CONFIG_SECCOMP_BITMAP"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=@KERNEL_COPYING@"

DEPENDS = "libcap rsync-native"

inherit kernelsrc kernel-arch

S = "${STAGING_KERNEL_DIR}"
B = "${WORKDIR}/build"
do_configure[noexec] = "1"

EXTRA_OEMAKE = "-C ${S} ARCH=${ARCH} CROSS_COMPILE=${TARGET_PREFIX} CC='${CC}' O=${B}"
SELFTESTS = "-C ${S}/tools/testing/selftests TARGETS=seccomp FORCE_TARGETS=1 \
             KHDR_INCLUDES='-isystem ${B}/headers/include' \
             USERCFLAGS='${CFLAGS}' USERLDFLAGS='${LDFLAGS}' \
             KSFT_INSTALL_PATH=${D}${libdir}/seccomp-selftests"

# The kernel's uapi headers are newer than those of the C library
do_compile() {
	oe_runmake headers_install INSTALL_HDR_PATH=${B}/headers
	oe_runmake ${SELFTESTS}
}

do_install() {
	oe_runmake ${SELFTESTS} install
	chown -R root:root ${D}
}

FILES:${PN} = "${libdir}/seccomp-selftests"
PACKAGE_ARCH = "${MACHINE_ARCH}"
INSANE_SKIP:${PN} = "ldflags"

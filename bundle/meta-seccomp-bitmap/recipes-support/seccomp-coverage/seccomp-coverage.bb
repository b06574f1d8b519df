# SPDX-License-Identifier: GPL-2.0-only
SUMMARY = "Tells of seccomp filters which system calls are answered in O(1)"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=@COPYING@"

DEPENDS = "json-c libseccomp"

SRC_URI = "file://seccomp-coverage-${PV}.tar.gz"

do_configure[noexec] = "1"

do_compile() {
	oe_runmake -C ${S}/tools/seccomp-coverage CC="${CC} ${LDFLAGS}" AR="${AR}"
}

do_install() {
	install -D -m 0755 ${S}/build/host/seccomp-coverage ${D}${bindir}/seccomp-coverage
	install -D -m 0644 ${S}/tools/seccomp-coverage/seccomp-coverage.1 \
		${D}${mandir}/man1/seccomp-coverage.1
}

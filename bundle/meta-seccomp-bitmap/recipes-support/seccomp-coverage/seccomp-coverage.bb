# SPDX-License-Identifier: GPL-2.0-only
SUMMARY = "Tells of seccomp filters which system calls are answered in O(1)"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=@COPYING@"

DEPENDS = "json-c libseccomp libyaml"

SRC_URI = "file://seccomp-coverage-${PV}.tar.gz"

do_configure[noexec] = "1"

EXTRA_OEMAKE = "-C ${S}/tools/seccomp-coverage CC='${CC} ${LDFLAGS}' AR='${AR}' VERSION=${PV}"

do_compile() {
	oe_runmake
}

do_install() {
	oe_runmake install PREFIX=${prefix} DESTDIR=${D}
}

FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh"

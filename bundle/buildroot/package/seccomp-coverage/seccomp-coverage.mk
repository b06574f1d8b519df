################################################################################
#
# seccomp-coverage
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-only
SECCOMP_COVERAGE_VERSION = @VERSION@
SECCOMP_COVERAGE_SITE = $(BR2_EXTERNAL_SECCOMP_BITMAP_PATH)/src
SECCOMP_COVERAGE_SITE_METHOD = local
SECCOMP_COVERAGE_LICENSE = GPL-2.0
SECCOMP_COVERAGE_LICENSE_FILES = COPYING
SECCOMP_COVERAGE_DEPENDENCIES = json-c libseccomp libyaml

define SECCOMP_COVERAGE_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D)/tools/seccomp-coverage CC="$(TARGET_CC)" \
		AR="$(TARGET_AR)" VERSION=$(SECCOMP_COVERAGE_VERSION)
endef

define SECCOMP_COVERAGE_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D)/tools/seccomp-coverage CC="$(TARGET_CC)" \
		AR="$(TARGET_AR)" VERSION=$(SECCOMP_COVERAGE_VERSION) PREFIX=/usr DESTDIR=$(TARGET_DIR) install
endef

$(eval $(generic-package))

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
SECCOMP_COVERAGE_DEPENDENCIES = json-c libseccomp

define SECCOMP_COVERAGE_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D)/tools/seccomp-coverage CC="$(TARGET_CC)" \
		AR="$(TARGET_AR)"
endef

define SECCOMP_COVERAGE_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/build/host/seccomp-coverage \
		$(TARGET_DIR)/usr/bin/seccomp-coverage
endef

$(eval $(generic-package))

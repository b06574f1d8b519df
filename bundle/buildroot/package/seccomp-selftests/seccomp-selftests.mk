################################################################################
#
# seccomp-selftests
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-only
SECCOMP_SELFTESTS_VERSION = @VERSION@
# They are in the kernel's own tree
SECCOMP_SELFTESTS_SOURCE =
SECCOMP_SELFTESTS_LICENSE = GPL-2.0
SECCOMP_SELFTESTS_DEPENDENCIES = libcap linux

# Its uapi headers are newer than the toolchain's
SECCOMP_SELFTESTS_MAKE = $(TARGET_MAKE_ENV) $(MAKE1) -C $(LINUX_DIR) $(LINUX_MAKE_FLAGS)
SECCOMP_SELFTESTS_FLAGS = TARGETS=seccomp FORCE_TARGETS=1 O=$(@D) \
	KHDR_INCLUDES="-isystem $(@D)/headers/include" \
	KSFT_INSTALL_PATH=$(TARGET_DIR)/usr/lib/kselftests

define SECCOMP_SELFTESTS_BUILD_CMDS
	$(SECCOMP_SELFTESTS_MAKE) headers_install INSTALL_HDR_PATH=$(@D)/headers
	$(SECCOMP_SELFTESTS_MAKE) -C tools/testing/selftests $(SECCOMP_SELFTESTS_FLAGS)
endef

define SECCOMP_SELFTESTS_INSTALL_TARGET_CMDS
	$(SECCOMP_SELFTESTS_MAKE) -C tools/testing/selftests $(SECCOMP_SELFTESTS_FLAGS) install
endef

$(eval $(generic-package))

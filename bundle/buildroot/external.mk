# SPDX-License-Identifier: GPL-2.0-only
include $(sort $(wildcard $(BR2_EXTERNAL_SECCOMP_BITMAP_PATH)/package/*/*.mk))

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_CRED_H
#define SHIM_LINUX_CRED_H

#include <kernel.h>

/* Who attaches. */
extern u32 shim_uid;

#define current_uid()	(shim_uid)
#define __kuid_val(uid)	(uid)

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* ABIs, as filters are made for them. */
#ifndef ABIS_H
#define ABIS_H

#include "arch.h"
#include "rows.h"

#define NR_ROWS		463

struct seccomp_abi seccomp_abis[2] = {
	{ .arch = MY_ARCH, .first = FIRST_NR, .size = NR_ROWS },
#ifdef OTHER_ARCH
	{ .arch = OTHER_ARCH, .first = OTHER_FIRST_NR, .size = NR_ROWS },
#else
	{ .arch = MY_ARCH, .first = FIRST_NR, .size = NR_ROWS },
#endif
};

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters of the kinds that take different ways through the kernel, and what they do. */
#ifndef TEXTS_H
#define TEXTS_H

#include "filter.h"

/* Numbers of other architectures */
#define GAP		(FIRST_NR + 387)
#define GAP_LENGTH	37

/* What a call gets below the filter in question, and under it. */
struct verdict {
	int nr;
	unsigned long arg;
	long before, after;
};

struct text {
	void (*build)(struct prog *p);
	struct verdict verdicts[6];
};

static inline void build_short(struct prog *p)
{
	rule(p, __NR_getppid, ERRNO(21), false);
	emit(p, RET(SECCOMP_RET_ALLOW));
}

/* As container runtimes write them: a list, and few arguments that matter. */
static inline void build_list(struct prog *p)
{
	rule(p, __NR_getppid, ERRNO(31), false);
	rule(p, NR_GETEUID, ERRNO(32), true);
	rule(p, NR_GETGID, ERRNO(33), true);
	emit(p, LD(DATA(nr)));
	for (int nr = 0; nr < 240; nr++) {
		if (FIRST_NR + nr == NR_GETEGID)
			continue;
		emit(p, JEQ(FIRST_NR + nr, 0, 1));
		emit(p, RET(SECCOMP_RET_ALLOW));
	}
	emit(p, JEQ(NR_GETEGID, 0, 1));
	emit(p, RET(ERRNO(34)));
	emit(p, RET(SECCOMP_RET_ALLOW));
}

static inline void build_many_returns(struct prog *p)
{
	for (int i = 0; i < GAP_LENGTH; i++)
		rule(p, GAP + i, ERRNO(100 + i), i % 3 == 1);
	emit(p, RET(SECCOMP_RET_ALLOW));
}

static const struct text short_text = {
	build_short, { { __NR_getppid, MAGIC, -11, -21 } },
};

static const struct text list_text = {
	build_list, {
		{ __NR_getppid, MAGIC, -11, -31 }, { NR_GETEUID, MAGIC, 0, -32 },
		{ NR_GETEUID, 1, 0, 0 }, { NR_GETGID, MAGIC, 0, -33 },
		{ NR_GETEGID, MAGIC, 0, -34 },
	},
};

static const struct text returns_text = {
	build_many_returns, {
		{ GAP, MAGIC, -ENOSYS, -100 }, { GAP + 1, MAGIC, -ENOSYS, -101 },
		{ GAP + 1, 1, -ENOSYS, -ENOSYS }, { GAP + 36, MAGIC, -ENOSYS, -136 },
		{ __NR_getppid, MAGIC, -11, -11 },
	},
};

/* Nobody serves the listener, which is closed by then. */
static const struct text notifying_text = {
	NULL, { { __NR_getppid, MAGIC, -11, -11 }, { NR_GETEUID, MAGIC, 0, -ENOSYS } },
};

#endif

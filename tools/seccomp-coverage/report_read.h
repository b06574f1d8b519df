/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel shows in /proc: seccomp_cache and seccomp_coverage. */
#ifndef REPORT_READ_H
#define REPORT_READ_H

#include <abi.h>

enum report_says { REPORT_NOTHING, REPORT_CONSTANT, REPORT_FILTER };

/**
 * struct report - the calls of all ABIs that it speaks of
 * @has: is there a line about an ABI?
 * @says: of each number: is it constant?
 * @ret: the result, if so
 */
struct report {
	bool has[NR_ABIS];
	uint8_t says[NR_ABIS][ABI_MAX];
	uint32_t ret[NR_ABIS][ABI_MAX];
};

bool report_is_one(const char *text);
/* @name is that of the file; a line that is wrong ends the program. */
struct report *report_read(const char *name, const char *text);
void report_free(struct report *report);

#endif

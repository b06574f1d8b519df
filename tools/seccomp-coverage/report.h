/* SPDX-License-Identifier: GPL-2.0-only */
/* What is printed of a coverage. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include "coverage.h"

/**
 * struct style - how it is printed
 * @prefix: in front of each verdict: "", or a name with a colon and a blank
 * @colour: with colours
 */
struct style {
	const char *prefix;
	bool colour;
};

/* A line for each range of numbers with the same result. */
void report_ranges(const struct coverage *coverage, const struct subject *subject,
		   const struct style *style);
/* One line: what is constant, of what kind. */
void report_verdict(const struct coverage *coverage, const struct style *style);
/* What the table of a stack takes. */
void report_limits(const struct subject *subject, const struct context *context);

/* Where a call that is not constant looks at its arguments. */
void report_look(FILE *out, const struct coverage *coverage, const struct call *call,
		 const struct subject *subject);
/* The field of struct seccomp_data at an offset; the half of it. */
const char *report_field(unsigned int offset);
const char *report_half(const struct abi *abi, unsigned int offset);
void report_action(FILE *out, uint32_t ret);

void report_json(struct coverage *const *coverages, const struct subject *subject,
		 const char *separator);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What is printed of coverages. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include "coverage.h"

/**
 * report_ranges() - print a line for each range of equal results
 * @coverage: what to print
 */
void report_ranges(const struct coverage *coverage);

/**
 * report_verdict() - print in one line how many calls are answered in O(1)
 * @coverage: what to print
 */
void report_verdict(const struct coverage *coverage);

/**
 * report_json() - print everything, for tools
 * @coverages: by index in abis[], NULL for those not to print
 */
void report_json(struct coverage * const *coverages);

/**
 * report_look() - print why a call is not constant, without a newline
 * @out: where to print
 * @coverage: what @call is in
 * @call: a call that is not constant
 */
void report_look(FILE *out, const struct coverage *coverage, const struct call *call);

#endif

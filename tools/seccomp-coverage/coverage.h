/* SPDX-License-Identifier: GPL-2.0-only */
/* What is constant under a stack of filters, and what is not, for one ABI. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <plan.h>
#include "subject.h"

enum allowed { ALLOWED_NEVER, ALLOWED_SOMETIMES, ALLOWED_ALWAYS, ALLOWED_UNKNOWN };

/**
 * struct call - what becomes of a system call
 * @nr: its number
 * @name: NULL when the kernel has no name for the number
 * @constant: is it answered in O(1)?
 * @exempt: is it never filtered?
 * @ret: if @constant: the answer, as a filter returns it
 * @place: if @constant: which filter it is from
 * @allowed: for which arguments?
 * @layer: if not @constant: the newest filter that looks at more than the number and
 *	the ABI, or -1 when that is not known
 * @look: the first instruction of it to do so
 * @offset: what @look loads, in struct seccomp_data
 * @plan: what a kernel does about it
 */
struct call {
	uint32_t nr;
	const char *name;
	bool constant;
	bool exempt;
	uint32_t ret;
	unsigned int place;
	enum allowed allowed;
	int layer, look;
	unsigned int offset;
	struct plan_call plan;
};

/**
 * struct coverage - all calls of an ABI
 * @abi: the ABI
 * @kernel: whose calls
 * @has_filter: were the filters seen? If not, only @nr, @name, @constant and @ret are
 *	known.
 * @evaluated: was it the filters that were asked, since the kernel's classifier cannot
 *	be asked about this ABI?
 * @depth: how many filters
 * @nr_calls: number of calls
 * @call: in the order of their numbers
 */
struct coverage {
	const struct abi *abi;
	unsigned int kernel;
	bool has_filter;
	bool evaluated;
	unsigned int depth;
	unsigned int nr_calls;
	struct call call[ABI_MAX];
};

/**
 * coverage_of() - the coverage of a stack, as the kernel works it out
 * @subject: the stack
 * @abi: the ABI
 * @own: the machine's own
 * @kernel: the kernel
 *
 * Return: the coverage, to be freed; NULL if a report says nothing of the ABI.
 */
struct coverage *coverage_of(const struct subject *subject, const struct abi *abi,
			     const struct abi *own, unsigned int kernel);

/* Is a call never filtered? uretprobe and uprobe are for the kernel's own use. */
bool call_is_exempt(const struct abi *abi, const char *name);

/* The call of a name, or NULL. */
const struct call *coverage_find(const struct coverage *coverage, const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What is constant, and what is not, for one ABI. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "names.h"

struct program;

/**
 * struct call - what becomes of a system call
 * @name: allocated, NULL when libseccomp has no name for the number
 * @constant: is it answered in O(1)?
 * @ret: if @constant: the answer, as a filter returns it
 * @allowed: is it, for some arguments at least?
 * @look: if not @constant: the first instruction to load more than the number
 *	and the ABI, or -1 when that is not known
 * @offset: what @look loads, in struct seccomp_data
 */
struct call {
	char *name;
	bool constant;
	uint32_t ret;
	bool allowed;
	int look;
	unsigned int offset;
};

/**
 * struct coverage - all calls of an ABI
 * @abi: the ABI
 * @has_filter: was the filter seen? If not, of calls that are not constant
 *	neither @allowed nor @look is known.
 * @call: by number
 */
struct coverage {
	const struct abi *abi;
	bool has_filter;
	struct call call[ABI_SIZE];
};

/**
 * coverage_new() - a coverage in which nothing is constant, with names
 * @abi: the ABI
 *
 * Return: the coverage, to be freed; without memory the program ends.
 */
struct coverage *coverage_new(const struct abi *abi);

/**
 * coverage_of() - the coverage of a filter, as the kernel works it out
 * @filter: filter that the kernel would take
 * @abi: the ABI
 *
 * Return: the coverage, to be freed; without memory the program ends.
 */
struct coverage *coverage_of(const struct program *filter, const struct abi *abi);

/**
 * coverage_free() - free a coverage
 * @coverage: coverage or NULL
 */
void coverage_free(struct coverage *coverage);

/**
 * coverage_parse() - read what /proc/<pid>/seccomp_cache says
 * @coverages: by index in abis[]: where to put the coverage of each ABI that
 *	there are lines of
 * @name: of the file, for messages; a line that is wrong ends the program
 * @text: the file's text, is written to
 */
void coverage_parse(struct coverage **coverages, const char *name, char *text);

#endif

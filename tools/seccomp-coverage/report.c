// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include "report.h"

struct count {
	unsigned int allowed, allowed_constant, filter;
};

/* System calls are the numbers that have a name. */
static struct count count(const struct coverage *coverage)
{
	const struct call *call = coverage->call;
	struct count n = { };

	for (unsigned int nr = 0; nr < ABI_SIZE; nr++, call++) {
		if (!call->name)
			continue;
		n.allowed += call->allowed;
		n.allowed_constant += call->allowed && call->constant;
		n.filter += !call->constant;
	}
	return n;
}

/* The field of struct seccomp_data that the first look is at. */
static const char *field(const struct call *call)
{
	const unsigned int args = offsetof(struct seccomp_data, args);
	static char name[16];

	if (call->offset < args)
		return "instruction_pointer";
	snprintf(name, sizeof(name), "args[%u]", (call->offset - args) / 8);
	return name;
}

static const char *half(const struct coverage *coverage, const struct call *call)
{
	return (call->offset % 8 == 0) == abi_big_endian(coverage->abi) ? "high" : "low";
}

void report_look(FILE *out, const struct coverage *coverage, const struct call *call)
{
	if (!coverage->has_filter)
		fprintf(out, "runs the filters");
	else if (call->look < 0)
		fprintf(out, "depends on no argument, but is too hard to tell");
	else
		fprintf(out, "instruction %d reads %s, %s half", call->look,
			field(call), half(coverage, call));
}

/* --- Text ------------------------------------------------------------------- */

static bool same(const struct call *a, const struct call *b)
{
	if (a->constant != b->constant)
		return false;
	return a->constant ? a->ret == b->ret : a->look == b->look;
}

/* The name of the only call from @first to @last, or of the two at its ends. */
static void print_names(const struct call *first, const struct call *last)
{
	while (first < last && !first->name)
		first++;
	while (first < last && !last->name)
		last--;

	printf(" %s", first->name ?: "(no names)");
	if (first < last)
		printf("..%s", last->name);
}

static void print_range(const struct coverage *coverage, const struct call *first,
			const struct call *last)
{
	char range[24], action[24] = "FILTER";

	snprintf(range, sizeof(range), first < last ? "%u-%u" : "%u",
		 (unsigned int)(first - coverage->call),
		 (unsigned int)(last - coverage->call));
	if (first->constant)
		snprintf(action, sizeof(action),
			 action_has_data(first->ret) ? "%s %u" : "%s",
			 action_name(first->ret), first->ret & SECCOMP_RET_DATA);

	printf("%s %-7s %-12s", coverage->abi->name, range, action);
	print_names(first, last);
	if (!first->constant && coverage->has_filter) {
		printf(": ");
		report_look(stdout, coverage, first);
	}
	printf("\n");
}

void report_ranges(const struct coverage *coverage)
{
	const struct call *first = coverage->call, *end = first + ABI_SIZE, *last;

	for (; first < end; first = last + 1) {
		last = first;
		while (last + 1 < end && same(first, last + 1))
			last++;
		print_range(coverage, first, last);
	}
}

void report_verdict(const struct coverage *coverage)
{
	struct count n = count(coverage);

	if (coverage->has_filter)
		printf("%s: %u of %u allowed calls in O(1)\n", coverage->abi->name,
		       n.allowed_constant, n.allowed);
	else
		printf("%s: %u calls allowed in O(1), %u run the filters\n",
		       coverage->abi->name, n.allowed_constant, n.filter);
}

/* --- JSON: no string in it needs an escape ----------------------------------- */

static void json_call(const struct coverage *coverage, const struct call *call)
{
	printf("{\"nr\": %u", (unsigned int)(call - coverage->call));
	if (call->name)
		printf(", \"name\": \"%s\"", call->name);
	if (call->constant)
		printf(", \"action\": \"%s\"", action_name(call->ret));
	else
		printf(", \"action\": \"FILTER\"");
	if (call->constant && action_has_data(call->ret))
		printf(", \"data\": %u", call->ret & SECCOMP_RET_DATA);
	if (call->look >= 0)
		printf(", \"instruction\": %d, \"reads\": \"%s\", \"half\": \"%s\"",
		       call->look, field(call), half(coverage, call));
	printf("}");
}

void report_json(struct coverage * const *coverages)
{
	const char *separator = "[";

	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (!coverages[i])
			continue;

		struct count n = count(coverages[i]);

		printf("%s{\"abi\": \"%s\", \"allowed_constant\": %u, \"filter\": %u, ",
		       separator, abis[i].name, n.allowed_constant, n.filter);
		if (coverages[i]->has_filter)
			printf("\"allowed\": %u, ", n.allowed);
		printf("\"calls\": [\n");
		for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
			json_call(coverages[i], &coverages[i]->call[nr]);
			printf(nr + 1 < ABI_SIZE ? ",\n" : "\n]}");
		}
		separator = ",\n";
	}
	printf("]\n");
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stddef.h>
#include "actions.h"
#include "report.h"
#include "trouble.h"

#define GREEN	"\33[32m"
#define RED	"\33[31m"
#define YELLOW	"\33[33m"
#define PLAIN	"\33[0m"

/* System calls are the numbers that have a name. */
struct count {
	unsigned int calls, constant, of_kind[NR_ACTIONS];
	unsigned int checked, checked_allowed, unknown;
};

static struct count count(const struct coverage *coverage)
{
	struct count n = { 0 };

	for (unsigned int i = 0; i < coverage->nr_calls; i++) {
		const struct call *call = &coverage->call[i];

		if (!call->name)
			continue;
		n.calls++;
		n.constant += call->constant;
		n.checked += !call->constant;
		if (call->constant)
			n.of_kind[action_kind(call->ret)]++;
		else if (call->allowed != ALLOWED_NEVER && call->allowed != ALLOWED_UNKNOWN)
			n.checked_allowed++;
		else if (call->allowed == ALLOWED_UNKNOWN)
			n.unknown++;
	}
	return n;
}

const char *report_field(unsigned int offset)
{
	static const char * const args[] = {
		"args[0]", "args[1]", "args[2]", "args[3]", "args[4]", "args[5]",
	};

	if (offset < offsetof(struct seccomp_data, args))
		return "instruction_pointer";
	return args[(offset - offsetof(struct seccomp_data, args)) / 8];
}

const char *report_half(const struct abi *abi, unsigned int offset)
{
	return (offset % 8 == 0) == abi_big_endian(abi) ? "high" : "low";
}

void report_action(FILE *out, uint32_t ret)
{
	if (action_has_data(ret))
		fprintf(out, "%s %u", action_name(ret), ret & SECCOMP_RET_DATA);
	else
		fprintf(out, "%s", action_name(ret));
}

void report_look(FILE *out, const struct coverage *coverage, const struct call *call,
		 const struct subject *subject)
{
	if (!coverage->has_filter) {
		fprintf(out, "runs the filters");
		return;
	}
	if (call->look < 0) {
		fprintf(out, coverage->evaluated ? "depends on arguments" :
			"depends on no argument, but the filters are asked all the same");
		return;
	}
	if (coverage->depth > 1)
		fprintf(out, "filter %d (%s), ", call->layer + 1, subject->layer[call->layer].name);
	fprintf(out, "instruction %d reads %s, %s half", call->look, report_field(call->offset),
		report_half(coverage->abi, call->offset));
}

static bool same(const struct call *a, const struct call *b)
{
	if (a->constant != b->constant || a->exempt != b->exempt)
		return false;
	if (a->constant)
		return a->ret == b->ret && a->place == b->place;
	return a->look == b->look && a->layer == b->layer;
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

static const char *colour_of(const struct call *call, const struct style *style)
{
	if (!style->colour)
		return "";
	if (!call->constant)
		return YELLOW;
	return action_kind(call->ret) < 2 ? GREEN : RED;
}

static void print_range(const struct coverage *coverage, const struct subject *subject,
			const struct call *first, const struct call *last,
			const struct style *style)
{
	char range[24], action[24] = "FILTER";

	snprintf(range, sizeof(range), first < last ? "%u-%u" : "%u", first->nr, last->nr);
	if (first->constant)
		snprintf(action, sizeof(action),
			 action_has_data(first->ret) ? "%s %u" : "%s",
			 action_name(first->ret), first->ret & SECCOMP_RET_DATA);

	printf("%s %-7s %s%-12s%s", coverage->abi->name, range, colour_of(first, style), action,
	       style->colour ? PLAIN : "");
	print_names(first, last);
	if (first->exempt)
		printf(": never filtered");
	if (first->constant && coverage->depth > 1 && first->ret != SECCOMP_RET_ALLOW)
		printf(": filter %u (%s)", first->place + 1, subject->layer[first->place].name);
	if (!first->constant && coverage->has_filter) {
		printf(": ");
		report_look(stdout, coverage, first, subject);
	}
	printf("\n");
}

void report_ranges(const struct coverage *coverage, const struct subject *subject,
		   const struct style *style)
{
	const struct call *first = coverage->call, *end = first + coverage->nr_calls, *last;

	for (; first < end; first = last + 1) {
		last = first;
		while (last + 1 < end && same(first, last + 1))
			last++;
		print_range(coverage, subject, first, last, style);
	}
}

void report_verdict(const struct coverage *coverage, const struct style *style)
{
	struct count n = count(coverage);
	const char *separator = ": ";

	printf("%s%s: %u of %u calls in O(1)", style->prefix, coverage->abi->name, n.constant,
	       n.calls);
	for (unsigned int i = 0; i < NR_ACTIONS; i++) {
		if (!n.of_kind[i])
			continue;
		printf("%s%u %s", separator, n.of_kind[i], action_kind_name(i));
		separator = ", ";
	}
	if (n.checked && !coverage->has_filter)
		printf("; %u run the filters", n.checked);
	else if (n.checked)
		printf("; %u ask the filters, %u of which can be allowed", n.checked,
		       n.checked_allowed);
	if (n.checked && coverage->has_filter && n.unknown)
		printf(", %u unknown", n.unknown);
	if (coverage->evaluated)
		printf("; evaluated, not by the kernel's classifier");
	printf("\n");
}

void report_limits(const struct subject *subject, const struct context *context)
{
	const struct program *programs[WAYS_LAYERS];
	unsigned int depth = subject_programs(subject, programs);
	struct plan *plan = need(plan_build(programs, depth, context->abi, context->kernel));
	struct plan_limits limits = plan_limits(plan);

	for (unsigned int i = 0; i < depth; i++)
		printf("# filter %u: %s, %u instructions\n", i + 1, subject->layer[i].name,
		       programs[i]->len);
	printf("# %u filters take %u of %u instructions, %u of %u classes, %u of %u steps\n", depth,
	       limits.insns, limits.max_insns, limits.classes, limits.max_classes, limits.steps,
	       limits.max_steps);
	if (limits.insns > limits.max_insns)
		printf("# the kernel does not let the last of them be attached: ENOMEM\n");
	plan_free(plan);
}

/* --- JSON ------------------------------------------------------------------------ */

/* A string with what needs an escape escaped. */
static void json_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static void json_call(const struct coverage *coverage, const struct call *call)
{
	static const char * const allowed[] = { "never", "sometimes", "always" };

	printf("{\"nr\": %u", call->nr);
	if (call->name)
		printf(", \"name\": \"%s\"", call->name);
	printf(", \"action\": \"%s\"", call->constant ? action_name(call->ret) : "FILTER");
	if (call->constant && action_has_data(call->ret))
		printf(", \"data\": %u", call->ret & SECCOMP_RET_DATA);
	if (call->constant && coverage->depth > 1 && call->ret != SECCOMP_RET_ALLOW)
		printf(", \"filter\": %u", call->place + 1);
	if (!call->constant && call->allowed != ALLOWED_UNKNOWN)
		printf(", \"allowed\": \"%s\"", allowed[call->allowed]);
	if (call->look >= 0 && coverage->depth > 1)
		printf(", \"filter\": %u", call->layer + 1);
	if (call->look >= 0)
		printf(", \"instruction\": %d, \"reads\": \"%s\", \"half\": \"%s\"", call->look,
		       report_field(call->offset), report_half(coverage->abi, call->offset));
	printf("}");
}

static void json_coverage(const struct coverage *coverage)
{
	struct count n = count(coverage);
	const char *separator = "";

	printf("{\"abi\": \"%s\", \"kernel\": \"%s\", ", coverage->abi->name,
	       kernel_names[coverage->kernel]);
	printf("\"known\": %u, \"constant\": %u, \"by_action\": {", n.calls, n.constant);
	for (unsigned int i = 0; i < NR_ACTIONS; i++) {
		if (!n.of_kind[i])
			continue;
		printf("%s\"%s\": %u", separator, action_kind_name(i), n.of_kind[i]);
		separator = ", ";
	}
	printf("}, \"filter\": %u, ", n.checked);
	if (coverage->has_filter)
		printf("\"filter_allowed\": %u, ", n.checked_allowed);
	printf("\"calls\": [\n");
	for (unsigned int i = 0; i < coverage->nr_calls; i++) {
		json_call(coverage, &coverage->call[i]);
		printf(i + 1 < coverage->nr_calls ? ",\n" : "\n]}");
	}
}

void report_json(struct coverage *const *coverages, const struct subject *subject,
		 const char *separator)
{
	printf("%s{\"name\": ", separator);
	json_string(subject->name);
	printf(", \"filters\": [");
	for (unsigned int i = 0; i < subject->depth; i++) {
		printf(i ? ", " : "");
		json_string(subject->layer[i].name);
	}
	printf("], \"abis\": [\n");
	separator = "";
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (!coverages[i])
			continue;
		printf("%s", separator);
		json_coverage(coverages[i]);
		separator = ",\n";
	}
	printf("]}");
}

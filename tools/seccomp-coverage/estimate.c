// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <evaluate.h>
#include <linux/seccomp.h>
#include <plan.h>
#include <stdio.h>
#include "coverage.h"
#include "estimate.h"
#include "report.h"
#include "trouble.h"

/**
 * struct model - what things take, in tenths of an instruction
 * @allowed: always allowed; on a stock kernel
 * @denied: always denied with an errno
 * @asked: arguments are looked at
 * @op: an operation of a rest, by its kind
 * @one_program: a filter is run, and only that
 * @several: more than one filter is asked
 * @rest: each rest, then
 * @program: each filter that is run, then
 * @step: an instruction of it
 * @all: all are run, after the table has been asked in vain
 * @stock_allowed: always allowed, on a stock kernel
 * @stock: filters are run there
 * @stock_filter: each of them
 * @stock_step: an instruction
 * @stock_passed: all of them allow the call
 *
 * Fitted to what make bench counts under QEMU, on Linux 6.12 without mitigations.
 */
struct model {
	const char *name;
	unsigned int allowed, denied, asked, op[NR_PLAN_OPS], one_program, several, rest,
		     program, step, all;
	unsigned int stock_allowed, stock, stock_filter, stock_step, stock_passed;
};

static const struct model models[] = {
	{
		"x86_64", 290, 260, 990, { 110, 167, 146, 180, 2 }, 648, 554, 215, 893, 15, 300,
		1390, 1144, 619, 20, 309,
	},
	{
		"aarch64", 420, 420, 989, { 102, 206, 170, 192, 121 }, 868, 554, 215, 893, 18, 300,
		1700, 1512, 724, 20, 363,
	},
};

static const struct model *model_of(const struct abi *abi)
{
	return &models[!strcmp(abi->go, "arm64") || !strcmp(abi->go, "arm")];
}

static bool has_own_model(const struct abi *abi)
{
	return !strcmp(abi->name, model_of(abi)->name);
}

static unsigned int instructions(unsigned int tenths)
{
	return (tenths + 5) / 10;
}

static unsigned int ours(const struct model *m, const struct plan_cost *cost)
{
	unsigned int tenths = m->asked + cost->steps * m->step;

	if (cost->all)
		return 0;
	for (unsigned int i = 0; i < NR_PLAN_OPS; i++)
		tenths += cost->op[i] * m->op[i];
	if (cost->rests + cost->programs > 1)
		tenths += m->several + cost->rests * m->rest + cost->programs * m->program;
	else
		tenths += cost->programs * m->one_program;
	return instructions(tenths);
}

/* What all filters return for a call, and how long they run. */
static unsigned int stock(const struct model *m, const struct subject *subject,
			  const uint32_t *words)
{
	unsigned int tenths = m->stock + subject->depth * m->stock_filter;
	bool passed = true, looked = false;

	for (unsigned int i = 0; i < subject->depth; i++) {
		const struct program *program = subject->layer[i].program;
		struct evaluation e = evaluate(program->insn, program->len, words);

		tenths += e.steps * m->stock_step;
		looked |= e.looked;
		passed &= (e.ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW;
	}
	if (passed && !looked)
		tenths = m->stock_allowed;
	else if (passed)
		tenths += m->stock_passed;
	return instructions(tenths);
}

struct price price_of(const struct plan *plan, const struct subject *subject,
		      const struct abi *abi, const uint32_t *words)
{
	const struct model *m = model_of(abi);
	struct plan_call call = plan_look(plan, abi, words[0]);
	struct plan_cost cost = plan_measure(plan, abi, words);
	struct price price = { .stock = stock(m, subject, words) };

	if (call.kind == PLAN_CONSTANT)
		price.ours = instructions(call.ret == SECCOMP_RET_ALLOW ? m->allowed : m->denied);
	else if (cost.all)
		price.ours = price.stock + instructions(m->all);
	else
		price.ours = ours(m, &cost);
	return price;
}

/* --- All calls ---------------------------------------------------------------------- */

/* The least and the most of some prices. */
struct span {
	bool any;
	struct price least, most;
};

struct pricing {
	const struct plan *plan;
	const struct subject *subject;
	const struct abi *abi;
	struct span *span;
};

static void widen(struct span *span, struct price price)
{
	if (!span->any)
		*span = (struct span) { true, price, price };
	if (price.ours < span->least.ours)
		span->least.ours = price.ours;
	if (price.ours > span->most.ours)
		span->most.ours = price.ours;
	if (price.stock < span->least.stock)
		span->least.stock = price.stock;
	if (price.stock > span->most.stock)
		span->most.stock = price.stock;
}

static bool see(const struct way *way, void *data)
{
	struct pricing *p = data;

	if (way->exact)
		widen(p->span, price_of(p->plan, p->subject, p->abi, way->words));
	return true;
}

static void print_range(unsigned int least, unsigned int most)
{
	char text[32];

	snprintf(text, sizeof(text), least < most ? "%u-%u" : "%u", least, most);
	printf(" %12s", text);
}

static void print_span(const struct abi *abi, const char *what, const struct span *span,
		       const char *how)
{
	if (!span->any)
		return;
	printf("%s %-24s", abi->name, what);
	print_range(span->least.ours, span->most.ours);
	print_range(span->least.stock, span->most.stock);
	printf(*how ? "  %s\n" : "\n", how);
}

static void describe(const struct plan_call *call, char *how, size_t size)
{
	if (call->kind == PLAN_RUNS)
		snprintf(how, size, "runs all filters");
	else if (call->rests && call->programs)
		snprintf(how, size, "evaluates %u rests, runs %u filters", call->rests,
			 call->programs);
	else if (call->rests)
		snprintf(how, size, "evaluates %u rest%s", call->rests, call->rests > 1 ? "s" : "");
	else
		snprintf(how, size, "runs %u filter%s", call->programs,
			 call->programs > 1 ? "s" : "");
}

/* Constants are one line for what is allowed and one for an errno; others in a line each. */
static void estimate_abi(const struct subject *subject, const struct plan *plan,
			 const struct options *options, const struct abi *abi)
{
	const struct program *programs[WAYS_LAYERS];
	unsigned int depth = subject_programs(subject, programs);
	struct span allowed = { 0 }, denied = { 0 };

	printf("# %-28s %12s %12s\n", "instructions", "with bitmaps", "stock");
	for (unsigned int i = 0; i < abi_size(abi, options->context.kernel); i++) {
		const char *name = call_name(abi, options->context.kernel, i);
		struct plan_call call = plan_look(plan, abi, i);
		struct pricing p = { plan, subject, abi, &(struct span) { 0 } };
		char how[64];

		if (!name || call_is_exempt(abi, name))
			continue;
		if (call.kind == PLAN_CONSTANT && call.ret == SECCOMP_RET_ALLOW)
			p.span = &allowed;
		else if (call.kind == PLAN_CONSTANT &&
			 (call.ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
			p.span = &denied;
		else if (call.kind == PLAN_CONSTANT)
			continue;
		ways_follow(programs, depth, abi->arch, i, see, &p);
		if (call.kind == PLAN_CONSTANT)
			continue;
		describe(&call, how, sizeof(how));
		if (!options->quiet)
			print_span(abi, name, p.span, how);
	}
	print_span(abi, "(constant, allowed)", &allowed, "");
	print_span(abi, "(constant, errno)", &denied, "");
}

static void check(const struct subject *subject, const struct abi *abi)
{
	if (subject->report)
		fail("%s: a kernel's report: it does not say what the filters do; give them",
		     subject->name);
	if (!abi->rows)
		fail("what calls of %s take has not been measured; take another ABI", abi->name);
}

/* Returns the plan for an ABI; NULL if it was not asked for. */
static struct plan *plan_for(const struct subject *subject, const struct options *options,
			     const struct abi *abi)
{
	const struct abi *own = options->context.abi;
	const struct program *programs[WAYS_LAYERS];
	bool is_its;

	if (options->named ? !options->wanted[abi - abis] : abi != own)
		return NULL;
	check(subject, abi);
	is_its = abi == own || (own->compat >= 0 && abi == &abis[own->compat]);
	return need(plan_build(programs, subject_programs(subject, programs), is_its ? own : abi,
			       options->context.kernel));
}

static void print_head(const struct subject *subject, const struct abi *abi)
{
	printf("# %s: instructions above a call without seccomp; %s, Linux 6.12%s\n",
	       subject->name, model_of(abi)->name,
	       has_own_model(abi) ? "" : "; this ABI was not measured");
}

void estimate(const struct subject *subject, const struct options *options)
{
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		struct plan *plan = plan_for(subject, options, &abis[i]);

		if (!plan)
			continue;
		print_head(subject, &abis[i]);
		estimate_abi(subject, plan, options, &abis[i]);
		plan_free(plan);
	}
}

/* --- Single calls ---------------------------------------------------------------------- */

/* Takes "name(1, 0x2)" or "12(...)" apart; without parentheses all arguments are 0. */
static uint32_t parse_call(const char *text, const struct options *options,
			   const struct abi *abi, uint32_t *words)
{
	size_t len = strcspn(text, "(");
	char *name = need(strndup(text, len)), *end;
	unsigned int high = abi_big_endian(abi) ? 0 : 1, n = 0;
	uint32_t nr = call_number(abi, options->context.kernel, name);
	unsigned long long arg;

	if (nr == NO_CALL && isdigit((unsigned char)*name)) {
		nr = strtoul(name, &end, 0);
		nr = *end ? NO_CALL : nr;
	}
	if (nr == NO_CALL && !call_exists(name))
		fail("--call: no kernel has a call '%s'", name);
	free(name);
	memset(words, 0, WAYS_WORDS * sizeof(*words));
	words[0] = nr;
	words[1] = abi->arch;
	for (text += len; *text && *text != ')';) {
		text++;
		text += strspn(text, " ");
		if (*text == ')' && !n)
			break;
		arg = strtoll(text, &end, 0);
		if (*text != '-')
			arg = strtoull(text, &end, 0);
		if (end == text || n == 6)
			fail("--call: '%s' is not like socket(40, 0x1), with six arguments at most",
			     text);
		words[4 + 2 * n + high] = arg >> 32;
		words[4 + 2 * n++ + !high] = arg;
		text = end + strspn(end, " ");
		if (!*text || !strchr(",)", *text))
			fail("--call: '%s' is not like socket(40, 0x1)", text);
	}
	return nr;
}

static void try_call(const char *text, const struct subject *subject, const struct plan *plan,
		     const struct options *options, const struct abi *abi)
{
	uint32_t words[WAYS_WORDS], ret[WAYS_LAYERS], nr, result;
	unsigned int place, steps = 0;
	struct price price;

	nr = parse_call(text, options, abi, words);
	if (nr == NO_CALL) {
		printf("%s %s: not there\n", abi->name, text);
		return;
	}
	for (unsigned int i = 0; i < subject->depth; i++) {
		const struct program *program = subject->layer[i].program;
		struct evaluation e = evaluate(program->insn, program->len, words);

		ret[i] = e.ret;
		steps += e.steps;
	}
	result = ways_result(ret, subject->depth, &place);
	printf("%s %s: ", abi->name, text);
	report_action(stdout, result);
	if (subject->depth > 1 && result != SECCOMP_RET_ALLOW)
		printf(" by filter %u (%s)", place + 1, subject->layer[place].name);
	if (plan && nr - abi->first < abi_size(abi, options->context.kernel)) {
		price = price_of(plan, subject, abi, words);
		printf("; about %u instructions, %u on a stock kernel", price.ours, price.stock);
	}
	printf("; %u of the filter%s\n", steps, subject->depth > 1 ? "s" : "");
}

void estimate_calls(const struct subject *subject, const struct options *options)
{
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		const struct abi *abi = &abis[i];
		struct plan *plan = NULL;

		if (options->named ? !options->wanted[i] : abi != options->context.abi)
			continue;
		if (abi->rows || subject->report)
			plan = plan_for(subject, options, abi);
		for (unsigned int c = 0; c < options->nr_calls; c++)
			try_call(options->call[c], subject, plan, options, abi);
		plan_free(plan);
	}
}

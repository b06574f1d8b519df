// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <plan.h>
#include <stdio.h>
#include "advice.h"
#include "compile.h"
#include "estimate.h"
#include "report.h"
#include "trouble.h"

/* Calls of one ABI under a stack, with what it takes on the worst way. */
struct survey {
	const struct plan *plan;
	const struct subject *subject;
	const struct abi *abi;
	struct price worst;
};

static bool see(const struct way *way, void *data)
{
	struct survey *s = data;
	struct price price;

	if (!way->exact)
		return true;
	price = price_of(s->plan, s->subject, s->abi, way->words);
	if (price.ours > s->worst.ours)
		s->worst.ours = price.ours;
	if (price.stock > s->worst.stock)
		s->worst.stock = price.stock;
	return true;
}

static struct price worst_price(const struct subject *subject, const struct abi *abi,
				unsigned int kernel, uint32_t nr)
{
	const struct program *programs[WAYS_LAYERS];
	unsigned int depth = subject_programs(subject, programs);
	struct plan *plan = need(plan_build(programs, depth, abi, kernel));
	struct survey s = { .plan = plan, .subject = subject, .abi = abi };

	ways_follow(programs, depth, abi->arch, nr, see, &s);
	plan_free(plan);
	return s.worst;
}

/* --- Rules that say nothing --------------------------------------------------------- */

static bool names(const struct rule *rule, const char *call)
{
	for (unsigned int n = 0; n < rule->nr_names; n++)
		if (!strcmp(rule->name[n], call))
			return true;
	return false;
}

/* Another rule that decides a call without looking at arguments, or NULL. */
static const struct rule *unconditional(const struct profile *profile, const struct rule *but,
					const char *call)
{
	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		const struct rule *rule = &profile->rule[i];

		if (rule != but && !rule->nr_cmp && rule->action != profile->default_action &&
		    names(rule, call))
			return rule;
	}
	return NULL;
}

static unsigned int advise_rules(const struct profile *profile)
{
	const struct rule *rule, *other;
	unsigned int found = 0;

	for (rule = profile->rule; rule < profile->rule + profile->nr_rules; rule++) {
		if (rule->action == profile->default_action) {
			printf("rule %u (%s%s): does what defaultAction does: leave it out\n",
			       rule->number, rule->nr_names ? rule->name[0] : "no calls",
			       rule->nr_names > 1 ? ", ..." : "");
			found++;
			continue;
		}
		for (unsigned int n = 0; n < rule->nr_names && rule->nr_cmp; n++) {
			other = unconditional(profile, rule, rule->name[n]);
			if (!other || other->action != rule->action)
				continue;
			printf("rule %u (%s): rule %u does the same always: leave it out\n",
			       rule->number, rule->name[n], other->number);
			found++;
		}
	}
	return found;
}

/* --- Calls whose arguments are looked at --------------------------------------------- */

/* The rules about a call that have conditions. */
static void print_rules(const struct profile *profile, const char *call)
{
	const char *separator = ", rule ";

	for (unsigned int i = 0; profile && i < profile->nr_rules; i++) {
		if (!profile->rule[i].nr_cmp || !names(&profile->rule[i], call))
			continue;
		printf("%s%u", separator, profile->rule[i].number);
		separator = " and ";
	}
}

/* As if the comparisons of a call stood first in their filter. */
static struct price price_in_front(const struct subject *subject, unsigned int layer,
				   const struct abi *abi, unsigned int kernel, uint32_t nr,
				   int look)
{
	const struct program *program = subject->layer[layer].program;
	struct subject *changed = need_new(struct subject);
	struct program *moved = need_new(struct program);
	const struct sock_filter front[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abi->arch, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_JMP | BPF_JA, look),
	};
	const unsigned int len = sizeof(front) / sizeof(front[0]);
	struct price price = { 0 };

	if (program->len + len <= BPF_MAXINSNS) {
		memcpy(moved->insn, front, sizeof(front));
		memcpy(moved->insn + len, program->insn, program->len * sizeof(front[0]));
		moved->len = program->len + len;
		memcpy(changed->layer, subject->layer, sizeof(changed->layer));
		changed->layer[layer].program = moved;
		changed->depth = subject->depth;
		price = worst_price(changed, abi, kernel, nr);
	}
	free(moved);
	free(changed);
	return price;
}

static void advise_call(const struct subject *subject, const struct plan *plan,
			const struct options *options, const struct abi *abi, uint32_t nr)
{
	const char *name = call_name(abi, options->context.kernel, nr);
	struct plan_call call = plan_look(plan, abi, nr);
	struct price now, front;
	unsigned int layer;
	int look = -1;

	for (layer = subject->depth; layer-- && look < 0;)
		look = plan_first_look(plan, layer, abi, nr);
	layer++;
	if (look < 0)
		return;
	printf("%s %s: %s%s%s looks at %s", abi->name, name, subject->depth > 1 ? "filter " : "",
	       subject->depth > 1 ? subject->layer[layer].name : "",
	       subject->depth > 1 ? "" : "the filter",
	       report_field(subject->layer[layer].program->insn[look].k));
	print_rules(subject->layer[layer].profile, name);
	if (call.kind == PLAN_ASKS && !call.programs) {
		printf("; only that part of it is evaluated\n");
		return;
	}
	printf("; it is run for that, ");
	now = worst_price(subject, abi, options->context.kernel, nr);
	front = price_in_front(subject, layer, abi, options->context.kernel, nr, look);
	if (front.ours && front.ours + 10 < now.ours)
		printf("up to %u instructions: in front, or in a filter of its own, %u\n",
		       now.ours, front.ours);
	else
		printf("up to %u instructions; only fewer comparisons would help\n",
		       now.ours);
}

static void advise_abi(const struct subject *subject, const struct options *options,
		       const struct abi *abi)
{
	const unsigned int kernel = options->context.kernel, size = abi_size(abi, kernel);
	const struct program *programs[WAYS_LAYERS];
	unsigned int depth = subject_programs(subject, programs), nr_checked = 0;
	struct plan *plan;

	plan = need(plan_build(programs, depth, abi, kernel));
	for (unsigned int nr = 0; nr < size; nr++) {
		if (!call_name(abi, kernel, nr) || plan_look(plan, abi, nr).kind == PLAN_CONSTANT)
			continue;
		advise_call(subject, plan, options, abi, nr);
		nr_checked++;
	}
	plan_free(plan);
	if (!nr_checked)
		printf("%s: every call is answered in O(1)\n", abi->name);
}

/* On a stock kernel, a tree of comparisons takes less than a list of them. */
static void advise_tree(const struct subject *subject, const struct options *options,
			const struct abi *abi)
{
	const uint32_t nr = abi_size(abi, options->context.kernel) - 1;
	struct context runc = options->context;
	struct subject *tree;
	struct price now, then;

	if (subject->depth != 1 || !subject->layer[0].profile ||
	    options->context.runtime == RUNTIME_RUNC)
		return;
	runc.runtime = RUNTIME_RUNC;
	tree = subject_new(subject->name);
	profile_compile(subject->layer[0].profile, &runc, subject_add(tree, subject->name)->program,
			NULL);
	now = worst_price(subject, abi, options->context.kernel, nr);
	then = worst_price(tree, abi, options->context.kernel, nr);
	if (then.stock * 3 < now.stock * 2)
		printf("%s: stock kernels deny in up to %u instructions; %u with a tree\n",
		       abi->name, now.stock, then.stock);
	free(tree->layer[0].name);
	free(tree->layer[0].program);
	free(tree->name);
	free(tree);
}

void advise(const struct subject *subject, const struct options *options)
{
	if (subject->report)
		fail("%s: a kernel's report: it does not say what the filters do; give them",
		     subject->name);
	for (unsigned int i = 0; i < subject->depth; i++)
		if (subject->layer[i].profile)
			advise_rules(subject->layer[i].profile);
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (options->named ? !options->wanted[i] : &abis[i] != options->context.abi)
			continue;
		if (!abis[i].rows)
			fail("what calls of %s take has not been measured; take another ABI",
			     abis[i].name);
		advise_abi(subject, options, &abis[i]);
		advise_tree(subject, options, &abis[i]);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include "coverage.h"
#include "report_read.h"
#include "trouble.h"

/* What is seen of a call by following its ways. */
struct seen {
	unsigned int depth;
	bool any, allowed, denied, differs, unsure, looked;
	uint32_t ret;
	unsigned int place;
};

static bool see(const struct way *way, void *data)
{
	struct seen *seen = data;
	unsigned int place;
	uint32_t ret = ways_result(way->ret, seen->depth, &place);
	const bool allowed = (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW;

	seen->looked |= way->looked;
	seen->unsure |= !way->exact;
	seen->allowed |= allowed;
	seen->denied |= !allowed;
	seen->differs |= seen->any && ret != seen->ret;
	seen->any = true;
	seen->ret = ret;
	seen->place = place;
	return true;
}

bool call_is_exempt(const struct abi *abi, const char *name)
{
	return abi->arch == AUDIT_ARCH_X86_64 && name &&
	       (!strcmp(name, "uretprobe") || !strcmp(name, "uprobe"));
}

static enum allowed allowed_of(const struct seen *seen, bool all_seen)
{
	if (seen->allowed && seen->denied)
		return ALLOWED_SOMETIMES;
	if (!all_seen || seen->unsure)
		return ALLOWED_UNKNOWN;
	return seen->allowed ? ALLOWED_ALWAYS : ALLOWED_NEVER;
}

static void find_look(struct call *call, const struct plan *plan, const struct subject *subject,
		      const struct abi *abi)
{
	for (unsigned int i = subject->depth; i--;) {
		int pc = plan_first_look(plan, i, abi, call->nr);

		if (pc < 0)
			continue;
		call->layer = i;
		call->look = pc;
		call->offset = subject->layer[i].program->insn[pc].k;
		return;
	}
}

static void fill_call(struct call *call, const struct subject *subject, const struct plan *plan,
		      const struct abi *abi)
{
	const struct program *programs[WAYS_LAYERS];
	struct seen seen = { .depth = subject_programs(subject, programs) };
	bool all = ways_follow(programs, seen.depth, abi->arch, call->nr, see, &seen);

	call->allowed = allowed_of(&seen, all);
	call->exempt = call_is_exempt(abi, call->name);
	if (call->exempt) {
		call->constant = true;
		call->ret = SECCOMP_RET_ALLOW;
		call->allowed = ALLOWED_ALWAYS;
	} else if (!plan || call->nr == 335) {
		call->constant = all && !seen.unsure && !seen.differs;
		call->ret = seen.ret;
		call->place = seen.place;
		call->plan.kind = call->constant ? PLAN_CONSTANT : PLAN_RUNS;
	} else {
		call->plan = plan_look(plan, abi, call->nr);
		call->constant = call->plan.kind == PLAN_CONSTANT;
		call->ret = call->plan.ret;
		call->place = call->plan.place;
	}
	if (!call->constant && plan)
		find_look(call, plan, subject, abi);
}

static bool fill_from_report(struct coverage *coverage, const struct report *report)
{
	const unsigned int i = coverage->abi - abis;

	if (!report->has[i])
		return false;
	for (unsigned int n = 0; n < coverage->nr_calls; n++) {
		struct call *call = &coverage->call[n];

		call->constant = report->says[i][n] == REPORT_CONSTANT;
		call->ret = report->ret[i][n];
		call->allowed = ALLOWED_UNKNOWN;
		if (call->constant)
			call->allowed = call->ret == SECCOMP_RET_ALLOW ? ALLOWED_ALWAYS :
									 ALLOWED_NEVER;
	}
	return true;
}

struct coverage *coverage_of(const struct subject *subject, const struct abi *abi,
			     const struct abi *own, unsigned int kernel)
{
	struct coverage *coverage = need_new(struct coverage);
	const struct program *programs[WAYS_LAYERS];
	struct plan *plan = NULL;

	coverage->abi = abi;
	coverage->kernel = kernel;
	coverage->depth = subject->depth;
	coverage->nr_calls = abi_size(abi, kernel);
	for (unsigned int i = 0; i < coverage->nr_calls; i++) {
		coverage->call[i].nr = abi->first + i;
		coverage->call[i].name = call_name(abi, kernel, abi->first + i);
		coverage->call[i].layer = -1;
		coverage->call[i].look = -1;
	}
	if (subject->report) {
		if (fill_from_report(coverage, subject->report))
			return coverage;
		free(coverage);
		return NULL;
	}

	coverage->has_filter = true;
	coverage->evaluated = !abi->rows;
	if (abi->rows) {
		/* The table of the machine; or as if the ABI was one of its own */
		bool is_its = abi == own || (own->compat >= 0 && abi == &abis[own->compat]);

		plan = need(plan_build(programs, subject_programs(subject, programs),
				       is_its ? own : abi, kernel));
	}
	for (unsigned int i = 0; i < coverage->nr_calls; i++)
		fill_call(&coverage->call[i], subject, plan, abi);
	plan_free(plan);
	return coverage;
}

const struct call *coverage_find(const struct coverage *coverage, const char *name)
{
	for (unsigned int i = 0; i < coverage->nr_calls; i++)
		if (coverage->call[i].name && !strcmp(coverage->call[i].name, name))
			return &coverage->call[i];
	return NULL;
}

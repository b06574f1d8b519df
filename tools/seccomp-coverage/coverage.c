// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own classifier, applied to a filter. */
#include <classify.h>
#include <bitmap.h>
#include <seccomp.h>
#include "bpf.h"
#include "coverage.h"

static u16 first_look[SECCOMP_TABLE_ROWS];

/* One ABI at a time: the others of the table are empty. */
static struct seccomp_bitmap classify(const struct filter *filter, const struct abi *abi)
{
	struct seccomp_bitmap bitmap;
	struct kernel_program kp;

	static_assert(ABI_SIZE <= SECCOMP_ABI_ROWS, "no room for the ABI");
	memset(seccomp_abis, 0, sizeof(seccomp_abis));
	seccomp_abis[0].arch = abi->arch;
	seccomp_abis[0].size = ABI_SIZE;
	seccomp_abis[0].name = abi->name;

	kernel_program_init(&kp, filter->insn, filter->len);
	if (classify_program(&kp, NULL, &bitmap, first_look))
		fail("out of memory");
	return bitmap;
}

/*
 * A call is allowed for some arguments, unless it is constant, and no ALLOW, in
 * the filter that has one result in place of all those that are not ALLOW.
 */
static void find_allowed(struct coverage *coverage, const struct filter *filter)
{
	const struct seccomp_plan *plan;
	struct seccomp_bitmap bitmap;
	struct filter copy = *filter;

	for (unsigned int pc = 0; pc < copy.len; pc++)
		if (copy.insn[pc].code == (BPF_RET | BPF_K) &&
		    (copy.insn[pc].k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ALLOW)
			copy.insn[pc].k = 0;	/* as a division by 0 returns */

	bitmap = classify(&copy, coverage->abi);
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		plan = seccomp_table_lookup(bitmap.own, coverage->abi->arch, nr);
		coverage->call[nr].allowed = !seccomp_plan_constant(plan) ||
					     plan->ret == SECCOMP_RET_ALLOW;
	}
	classify_free(&bitmap);
}

static bool is_look(const struct sock_filter *insn)
{
	return insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	       insn->k >= offsetof(struct seccomp_data, instruction_pointer);
}

static void find_constants(struct coverage *coverage, const struct filter *filter)
{
	struct seccomp_bitmap bitmap = classify(filter, coverage->abi);
	const struct seccomp_plan *plan;
	const struct sock_filter *insn;
	struct call *call;

	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		call = &coverage->call[nr];
		plan = seccomp_table_lookup(bitmap.own, coverage->abi->arch, nr);
		insn = &filter->insn[first_look[nr]];
		if (seccomp_plan_constant(plan)) {
			call->constant = true;
			call->ret = plan->ret;
		} else if (is_look(insn)) {
			call->look = first_look[nr];
			call->offset = insn->k;
		}
	}
	classify_free(&bitmap);
}

struct coverage *coverage_new(const struct abi *abi)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));

	if (!coverage)
		fail("out of memory");

	coverage->abi = abi;
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		coverage->call[nr].name = seccomp_syscall_resolve_num_arch(abi->arch, nr);
		coverage->call[nr].look = -1;
	}
	return coverage;
}

struct coverage *coverage_of(const struct filter *filter, const struct abi *abi)
{
	struct coverage *coverage = coverage_new(abi);

	coverage->has_filter = true;
	find_allowed(coverage, filter);
	find_constants(coverage, filter);
	return coverage;
}

void coverage_free(struct coverage *coverage)
{
	if (!coverage)
		return;
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++)
		free(coverage->call[nr].name);
	free(coverage);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own classifier, applied to a filter. */
#include <classify.h>
#include <bitmap.h>
#include <seccomp.h>
#include "bpf.h"
#include "coverage.h"

static u16 first_look[SECCOMP_TABLE_ROWS];

/* One ABI at a time: the others of the table are empty. */
static struct seccomp_table *classify(const struct filter *filter, const struct abi *abi)
{
	struct seccomp_table *table;

	static_assert(ABI_SIZE <= SECCOMP_ABI_ROWS, "no room for the ABI");
	memset(seccomp_abis, 0, sizeof(seccomp_abis));
	seccomp_abis[0].arch = abi->arch;
	seccomp_abis[0].size = ABI_SIZE;
	seccomp_abis[0].name = abi->name;

	if (classify_program(filter->insn, filter->len, NULL, &table, first_look))
		fail("out of memory");
	return table;
}

/*
 * A call is allowed for some arguments, unless it is constant, and no ALLOW, in
 * the filter that has one result in place of all those that are not ALLOW.
 */
static void find_allowed(struct coverage *coverage, const struct filter *filter)
{
	const struct seccomp_verdict *verdict;
	struct seccomp_table *table;
	struct filter copy = *filter;

	for (unsigned int pc = 0; pc < copy.len; pc++)
		if (copy.insn[pc].code == (BPF_RET | BPF_K) &&
		    (copy.insn[pc].k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ALLOW)
			copy.insn[pc].k = 0;	/* as a division by 0 returns */

	table = classify(&copy, coverage->abi);
	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		verdict = seccomp_table_lookup(table, coverage->abi->arch, nr);
		coverage->call[nr].allowed = !verdict || verdict->ret == SECCOMP_RET_ALLOW;
	}
	seccomp_table_put(table);
}

static bool is_look(const struct sock_filter *insn)
{
	return insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	       insn->k >= offsetof(struct seccomp_data, instruction_pointer);
}

static void find_constants(struct coverage *coverage, const struct filter *filter)
{
	struct seccomp_table *table = classify(filter, coverage->abi);
	const struct seccomp_verdict *verdict;
	const struct sock_filter *insn;
	struct call *call;

	for (unsigned int nr = 0; nr < ABI_SIZE; nr++) {
		call = &coverage->call[nr];
		verdict = seccomp_table_lookup(table, coverage->abi->arch, nr);
		insn = &filter->insn[first_look[nr]];
		if (verdict) {
			call->constant = true;
			call->ret = verdict->ret;
		} else if (is_look(insn)) {
			call->look = first_look[nr];
			call->offset = insn->k;
		}
	}
	seccomp_table_put(table);
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

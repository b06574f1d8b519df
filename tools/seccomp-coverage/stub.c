// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include "actions.h"
#include "stub.h"
#include "trouble.h"

/* Room in front of a filter. */
struct stub {
	const char *name;
	struct program code;
};

static void emit(struct stub *stub, struct sock_filter insn)
{
	if (stub->code.len == BPF_MAXINSNS)
		fail("%s: the kernel takes no more than %d instructions", stub->name, BPF_MAXINSNS);
	stub->code.insn[stub->code.len++] = insn;
}

#define LOAD(offset)		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define RETURN(ret)		BPF_STMT(BPF_RET | BPF_K, ret)
#define GOTO(by)		BPF_STMT(BPF_JMP | BPF_JA, by)
#define JUMP(op, k, jt, jf)	BPF_JUMP(BPF_JMP | (op) | BPF_K, k, jt, jf)
#define EMIT(stub, insn)	emit(stub, (struct sock_filter)insn)

static void prepend(struct stub *stub, struct program *program)
{
	unsigned int len = stub->code.len;

	if (len + program->len > BPF_MAXINSNS)
		fail("%s: %u instructions; the kernel takes no more than %d", stub->name,
		     len + program->len, BPF_MAXINSNS);
	memmove(&program->insn[len], program->insn, program->len * sizeof(program->insn[0]));
	memcpy(program->insn, stub->code.insn, len * sizeof(program->insn[0]));
	program->len += len;
}

bool stub_is_new(const char *call)
{
	return seccomp_syscall_resolve_name(call) == __NR_SCMP_ERROR && call_exists(call);
}

/* The ABI of an architecture's token; NULL for x32, whose calls are not in the tables. */
static const struct abi *abi_of(uint32_t arch)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (abis[i].arch == arch)
			return &abis[i];
	return NULL;
}

/* The i-th ABI of a profile, its own first; false behind the last one. */
static bool profile_abi(const struct profile *profile, unsigned int i, const struct abi **abi)
{
	if (i > profile->nr_arches)
		return false;
	*abi = abi_of(i ? profile->arch[i - 1] : profile->own);
	for (unsigned int before = 0; before < i; before++)
		if (*abi == abi_of(before ? profile->arch[before - 1] : profile->own))
			*abi = NULL;
	return true;
}

/* --- Calls that libseccomp does not know -------------------------------------- */

/*
 * One half of an argument. A comparison leaves out @fail instructions behind it when it
 * cannot hold, and @pass when it holds for sure.
 */
static void emit_half(struct stub *stub, const struct scmp_arg_cmp *cmp, bool big_endian,
		      bool high)
{
	EMIT(stub, LOAD(DATA(args) + 8 * cmp->arg + (high == big_endian ? 0 : 4)));
}

/* Go on behind it if the condition holds; otherwise leave out @skip more instructions. */
static void emit_condition(struct stub *stub, const struct scmp_arg_cmp *cmp, bool big_endian,
			   unsigned int skip)
{
	uint32_t high = cmp->datum_a >> 32, low = cmp->datum_a;
	uint32_t high_mask = ~0U, low_mask = ~0U;

	if (cmp->op == SCMP_CMP_MASKED_EQ) {
		high_mask = high;
		low_mask = low;
		high = cmp->datum_b >> 32 & high_mask;
		low = cmp->datum_b & low_mask;
	}
	emit_half(stub, cmp, big_endian, true);
	EMIT(stub, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, high_mask));
	switch (cmp->op) {
	case SCMP_CMP_NE:
		EMIT(stub, JUMP(BPF_JEQ, high, 0, 3));
		emit_half(stub, cmp, big_endian, false);
		EMIT(stub, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, low_mask));
		EMIT(stub, JUMP(BPF_JEQ, low, skip, 0));
		break;
	case SCMP_CMP_GE:
	case SCMP_CMP_GT:
		EMIT(stub, JUMP(BPF_JGT, high, 4, 0));
		EMIT(stub, JUMP(BPF_JEQ, high, 0, skip + 3));
		emit_half(stub, cmp, big_endian, false);
		EMIT(stub, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, low_mask));
		EMIT(stub, JUMP(cmp->op == SCMP_CMP_GE ? BPF_JGE : BPF_JGT, low, 0, skip));
		break;
	case SCMP_CMP_LE:
	case SCMP_CMP_LT:
		EMIT(stub, JUMP(BPF_JGT, high, skip + 4, 0));
		EMIT(stub, JUMP(BPF_JEQ, high, 0, 3));
		emit_half(stub, cmp, big_endian, false);
		EMIT(stub, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, low_mask));
		EMIT(stub, JUMP(cmp->op == SCMP_CMP_LE ? BPF_JGT : BPF_JGE, low, skip, 0));
		break;
	default:	/* equal, with or without a mask */
		EMIT(stub, JUMP(BPF_JEQ, high, 0, skip + 3));
		emit_half(stub, cmp, big_endian, false);
		EMIT(stub, BPF_STMT(BPF_ALU | BPF_AND | BPF_K, low_mask));
		EMIT(stub, JUMP(BPF_JEQ, low, 0, skip));
	}
}

/* How many instructions a condition takes. */
static unsigned int condition_size(const struct scmp_arg_cmp *cmp)
{
	switch (cmp->op) {
	case SCMP_CMP_GE:
	case SCMP_CMP_GT:
	case SCMP_CMP_LE:
	case SCMP_CMP_LT:
		return 7;
	default:
		return 6;
	}
}

/* A rule for a call whose number has been found; behind it, A is anything. */
static void emit_rule(struct stub *stub, const struct rule *rule, bool big_endian,
		      unsigned int first, unsigned int nr_cmp)
{
	unsigned int left = 1;

	for (unsigned int i = first; i < first + nr_cmp; i++)
		left += condition_size(&rule->cmp[i]);
	for (unsigned int i = first; i < first + nr_cmp; i++) {
		left -= condition_size(&rule->cmp[i]);
		emit_condition(stub, &rule->cmp[i], big_endian, left);
	}
	EMIT(stub, RETURN(rule->action));
}

static bool repeats(const struct rule *rule)
{
	for (unsigned int i = 0; i < rule->nr_cmp; i++)
		for (unsigned int j = 0; j < i; j++)
			if (rule->cmp[i].arg == rule->cmp[j].arg)
				return true;
	return false;
}

/* All rules of a call. Comparisons of one argument are alternatives in runtimes. */
static void emit_call(struct stub *stub, const struct profile *profile, const char *call,
		      bool big_endian)
{
	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		const struct rule *rule = &profile->rule[i];

		if (rule->action == profile->default_action)
			continue;
		for (unsigned int n = 0; n < rule->nr_names; n++) {
			if (strcmp(rule->name[n], call))
				continue;
			if (!repeats(rule))
				emit_rule(stub, rule, big_endian, 0, rule->nr_cmp);
			else
				for (unsigned int c = 0; c < rule->nr_cmp; c++)
					emit_rule(stub, rule, big_endian, c, 1);
		}
	}
	EMIT(stub, RETURN(profile->default_action));
}

/* Each new call that a profile has rules for, once. */
static const char *next_new(const struct profile *profile, const char **seen, unsigned int nr)
{
	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		const struct rule *rule = &profile->rule[i];

		if (rule->action == profile->default_action)
			continue;
		for (unsigned int n = 0; n < rule->nr_names; n++) {
			unsigned int s = 0;

			while (s < nr && strcmp(seen[s], rule->name[n]))
				s++;
			if (s == nr && stub_is_new(rule->name[n]))
				return rule->name[n];
		}
	}
	return NULL;
}

static void emit_abi(struct stub *stub, const struct profile *profile, const struct abi *abi,
		     const char **calls, unsigned int nr)
{
	unsigned int start = stub->code.len, at, size;

	EMIT(stub, LOAD(DATA(arch)));
	EMIT(stub, JUMP(BPF_JEQ, abi->arch, 1, 0));
	EMIT(stub, GOTO(0));			/* to the end; see below */
	EMIT(stub, LOAD(DATA(nr)));
	for (unsigned int i = 0; i < nr; i++) {
		uint32_t number = call_number(abi, NR_KERNELS - 1, calls[i]);

		if (number == NO_CALL)
			continue;
		at = stub->code.len;
		EMIT(stub, JUMP(BPF_JEQ, number, 1, 0));
		EMIT(stub, GOTO(0));
		emit_call(stub, profile, calls[i], abi_big_endian(abi));
		size = stub->code.len - at - 2;
		stub->code.insn[at + 1].k = size;
		if (size > 255 || size != 2)
			continue;
		/* Nearly all: a single action, and nothing behind it that is ever run */
		stub->code.insn[at] = (struct sock_filter)JUMP(BPF_JEQ, number, 0, 1);
		stub->code.insn[at + 1] = stub->code.insn[at + 2];
		stub->code.len = at + 2;
	}
	stub->code.insn[start + 2].k = stub->code.len - start - 3;
}

void stub_calls(const struct profile *profile, struct program *program)
{
	struct stub *stub = need_new(struct stub);
	const struct abi *abi;
	const char **calls = NULL, *call;
	unsigned int nr = 0;

	stub->name = profile->name;
	while ((call = next_new(profile, calls, nr))) {
		calls = grow(calls, nr);
		calls[nr++] = call;
	}
	for (unsigned int i = 0; nr && profile_abi(profile, i, &abi); i++)
		if (abi)
			emit_abi(stub, profile, abi, calls, nr);
	prepend(stub, program);
	free(calls);
	free(stub);
}

/* --- runc ----------------------------------------------------------------------- */

static uint32_t newest_call(const struct profile *profile, const struct abi *abi)
{
	uint32_t newest = 0, number;

	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		for (unsigned int n = 0; n < profile->rule[i].nr_names; n++) {
			number = call_number(abi, NR_KERNELS - 1, profile->rule[i].name[n]);
			if (number != NO_CALL && number > newest)
				newest = number;
		}
	}
	return newest;
}

static bool has_x32(const struct profile *profile)
{
	for (unsigned int i = 0; i < profile->nr_arches; i++)
		if (profile->arch[i] == SCMP_ARCH_X32)
			return true;
	return false;
}

/*
 * The comparisons of one ABI, after which all else goes on to the filter, which is @far
 * instructions behind; right in front of it is the return.
 */
static void emit_newest(struct stub *stub, const struct profile *profile,
			const struct abi *abi, unsigned int far)
{
	uint32_t newest = newest_call(profile, abi);

	EMIT(stub, LOAD(DATA(nr)));
	if (!strcmp(abi->go, "s390x") || !strcmp(abi->go, "s390")) {
		EMIT(stub, JUMP(BPF_JEQ, 0, 0, 1));
		EMIT(stub, RETURN(SECCOMP_RET_ERRNO | ENOSYS));
	}
	if (abi->arch == AUDIT_ARCH_X86_64 && has_x32(profile)) {
		EMIT(stub, JUMP(BPF_JSET, 1 << 30, 1, 0));
		EMIT(stub, JUMP(BPF_JGT, newest, far + 2, 1));
		EMIT(stub, JUMP(BPF_JGT, newest | 1 << 30, far + 1, 0));
	} else if (abi->arch == AUDIT_ARCH_X86_64) {
		EMIT(stub, JUMP(BPF_JSET, 1 << 30, 1, 0));
		EMIT(stub, JUMP(BPF_JGT, newest, far + 1, 0));
	} else {
		EMIT(stub, JUMP(BPF_JGT, newest, far + 1, 0));
	}
	EMIT(stub, GOTO(far + 1));
}

/* The sections of ABIs, in any order, with the last one nearest to the filter. */
void stub_runc(const struct profile *profile, struct program *program)
{
	struct stub *stub = need_new(struct stub), *section = need_new(struct stub);
	const struct abi *abi, *of[NR_ABIS];
	unsigned int sizes[NR_ABIS], nr = 0, far, size = 0;

	if (action_kind(profile->default_action) <= 2 ||
	    profile->default_action == SCMP_ACT_ERRNO(ENOSYS))
		goto out;
	stub->name = profile->name;
	for (unsigned int i = 0; profile_abi(profile, i, &abi); i++)
		if (abi && newest_call(profile, abi))
			of[nr++] = abi;
	for (unsigned int i = 0; i < nr; i++) {
		section->code.len = 0;
		emit_newest(section, profile, of[i], 0);
		sizes[i] = section->code.len;
		size += sizes[i];
	}
	if (!nr)
		goto out;
	EMIT(stub, LOAD(DATA(arch)));
	far = nr;			/* comparisons behind each, and a jump */
	for (unsigned int i = 0; i < nr; i++) {
		EMIT(stub, JUMP(BPF_JEQ, of[i]->arch, far - i, 0));
		far += sizes[i];
	}
	EMIT(stub, GOTO(size + 2));
	for (unsigned int i = 0; i < nr; i++) {
		size -= sizes[i];
		emit_newest(stub, profile, of[i], size + 1);
	}
	EMIT(stub, GOTO(1));
	EMIT(stub, RETURN(SECCOMP_RET_ERRNO | ENOSYS));
	prepend(stub, program);
out:
	free(stub);
	free(section);
}

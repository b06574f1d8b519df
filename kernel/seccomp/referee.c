// SPDX-License-Identifier: GPL-2.0-only
/*
 * The referee: both classifiers look at a filter, and only what they agree on
 * counts. Two different constants for one call cannot both be right: that is a
 * bug, and is reported with the program.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/once_lite.h>
#include <linux/printk.h>
#include <linux/seccomp.h>

#include "bitmap.h"

/* By BPF_OP() / 16 */
static const char * const alu_names[] = {
	"add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor",
};

static const char * const jump_names[] = {
	"ja", "jeq", "jgt", "jge", "jset",
};

static void print_load(unsigned int pc, const struct sock_filter *insn)
{
	const char *name = BPF_CLASS(insn->code) == BPF_LD ? "ld" : "ldx";

	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		pr_warn("%4u: %s [%u]\n", pc, name, insn->k);
		break;
	case BPF_MEM:
		pr_warn("%4u: %s M[%u]\n", pc, name, insn->k);
		break;
	case BPF_LEN:
		pr_warn("%4u: %s len\n", pc, name);
		break;
	default:
		pr_warn("%4u: %s #%#x\n", pc, name, insn->k);
		break;
	}
}

static void print_jump(unsigned int pc, const struct sock_filter *insn)
{
	const char *name = jump_names[BPF_OP(insn->code) / 16];

	if (BPF_OP(insn->code) == BPF_JA)
		pr_warn("%4u: %s %u\n", pc, name, pc + 1 + insn->k);
	else if (BPF_SRC(insn->code) == BPF_X)
		pr_warn("%4u: %s x, %u, %u\n", pc, name, pc + 1 + insn->jt,
			pc + 1 + insn->jf);
	else
		pr_warn("%4u: %s #%#x, %u, %u\n", pc, name, insn->k,
			pc + 1 + insn->jt, pc + 1 + insn->jf);
}

/* One instruction that seccomp accepted, as assemblers write it. */
static void print_insn(unsigned int pc, const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		print_load(pc, insn);
		break;
	case BPF_ST:
	case BPF_STX:
		pr_warn("%4u: %s M[%u]\n", pc,
			BPF_CLASS(insn->code) == BPF_ST ? "st" : "stx", insn->k);
		break;
	case BPF_ALU:
		if (BPF_SRC(insn->code) == BPF_X || BPF_OP(insn->code) == BPF_NEG)
			pr_warn("%4u: %s x\n", pc,
				alu_names[BPF_OP(insn->code) / 16]);
		else
			pr_warn("%4u: %s #%#x\n", pc,
				alu_names[BPF_OP(insn->code) / 16], insn->k);
		break;
	case BPF_JMP:
		print_jump(pc, insn);
		break;
	case BPF_RET:
		if (BPF_RVAL(insn->code) == BPF_A)
			pr_warn("%4u: ret a\n", pc);
		else
			pr_warn("%4u: ret #%#x\n", pc, insn->k);
		break;
	default:	/* BPF_MISC */
		pr_warn("%4u: %s\n", pc,
			BPF_MISCOP(insn->code) == BPF_TAX ? "tax" : "txa");
		break;
	}
}

static void print_program(const struct sock_fprog_kern *fprog)
{
	unsigned int pc;

	for (pc = 0; pc < fprog->len; pc++)
		print_insn(pc, &fprog->filter[pc]);
}

static int seccomp_both_classify(const struct bpf_prog *prog,
				 struct seccomp_filter *filter,
				 struct seccomp_table *draft, u16 *first_look)
{
	struct seccomp_table *other = seccomp_table_draft();
	int err, row = -1;

	err = seccomp_symbolic.classify(prog, filter, draft, first_look);
	if (!err && other)
		err = seccomp_probe.classify(prog, filter, other, NULL);
	if (!err)
		row = seccomp_table_agree(draft, other);
	seccomp_table_put(other);

	if (WARN_ONCE(row >= 0, "%s: classifiers disagree about row %d\n",
		      KBUILD_MODNAME, row))
		DO_ONCE_LITE(print_program, prog->orig_prog);
	return err;
}

const struct seccomp_classifier seccomp_both = {
	.name = "both",
	.usable = seccomp_probe_usable,
	.classify = seccomp_both_classify,
};

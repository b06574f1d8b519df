// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entry programs: the rest of a filter from where it first looks at an argument.
 *
 * Up to there the number and the architecture determine everything: which way
 * the filter takes, and what it leaves in the registers. So the rest is a
 * program of its own, that starts by giving the registers these values; classic
 * BPF only jumps forward. Running it saves finding the number again.
 *
 * All this is only for speed: without memory the whole filter is run.
 */

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bitmap.h"
#include "insn.h"

#define MAX_ENTRIES	16	/* of a filter */

/* Rows that enter a program at the same place with the same registers. */
struct entry {
	unsigned int pc;
	u32 value[NR_REGS];	/* of registers that are read later; else 0 */
	DECLARE_BITMAP(rows, SECCOMP_TABLE_ROWS);
};

struct entry_work {
	const struct sock_filter *insns;
	unsigned int len;
	u32 *live;		/* by instruction: registers read later */
	u16 *place;		/* by instruction: place in out, from 1 on, or 0 */
	struct sock_filter *out;
	unsigned int room;	/* in out */
	unsigned int nr_entries;
	struct entry entry[MAX_ENTRIES];
};

static unsigned int entry_emit(struct sock_filter *out, u16 code, u32 k)
{
	*out = (struct sock_filter)BPF_STMT(code, k);
	return 1;
}

/* Registers that are read later get the values that they have there. */
static unsigned int entry_write_prologue(struct sock_filter *out,
					 const struct entry *entry, u32 live)
{
	unsigned int n = 0, reg;

	for (reg = 0; reg < BPF_MEMWORDS; reg++) {
		if (!(live & BIT(reg)))
			continue;
		n += entry_emit(out + n, BPF_LD | BPF_IMM, entry->value[reg]);
		n += entry_emit(out + n, BPF_ST, reg);
	}
	if (live & BIT(REG_X))
		n += entry_emit(out + n, BPF_LDX | BPF_IMM, entry->value[REG_X]);
	if (live & BIT(REG_A))
		n += entry_emit(out + n, BPF_LD | BPF_IMM, entry->value[REG_A]);
	return n;
}

/* Find what can be reached from @pc, and its places; returns how much it is. */
static unsigned int entry_find_rest(struct entry_work *work, unsigned int pc)
{
	u16 *place = work->place;
	unsigned int n = 0;

	memset(place, 0, work->len * sizeof(*place));
	for (place[pc] = 1; pc < work->len; pc++) {
		const struct sock_filter *insn = &work->insns[pc];

		if (!place[pc])
			continue;
		place[pc] = ++n;
		if (BPF_CLASS(insn->code) == BPF_RET)
			continue;
		if (BPF_CLASS(insn->code) != BPF_JMP) {
			place[pc + 1] = 1;
		} else if (BPF_OP(insn->code) == BPF_JA) {
			place[pc + 1 + insn->k] = 1;
		} else {
			place[pc + 1 + insn->jt] = 1;
			place[pc + 1 + insn->jf] = 1;
		}
	}
	return n;
}

static void entry_write_rest(const struct entry_work *work,
			     struct sock_filter *out, unsigned int pc)
{
	for (; pc < work->len; pc++) {
		const u16 *place = &work->place[pc];
		struct sock_filter insn = work->insns[pc];

		if (!*place)
			continue;
		if (BPF_CLASS(insn.code) == BPF_JMP) {
			if (BPF_OP(insn.code) == BPF_JA) {
				insn.k = place[1 + insn.k] - *place - 1;
			} else {
				insn.jt = place[1 + insn.jt] - *place - 1;
				insn.jf = place[1 + insn.jf] - *place - 1;
			}
		}
		*out++ = insn;
	}
}

/* Returns NULL when there is no room for the program, or no memory. */
static struct bpf_prog *entry_compile(struct entry_work *work,
				      const struct entry *entry)
{
	struct sock_filter prologue[2 * NR_REGS];
	unsigned int start, len;
	struct bpf_prog *prog;

	start = entry_write_prologue(prologue, entry, work->live[entry->pc]);
	len = start + entry_find_rest(work, entry->pc);
	if (len > work->room)
		return NULL;

	memcpy(work->out, prologue, start * sizeof(*prologue));
	entry_write_rest(work, work->out + start, entry->pc);
	if (seccomp_prog_create(&prog, work->out, len))
		return NULL;

	work->room -= len;
	return prog;
}

/* Sort a row in that first looks at an argument at @pc. */
static void entry_add_row(struct entry_work *work, u32 arch, u32 nr,
			  unsigned int pc)
{
	struct seccomp_regs regs = { .first_look = work->len };
	struct entry *entry = work->entry;
	unsigned int reg;
	u32 ret;

	seccomp_insn_follow(work->insns, 0, pc, arch, nr, &regs, &ret);
	for (reg = 0; reg < NR_REGS; reg++)
		if (!(work->live[pc] & BIT(reg)))
			regs.value[reg] = 0;

	for (; entry < &work->entry[work->nr_entries]; entry++)
		if (entry->pc == pc &&
		    !memcmp(entry->value, regs.value, sizeof(regs.value)))
			break;

	if (entry == &work->entry[MAX_ENTRIES])
		return;
	if (entry == &work->entry[work->nr_entries]) {
		work->nr_entries++;
		entry->pc = pc;
		memcpy(entry->value, regs.value, sizeof(regs.value));
	}
	__set_bit(seccomp_row(arch, nr), entry->rows);
}

static void entry_add_rows(struct entry_work *work,
			   const struct seccomp_table *draft,
			   const u16 *first_look)
{
	const unsigned long *undecided = draft->bitmap[SECCOMP_CLASS_FILTER];
	const struct seccomp_abi *abi;
	unsigned int i, nr, row;

	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		abi = &seccomp_abis[i];
		for (nr = 0; nr < abi->size; nr++) {
			row = seccomp_row(abi->arch, nr);
			if (!first_look[row] || !test_bit(row, undecided))
				continue;
			entry_add_row(work, abi->arch, nr, first_look[row]);
			cond_resched();
		}
	}
}

static void entry_close(struct entry_work *work)
{
	if (!work)
		return;
	kvfree(work->live);
	kvfree(work->place);
	kvfree(work->out);
	kvfree(work);
}

static struct entry_work *entry_open(const struct sock_fprog_kern *fprog)
{
	struct entry_work *work = kvzalloc(sizeof(*work), GFP_KERNEL | __GFP_NOWARN);

	if (!work)
		return NULL;

	work->insns = fprog->filter;
	work->len = fprog->len;
	work->room = fprog->len;
	work->live = kvcalloc(work->len, sizeof(*work->live),
			      GFP_KERNEL | __GFP_NOWARN);
	work->place = kvcalloc(work->len, sizeof(*work->place),
			       GFP_KERNEL | __GFP_NOWARN);
	work->out = kvcalloc(work->len, sizeof(*work->out),
			     GFP_KERNEL | __GFP_NOWARN);
	if (work->live && work->place && work->out)
		return work;

	entry_close(work);
	return NULL;
}

/**
 * seccomp_entry_build() - make entry programs for a filter
 * @draft: table of the filter: what is not constant in it is to be run
 * @filter: the filter
 * @prog: its program
 * @first_look: for each row, the instruction that first looks at an argument;
 *	0 when that is not known; or NULL
 *
 * All of them together are not longer than @prog.
 *
 * Context: process context, may sleep.
 * Return: the programs that @draft now has some rows run, for
 * seccomp_entry_free(); or NULL when there is none.
 */
struct bpf_prog **seccomp_entry_build(struct seccomp_table *draft,
				      struct seccomp_filter *filter,
				      const struct bpf_prog *prog,
				      const u16 *first_look)
{
	struct bpf_prog **entries, **end;
	struct entry_work *work;
	const struct entry *entry;

	if (!first_look || !memchr_inv(first_look, 0, SECCOMP_FIRST_LOOK_SIZE))
		return NULL;

	entries = kcalloc(MAX_ENTRIES + 1, sizeof(*entries),
			  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	work = entry_open(prog->orig_prog);
	if (!entries || !work)
		goto out;

	end = entries;
	seccomp_insn_live(work->insns, work->len, work->live);
	entry_add_rows(work, draft, first_look);
	for (entry = work->entry; entry < &work->entry[work->nr_entries]; entry++) {
		/* The last class is for the rows that run all of the filter. */
		if (draft->nr_classes >= SECCOMP_MAX_CLASSES - 1)
			break;
		*end = entry_compile(work, entry);
		if (*end)
			seccomp_table_run(draft, entry->rows, *end++, filter);
	}
out:
	entry_close(work);
	if (entries && !*entries) {
		kfree(entries);
		entries = NULL;
	}
	return entries;
}

/**
 * seccomp_entry_free() - free what seccomp_entry_build() has returned
 * @entries: entry programs that no task can run any more, or NULL
 *
 * Context: any.
 */
void seccomp_entry_free(struct bpf_prog **entries)
{
	struct bpf_prog **prog;

	for (prog = entries; prog && *prog; prog++)
		bpf_prog_destroy(*prog);
	kfree(entries);
}

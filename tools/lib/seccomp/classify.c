// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include "classify.h"
#include "program.h"

unsigned int shim_killed_nth, shim_fail_nth, shim_fail_more;
bool shim_jit_refuses;
u64 shim_random[2];
int bpf_jit_enable = 1, bpf_jit_harden;
u32 shim_uid;
u64 shim_capable;
bool filters_share;

struct seccomp_abi seccomp_abis[] = {
	{ .arch = AUDIT_ARCH_X86_64, .size = 463, .name = "x86_64" },
	{ .arch = AUDIT_ARCH_I386, .size = 463, .name = "ia32" },
};

/* Frees @insns only together with the program, as in the kernel. */
int bpf_prog_create_from_insns(struct bpf_prog **pfp, struct sock_filter *insns,
			       u16 len, bpf_aux_classic_check_t trans)
{
	struct sock_fprog_kern *orig = kmalloc(sizeof(*orig), GFP_KERNEL);
	struct bpf_prog *prog = orig ? kzalloc(sizeof(*prog), GFP_KERNEL) : NULL;

	if (!prog) {
		kfree(orig);
		kfree(insns);
		return -ENOMEM;
	}
	*orig = (struct sock_fprog_kern) { .len = len, .filter = insns };
	prog->orig_prog = orig;
	if (trans)
		trans(insns, len);
	prog->jit_requested = bpf_jit_enable;
	prog->jited = bpf_jit_enable && !shim_jit_refuses;
	prog->blinding_requested =
		bpf_jit_enable &&
		(bpf_jit_harden == 2 ||
		 (bpf_jit_harden == 1 &&
		  !(shim_capable & (1ULL << CAP_SYS_ADMIN | 1ULL << CAP_BPF))));
	*pfp = prog;
	return 0;
}

void bpf_prog_destroy(struct bpf_prog *prog)
{
	kfree(prog->orig_prog->filter);
	kfree(prog->orig_prog);
	kfree(prog);
}

/*
 * As seccomp_prepare_filter(), with a program that the kernel would accept. The
 * caller frees @filter even if there is an error, a negative number.
 */
int filter_prepare(struct seccomp_filter *filter, const struct sock_filter *insns,
		   unsigned int len, bool log)
{
	struct sock_filter *text;
	struct bpf_prog *prog;

	memset(filter, 0, sizeof(*filter));
	filter->log = log;
	shim_uid += !filters_share;
	text = kmemdup(insns, len * sizeof(*insns), GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	prog = seccomp_bitmap_prepare(&filter->bitmap, text, len, NULL);
	if (IS_ERR(prog))
		return PTR_ERR(prog);
	filter->prog = prog;
	return 0;
}

/* Look at what is known of a prepared filter alone. */
void filter_look(struct seccomp_filter *filter)
{
	if (filter->bitmap.program->own)
		filter->own = seccomp_results_unpack(filter->bitmap.program->own);
}

/* As if there had been no memory to find out what the filter does. */
void filter_lose_own(struct seccomp_filter *filter)
{
	kfree(filter->bitmap.program->own);
	filter->bitmap.program->own = NULL;
	kfree(filter->own);
	filter->own = NULL;
}

static struct seccomp_table *seccomp_table_again(const struct seccomp_filter *f)
{
	const struct seccomp_filter *walker;
	struct seccomp_table *table;
	unsigned int place = 0;

	for (walker = f; walker; walker = walker->prev)
		place++;
	table = seccomp_table_of_programs(place);
	for (walker = f; table && walker; walker = walker->prev)
		seccomp_table_set_program(table, --place, walker->prog, walker->log);
	return table;
}

/* As seccomp_freeze_table(): puts a prepared filter on top of @older or NULL. */
void filter_freeze(struct seccomp_filter *filter, struct seccomp_filter *older)
{
	struct seccomp_table *below = NULL;

	filter->prev = older;
	if (older && seccomp_bitmap_known(&older->bitmap))
		below = seccomp_table_get(older->bitmap.table);
	else if (older)
		below = seccomp_table_again(older);

	if (older && !below) {
		seccomp_bitmap_forget(&filter->bitmap);
		return;
	}
	seccomp_bitmap_freeze(&filter->bitmap, filter->log, below);
	seccomp_table_put(below);
}

/* Nobody can have a filter as its newest any more. */
void filter_supersede(struct seccomp_filter *filter)
{
	seccomp_table_put(filter->bitmap.table);
	filter->bitmap.table = NULL;
}

void filter_free(struct seccomp_filter *filter)
{
	kfree(filter->own);
	seccomp_bitmap_free(&filter->bitmap);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "classify.h"
#include "internal.h"

unsigned int shim_killed_nth, shim_fail_nth, shim_fail_more;
bool shim_jit_blinds;

struct seccomp_abi seccomp_abis[] = {
	{ .arch = AUDIT_ARCH_X86_64, .size = 463, .name = "x86_64" },
	{ .arch = AUDIT_ARCH_I386, .size = 463, .name = "ia32" },
};

u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog,
			    const struct seccomp_data *sd)
{
	/* Its first member */
	const struct seccomp_filter *filter = (const struct seccomp_filter *)prog;
	struct oracle_run run;

	oracle_run(filter->orig.filter, filter->orig.len, sd, filter->engine, &run);
	return run.ret;
}

/*
 * As seccomp_prepare_filter(), with a program that the kernel would accept, which
 * has to stay. The caller frees @filter even if there is an error, a negative
 * number.
 */
int filter_prepare(struct seccomp_filter *filter, const struct sock_filter *insns,
		   unsigned int len, bool log)
{
	memset(filter, 0, sizeof(*filter));
	filter->log = log;
	filter->orig.len = len;
	filter->orig.filter = (struct sock_filter *)insns;
	filter->prog.orig_prog = &filter->orig;
	return seccomp_bitmap_classify(&filter->bitmap, &filter->prog);
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
		seccomp_table_set_program(table, --place, &walker->prog, walker->log);
	return table;
}

/* As seccomp_freeze_table(): puts a prepared filter on top of @older or NULL. */
void filter_freeze(struct seccomp_filter *filter, struct seccomp_filter *older)
{
	struct seccomp_table *below = NULL;

	filter->prev = older;
	if (older && seccomp_bitmap_known(&older->bitmap))
		below = seccomp_table_get(older->bitmap.table);
	else if (older && filter->bitmap.own)
		below = seccomp_table_again(older);

	if (older && !below) {
		seccomp_bitmap_forget(&filter->bitmap);
		return;
	}
	seccomp_bitmap_freeze(&filter->bitmap, &filter->prog, filter->log, below);
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
	seccomp_bitmap_free(&filter->bitmap);
}

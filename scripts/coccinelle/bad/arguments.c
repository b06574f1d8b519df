// SPDX-License-Identifier: GPL-2.0-only
/* arguments.cocci: the answer would hold for these arguments only. */
#include <linux/seccomp_bitmap.h>

static bool seccomp_allows_some(const struct seccomp_table *table,
				const struct seccomp_data *sd)
{
	int row = seccomp_row(sd->arch, sd->nr);

	if (row < 0 || !seccomp_table_allows(table, row))
		return false;
	return !sd->args[0];				/* bad */
}

static bool seccomp_decides(const struct seccomp_table *table,
			    struct seccomp_verdict *verdict)
{
	struct seccomp_data sd;

	populate_seccomp_data(&sd);			/* bad */
	return seccomp_table_decide(table, &sd, verdict);
}

static void early_populate(struct seccomp_input *input, struct pt_regs *regs)
{
	syscall_get_arguments(current, regs, (unsigned long *)input->sd.args);
}

static u32 early_rest(const struct seccomp_table *table,
			const struct seccomp_class *class, struct pt_regs *regs)
{
	struct seccomp_input input;

	early_populate(&input, regs);
	return seccomp_class_run(table, class, &input).ret;
}

static u32 early_any(const struct seccomp_table *table,
		     const struct seccomp_class *class, struct pt_regs *regs)
{
	struct seccomp_input input;

	early_populate(&input, regs);			/* bad */
	return seccomp_class_run(table, class, &input).ret;
}

static u32 seccomp_rest_run(const struct seccomp_op *ops, unsigned int mask,
			    struct seccomp_input *input)
{
	const u32 *words = (const u32 *)input;

	return words[ops->word];
}

static u32 rest_look(const struct seccomp_op *ops, const struct seccomp_data *sd)
{
	const u32 *words = (const u32 *)sd;		/* bad */
	struct seccomp_input input = { .sd = *sd };
	struct seccomp_data copy;

	memcpy(&copy, sd, sizeof(*sd));			/* bad */
	words = (void *)&copy;				/* bad */
	words = (u32 *)&input;				/* bad */
	return seccomp_rest_run(ops, 1, &input);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls that seccomp decides before anything else is prepared: when it is
 * the only one to ask, and nobody but the task itself can notice the result. All
 * others go the usual way, to kernel/seccomp.c.
 */

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seccomp.h>
#include <linux/seccomp_early.h>
#include <linux/string.h>
#include <asm/syscall.h>

#include "internal.h"
#include "rest.h"
#include "table.h"

static __always_inline void early_arguments(struct seccomp_data *sd,
					    struct pt_regs *regs)
{
#ifdef CONFIG_64BIT
	syscall_get_arguments(current, regs, (unsigned long *)sd->args);
#else
	unsigned long args[ARRAY_SIZE(sd->args)];
	unsigned int i;

	syscall_get_arguments(current, regs, args);
	for (i = 0; i < ARRAY_SIZE(args); i++)
		sd->args[i] = args[i];
#endif
}

/*
 * As populate_seccomp_data() does, but with no copy where registers are 64 bits.
 * If not @all only arguments are read; under speculation the others may be, too.
 */
static __always_inline void early_populate(struct seccomp_input *input,
					   struct pt_regs *regs, bool all)
{
	if (all) {
		input->sd.nr = syscall_get_nr(current, regs);
		input->sd.arch = syscall_get_arch(current);
		input->sd.instruction_pointer = KSTK_EIP(current);
	} else {
		memset(&input->sd, 0, offsetof(struct seccomp_data, args));
	}
	early_arguments(&input->sd, regs);
}

/*
 * Find the table that decides for current, and the row in it. The filter is looked at
 * once: another thread may add some. Returns false if no table decides.
 */
static __always_inline bool early_find(long nr, const struct seccomp_table **table,
				       unsigned long *row)
{
	const struct seccomp_bitmap *bitmap;

	/* As in __seccomp_filter(): what tells of the mode was read before. */
	smp_rmb();

	if (IS_ENABLED(CONFIG_SECCOMP_BITMAP_VERIFY) ||
	    current->seccomp.mode != SECCOMP_MODE_FILTER)
		return false;

	if (!seccomp_find_row(syscall_get_arch(current), nr, row))
		return false;
	/* With this mode there is a filter, of which this is the first member. */
	bitmap = (const void *)READ_ONCE(current->seccomp.filter);
	*table = bitmap->table;
	return true;
}

/*
 * What comes of a verdict; %SECCOMP_EARLY_NONE if that is for others. If it is only
 * to be compared, it goes to @verify, and nothing comes of it.
 */
static __always_inline long early_result(struct pt_regs *regs, long nr,
					 struct seccomp_verdict verdict,
					 struct seccomp_verdict *verify)
{
	if (IS_ENABLED(CONFIG_SECCOMP_BITMAP_VERIFY)) {
		*verify = verdict;
		return SECCOMP_EARLY_NONE;
	}
	if (seccomp_action(verdict.ret) == SECCOMP_RET_ALLOW)
		return nr;
	/* What is logged, or done by others. */
	if (seccomp_action(verdict.ret) != SECCOMP_RET_ERRNO || verdict.log)
		return SECCOMP_EARLY_NONE;
	/* A tracer may have told seccomp to let everything pass. */
	if (IS_ENABLED(CONFIG_CHECKPOINT_RESTORE) &&
	    unlikely(current->ptrace & PT_SUSPEND_SECCOMP))
		return SECCOMP_EARLY_NONE;

	syscall_set_return_value(current, regs,
				 -min_t(int, verdict.ret & SECCOMP_RET_DATA, MAX_ERRNO),
				 0);
	return -1;
}

/* Not inline: it would have constants and single rests save registers. */
static noinline long early_filters(struct pt_regs *regs, long nr,
				   const struct seccomp_table *table,
				   const struct seccomp_class *class,
				   struct seccomp_verdict *verify)
{
	struct seccomp_input input __uninitialized;
	const struct seccomp_step *step;
	struct seccomp_verdict verdict;

	early_populate(&input, regs, true);
	if (seccomp_class_is_one(class)) {
		step = seccomp_table_step(table, class->first_step);
		verdict = (struct seccomp_verdict) {
			.ret = bpf_prog_run_pin_on_cpu(step->prog, &input.sd),
			.place = step->place, .log = step->log,
		};
	} else {
		input.a = 0;
		verdict = seccomp_class_run(table, class, &input);
	}
	return early_result(regs, nr, verdict, verify);
}

/* For a class that is one rest. */
static __always_inline long early_rest(struct pt_regs *regs, long nr,
				       const struct seccomp_table *table,
				       const struct seccomp_class *class,
				       struct seccomp_verdict *verify)
{
	struct seccomp_input input __uninitialized;
	const struct seccomp_step *step;
	struct seccomp_verdict verdict;

	input.a = 0;
	early_populate(&input, regs, class->reads_all);
	step = seccomp_table_step(table, class->first_step);
	verdict = (struct seccomp_verdict) {
		.ret = seccomp_rest_run(seccomp_step_ops(table, step), step->mask,
					&input),
		.place = step->place, .log = step->log,
	};
	return early_result(regs, nr, verdict, verify);
}

/* Not inline: calls that are always allowed need no stack. */
static noinline long early_class(struct pt_regs *regs, long nr,
				 const struct seccomp_table *table,
				 unsigned long row, struct seccomp_verdict *verify)
{
	unsigned int id = seccomp_table_other_class_id(table, row);
	const struct seccomp_class *class;
	struct seccomp_verdict verdict;

	if (id == SECCOMP_CLASS_FILTER)
		return SECCOMP_EARLY_NONE;
	class = seccomp_table_class(table, id);
	if (class->one_rest)
		return early_rest(regs, nr, table, class, verify);
	if (class->nr_steps)
		return early_filters(regs, nr, table, class, verify);

	verdict = (struct seccomp_verdict) {
		.ret = class->ret, .place = class->place, .log = class->log,
	};
	return early_result(regs, nr, verdict, verify);
}

/**
 * seccomp_early() - decide a system call before anything else is prepared
 * @regs: the task's registers
 * @nr: the number that it has entered the kernel with
 *
 * For entry code, when nothing but seccomp wants to see the call.
 *
 * Context: system call entry, before the call.
 * Return: @nr to go on with the call, -1 to leave it out, its return value being
 * set, or %SECCOMP_EARLY_NONE.
 */
long seccomp_early(struct pt_regs *regs, long nr)
{
	const struct seccomp_table *table;
	unsigned long row;

	if (!early_find(nr, &table, &row))
		return SECCOMP_EARLY_NONE;
	if (seccomp_table_allows(table, row))
		return nr;
	return early_class(regs, nr, table, row, NULL);
}

#ifdef CONFIG_SECCOMP_BITMAP_VERIFY
/**
 * seccomp_early_verdict() - what would seccomp_early() take for the verdict?
 * @table: table of the calling task's newest filter, which decides the call
 * @verdict: where to put it
 *
 * Context: system call entry: process context, preemptible.
 * Return: false if the call is always allowed, or is in no table.
 */
bool seccomp_early_verdict(const struct seccomp_table *table,
			   struct seccomp_verdict *verdict)
{
	struct pt_regs *regs = current_pt_regs();
	long nr = syscall_get_nr(current, regs);
	unsigned long row;

	if (!seccomp_find_row(syscall_get_arch(current), nr, &row))
		return false;
	if (seccomp_table_allows(table, row))
		return false;
	early_class(regs, nr, table, row, verdict);
	return true;
}
#endif

// SPDX-License-Identifier: GPL-2.0-only
/* siglock.cocci: memory and work under a spinlock, with interrupts off. */

static struct seccomp_filter *seccomp_prepare(void)
{
	return kzalloc(sizeof(struct seccomp_filter), GFP_KERNEL);
}

static void seccomp_drop(struct seccomp_filter *filter)
{
	kvfree(filter->notif);
}

void seccomp_table_put(struct seccomp_table *table)
{
	if (table && refcount_dec_and_test(&table->shared.refs))
		vfree(table);						/* bad */
}

static long seccomp_attach(struct seccomp_filter *filter)
{
	assert_spin_locked(&current->sighand->siglock);
	return bpf_prog_create(&filter->prog, NULL);			/* bad */
}

static long seccomp_set(struct seccomp_filter *older)
{
	struct seccomp_filter *filter = seccomp_prepare();

	seccomp_freeze_table(filter, false, older);
	spin_lock_irq(&current->sighand->siglock);
	if (older != current->seccomp.filter) {
		spin_unlock_irq(&current->sighand->siglock);
		return seccomp_prepare() ? 0 : -ENOMEM;
	}
	seccomp_freeze_table(filter, false, older);			/* bad */
	seccomp_bitmap_freeze(&filter->bitmap, false, NULL);		/* bad */
	filter->prev = seccomp_prepare();				/* bad */
	filter->notif = kmalloc(sizeof(*filter->notif), GFP_ATOMIC);	/* bad */
	seccomp_drop(filter);						/* bad */
	seccomp_bitmap_forget(&filter->bitmap);
	spin_unlock_irq(&current->sighand->siglock);

	seccomp_drop(filter);
	return 0;
}

static struct seccomp_table *seccomp_shown(struct task_struct *task)
{
	struct seccomp_table *table;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return NULL;
	table = seccomp_table_again(task->seccomp.filter);		/* bad */
	unlock_task_sighand(task, &flags);
	return table;
}

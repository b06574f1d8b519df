// SPDX-License-Identifier: GPL-2.0-only
/* siglock.cocci: memory under a spinlock, with interrupts off. */

static struct seccomp_filter *seccomp_prepare(void)
{
	return kzalloc(sizeof(struct seccomp_filter), GFP_KERNEL);
}

static long seccomp_attach(struct seccomp_filter *filter)
{
	assert_spin_locked(&current->sighand->siglock);
	return bpf_prog_create(&filter->prog, NULL);			/* bad */
}

static long seccomp_set(struct seccomp_bitmap *older)
{
	struct seccomp_filter *filter = seccomp_prepare();

	spin_lock_irq(&current->sighand->siglock);
	if (older) {
		spin_unlock_irq(&current->sighand->siglock);
		return seccomp_prepare() ? 0 : -ENOMEM;
	}
	seccomp_bitmap_stack(&filter->bitmap, older);			/* bad */
	filter->prev = seccomp_prepare();				/* bad */
	spin_unlock_irq(&current->sighand->siglock);

	seccomp_attach_lock(filter);
	filter->notif = kmalloc(sizeof(*filter->notif), GFP_ATOMIC);	/* bad */
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

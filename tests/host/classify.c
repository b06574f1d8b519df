// SPDX-License-Identifier: GPL-2.0-only
#include "classify.h"
#include "bitmap.h"

unsigned int shim_killed_nth, shim_fail_nth;

struct seccomp_abi seccomp_abis[] = {
	{ .arch = AUDIT_ARCH_X86_64, .size = 463, .name = "x86_64" },
	{ .arch = AUDIT_ARCH_I386, .size = 463, .name = "ia32" },
};

void kernel_program_init(struct kernel_program *kp,
			 const struct sock_filter *insns, unsigned int len)
{
	kp->orig.len = len;
	kp->orig.filter = (struct sock_filter *)insns;
	kp->prog.orig_prog = &kp->orig;
}

/*
 * Make plans for a program that the kernel would accept; the caller puts the
 * table, which points to the program. @filter is only a name in it: for results
 * other than ALLOW. @first_look is NULL or has room for all rows: see
 * struct seccomp_bitmap. Returns 0 or a negative error.
 */
int classify_program(const struct kernel_program *kp,
		     struct seccomp_filter *filter,
		     struct seccomp_table **table, u16 *first_look)
{
	struct seccomp_table *draft = seccomp_table_draft();
	int err;

	*table = NULL;
	if (first_look)
		memset(first_look, 0, SECCOMP_FIRST_LOOK_SIZE);
	if (!draft)
		return 0;

	err = seccomp_symbolic.classify(&kp->prog, filter, draft, first_look);
	if (!err) {
		seccomp_table_run(draft, draft->bitmap[SECCOMP_CLASS_FILTER],
				  &kp->prog, filter);
		*table = seccomp_table_seal(draft);
	}
	seccomp_table_put(draft);
	return err;
}

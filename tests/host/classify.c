// SPDX-License-Identifier: GPL-2.0-only
#include "classify.h"
#include "bitmap.h"
#include "program.h"

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

/* Only entry programs are made in this way. */
int seccomp_prog_create(struct bpf_prog **prog, const struct sock_filter *insns,
			u16 len)
{
	struct kernel_program *kp = kvmalloc(sizeof(*kp) + len * sizeof(*insns), 0);
	static struct program p;

	if (!kp)
		return -ENOMEM;

	p.len = len;
	memcpy(p.insn, insns, len * sizeof(*insns));
	/*
	 * To the kernel's check, what comes behind a return has no more memory
	 * written than that. So it can refuse a program that has lost dead code,
	 * and all of the filter is run.
	 */
	if (!program_valid(&p)) {
		free(kp);
		return -EINVAL;
	}
	memcpy(kp + 1, insns, len * sizeof(*insns));
	kernel_program_init(kp, (struct sock_filter *)(kp + 1), len);
	*prog = &kp->prog;
	return 0;
}

void bpf_prog_destroy(struct bpf_prog *prog)
{
	free(prog);	/* the first member of what it is in */
}

/*
 * Make plans for a program that the kernel would accept; the caller frees
 * @bitmap, which points to the program. @filter is only a name in it: for
 * results other than ALLOW. @first_look has room for all rows, or is NULL: then
 * there are no entry programs. Returns 0 or a negative error.
 */
int classify_program(const struct kernel_program *kp,
		     struct seccomp_filter *filter,
		     struct seccomp_bitmap *bitmap, u16 *first_look)
{
	struct seccomp_table *draft = seccomp_table_draft();
	int err;

	memset(bitmap, 0, sizeof(*bitmap));
	if (first_look)
		memset(first_look, 0, SECCOMP_FIRST_LOOK_SIZE);
	if (!draft)
		return 0;

	err = seccomp_symbolic.classify(&kp->prog, filter, draft, first_look);
	if (!err) {
		bitmap->entries = seccomp_entry_build(draft, filter, &kp->prog,
						      first_look);
		seccomp_table_run(draft, draft->bitmap[SECCOMP_CLASS_FILTER],
				  &kp->prog, filter);
		bitmap->own = seccomp_table_seal(draft);
	}
	seccomp_table_put(draft);
	return err;
}

void classify_free(struct seccomp_bitmap *bitmap)
{
	seccomp_table_put(bitmap->own);
	seccomp_table_put(bitmap->all);
	seccomp_entry_free(bitmap->entries);
}

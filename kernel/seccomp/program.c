// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs: a filter's text, what BPF makes of it, and what it does with each
 * number. None of that depends on the filter itself, so that all filters with
 * the same text can have the same program.
 */

#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <asm/seccomp_abi.h>

#include "classifier.h"
#include "internal.h"
#include "program.h"
#include "results.h"

/* See bpf_jit_blinding_enabled(). */
static bool program_blinds(bool bpf)
{
#ifdef CONFIG_BPF_JIT
	int harden = READ_ONCE(bpf_jit_harden);

	return ebpf_jit_enabled() && harden && !(harden == 1 && bpf);
#else
	return false;
#endif
}

static struct seccomp_program_key program_key(const struct sock_filter *text, u16 len)
{
	const bool admin = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
	const bool bpf = admin || ns_capable_noaudit(&init_user_ns, CAP_BPF);

	return (struct seccomp_program_key) {
		.text = seccomp_share_hash(text, len * sizeof(*text)),
		.uid = __kuid_val(current_uid()),
		.len = len,
		.admin = admin,
		.bpf = bpf,
		.jit = ebpf_jit_enabled(),
		.blinds = program_blinds(bpf),
	};
}

/* Is the BPF program as another one with the same key would be? */
static bool program_as_expected(const struct seccomp_program *program)
{
	const struct bpf_prog *prog = program->prog;

	/* Settings may have changed, and the JIT compiler can lack memory. */
	return prog->jit_requested == program->key.jit &&
	       prog->blinding_requested == program->key.blinds &&
	       prog->jited == prog->jit_requested;
}

/*
 * May rests of a program be evaluated? Not where the JIT compiler hides the
 * constants of programs or clears the branch history behind them: see
 * emit_spectre_bhb_barrier() on x86.
 */
static bool program_rests_allowed(const struct seccomp_program *program)
{
	return !program->prog->blinding_requested &&
	       (!arch_seccomp_clears_branch_history() || program->key.admin);
}

/* As seccomp_classify(). Also -ENOMEM if the results cannot be kept. */
static int program_classify(struct seccomp_program *program)
{
	struct seccomp_results *results;
	int ret;

	results = seccomp_results_alloc();
	if (!results)
		return -ENOMEM;

	ret = seccomp_classify(program->prog, program_rests_allowed(program), results);
	if (!ret || ret == -ENOMEM) {
		program->own = seccomp_results_pack(results);
		if (!program->own)
			ret = -ENOMEM;
	}
	kfree(results);
	return ret;
}

/* Takes over @text, also if there is an error. */
static struct seccomp_program *program_create(struct sock_filter *text,
					      const struct seccomp_program_key *key,
					      bpf_aux_classic_check_t check)
{
	static atomic64_t last_id;
	struct seccomp_program *program;
	int ret;

	program = kzalloc_obj(*program, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!program) {
		kfree(text);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&program->shared.refs, 1);
	program->key = *key;
	ret = bpf_prog_create_from_insns(&program->prog, text, key->len, check);
	if (ret) {
		kfree(program);
		return ERR_PTR(ret);
	}

	ret = program_classify(program);
	if (ret == -EINTR) {
		seccomp_program_put(program);
		return ERR_PTR(ret);
	}
	/* What is not known for want of memory is for this filter alone. */
	if (!ret && program_as_expected(program))
		program->id = atomic64_inc_return(&last_id);
	return program;
}

/* Keeps a program, of which it has a reference, only if it is the one looked for. */
static struct seccomp_program *program_match(struct seccomp_shared *shared,
					     const struct seccomp_program_key *key,
					     const struct sock_filter *text)
{
	struct seccomp_program *program = container_of(shared, struct seccomp_program,
						       shared);

	if (!memcmp(&program->key, key, sizeof(*key)) &&
	    !memcmp(program->prog->orig_prog->filter, text,
		    key->len * sizeof(*text)))
		return program;
	seccomp_program_put(program);
	return NULL;
}

/* Let others find a program. If another one came first, that is returned. */
static struct seccomp_program *program_share(struct seccomp_program *program, u32 hash)
{
	struct seccomp_program *other;
	struct seccomp_shared *shared;

	program->shared.hash = hash;
	shared = seccomp_share_add(&seccomp_programs, &program->shared);
	other = shared ? program_match(shared, &program->key,
				       program->prog->orig_prog->filter) : NULL;
	if (!other)
		return program;	/* it was added, or another one has just its hash */
	seccomp_program_put(program);
	return other;
}

/**
 * seccomp_program_get() - find or make the program of a filter
 * @text: its instructions, from kmalloc(); taken over
 * @len: their number, from 1 to %BPF_MAXINSNS
 * @check: what seccomp demands of it, and does to it
 *
 * Context: process context, no locks held, may sleep.
 * Return: the program, or an ERR_PTR: -EINVAL if it is not one that seccomp
 * accepts, -ENOMEM, -ENOTSUPP if it has to be compiled but cannot be, -EINTR when a
 * fatal signal is pending.
 */
struct seccomp_program *seccomp_program_get(struct sock_filter *text, u16 len,
					    bpf_aux_classic_check_t check)
{
	const struct seccomp_program_key key = program_key(text, len);
	const u32 hash = seccomp_share_hash(&key, sizeof(key));
	struct seccomp_program *program = NULL;
	struct seccomp_shared *shared;

	shared = seccomp_share_get(&seccomp_programs, hash);
	if (shared)
		program = program_match(shared, &key, text);
	if (program) {
		kfree(text);
		return program;
	}

	program = program_create(text, &key, check);
	return IS_ERR(program) || !program->id ? program : program_share(program, hash);
}

/**
 * seccomp_program_put() - drop a reference to a program
 * @program: program
 *
 * Context: the last reference: as for seccomp_share_remove(). Otherwise any.
 */
void seccomp_program_put(struct seccomp_program *program)
{
	if (!refcount_dec_and_test(&program->shared.refs))
		return;
	bpf_prog_destroy(program->prog);
	kfree(program->own);
	seccomp_share_remove(&seccomp_programs, &program->shared);
	kfree_rcu(program, rcu);
}

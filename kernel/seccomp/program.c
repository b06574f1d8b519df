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

#include "internal.h"
#include "program.h"

static u32 program_hash_text(const struct sock_filter *text, u16 len)
{
	return seccomp_share_hash(text, len * sizeof(*text));
}

/* As of now, for current. */
static struct seccomp_program_key program_key(u32 text, u16 len)
{
	bool admin = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
	bool bpf = admin || ns_capable_noaudit(&init_user_ns, CAP_BPF);

	return (struct seccomp_program_key) {
		.text = text,
		.uid = __kuid_val(current_uid()),
		.len = len,
		.capable = admin | bpf << 1,
#ifdef CONFIG_BPF_JIT
		.jit_enable = READ_ONCE(bpf_jit_enable),
		.jit_harden = READ_ONCE(bpf_jit_harden),
#endif
	};
}

/*
 * May rests of a program be evaluated? Not where the JIT compiler hides the
 * constants of programs or clears the branch history behind them, as it does for
 * programs of tasks that are not trusted: see bpf_jit_blinding_enabled() and,
 * on x86, emit_spectre_bhb_barrier(). That is decided here for the task that
 * attaches, as there.
 */
static bool program_rests_allowed(const struct bpf_prog *prog)
{
	if (bpf_jit_blinding_enabled((struct bpf_prog *)prog))
		return false;
	return !arch_seccomp_clears_branch_history() ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

/* Without memory nothing is known. Returns -EINTR for a fatal signal. */
static int program_classify(struct seccomp_program *program)
{
	struct seccomp_results *results;
	int ret;

	results = seccomp_results_alloc();
	if (!results)
		return 0;

	ret = seccomp_classify(program->prog, program_rests_allowed(program->prog),
			       results);
	if (ret > 0)
		program->own = seccomp_results_pack(results);
	kfree(results);
	return min(ret, 0);
}

/*
 * Nothing is known that the next user of the text might not find out, and the JIT
 * compiler has done what it should.
 */
static bool program_sharable(const struct seccomp_program *program)
{
	const struct bpf_prog *prog = program->prog;

	return program->own && prog->jited == prog->jit_requested;
}

/* Takes over @text, also if there is an error. */
static struct seccomp_program *program_create(struct sock_filter *text, u16 len,
					      bpf_aux_classic_check_t check)
{
	struct seccomp_program *program;
	int ret;

	program = kzalloc(sizeof(*program), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!program) {
		kfree(text);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&program->shared.refs, 1);
	ret = bpf_prog_create_from_insns(&program->prog, text, len, check);
	if (ret) {
		kfree(program);
		return ERR_PTR(ret);
	}
	ret = program_classify(program);
	if (ret) {
		seccomp_program_put(program);
		return ERR_PTR(ret);
	}
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

/*
 * Let others find a new program, unless @key is not right any more. If another one
 * came first, that one is returned in its place.
 */
static struct seccomp_program *program_share(struct seccomp_program *program,
					     const struct seccomp_program_key *key)
{
	const struct sock_filter *text = program->prog->orig_prog->filter;
	const struct seccomp_program_key now = program_key(key->text, key->len);
	static atomic64_t last_id;
	struct seccomp_program *other;
	struct seccomp_shared *shared;

	if (!program_sharable(program) || memcmp(&now, key, sizeof(now)))
		return program;

	program->key = now;
	program->shared.hash = seccomp_share_hash(&now, sizeof(now));
	program->id = atomic64_inc_return(&last_id);
	shared = seccomp_share_add(&seccomp_programs, &program->shared);
	other = shared ? program_match(shared, key, text) : NULL;
	if (!other)
		return program;	/* it was added, or another one has just its hash */
	seccomp_program_put(program);
	return other;
}

/**
 * seccomp_program_get() - find or make the program of a filter
 * @text: its instructions, from kmalloc(); taken over
 * @len: their number, not 0
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
	struct seccomp_program *program = NULL;
	struct seccomp_program_key key;
	struct seccomp_shared *shared;

	if (!seccomp_share_enabled())
		return program_create(text, len, check);

	key = program_key(program_hash_text(text, len), len);
	shared = seccomp_share_get(&seccomp_programs,
				   seccomp_share_hash(&key, sizeof(key)));
	if (shared)
		program = program_match(shared, &key, text);
	if (program) {
		kfree(text);
		return program;
	}

	program = program_create(text, len, check);
	return IS_ERR(program) ? program : program_share(program, &key);
}

static void program_remove(struct rcu_head *rcu)
{
	struct seccomp_program *program;

	program = container_of(rcu, struct seccomp_program, rcu);
	seccomp_share_remove(&seccomp_programs, &program->shared);
	kfree_rcu(program, rcu);
}

/**
 * seccomp_program_put() - drop a reference to a program
 * @program: program
 *
 * Context: any.
 */
void seccomp_program_put(struct seccomp_program *program)
{
	if (!refcount_dec_and_test(&program->shared.refs))
		return;
	bpf_prog_destroy(program->prog);
	kfree(program->own);
	seccomp_share_retire(&program->rcu, program_remove);
}

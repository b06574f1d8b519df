// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "actions.h"
#include "compile.h"
#include "stub.h"
#include "trouble.h"

#define RUNC_TREE_RULES	32	/* from there on it asks for a binary tree */

static void check_libseccomp(const struct profile *profile, const struct abi *abi)
{
	const struct scmp_version *version = seccomp_version();
	scmp_filter_ctx ctx = need(seccomp_init(SCMP_ACT_ALLOW));
	int err = seccomp_arch_exist(ctx, abi->arch) ? seccomp_arch_add(ctx, abi->arch) : 0;

	seccomp_release(ctx);
	/* One of another size or byte order than this machine's cannot be added to its own */
	if (err && err != -EDOM)
		fail("%s: libseccomp %u.%u.%u, which compiles it, is too old to know %s",
		     profile->name, version->major, version->minor, version->micro, abi->name);
}

static void add_arches(const struct profile *profile, scmp_filter_ctx ctx)
{
	int err = 0;

	if (seccomp_arch_exist(ctx, profile->own)) {
		err = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
		err = err ?: seccomp_arch_add(ctx, profile->own);
	}
	if (err)
		fail("%s: libseccomp does not know %s: %s", profile->name, profile->abi->name,
		     strerror(-err));
	for (unsigned int i = 0; i < profile->nr_arches; i++) {
		err = seccomp_arch_add(ctx, profile->arch[i]);
		if (err && err != -EEXIST)
			fail("%s: libseccomp does not take architecture %#x beside %s: %s",
			     profile->name, profile->arch[i], profile->abi->name, strerror(-err));
	}
}

static bool repeats(const struct rule *rule)
{
	for (unsigned int i = 0; i < rule->nr_cmp; i++)
		for (unsigned int j = 0; j < i; j++)
			if (rule->cmp[i].arg == rule->cmp[j].arg)
				return true;
	return false;
}

static void add(const struct profile *profile, scmp_filter_ctx ctx, const struct rule *rule,
		const char *call, unsigned int first, unsigned int nr)
{
	int err = seccomp_rule_add_array(ctx, rule->action, seccomp_syscall_resolve_name(call), nr,
					 &rule->cmp[first]);

	if (err)
		fail("%s: libseccomp does not take the rule for %s: %s", profile->name, call,
		     strerror(-err));
}

static void add_rule(const struct profile *profile, scmp_filter_ctx ctx, const struct rule *rule)
{
	for (unsigned int n = 0; n < rule->nr_names; n++) {
		const char *call = rule->name[n];

		if (seccomp_syscall_resolve_name(call) == __NR_SCMP_ERROR)
			continue;
		/* Comparisons of one argument are alternatives in runtimes. */
		if (!repeats(rule))
			add(profile, ctx, rule, call, 0, rule->nr_cmp);
		else
			for (unsigned int i = 0; i < rule->nr_cmp; i++)
				add(profile, ctx, rule, call, i, 1);
	}
}

/* Runtimes skip such names, too, and warn of them at best. */
static void warn_of_unknown(const struct profile *profile)
{
	char *names = need(strdup("")), *longer;

	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		for (unsigned int n = 0; n < profile->rule[i].nr_names; n++) {
			const char *name = profile->rule[i].name[n];

			if (call_exists(name) ||
			    seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
				continue;
			longer = format("%s%s%.40s", names, *names ? ", " : "", name);
			free(names);
			names = longer;
		}
	}
	if (*names)
		warnx("%s: unknown system calls, skipped as runtimes do: %s", profile->name, names);
	free(names);
}

static char *read_all(int fd, size_t *size)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char *bytes = need(malloc(end < 0 ? 1 : end + 1));
	ssize_t got = end < 0 ? -1 : pread(fd, bytes, end, 0);

	if (got != end)
		fail("a file in memory cannot be read: %s", strerror(errno));
	bytes[end] = 0;
	*size = end;
	close(fd);
	return bytes;
}

static bool is_result(uint32_t ret)
{
	bool known = action_kind(ret) != NR_ACTIONS - 1 || ret == SCMP_ACT_KILL_PROCESS;

	return known && (ret & ~UINT16_MAX || !ret);
}

/*
 * Of long filters for the other byte order, libseccomp 2.5 leaves some results
 * in this machine's: those that are none of its own when taken as they are.
 */
static void repair_results(struct program *program)
{
	for (unsigned int pc = 0; pc < program->len; pc++) {
		struct sock_filter *insn = &program->insn[pc];

		if (insn->code == (BPF_RET | BPF_K) && !is_result(insn->k))
			insn->k = __builtin_bswap32(insn->k);
	}
}

static void export(const struct profile *profile, scmp_filter_ctx ctx, struct program *program)
{
	int fd = memfd_create("filter", 0);
	int err = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	struct program_fault fault;
	size_t size;
	char *bytes;

	if (err)
		fail("%s: the filter cannot be had from libseccomp: %s", profile->name,
		     strerror(-err));
	bytes = read_all(fd, &size);
	fault = program_load(program, bytes, size, abi_big_endian(profile->abi));
	free(bytes);
	if (fault.what)
		fail("%s: libseccomp made a filter that the kernel does not take: %s",
		     profile->name, fault.what);
	repair_results(program);
}

static char *export_pfc(scmp_filter_ctx ctx)
{
	int fd = memfd_create("filter", 0);
	size_t size;

	if (fd < 0 || seccomp_export_pfc(ctx, fd))
		fail("libseccomp does not print the filter");
	return read_all(fd, &size);
}

static unsigned int count_rules(const struct profile *profile)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < profile->nr_rules; i++)
		n += profile->rule[i].nr_names;
	return n;
}

void profile_compile(const struct profile *profile, const struct context *context,
		     struct program *program, char **pfc)
{
	scmp_filter_ctx ctx;

	/* What the kernel of this machine has does not matter */
	seccomp_api_set(6);
	check_libseccomp(profile, profile->abi);
	warn_of_unknown(profile);
	ctx = seccomp_init(profile->default_action);
	if (!ctx)
		fail("%s: libseccomp does not take the default action", profile->name);
	add_arches(profile, ctx);
	if (seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, profile->other_abis))
		fail("%s: libseccomp does not take the action for other ABIs", profile->name);
	if (context->runtime == RUNTIME_RUNC && count_rules(profile) > RUNC_TREE_RULES)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (unsigned int i = 0; i < profile->nr_rules; i++)
		if (profile->rule[i].action != profile->default_action)
			add_rule(profile, ctx, &profile->rule[i]);
	export(profile, ctx, program);
	if (pfc)
		*pfc = export_pfc(ctx);
	seccomp_release(ctx);

	stub_calls(profile, program);
	if (context->runtime == RUNTIME_RUNC)
		stub_runc(profile, program);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include "names.h"

const struct abi abis[NR_ABIS] = {
	{ "x86_64", SCMP_ARCH_X86_64, "amd64" },
	{ "ia32", SCMP_ARCH_X86, "x86" },
	{ "aarch64", SCMP_ARCH_AARCH64, "arm64" },
	{ "arm", SCMP_ARCH_ARM, "arm" },
	{ "riscv64", SCMP_ARCH_RISCV64, "riscv64" },
	{ "s390x", SCMP_ARCH_S390X, "s390x" },
	{ "s390", SCMP_ARCH_S390, "s390" },
	{ "ppc64le", SCMP_ARCH_PPC64LE, "ppc64le" },
};

/* Where an action has two names, the first is printed. */
static const struct action {
	const char *name;
	uint32_t ret;
	bool has_data;
} actions[] = {
	{ "ALLOW", SECCOMP_RET_ALLOW },
	{ "LOG", SECCOMP_RET_LOG },
	{ "TRACE", SECCOMP_RET_TRACE, true },
	{ "USER_NOTIF", SECCOMP_RET_USER_NOTIF },
	{ "NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ "ERRNO", SECCOMP_RET_ERRNO, true },
	{ "TRAP", SECCOMP_RET_TRAP, true },
	{ "KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "KILL", SECCOMP_RET_KILL_THREAD },
	/* The last one: what the kernel does with unknown actions */
	{ "KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
};

#define LAST	(&actions[sizeof(actions) / sizeof(actions[0]) - 1])

const struct abi *abi_find(const char *name)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (!strcmp(abis[i].name, name))
			return &abis[i];
	if (!strcmp(name, "x32"))
		fail("x32 calls always run the filters: there is nothing to report");
	fail("unknown ABI '%s'; take x86_64, ia32, aarch64, arm, riscv64, s390x, s390 or ppc64le",
	     name);
}

const struct abi *abi_native(void)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (abis[i].arch == seccomp_arch_native())
			return &abis[i];
	fail("nothing is known of this machine's ABI; name another one with --abi");
}

bool action_find(const char *name, uint32_t *ret)
{
	for (const struct action *action = actions; action <= LAST; action++) {
		if (!strcmp(action->name, name)) {
			*ret = action->ret;
			return true;
		}
	}
	return false;
}

static const struct action *action_of(uint32_t ret)
{
	const struct action *action = actions;

	while (action < LAST && action->ret != (ret & SECCOMP_RET_ACTION_FULL))
		action++;
	return action;
}

const char *action_name(uint32_t ret)
{
	return action_of(ret)->name;
}

bool action_has_data(uint32_t ret)
{
	return action_of(ret)->has_data;
}

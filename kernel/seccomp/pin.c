// SPDX-License-Identifier: GPL-2.0-only
/* The filter that SECCOMP_PIN_ARCHITECTURE attaches. */

#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/seccomp.h>
#include <linux/seccomp_bitmap.h>
#include <asm/syscall.h>

#include "rows.h"

static bool seccomp_pin_action_valid(u32 action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
		return !(action & SECCOMP_RET_DATA);
	case SECCOMP_RET_TRAP:
		return true;
	case SECCOMP_RET_ERRNO:
		/* With 0 a call that is rejected would look like one that is made. */
		return action & SECCOMP_RET_DATA;
	default:
		return false;
	}
}

static const struct seccomp_abi *seccomp_abi_of(u32 arch)
{
	unsigned int i;

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		if (seccomp_abis[i].arch == arch)
			return &seccomp_abis[i];
	return NULL;
}

/* How many ABIs have their numbers elsewhere? */
static unsigned int seccomp_abis_apart(const struct seccomp_abi *mine)
{
	unsigned int i, n = 0;

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		n += seccomp_abis[i].first != mine->first;
	return n;
}

/*
 * Write the @n pairs of instructions that reject the numbers of those. Behind them
 * two more come, and the action.
 */
static void seccomp_pin_numbers(struct sock_filter *insns, unsigned int n,
				const struct seccomp_abi *mine)
{
	const struct seccomp_abi *abi;

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		if (abi->first == mine->first)
			continue;
		insns[0] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, abi->first, 0, 1);
		insns[1] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, seccomp_abi_end(abi),
				 0, 2 * n--);
		insns += 2;
	}
}

/**
 * seccomp_pin_program() - write the filter that pins the caller's ABI
 * @insns: where to put at most %SECCOMP_PIN_INSNS instructions
 * @action: what happens to calls through another ABI, a SECCOMP_RET_* value
 *
 * The ABI is the one that the system call in progress came through. ABIs that
 * share an AUDIT_ARCH value differ in SECCOMP_ARCH_NATIVE_NR_MASK. Where tables
 * start at numbers of their own, as on MIPS, the number alone may decide which one
 * it is, while AUDIT_ARCH tells of the program: numbers of other tables are
 * rejected, too. -1 is no call of any ABI: a tracer skips a call with it.
 *
 * Context: process context.
 * Return: how many instructions there are, -EINVAL for an action that does not
 * reject, or -EOPNOTSUPP for an ABI that is not in seccomp_abis.
 */
int seccomp_pin_program(struct sock_filter *insns, u32 action)
{
	const u32 arch = syscall_get_arch(current);
	const struct seccomp_abi *mine = seccomp_abi_of(arch);
	const u32 mask = arch == SECCOMP_ARCH_NATIVE ? SECCOMP_ARCH_NATIVE_NR_MASK : 0;
	const u32 tag = syscall_get_nr(current, current_pt_regs()) & mask;
	const unsigned int n = mine ? seccomp_abis_apart(mine) : 0;
	const struct sock_filter head[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, 4 + 2 * n),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (u32)-1, 3 + 2 * n, 0),
	};
	const struct sock_filter tail[] = {
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, tag, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	static_assert(ARRAY_SIZE(head) + 2 * (SECCOMP_NR_ABIS - 1) + ARRAY_SIZE(tail) <=
		      SECCOMP_PIN_INSNS);
	if (!seccomp_pin_action_valid(action))
		return -EINVAL;
	if (!mine)
		return -EOPNOTSUPP;

	memcpy(insns, head, sizeof(head));
	insns += ARRAY_SIZE(head);
	seccomp_pin_numbers(insns, n, mine);
	memcpy(&insns[2 * n], tail, sizeof(tail));
	return ARRAY_SIZE(head) + 2 * n + ARRAY_SIZE(tail);
}

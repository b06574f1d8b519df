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

static bool seccomp_abi_known(u32 arch)
{
	unsigned int i;

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		if (seccomp_abis[i].arch == arch)
			return true;
	return false;
}

/**
 * seccomp_pin_program() - write the filter that pins the caller's ABI
 * @insns: where to put %SECCOMP_PIN_INSNS instructions
 * @action: what happens to calls through another ABI, a SECCOMP_RET_* value
 *
 * The ABI is the one that the system call in progress came through. ABIs that
 * share an AUDIT_ARCH value differ in SECCOMP_ARCH_NATIVE_NR_MASK. -1 is no
 * call of any ABI: a tracer skips a call with it.
 *
 * Context: process context.
 * Return: 0, -EINVAL for an action that does not reject, or -EOPNOTSUPP for an
 * ABI that is not in seccomp_abis.
 */
int seccomp_pin_program(struct sock_filter *insns, u32 action)
{
	u32 arch = syscall_get_arch(current);
	u32 mask = arch == SECCOMP_ARCH_NATIVE ? SECCOMP_ARCH_NATIVE_NR_MASK : 0;
	u32 tag = syscall_get_nr(current, current_pt_regs()) & mask;
	const struct sock_filter program[SECCOMP_PIN_INSNS] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (u32)-1, 3, 0),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, tag, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	if (!seccomp_pin_action_valid(action))
		return -EINVAL;
	if (!seccomp_abi_known(arch))
		return -EOPNOTSUPP;

	memcpy(insns, program, sizeof(program));
	return 0;
}

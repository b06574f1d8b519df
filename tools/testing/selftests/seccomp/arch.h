/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between architectures: how filters and reports name the ABI
 * this program was built for, where its table starts, numbers inside it that no call
 * uses, the instruction that enters the kernel, and the two registers that a tracer
 * sets.
 */
#ifndef ARCH_H
#define ARCH_H

#include <elf.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

#define MY_ARCH		AUDIT_ARCH_X86_64
#define MY_ABI		"x86_64"
#define OTHER_ARCH	AUDIT_ARCH_I386
#define OTHER_ABI	"ia32"
#define UNUSED_NRS	340, 355, 390, 423
#define REGS_SET	NT_PRSTATUS
#define REG_NR		orig_rax
#define REG_RET		rax
#define ENTER(ret, nr, arg0)						\
	asm volatile("syscall" : "=a" (ret) : "0" (nr), "D" (arg0)	\
		     : "rcx", "r11", "memory")

#elif defined(__i386__)

#define MY_ARCH		AUDIT_ARCH_I386
#define MY_ABI		"ia32"
#define OTHER_ARCH	AUDIT_ARCH_X86_64
#define OTHER_ABI	"x86_64"
#define UNUSED_NRS	17, 31, 222, 285
#define REGS_SET	NT_PRSTATUS
#define REG_NR		orig_eax
#define REG_RET		eax
#define ENTER(ret, nr, arg0)						\
	asm volatile("int $0x80" : "=a" (ret) : "0" (nr), "b" (arg0)	\
		     : "memory")

#elif defined(__aarch64__)

#define MY_ARCH		AUDIT_ARCH_AARCH64
#define MY_ABI		"aarch64"
#define OTHER_ARCH	AUDIT_ARCH_ARM
#define OTHER_ABI	"arm"
#define UNUSED_NRS	300, 350, 400, 420
#define ENTER(ret, nr, arg0) do {					\
	register long nr_ asm("x8") = (nr);				\
	register long ret_ asm("x0") = (arg0);				\
	asm volatile("svc #0" : "+r" (ret_) : "r" (nr_) : "memory");	\
	(ret) = ret_;							\
} while (0)

#elif defined(__arm__)

#define MY_ARCH		AUDIT_ARCH_ARM
#define MY_ABI		"arm"
#define OTHER_ARCH	AUDIT_ARCH_AARCH64
#define OTHER_ABI	"aarch64"
#define UNUSED_NRS	17, 31, 222, 223
#define ENTER(ret, nr, arg0) do {					\
	register long ret_ asm("r0") = (arg0);				\
	asm volatile("push {r7}; mov r7, %1; svc #0; pop {r7}"		\
		     : "+r" (ret_) : "r" ((long)(nr)) : "memory", "lr");	\
	(ret) = ret_;							\
} while (0)

#elif defined(__riscv) && __riscv_xlen == 64

#define MY_ARCH		AUDIT_ARCH_RISCV64
#define MY_ABI		"riscv64"
#define UNUSED_NRS	300, 350, 400, 420
#define ENTER(ret, nr, arg0) do {					\
	register long nr_ asm("a7") = (nr);				\
	register long ret_ asm("a0") = (arg0);				\
	asm volatile("ecall" : "+r" (ret_) : "r" (nr_) : "memory");	\
	(ret) = ret_;							\
} while (0)

#elif defined(__mips__)

#ifdef __MIPSEL__
#define MIPS_ARCH(big)	((big) | __AUDIT_ARCH_LE)
#else
#define MIPS_ARCH(big)	(big)
#endif

#if _MIPS_SIM == _ABI64
#define MY_ARCH		MIPS_ARCH(AUDIT_ARCH_MIPS64)
#define MY_ABI		"n64"
#define FIRST_NR	5000
#define OTHER_ARCH	MIPS_ARCH(AUDIT_ARCH_MIPS)
#define OTHER_ABI	"o32"
#define OTHER_FIRST_NR	4000
#else
#if _MIPS_SIM == _ABIN32
#define MY_ARCH		MIPS_ARCH(AUDIT_ARCH_MIPS64N32)
#define MY_ABI		"n32"
#define MY_HELPER	"bitmap_helpern32"
#define FIRST_NR	6000
#else
#define MY_ARCH		MIPS_ARCH(AUDIT_ARCH_MIPS)
#define MY_ABI		"o32"
#define FIRST_NR	4000
#endif
#define OTHER_ARCH	MIPS_ARCH(AUDIT_ARCH_MIPS64)
#define OTHER_ABI	"n64"
#define OTHER_FIRST_NR	5000
#endif

#define UNUSED_NRS	FIRST_NR + 370, FIRST_NR + 380, FIRST_NR + 385, FIRST_NR + 390
/* 32-bit values are sign-extended in registers, and filters see that. */
#define SEEN_ARG(a)	((long)(a))
#define ENTER(ret, nr, arg0) do {					\
	register long nr_ asm("$2") = (nr);				\
	register long arg0_ asm("$4") = (arg0);				\
	register long error_ asm("$7");					\
	asm volatile("syscall" : "+r" (nr_), "=r" (error_) : "r" (arg0_)	\
		     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13",	\
		       "$14", "$15", "$24", "$25", "hi", "lo", "memory");	\
	(ret) = error_ ? -nr_ : nr_;					\
} while (0)

/* For bitmap_engines.c, which needs no more */
#elif defined(__s390x__)
#define MY_ARCH		AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define MY_ARCH		AUDIT_ARCH_PPC64LE

#else
#error "describe this architecture here"
#endif

#ifndef FIRST_NR
#define FIRST_NR	0
#define OTHER_FIRST_NR	0
#endif
#ifndef SEEN_ARG
#define SEEN_ARG(a)	(a)
#endif
/* The number that the other ABI has in the same place of its table. */
#define OTHER_NR(nr)	((nr) - FIRST_NR + OTHER_FIRST_NR)

/* What a tracer does to a stopped call: another number, or -1 and a result. */
#ifdef REGS_SET
static inline void set_reg(pid_t pid, bool result, long val)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, pid, REGS_SET, &iov);
	if (result)
		regs.REG_RET = val;
	else
		regs.REG_NR = val;
	ptrace(PTRACE_SETREGSET, pid, REGS_SET, &iov);
}

static inline void set_nr(pid_t pid, int nr)
{
	set_reg(pid, false, nr);
}

static inline void set_result(pid_t pid, long ret)
{
	set_reg(pid, true, ret);
}
#elif defined(__mips__)
/* One register has both the number and the result: with a new number there is none. */
#define NR_IS_RESULT

static inline void set_nr(pid_t pid, int nr)
{
	long long regs[38];	/* of any ABI; $2 is the number, or 4000 that $4 has it */

	ptrace(PTRACE_GETREGS, pid, 0, regs);
	regs[regs[2] == 4000 ? 4 : 2] = nr;
	ptrace(PTRACE_SETREGS, pid, 0, regs);
}
#else
static inline void set_word(pid_t pid, unsigned int index, long val)
{
	long regs[64];
	struct iovec iov = { regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov);
	regs[index] = val;
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov);
}

#if defined(__aarch64__)
static inline void set_nr(pid_t pid, int nr)
{
	struct iovec iov = { &nr, sizeof(nr) };

	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &iov);
}

#define RET_INDEX	0
#elif defined(__arm__)
static inline void set_nr(pid_t pid, int nr)
{
	ptrace(23 /* PTRACE_SET_SYSCALL */, pid, 0, nr);
}

#define RET_INDEX	0
#else /* riscv: pc, x1 ... x31; a7 is x17, a0 is x10 */
static inline void set_nr(pid_t pid, int nr)
{
	set_word(pid, 17, nr);
}

#define RET_INDEX	10
#endif

static inline void set_result(pid_t pid, long ret)
{
	set_word(pid, RET_INDEX, ret);
}
#endif

#ifdef __x86_64__
/* A call of the 32-bit ABI from 64-bit code. */
static inline long int80(int nr, unsigned int a, unsigned int b,
			 unsigned int c, unsigned int d, unsigned int e)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "0" (nr), "b" (a), "c" (b), "d" (c), "S" (d), "D" (e)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}
#endif

#endif

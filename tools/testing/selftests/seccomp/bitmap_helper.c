// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program without a C library, built for each ABI and executed by the tests
 * under the filters that they want to see it meet. It makes the calls that its
 * arguments name, number[:argument]..., all in decimal or 0x..., and writes
 * each result to standard output as a 32-bit integer. Where it cannot write it
 * goes on; where it cannot exit it traps.
 */
#define u32	unsigned int

#if defined(__x86_64__)
#ifdef __ILP32__
#define BIT	0x40000000
#else
#define BIT	0
#endif
#define NR_write	(BIT | 1)
#define NR_exit		(BIT | 60)
#define word	unsigned long long

asm(".globl _start\n_start: mov %rsp, %rdi\nand $-16, %rsp\ncall start");

static word enter(word nr, word a, word b, word c)
{
	asm volatile("syscall" : "+a" (nr) : "D" (a), "S" (b), "d" (c)
		     : "rcx", "r11", "memory");
	return nr;
}
#elif defined(__i386__)
#define NR_write	4
#define NR_exit		1
#define word	u32

asm(".globl _start\n_start: mov %esp, %eax\nand $-16, %esp\n"
	"sub $12, %esp\npush %eax\ncall start");

static word enter(word nr, word a, word b, word c)
{
	asm volatile("int $0x80" : "+a" (nr) : "b" (a), "c" (b), "d" (c)
		     : "memory");
	return nr;
}
#elif defined(__aarch64__)
#define NR_write	64
#define NR_exit		93
#define word	unsigned long

asm(".globl _start\n_start: mov x0, sp\nbl start");

static word enter(word nr, word a, word b, word c)
{
	register word x8 asm("x8") = nr;
	register word x0 asm("x0") = a;
	register word x1 asm("x1") = b;
	register word x2 asm("x2") = c;

	asm volatile("svc #0" : "+r" (x0) : "r" (x8), "r" (x1), "r" (x2) : "memory");
	return x0;
}
#elif defined(__arm__)
#define NR_write	4
#define NR_exit		1
#define word	u32

asm(".globl _start\n.type _start, %function\n_start: mov r0, sp\nbl start");

static word enter(word nr, word a, word b, word c)
{
	register word r0 asm("r0") = a;
	register word r1 asm("r1") = b;
	register word r2 asm("r2") = c;

	asm volatile("push {r7}; mov r7, %1; svc #0; pop {r7}"
		     : "+r" (r0) : "r" (nr), "r" (r1), "r" (r2) : "memory", "lr");
	return r0;
}
#elif defined(__mips__)
#if _MIPS_SIM == _ABIO32
#define NR_write	4004
#define NR_exit		4001
#define word		u32
#define ROOM		"addiu $29, $29, -32\n"	/* for callees to keep arguments in */
#else
#define ROOM
#if _MIPS_SIM == _ABI64
#define FIRST		5000
#else
#define FIRST		6000
#endif
#define NR_write	(FIRST + 1)
#define NR_exit		(FIRST + 58)
#define word		long long
#endif

asm(".globl __start\n__start: move $4, $29\n" ROOM "jal start");

static word enter(word nr, word a, word b, word c)
{
	register word v0 asm("$2") = nr;
	register word a0 asm("$4") = a;
	register word a1 asm("$5") = b;
	register word a2 asm("$6") = c;
	register word a3 asm("$7");

	asm volatile("syscall" : "+r" (v0), "=r" (a3) : "r" (a0), "r" (a1), "r" (a2)
		     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14",
		       "$15", "$24", "$25", "hi", "lo", "memory");
	return a3 ? -v0 : v0;
}
#elif defined(__riscv)
#define NR_write	64
#define NR_exit		93
#define word	unsigned long

asm(".globl _start\n_start: mv a0, sp\ncall start");

static word enter(word nr, word a, word b, word c)
{
	register word a7 asm("a7") = nr;
	register word a0 asm("a0") = a;
	register word a1 asm("a1") = b;
	register word a2 asm("a2") = c;

	asm volatile("ecall" : "+r" (a0) : "r" (a7), "r" (a1), "r" (a2) : "memory");
	return a0;
}
#endif

static const char *number(const char *s, word *val)
{
	word base = 10;
	int minus = *s == '-';

	s += minus;
	if (s[0] == '0' && s[1] == 'x') {
		base = 16;
		s += 2;
	}
	for (*val = 0; *s && *s != ':'; s++)
		*val = *val * base + (*s <= '9' ? *s - '0' : *s - 'a' + 10);
	if (minus)
		*val = -*val;
	return *s ? s + 1 : s;
}

/* @stack: the argument count and the arguments, in words of a pointer's size. */
__attribute__((used)) void start(const unsigned long *stack)
{
	for (u32 i = 1; i < stack[0]; i++) {
		const char *s = (const char *)stack[i + 1];
		word nr, a[3] = { -1, -1, -1 };
		u32 result;

		s = number(s, &nr);
		for (int j = 0; j < 3 && *s; j++)
			s = number(s, &a[j]);
		result = enter(nr, a[0], a[1], a[2]);
		enter(NR_write, 1, (unsigned long)&result, sizeof(result));
	}
	enter(NR_exit, 0, 0, 0);
	__builtin_trap();
}

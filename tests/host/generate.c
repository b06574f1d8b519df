// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "classify.h"
#include "generate.h"
#include "limits.h"

#define X32_BIT		0x40000000
#define LD_NR		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr))
#define LD_ARCH		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(arch))
#define LD_WORD(at)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at)
#define LD_K(k)		BPF_STMT(BPF_LD | BPF_IMM, k)
#define LD_M(m)		BPF_STMT(BPF_LD | BPF_MEM, m)
#define LDX_M(m)	BPF_STMT(BPF_LDX | BPF_MEM, m)
#define ST_M(m)		BPF_STMT(BPF_ST, m)
#define ALU(op, k)	BPF_STMT(BPF_ALU | (op) | BPF_K, k)
#define ALU_X(op)	BPF_STMT(BPF_ALU | (op) | BPF_X, 0)
#define IF(op, k, t, f)	BPF_JUMP(BPF_JMP | (op) | BPF_K, k, t, f)
#define SKIP(n)		BPF_STMT(BPF_JMP | BPF_JA, n)
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define RET_A		BPF_STMT(BPF_RET | BPF_A, 0)
#define EMIT(p, ...)	emit(p, (struct sock_filter)__VA_ARGS__)

static const uint32_t actions[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | 1, SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_ALLOW | 7, SECCOMP_RET_ERRNO | 38, SECCOMP_RET_TRACE | 2,
	SECCOMP_RET_TRAP, SECCOMP_RET_LOG, SECCOMP_RET_USER_NOTIF,
	SECCOMP_RET_KILL_THREAD, 0x12345678,
};

static void emit(struct program *p, struct sock_filter insn)
{
	if (p->len < BPF_MAXINSNS)
		p->insn[p->len++] = insn;
}

static bool chance(struct rng *rng, unsigned int percent)
{
	return rng_below(rng, 100) < percent;
}

#define ONE_OF(rng, array) \
	((array)[rng_below(rng, ARRAY_SIZE(array))])

static const struct seccomp_abi *one_abi(struct rng *rng)
{
	return &ONE_OF(rng, seccomp_abis);
}

static uint32_t random_nr(struct rng *rng)
{
	const struct seccomp_abi *abi = one_abi(rng);

	if (chance(rng, 15))
		return seccomp_abi_end(abi) - 1 + rng_below(rng, 3);	/* around the end */
	if (chance(rng, 20))		/* ... of a leaf */
		return abi->first + rng_below(rng, abi->size / SECCOMP_LEAF_ROWS + 1) *
		       SECCOMP_LEAF_ROWS + SECCOMP_LEAF_ROWS - 1 + rng_below(rng, 3);
	if (chance(rng, 5))		/* around the first one */
		return abi->first - 2 + rng_below(rng, 4);
	return abi->first + rng_below(rng, abi->size + 1);
}

static uint32_t random_constant(struct rng *rng)
{
	static const uint32_t special[] = {
		0, 1, 2, 3, 4, 7, 8, 31, 32, 63, 64, 255, 256, 0x7fffffff,
		0x80000000, 0xffffffff, 0xfffffffe, X32_BIT,
		AUDIT_ARCH_X86_64, AUDIT_ARCH_I386,
	};

	switch (rng_below(rng, 8)) {
	case 0 ... 2:
		return random_nr(rng);
	case 3 ... 5:
		return ONE_OF(rng, special);
	case 6:
		return 1U << rng_below(rng, 32);
	default:
		return rng_next(rng);
	}
}

/* --- Random programs ---------------------------------------------------- */

/* What is drawn from for one program: few things, so that they meet. */
struct palette {
	struct rng *rng;
	uint32_t constant[6];
	uint32_t ret[3];
	uint32_t word[3];
	uint32_t mem[3];
};

static void palette_fill(struct palette *palette, struct rng *rng)
{
	palette->rng = rng;
	for (int i = 0; i < 6; i++)
		palette->constant[i] = random_constant(rng);
	for (int i = 0; i < 3; i++) {
		palette->ret[i] = ONE_OF(rng, actions);
		palette->word[i] = DATA(instruction_pointer) +
				   4 * rng_below(rng, 14);
		palette->mem[i] = rng_below(rng, BPF_MEMWORDS);
	}
}

static struct sock_filter random_load(struct palette *palette)
{
	struct rng *rng = palette->rng;

	switch (rng_below(rng, 10)) {
	case 0 ... 3:
		return (struct sock_filter)LD_NR;
	case 4:
		return (struct sock_filter)LD_ARCH;
	default:
		return (struct sock_filter)LD_WORD(ONE_OF(rng, palette->word));
	}
}

static struct sock_filter random_move(struct palette *palette)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_IMM, BPF_LD | BPF_MEM, BPF_LD | BPF_MEM,
		BPF_LDX | BPF_IMM, BPF_LDX | BPF_MEM, BPF_ST, BPF_ST, BPF_STX,
		BPF_MISC | BPF_TAX, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
		BPF_LD | BPF_W | BPF_LEN, BPF_LDX | BPF_W | BPF_LEN,
	};
	struct rng *rng = palette->rng;
	struct sock_filter insn = { .code = ONE_OF(rng, codes) };

	if (insn.code == (BPF_LD | BPF_IMM) || insn.code == (BPF_LDX | BPF_IMM))
		insn.k = ONE_OF(rng, palette->constant);
	else
		insn.k = ONE_OF(rng, palette->mem);
	return insn;
}

static struct sock_filter random_alu(struct palette *palette)
{
	static const uint16_t ops[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_AND, BPF_OR,
		BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG,
	};
	struct rng *rng = palette->rng;
	uint16_t op = ONE_OF(rng, ops);

	if (op == BPF_NEG)
		return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_NEG, 0);
	if (chance(rng, 40))
		return (struct sock_filter)ALU_X(op);
	return (struct sock_filter)ALU(op, ONE_OF(rng, palette->constant));
}

static struct sock_filter random_jump(struct palette *palette)
{
	static const uint16_t ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct rng *rng = palette->rng;
	unsigned int far = chance(rng, 15) ? 30 : 5;
	struct sock_filter insn = {
		.code = BPF_JMP | ONE_OF(rng, ops),
		.k = ONE_OF(rng, palette->constant),
		.jt = rng_below(rng, far),
		.jf = rng_below(rng, far),
	};

	if (chance(rng, 8))
		return (struct sock_filter)SKIP(insn.jt);
	if (chance(rng, 25)) {
		insn.code |= BPF_X;
		insn.k = 0;
	}
	return insn;
}

static struct sock_filter random_ret(struct palette *palette)
{
	if (chance(palette->rng, 15))
		return (struct sock_filter)RET_A;
	return (struct sock_filter)RET(ONE_OF(palette->rng, palette->ret));
}

static struct sock_filter random_insn(struct palette *palette)
{
	switch (rng_below(palette->rng, 20)) {
	case 0 ... 4:
		return random_load(palette);
	case 5 ... 9:
		return random_move(palette);
	case 10 ... 11:
		return random_alu(palette);
	case 12 ... 18:
		return random_jump(palette);
	default:
		return random_ret(palette);
	}
}

static void random_flat(struct program *p, unsigned int max,
			struct palette *palette)
{
	struct rng *rng = palette->rng;
	unsigned int len = 2 + rng_below(rng, chance(rng, 80) ? 22 : max - 1);

	while (p->len < len - 1)
		emit(p, random_insn(palette));
	emit(p, random_ret(palette));
}

static uint32_t small_constant(struct palette *palette)
{
	if (chance(palette->rng, 70))
		return rng_below(palette->rng, 4);
	return ONE_OF(palette->rng, palette->constant);
}

static void emit_arm(struct program *p, struct palette *palette)
{
	unsigned int n = rng_below(palette->rng, 4);
	struct sock_filter insn;

	while (n--) {
		if (chance(palette->rng, 10))
			insn = random_alu(palette);
		else if (chance(palette->rng, 25))
			insn = random_load(palette);
		else
			insn = random_move(palette);
		if (BPF_CLASS(insn.code) <= BPF_LDX &&
		    BPF_MODE(insn.code) == BPF_IMM)
			insn.k = small_constant(palette);
		emit(p, insn);
	}
}

/* Two ways with different registers that come together again. */
static void emit_diamond(struct program *p, struct palette *palette)
{
	struct sock_filter branch = random_jump(palette);
	unsigned int at, skip;

	if (chance(palette->rng, 70))
		emit(p, random_load(palette));
	if (branch.code == (BPF_JMP | BPF_JA))
		branch.code |= BPF_JSET;
	if (chance(palette->rng, 50))
		branch.k = small_constant(palette);
	at = p->len;
	emit(p, branch);
	emit_arm(p, palette);
	skip = p->len;
	EMIT(p, SKIP(0));
	p->insn[at].jt = 0;
	p->insn[at].jf = skip - at;
	emit_arm(p, palette);
	p->insn[skip].k = p->len - skip - 1;
}

static void random_diamonds(struct program *p, struct palette *palette)
{
	unsigned int n = 1 + rng_below(palette->rng, 8), i;

	for (i = 0; i < 3; i++) {
		emit(p, random_load(palette));
		EMIT(p, ST_M(palette->mem[i]));
	}
	while (n--)
		emit_diamond(p, palette);
	for (i = rng_below(palette->rng, 4); i > 0; i--) {
		if (chance(palette->rng, 70))
			EMIT(p, LD_M(ONE_OF(palette->rng, palette->mem)));
		EMIT(p, IF(BPF_JEQ, small_constant(palette), 0, 1));
		emit(p, random_ret(palette));
	}
	emit(p, random_ret(palette));
}

void generate_random(struct program *p, unsigned int max, struct rng *rng)
{
	struct palette palette;

	palette_fill(&palette, rng);
	p->len = 0;
	if (chance(rng, 60))
		random_flat(p, max, &palette);
	else
		random_diamonds(p, &palette);
	program_repair(p);
}

/* --- Programs like those of libseccomp ---------------------------------- */

/* Leave the program from here on to calls of @abi. */
static void emit_arch_check(struct program *p, const struct seccomp_abi *abi)
{
	EMIT(p, LD_ARCH);
	EMIT(p, IF(BPF_JEQ, abi->arch, 1, 0));
	EMIT(p, RET(SECCOMP_RET_KILL_PROCESS));
	EMIT(p, LD_NR);
	if (abi->arch == AUDIT_ARCH_X86_64) {
		EMIT(p, IF(BPF_JGE, X32_BIT, 0, 1));
		EMIT(p, RET(SECCOMP_RET_ERRNO | 38));
	}
}

static void build_linear(struct program *p, unsigned int len, struct rng *rng)
{
	const struct seccomp_abi *abi = one_abi(rng);
	unsigned int nr;

	p->len = 0;
	emit_arch_check(p, abi);
	for (nr = abi->first; p->len + 3 <= len; nr++) {
		EMIT(p, IF(BPF_JEQ, nr, 0, 1));
		EMIT(p, RET(nr % 8 ? SECCOMP_RET_ALLOW : ONE_OF(rng, actions)));
	}
	EMIT(p, RET(SECCOMP_RET_ERRNO | 1));
}

/* Numbers from @from on; a leaf takes 3 instructions, an inner node 2. */
static void emit_tree(struct program *p, uint32_t from, unsigned int leaves,
		      struct rng *rng)
{
	unsigned int left = leaves / 2;

	if (leaves == 1) {
		EMIT(p, IF(BPF_JEQ, from, 1, 0));
		EMIT(p, RET(SECCOMP_RET_ERRNO | 1));
		EMIT(p, RET(chance(rng, 10) ? ONE_OF(rng, actions) :
			    SECCOMP_RET_ALLOW));
		return;
	}
	EMIT(p, IF(BPF_JGE, from + left, 0, 1));
	EMIT(p, SKIP(5 * left - 2));
	emit_tree(p, from, left, rng);
	emit_tree(p, from + left, leaves - left, rng);
}

static void build_tree(struct program *p, unsigned int len, struct rng *rng)
{
	const struct seccomp_abi *abi = one_abi(rng);

	p->len = 0;
	emit_arch_check(p, abi);
	emit_tree(p, abi->first, len > p->len + 6 ? (len - p->len + 2) / 5 : 1, rng);
}

/* A comparison of a 64-bit argument that goes on when it holds. */
static void emit_compare(struct program *p, unsigned int arg, uint64_t value,
			 struct rng *rng)
{
	if (chance(rng, 25)) {		/* masked */
		EMIT(p, LD_WORD(ARG_LO(arg)));
		EMIT(p, ALU(BPF_AND, (uint32_t)value | 1));
		EMIT(p, IF(BPF_JEQ, (uint32_t)value & 0xff, 0, 1));
		return;
	}
	EMIT(p, LD_WORD(ARG_HI(arg)));
	EMIT(p, IF(BPF_JEQ, value >> 32, 0, 3));
	EMIT(p, LD_WORD(ARG_LO(arg)));
	EMIT(p, IF(chance(rng, 70) ? BPF_JEQ : BPF_JGT, (uint32_t)value, 0, 1));
}

/* One or two conditions on arguments for each of many numbers. */
static void build_arguments(struct program *p, unsigned int len,
			    struct rng *rng)
{
	const struct seccomp_abi *abi = one_abi(rng);
	unsigned int nr, at, n, conditions;

	p->len = 0;
	emit_arch_check(p, abi);
	for (nr = abi->first; p->len + 14 <= len; nr++) {
		at = p->len;
		EMIT(p, IF(BPF_JEQ, nr, 0, 0));
		conditions = 1 + rng_below(rng, 2);
		for (n = 0; n < conditions; n++) {
			emit_compare(p, rng_below(rng, 6), rng_next(rng) &
				     ONE_OF(rng, ((uint64_t[]){ ~0ULL, 0xff })),
				     rng);
			EMIT(p, RET(ONE_OF(rng, actions)));
		}
		p->insn[at].jf = p->len - at - 1;
		EMIT(p, LD_NR);
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/* Nobody checks what else a JA has than its offset. */
static struct sock_filter odd_skip(unsigned int n, struct rng *rng)
{
	return (struct sock_filter) {
		.code = BPF_JMP | BPF_JA, .k = n,
		.jt = rng_below(rng, 256), .jf = rng_below(rng, 256),
	};
}

static struct sock_filter rest_insn(struct rng *rng)
{
	static const uint16_t ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	uint32_t k = rng_below(rng, 2) ? rng_below(rng, 8) : random_constant(rng);

	switch (rng_below(rng, 20)) {
	case 0 ... 2:
		return (struct sock_filter)ALU(BPF_AND, k | 4);
	case 3:
		return (struct sock_filter)ALU(BPF_OR, k);
	case 4 ... 5:
		return (struct sock_filter)LD_WORD(ARG_LO(rng_below(rng, 6)));
	case 6:
		return (struct sock_filter)LD_WORD(ARG_HI(rng_below(rng, 6)));
	case 7:
		return (struct sock_filter)LD_NR;
	case 8:
		return (struct sock_filter)LD_ARCH;
	case 9:
		return odd_skip(rng_below(rng, 3), rng);
	default:
		return (struct sock_filter)IF(ONE_OF(rng, ops), k, rng_below(rng, 3),
					      rng_below(rng, 3));
	}
}

/* What only the filter's own program may do, to an argument in A. */
static struct sock_filter no_rest_insn(struct rng *rng)
{
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_STMT(BPF_LDX | BPF_IMM, 33), BPF_STMT(BPF_LDX | BPF_IMM, 4),
		ALU(BPF_ADD, 1), ALU(BPF_LSH, 4), ALU(BPF_RSH, 1), ALU(BPF_XOR, 5),
		ALU_X(BPF_AND), ALU_X(BPF_OR), ALU_X(BPF_LSH), ALU_X(BPF_RSH),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 1, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), LD_K(3), ALU(BPF_SUB, 2),
	};

	return ONE_OF(rng, insns);
}

/* Is an argument an int? Browsers ask before they compare it with anything. */
static void emit_int_check(struct program *p, unsigned int arg, struct rng *rng)
{
	unsigned int off = chance(rng, 80) ? 0 : rng_below(rng, 7);
	bool reload = off == 6;

	EMIT(p, LD_WORD(off == 1 ? ARG_LO(arg) : ARG_HI(arg)));
	EMIT(p, IF(BPF_JEQ, off == 2, off == 3 ? 2 : 3 + reload, 0));
	if (reload)
		EMIT(p, LD_WORD(ARG_HI(5 - arg)));
	EMIT(p, IF(BPF_JEQ, UINT32_MAX, 0, off ? 4 + rng_below(rng, 3) : 4));
	EMIT(p, LD_WORD(ARG_LO(off == 4 ? 5 - arg : arg)));
	EMIT(p, IF(BPF_JSET, off == 5 ? 0x40000000 : 0x80000000, 1, 2));
	EMIT(p, LD_WORD(ARG_LO(arg)));
	EMIT(p, IF(BPF_JEQ, random_constant(rng), rng_below(rng, 3), rng_below(rng, 3)));
}

/* What compilers of filters write about one argument: both halves, masks of 0, lists. */
static void emit_condition(struct program *p, unsigned int arg, struct rng *rng)
{
	static const uint32_t halves[] = { 0, 0, 0, 1, UINT32_MAX };
	unsigned int n = 1 + rng_below(rng, 6);

	switch (rng_below(rng, 10)) {
	case 0 ... 1:
		emit_int_check(p, arg, rng);
		break;
	case 2:
		EMIT(p, LD_WORD(chance(rng, 50) ? ARG_HI(arg) : ARG_LO(arg)));
		EMIT(p, ALU(BPF_AND, chance(rng, 70) ? 0 : 4));
		EMIT(p, IF(BPF_JEQ, chance(rng, 70) ? 0 : 4, rng_below(rng, 3),
			   rng_below(rng, 3)));
		break;
	case 3:
		emit(p, rest_insn(rng));
		break;
	case 8 ... 9:
		EMIT(p, LD_WORD(ARG_HI(arg)));
		EMIT(p, IF(chance(rng, 80) ? BPF_JEQ : BPF_JGT, ONE_OF(rng, halves),
			   rng_below(rng, 3), rng_below(rng, 3)));
		break;
	default:
		if (chance(rng, 90))
			EMIT(p, LD_WORD(ARG_LO(arg)));
		while (n--)
			EMIT(p, IF(chance(rng, 95) ? BPF_JEQ : BPF_JGT, rng_below(rng, 34),
				   chance(rng, 90) ? n + 1 : rng_below(rng, 3), 0));
		break;
	}
}

/* A list of numbers with conditions of a few instructions, for the core to check. */
static void build_rests(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int odd = chance(rng, 50) ? 0 : 10, nr, at, n;
	unsigned int longest = chance(rng, 80) ? 8 : 60;
	bool usual = chance(rng, 50);
	const struct seccomp_abi *abi = one_abi(rng);

	p->len = 0;
	if (chance(rng, 50))
		emit_arch_check(p, abi);
	else
		EMIT(p, LD_NR);
	/* Behind a long beginning long rests pay, but not for those that skip it */
	n = chance(rng, 70) ? len / 4 : 0;
	if (chance(rng, 30)) {
		EMIT(p, IF(BPF_JGT, random_nr(rng), 0, 1));
		EMIT(p, SKIP(n));
	}
	for (; n > 0; n--)
		EMIT(p, IF(BPF_JEQ, X32_BIT + n, 0, 0));
	for (nr = abi->first; p->len + longest + 16 <= len; nr++) {
		at = p->len;
		EMIT(p, IF(BPF_JEQ, chance(rng, 10) ? random_nr(rng) : nr, 0, 0));
		EMIT(p, LD_WORD(DATA(instruction_pointer) + 4 * rng_below(rng, 14)));
		/* More than is passed on the way to one operation */
		if (chance(rng, 10) && p->len + 540 + longest + 16 <= len) {
			for (n = 500 + rng_below(rng, 20); n > 0; n--)
				EMIT(p, LD_WORD(ARG_LO(0)));
			for (n = rng_below(rng, 20); n > 0; n--)
				emit(p, odd_skip(0, rng));
		}
		if (usual)
			while (p->len < at + longest)
				emit_condition(p, chance(rng, 80) ? 0 : 1, rng);
		else
			for (n = rng_below(rng, longest); n > 0; n--)
				emit(p, chance(rng, odd) ? no_rest_insn(rng) : rest_insn(rng));
		EMIT(p, RET(ONE_OF(rng, actions)));
		EMIT(p, RET(ONE_OF(rng, actions)));
		if (chance(rng, 30))
			EMIT(p, RET_A);
		else
			EMIT(p, RET(ONE_OF(rng, actions)));
		p->insn[at].jf = p->len - at - 1;
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/*
 * Different numbers return different things, and so do different arguments, as
 * in filters that tell a tracer which rule it was.
 */
static void build_returns(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int arguments = rng_below(rng, 100), n = 0, nr;

	p->len = 0;
	for (nr = one_abi(rng)->first; p->len + 8 <= len; nr++) {
		EMIT(p, LD_NR);
		EMIT(p, IF(BPF_JEQ, nr, 0, chance(rng, arguments) ? 4 : 1));
		if (p->insn[p->len - 1].jf == 4) {
			EMIT(p, LD_WORD(ARG_LO(nr % 6)));
			EMIT(p, IF(BPF_JEQ, nr, 0, 1));
			EMIT(p, RET(SECCOMP_RET_TRACE | n++));
		}
		EMIT(p, RET(chance(rng, 50) ? SECCOMP_RET_TRACE | n++ :
			    ONE_OF(rng, actions)));
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/* --- Programs that are hard on a classifier ----------------------------- */

/* Every bit of an argument leaves its mark in scratch memory. */
static void emit_argument_diamonds(struct program *p, unsigned int len,
				   struct rng *rng)
{
	unsigned int n, mem;

	for (mem = 0; mem < BPF_MEMWORDS; mem++)
		EMIT(p, ST_M(mem));
	for (n = 0; p->len + 6 <= len; n++) {
		EMIT(p, LD_WORD(ARG_LO(n / 32 % 6)));
		EMIT(p, IF(BPF_JSET, 1U << n % 32, 0, 2));
		EMIT(p, LD_K(n + 1));
		EMIT(p, ST_M(n % BPF_MEMWORDS));
	}
	EMIT(p, LD_M(rng_below(rng, BPF_MEMWORDS)));
	EMIT(p, RET_A);
}

static void build_argument_diamonds(struct program *p, unsigned int len,
				    struct rng *rng)
{
	p->len = 0;
	emit_argument_diamonds(p, len, rng);
}

/* The same after arithmetic on the number. */
static void build_both_diamonds(struct program *p, unsigned int len,
				struct rng *rng)
{
	p->len = 0;
	EMIT(p, LD_NR);
	EMIT(p, ALU(BPF_ADD, 1));
	emit_argument_diamonds(p, len, rng);
}

/* The same with the number's bits: as many states as numbers. */
static void build_number_diamonds(struct program *p, unsigned int len,
				  struct rng *rng)
{
	unsigned int n, mem;

	p->len = 0;
	for (mem = 0; mem < BPF_MEMWORDS; mem++)
		EMIT(p, ST_M(mem));
	for (n = 0; p->len + 3 * BPF_MEMWORDS + 5 <= len; n++) {
		EMIT(p, LD_NR);
		EMIT(p, IF(BPF_JSET, 1U << n % 9, 0, 2));
		EMIT(p, LD_K(rng_next(rng)));
		EMIT(p, ST_M(n % BPF_MEMWORDS));
	}
	for (mem = 0; mem < BPF_MEMWORDS; mem++) {
		EMIT(p, LD_M(mem));
		EMIT(p, IF(BPF_JEQ, n, 0, 1));
		EMIT(p, RET(SECCOMP_RET_ERRNO | mem));
	}
	EMIT(p, RET(SECCOMP_RET_ALLOW));
}

/* Few states at a time, but over and over new ones. */
static void build_flags(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int n;

	p->len = 0;
	EMIT(p, LD_K(0));
	EMIT(p, ST_M(0));
	for (n = 0; p->len + 9 <= len; n++) {
		EMIT(p, LD_NR);
		EMIT(p, IF(BPF_JGT, random_nr(rng), 0, 2));
		EMIT(p, LD_K(n % 3));
		EMIT(p, ST_M(0));
		EMIT(p, LD_M(0));
		EMIT(p, IF(BPF_JEQ, n % 5, 0, 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(SECCOMP_RET_ALLOW));
}

/*
 * Up to 8 states leave, by argument bits, for each of up to 64 places, and meet
 * there with those that come from the place before, with another X. All return
 * the same, but at one place, which is not to be lost.
 */
static void emit_crowd(struct program *p, unsigned int bits, unsigned int ways,
		       uint32_t usual, struct rng *rng)
{
	unsigned int first = rng_below(rng, 6), i;
	unsigned int odd = chance(rng, 50) ? 0 : rng_below(rng, ways);

	EMIT(p, LD_K(0));
	for (i = 0; i < bits; i++)
		EMIT(p, ST_M(i));
	EMIT(p, BPF_STMT(BPF_MISC | BPF_TAX, 0));
	for (i = 0; i < bits; i++) {
		EMIT(p, LD_NR);
		EMIT(p, IF(BPF_JSET, 1U << (first + i), 0, 2));
		EMIT(p, LD_K(i + 1));
		EMIT(p, ST_M(i));
	}
	EMIT(p, LD_WORD(ARG_LO(first)));
	for (i = 0; i < ways; i++)
		EMIT(p, IF(BPF_JSET, 1U << i % 32, ways + 3 * i, 0));
	EMIT(p, BPF_STMT(BPF_LDX | BPF_IMM, ways));
	for (i = 0; i < ways; i++) {
		EMIT(p, BPF_STMT(BPF_MISC | BPF_TXA, 0));
		EMIT(p, IF(BPF_JEQ, chance(rng, 50) ? ways : 0, 0, 1));
		EMIT(p, RET(i == odd ? ONE_OF(rng, actions) : usual));
		EMIT(p, BPF_STMT(BPF_LDX | BPF_IMM, i + 1));
	}
	for (i = 0; i < bits; i++) {
		EMIT(p, LD_M(i));
		EMIT(p, IF(BPF_JEQ, i + 1, 0, 1));
		EMIT(p, RET(usual));
	}
}

/* X tells 8 ranges of numbers apart; then ways to returns, one of them odd. */
static void emit_exits(struct program *p, unsigned int ways, struct rng *rng)
{
	unsigned int odd = rng_below(rng, ways), first = one_abi(rng)->first, i;

	EMIT(p, BPF_STMT(BPF_LDX | BPF_IMM, SECCOMP_RET_ERRNO));
	EMIT(p, LD_NR);
	for (i = 1; i < 8; i++) {
		EMIT(p, IF(BPF_JGT, first + 50 * i, 0, 1));
		EMIT(p, BPF_STMT(BPF_LDX | BPF_IMM, SECCOMP_RET_ERRNO | i));
	}
	EMIT(p, LD_WORD(ARG_LO(odd % 6)));
	for (i = 0; i < ways; i++)
		EMIT(p, IF(BPF_JEQ, i + 1, ways - 1 + i, 0));
	for (i = 0; i < ways; i++) {
		EMIT(p, BPF_STMT(BPF_MISC | BPF_TXA, 0));
		if (i == odd)
			EMIT(p, RET(ONE_OF(rng, actions)));
		else
			EMIT(p, RET_A);
	}
}

/*
 * More states than there is room for, told apart by argument bits; only then a
 * word gets an argument that until now has been 0 in all of them.
 */
static void emit_sharers(struct program *p, struct rng *rng)
{
	unsigned int bits = 3 + rng_below(rng, 4), word = rng_below(rng, 6), i;

	EMIT(p, LD_K(0));
	for (i = 0; i <= bits; i++)
		EMIT(p, ST_M(i));
	for (i = 1; i <= bits; i++) {
		EMIT(p, LD_WORD(ARG_LO(word)));
		EMIT(p, IF(BPF_JSET, 1U << i, 0, 2));
		EMIT(p, LD_K(i));
		EMIT(p, ST_M(i));
	}
	EMIT(p, LD_WORD(ARG_LO(word)));
	EMIT(p, IF(BPF_JSET, 1, 0, 1));
	EMIT(p, ST_M(0));
	for (i = 0; i <= bits; i++) {
		EMIT(p, LD_M(i));
		EMIT(p, IF(BPF_JEQ, 0, 0, 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/*
 * Many places where rests start, one for each number of an ABI; all numbers of the
 * other ABI come to one of them.
 */
static void emit_places(struct program *p, struct rng *rng)
{
	unsigned int places = 18 + rng_below(rng, 30), i;
	const struct seccomp_abi *abi = one_abi(rng);

	EMIT(p, LD_ARCH);
	EMIT(p, IF(BPF_JEQ, abi->arch, 1, 0));
	EMIT(p, SKIP(2 + 5 * rng_below(rng, places)));
	EMIT(p, LD_NR);
	for (i = 0; i < places; i++) {
		EMIT(p, IF(BPF_JEQ, abi->first + i, 0, 4));
		EMIT(p, LD_WORD(ARG_LO(i % 6)));
		EMIT(p, IF(BPF_JEQ, i, 0, 1));
		EMIT(p, RET(SECCOMP_RET_ERRNO | i));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/*
 * An argument has a way for each of its values, and all are gone at a time. The
 * last ones lead to something else.
 */
static void build_ways(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int ways = len / 4, odd = ways - rng_below(rng, 1 + ways / 3), i;
	uint32_t usual = ONE_OF(rng, actions), other = ONE_OF(rng, actions);

	p->len = 0;
	EMIT(p, LD_WORD(ARG_LO(odd % 6)));
	for (i = 1; i < ways; i++) {
		EMIT(p, IF(BPF_JEQ, i, 0, 1));
		EMIT(p, SKIP(2 * ways - 3));
	}
	EMIT(p, RET(usual));
	for (i = 1; i < ways; i++) {
		EMIT(p, LD_K(i));
		EMIT(p, RET(i < odd ? usual : other));
	}
}

static void build_crowd(struct program *p, unsigned int len, struct rng *rng)
{
	uint32_t usual = ONE_OF(rng, actions);
	unsigned int bits, ways;

	p->len = 0;
	for (;;) {
		bits = 3 - rng_below(rng, 3) / 2;
		ways = 64 - rng_below(rng, chance(rng, 50) ? 4 : 64);
		if (p->len + 8 * bits + 5 * ways + 5 > len)
			break;
		emit_crowd(p, bits, ways, usual, rng);
	}
	EMIT(p, RET(usual));
}

/* More operations of long rests than there is room for, and almost as many. */
static void emit_long_rests(struct program *p, struct rng *rng)
{
	unsigned int length = 20 + rng_below(rng, 40), i, j;
	unsigned int rests = 480 / length + rng_below(rng, 8);
	unsigned int first = one_abi(rng)->first;

	EMIT(p, LD_NR);
	for (i = 0; i < 5 * length; i++)
		EMIT(p, IF(BPF_JEQ, X32_BIT + i, 0, 0));
	for (i = 0; i < rests; i++) {
		EMIT(p, IF(BPF_JEQ, first + i, 0, length + 3));
		EMIT(p, LD_WORD(ARG_LO(i % 6)));
		for (j = 0; j < length; j++)
			EMIT(p, IF(BPF_JEQ, 64 * i + j, length - j, 0));
		EMIT(p, RET(SECCOMP_RET_ERRNO | 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/* Each number has its own result: that it hands to a tracer, say. */
static void emit_data(struct program *p, struct rng *rng)
{
	static const uint16_t ops[] = { BPF_OR, BPF_OR, BPF_AND, BPF_ADD, BPF_XOR };
	static const uint32_t masks[] = {
		SECCOMP_RET_TRACE, SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW, 0xff, 0x1f0,
	};

	if (chance(rng, 40))	/* A, which is 0 */
		EMIT(p, IF(BPF_JEQ, chance(rng, 20), 0, 1));
	EMIT(p, LD_NR);
	if (chance(rng, 80))
		EMIT(p, ALU(ONE_OF(rng, ops), ONE_OF(rng, masks)));
	EMIT(p, RET_A);
}

/* Programs with which there can be no more states, results or steps. */
void generate_crowd(struct program *p, struct rng *rng)
{
	p->len = 0;
	switch (rng_below(rng, 8)) {
	case 0:
		build_crowd(p, 360, rng);
		break;
	case 6:
		emit_long_rests(p, rng);
		break;
	case 5:
		build_ways(p, 4 * (SECCOMP_MAX_STATES - 16 + rng_below(rng, 48)), rng);
		break;
	case 1:
		emit_exits(p, 60 + rng_below(rng, 68), rng);
		break;
	case 2:
		emit_sharers(p, rng);
		break;
	case 3:
		emit_places(p, rng);
		break;
	case 4:
		emit_data(p, rng);
		break;
	default:
		build_returns(p, 300 + rng_below(rng, 500), rng);
	}
}

/* Arithmetic on the number, then comparisons. */
static void build_arithmetic(struct program *p, unsigned int len,
			     struct rng *rng)
{
	static const uint16_t ops[] = { BPF_ADD, BPF_XOR, BPF_SUB, BPF_MUL };
	unsigned int n;

	p->len = 0;
	EMIT(p, LD_NR);
	for (n = 0; p->len + 6 <= len; n++) {
		EMIT(p, ALU(ops[n % 4], n % 4 == 3 ? 3 : rng_below(rng, 512)));
		EMIT(p, IF(BPF_JEQ, rng_below(rng, 512), 0, 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(SECCOMP_RET_ALLOW));
}

static struct sock_filter compute_insn(struct rng *rng)
{
	static const struct sock_filter insns[] = {
		LD_NR, BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_MISC | BPF_TXA, 0), BPF_STMT(BPF_LDX | BPF_IMM, 3),
		ALU_X(BPF_ADD), ALU_X(BPF_SUB), ALU_X(BPF_XOR), ALU_X(BPF_AND),
		ALU_X(BPF_OR), ALU_X(BPF_MUL), ALU_X(BPF_DIV), ALU_X(BPF_RSH),
		ALU_X(BPF_LSH), ALU(BPF_AND, 31), ALU(BPF_AND, 7), ALU(BPF_RSH, 5),
		ALU(BPF_LSH, 2), ALU(BPF_XOR, 0x55), BPF_STMT(BPF_ALU | BPF_NEG, 0),
		BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0), LD_ARCH, LD_K(5),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 2),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 1, 0),
		IF(BPF_JSET, 4, 1, 0), IF(BPF_JGE, 100, 2, 0), IF(BPF_JGT, 40, 0, 1),
	};

	return ONE_OF(rng, insns);
}

/* The number in A and X, compared with both, as where its bits are looked up. */
static void build_registers(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int n;

	p->len = 0;
	EMIT(p, LD_NR);
	while (p->len + 18 <= len) {
		EMIT(p, LD_NR);
		if (chance(rng, 50))
			EMIT(p, BPF_STMT(BPF_MISC | BPF_TAX, 0));
		if (chance(rng, 10)) {	/* X is an argument for some numbers only */
			EMIT(p, IF(BPF_JSET, 1U << rng_below(rng, 9), 0, 2));
			EMIT(p, LD_WORD(ARG_LO(rng_below(rng, 6))));
			EMIT(p, BPF_STMT(BPF_MISC | BPF_TAX, 0));
			EMIT(p, LD_NR);
		}
		for (n = rng_below(rng, 8); n > 0; n--)
			emit(p, compute_insn(rng));
		if (chance(rng, 10))
			EMIT(p, LD_WORD(ARG_LO(n)));
		EMIT(p, IF(BPF_JEQ, rng_below(rng, 64), 0, 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
		EMIT(p, IF(BPF_JSET, 1U << rng_below(rng, 9), 0, 1));
		EMIT(p, RET_A);
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

/* The number shifted, masked and with bits set, then compared. */
static void build_bits(struct program *p, unsigned int len, struct rng *rng)
{
	static const uint16_t tests[] = { BPF_JEQ, BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	static const uint32_t masks[] = { 0x1fff, 0xfff, 0x7ff, 0x1ff, 0xff, 0xfe };
	unsigned int n;

	p->len = 0;
	while (p->len + 8 <= len) {
		EMIT(p, LD_NR);
		for (n = rng_below(rng, 5); n > 0; n--) {
			switch (rng_below(rng, 3)) {
			case 0:
				EMIT(p, ALU(BPF_RSH, ONE_OF(rng, ((uint8_t[]){ 1, 4, 31 }))));
				break;
			case 1:
				EMIT(p, ALU(BPF_AND, ONE_OF(rng, masks)));
				break;
			default:
				EMIT(p, ALU(BPF_OR, 1U << rng_below(rng, 16)));
			}
		}
		EMIT(p, IF(ONE_OF(rng, tests),
			   (one_abi(rng)->first + rng_below(rng, 1024)) >> rng_below(rng, 8),
			   0, 1));
		EMIT(p, RET(ONE_OF(rng, actions)));
	}
	EMIT(p, RET(ONE_OF(rng, actions)));
}

const struct kind kinds[] = {
	{ "linear", "numbers compared one after the other", build_linear },
	{ "tree", "binary tree of numbers", build_tree },
	{ "arguments", "64-bit arguments compared for each number",
	  build_arguments },
	{ "rests", "conditions of a few instructions", build_rests },
	{ "returns", "numbers and arguments with a result each",
	  build_returns },
	{ "argument-diamonds", "argument bits marked in scratch memory",
	  build_argument_diamonds },
	{ "both-diamonds", "the same after arithmetic on the number",
	  build_both_diamonds },
	{ "number-diamonds", "number bits marked in scratch memory",
	  build_number_diamonds },
	{ "flags", "a flag in scratch memory changed all the time",
	  build_flags },
	{ "crowd", "as many states in as many places as there can be",
	  build_crowd },
	{ "ways", "a way for each value of an argument", build_ways },
	{ "arithmetic", "arithmetic on the number", build_arithmetic },
	{ "registers", "the number in both registers", build_registers },
	{ "bits", "the number's bits moved, masked and set", build_bits },
};

const unsigned int nr_kinds = ARRAY_SIZE(kinds);

/* Rests, some of them of a whole program. */
void generate_rests(struct program *p, struct rng *rng)
{
	p->len = 0;
	if (chance(rng, 25))
		emit_data(p, rng);
	else
		build_rests(p, 60 + rng_below(rng, chance(rng, 90) ? 400 : 3000), rng);
	if (chance(rng, 30))
		generate_mutant(p, rng);
}

/* One or two of them, one after the other. */
void generate_kind(struct program *p, unsigned int max, struct rng *rng)
{
	static struct program first;
	unsigned int len = 24 + rng_below(rng, max - 23);

	kinds[rng_below(rng, nr_kinds)].build(&first, len / 2, rng);
	kinds[rng_below(rng, nr_kinds)].build(p, len / 2, rng);
	if (chance(rng, 50)) {
		memmove(p->insn + first.len, p->insn,
			p->len * sizeof(p->insn[0]));
		memcpy(p->insn, first.insn, first.len * sizeof(p->insn[0]));
		p->len += first.len;
		/* Some of the first one's ends lead into the second */
		for (unsigned int pc = 0; pc < first.len; pc++)
			if (BPF_CLASS(p->insn[pc].code) == BPF_RET &&
			    chance(rng, 50))
				p->insn[pc] = (struct sock_filter)
						SKIP(first.len - pc - 1);
	}
	program_repair(p);
}

/* --- Mutations ---------------------------------------------------------- */

static void mutate_constant(struct sock_filter *insn, struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0:
		insn->k++;
		break;
	case 1:
		insn->k--;
		break;
	case 2:
		insn->k ^= 1U << rng_below(rng, 32);
		break;
	default:
		insn->k = random_constant(rng);
	}
}

static void mutate(struct program *p, struct palette *palette)
{
	struct rng *rng = palette->rng;
	unsigned int at = rng_below(rng, p->len);
	unsigned int other = rng_below(rng, p->len);
	struct sock_filter *insn = &p->insn[at], was = *insn;

	switch (rng_below(rng, 8)) {
	case 0:
		mutate_constant(insn, rng);
		break;
	case 1:
		insn->jt = rng_below(rng, 8);
		break;
	case 2:
		insn->jf = rng_below(rng, 8);
		break;
	case 3:
		insn->code = program_codes[rng_below(rng, program_nr_codes)];
		break;
	case 4:
		*insn = p->insn[other];
		p->insn[other] = was;
		break;
	case 5:
		if (p->len > 2)
			program_remove(p, at);
		break;
	default:
		program_insert(p, at, random_insn(palette));
	}
}

void generate_mutant(struct program *p, struct rng *rng)
{
	unsigned int n = 1 + rng_below(rng, 5);
	struct palette palette;

	palette_fill(&palette, rng);
	while (n--)
		mutate(p, &palette);
	program_repair(p);
}

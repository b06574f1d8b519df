// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rests: what is left of a filter from its first load of an argument on.
 *
 * Up to there the number and the architecture determine the way. So the core
 * can go on from there by itself instead of running all of the filter. That
 * needs no second program, and no JIT compiler.
 *
 * Only what means the same to every engine is evaluated here: loads, masks,
 * comparisons with constants and returns. That is all that compilers of filters
 * write about arguments. Everything else, shifts above all, is left to the
 * filter's program.
 *
 * A rest is kept as operations, in which a load and what is done with the word
 * are one, and which lie in the table. A mispredicted branch thus goes on with
 * another operation of the table, whatever a task writes into its filters.
 */

#include <linux/bits.h>
#include <linux/filter.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/seccomp.h>
#include <linux/string.h>

#include "internal.h"
#include "limits.h"
#include "rest.h"

#define REST_NONE	U16_MAX	/* not to be evaluated */

/*
 * Instructions of x86_64, in tenths: of an operation, of one of the filter's own in
 * compiled code, and of calling that. Counted under QEMU with -icount.
 */
#define REST_OP		110
#define PROG_STEP	17
#define PROG_CALL	1000

/* Running filters drops the data of an ALLOW. */
static bool rest_same_ret(u32 a, u32 b)
{
	return a == b || (seccomp_action(a) == SECCOMP_RET_ALLOW &&
			  seccomp_action(b) == SECCOMP_RET_ALLOW);
}

/* What can be returned on either of two ways that are not known to be the same. */
static u16 rest_returns(const struct sock_filter *insns, u16 a, u16 b)
{
	u16 most = max(a, b);

	if (most >= SECCOMP_RETURNS_SEVERAL)
		return most;	/* the less that is known, the higher */
	return rest_same_ret(insns[a].k, insns[b].k) ? a : SECCOMP_RETURNS_SEVERAL;
}

static struct seccomp_rest rest_of_jump(const struct sock_filter *insns,
					const struct seccomp_rest *jt,
					const struct seccomp_rest *jf)
{
	u16 longest = max(jt->longest, jf->longest);

	return (struct seccomp_rest) {
		.longest = longest + (longest < REST_NONE),
		.returns = jt->returns == jf->returns ? jt->returns :
			   rest_returns(insns, jt->returns, jf->returns),
	};
}

/* An instruction in front of what a filter does from @next on. */
static struct seccomp_rest rest_of_insn(const struct sock_filter *insns,
					unsigned int pc,
					const struct seccomp_rest *next)
{
	const struct sock_filter *insn = &insns[pc];
	struct seccomp_rest rest = *next;

	switch (insn->code) {
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return rest_of_jump(insns, &next[insn->jt], &next[insn->jf]);
	case BPF_JMP | BPF_JA:
		return next[insn->k];
	case BPF_LD | BPF_W | BPF_ABS:
		if (insn->k <= offsetof(struct seccomp_data, arch))
			rest.returns = SECCOMP_RETURNS_UNKNOWN;
		return rest;
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_ALU | BPF_OR | BPF_K:
		rest.longest += rest.longest < REST_NONE;
		return rest;
	case BPF_RET | BPF_K:
		return (struct seccomp_rest) { 1, pc };
	case BPF_RET | BPF_A:
		return (struct seccomp_rest) { 1, SECCOMP_RETURNS_SEVERAL };
	default:
		return (struct seccomp_rest) { REST_NONE, SECCOMP_RETURNS_UNKNOWN };
	}
}

/**
 * seccomp_rest_scan() - find where rests of a filter can start, and what they do
 * @insns: a program that seccomp accepts
 * @pc: the first instruction to look at
 * @end: behind the last one; those from @end on have been looked at
 * @rest: for each instruction, the rest that starts there; with room for one more
 *
 * Context: any.
 */
void seccomp_rest_scan(const struct sock_filter *insns, unsigned int pc,
		       unsigned int end, struct seccomp_rest *rest)
{
	while (end-- > pc)
		rest[end] = rest_of_insn(insns, end, &rest[end + 1]);
}

/**
 * seccomp_rest_pays() - is a rest evaluated sooner than the filter is run?
 * @rest: the rest
 * @prefix: number of instructions that the filter would run before
 *
 * Context: any.
 * Return: true if it is even on the rest's longest way.
 */
bool seccomp_rest_pays(const struct seccomp_rest *rest, unsigned int prefix)
{
	return rest->longest != REST_NONE &&
	       rest->longest * REST_OP <=
	       PROG_CALL + (prefix + rest->longest) * PROG_STEP;
}

#define OP_SLOTS	(2 * SECCOMP_MAX_OPS)

/* Instructions between operations: filters need four for each. */
#define MAX_PASSED	(8 * SECCOMP_MAX_OPS)

#define FIRST_ARG	(offsetof(struct seccomp_data, args) / sizeof(u32))
#define PC_RETURN	U16_MAX

/**
 * union rest_place - where a filter is, and with what
 * @k: constant
 * @pc: the instruction, or %PC_RETURN where @k is returned
 * @word: the word that A is
 * @all: all of them, to compare
 */
union rest_place {
	struct {
		u32 k;
		u16 pc;
		u16 word;
	};
	u64 all;
};

/**
 * struct rest_decoder - a rest that is being decoded
 * @insns: the filter
 * @ops: its operations, at most %SECCOMP_MAX_OPS
 * @nr: how many there are
 * @passed: how many instructions were passed on the ways to them, and to look ahead
 * @slot: hash table of operations by their place, counted from 1, or 0 where empty
 * @place: the place of each
 */
struct rest_decoder {
	const struct sock_filter *insns;
	struct seccomp_op *ops;
	unsigned int nr;
	unsigned int passed;
	u8 slot[OP_SLOTS];
	union rest_place place[SECCOMP_MAX_OPS];
};

/*
 * Pass loads, of which the last one is the word that A is then, and jumps. Each
 * operation may lead to the same long chain of them: the decoder gives up beyond
 * %MAX_PASSED.
 */
static const struct sock_filter *rest_pass(struct rest_decoder *decoder,
					   union rest_place *place)
{
	const struct sock_filter *insn = &decoder->insns[place->pc];

	for (; decoder->passed <= MAX_PASSED; decoder->passed++, insn++) {
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS))
			place->word = insn->k / sizeof(u32);
		else if (insn->code == (BPF_JMP | BPF_JA))
			insn += insn->k;
		else
			break;
	}
	place->pc = insn - decoder->insns;
	return insn;
}

/* Does a filter at @pc make no use of A? */
static bool rest_drops_a(struct rest_decoder *decoder, unsigned int pc)
{
	union rest_place place = { .pc = pc, .word = WORD_A };
	const struct sock_filter *insn = rest_pass(decoder, &place);

	return place.word != WORD_A || insn->code == (BPF_RET | BPF_K);
}

static bool is_jeq(const struct sock_filter *insn)
{
	return insn->code == (BPF_JMP | BPF_JEQ | BPF_K);
}

/*
 * Pass a comparison of what a mask of 0 leaves: filters that mask an argument do so with
 * its high half, too.
 */
static bool rest_pass_masked(struct rest_decoder *decoder, union rest_place *place,
			     const struct sock_filter *insn)
{
	const struct sock_filter *jump = &insn[1];
	unsigned int next = place->pc + 2;

	if (insn->code != (BPF_ALU | BPF_AND | BPF_K) || insn->k || !is_jeq(jump))
		return false;
	next += jump->k ? jump->jf : jump->jt;
	if (!rest_drops_a(decoder, next))
		return false;
	place->pc = next;
	place->word = WORD_A;
	decoder->passed++;
	return true;
}

/* Go to where the next operation is. */
static void rest_next(struct rest_decoder *decoder, union rest_place *place)
{
	const struct sock_filter *insn;

	do {
		insn = rest_pass(decoder, place);
	} while (decoder->passed <= MAX_PASSED && rest_pass_masked(decoder, place, insn));

	if (insn->code == (BPF_RET | BPF_K)) {
		place->k = insn->k;
		place->pc = PC_RETURN;
		place->word = FIRST_ARG;
	}
}

/*
 * The operation at a place where one is.
 * Returns SECCOMP_MAX_OPS when there are too many.
 */
static u8 rest_op_at(struct rest_decoder *decoder, union rest_place place)
{
	u8 *slot = &decoder->slot[hash_64(place.all, ilog2(OP_SLOTS))];
	unsigned int i;

	while (*slot) {
		i = *slot - 1;
		if (decoder->place[i].all == place.all)
			return i;
		if (++slot == &decoder->slot[OP_SLOTS])
			slot = decoder->slot;
	}
	i = decoder->nr;
	if (i < SECCOMP_MAX_OPS) {
		*slot = i + 1;
		decoder->place[i] = place;
		decoder->nr++;
	}
	return i;
}

/* The operation that the rest goes on with. */
static u8 rest_op(struct rest_decoder *decoder, union rest_place place)
{
	rest_next(decoder, &place);
	return rest_op_at(decoder, place);
}

/* The same at @pc, where A has just been calculated: it is no word of the call. */
static u8 rest_op_of_a(struct rest_decoder *decoder, union rest_place place,
		       unsigned int pc)
{
	place.pc = pc;
	place.word = WORD_A;
	return rest_op(decoder, place);
}

/*
 * Comparisons of one word with small values that lead to the same are one operation:
 * filters have long lists of address families. @place is where the first one leads to if
 * it fails; goes on to what comes after them.
 */
static void rest_join_values(struct rest_decoder *decoder, struct seccomp_op *op,
			     union rest_place *place)
{
	u32 values = BIT(op->k);
	const struct sock_filter *insn;
	union rest_place holds;

	for (; decoder->passed <= MAX_PASSED; decoder->passed++) {
		if (place->pc == PC_RETURN || place->word != op->word)
			break;
		insn = &decoder->insns[place->pc];
		if (!is_jeq(insn) || insn->k >= BITS_PER_TYPE(values))
			break;
		holds = *place;
		holds.pc += 1 + insn->jt;
		if (rest_op(decoder, holds) != op->jt)
			break;
		values |= BIT(insn->k);
		op->code = OP_JIN;
		place->pc += 1 + insn->jf;
		rest_next(decoder, place);
	}
	if (op->code == OP_JIN)
		op->k = values;
}

/* Where the comparison at @place leads to. */
static void rest_branch(struct rest_decoder *decoder, union rest_place place,
			union rest_place *holds, union rest_place *fails)
{
	const struct sock_filter *insn = &decoder->insns[place.pc];

	*holds = place;
	holds->pc += 1 + insn->jt;
	rest_next(decoder, holds);
	*fails = place;
	fails->pc += 1 + insn->jf;
	rest_next(decoder, fails);
}

/* Returns false if @place has no comparison of this kind with @k. */
static bool rest_follow(struct rest_decoder *decoder, union rest_place place, u16 op,
			u32 k, union rest_place *holds, union rest_place *fails)
{
	const struct sock_filter *insn;

	if (place.pc == PC_RETURN)
		return false;
	insn = &decoder->insns[place.pc];
	if (insn->code != (BPF_JMP | BPF_K | op) || insn->k != k)
		return false;
	rest_branch(decoder, place, holds, fails);
	return true;
}

/*
 * Browsers ask whether an argument that is an int is that in 64 bits: its high half is
 * 0, or all ones below a sign. Is this what a comparison of a half with 0 starts, which
 * leads to @holds and @fails? Then @fails is where all others lead.
 */
static bool rest_is_int(struct rest_decoder *decoder, const union rest_place *holds,
			union rest_place *fails, u16 word)
{
	union rest_place ones, others, negative, positive;

	if (fails->word != word ||
	    !rest_follow(decoder, *fails, BPF_JEQ, U32_MAX, &ones, &others) ||
	    ones.word != (word ^ 1) ||
	    !rest_follow(decoder, ones, BPF_JSET, BIT(31), &negative, &positive) ||
	    negative.all != holds->all || positive.all != others.all)
		return false;
	*fails = others;
	return true;
}

static void rest_decode_jump(struct rest_decoder *decoder, struct seccomp_op *op,
			     const struct sock_filter *insn, union rest_place place)
{
	static const u8 codes[] = {
		[BPF_JEQ >> 4] = OP_JEQ, [BPF_JGT >> 4] = OP_JGT,
		[BPF_JGE >> 4] = OP_JGE, [BPF_JSET >> 4] = OP_JSET,
	};
	union rest_place holds, fails;

	rest_branch(decoder, place, &holds, &fails);
	op->code = codes[BPF_OP(insn->code) >> 4];
	op->jt = rest_op_at(decoder, holds);
	if (op->code == OP_JEQ && !op->k && rest_is_int(decoder, &holds, &fails, op->word))
		op->code = OP_JINT;
	else if (op->code == OP_JEQ && op->k < BITS_PER_TYPE(op->k))
		rest_join_values(decoder, op, &fails);
	op->jf = rest_op_at(decoder, fails);
}

/*
 * A comparison of some bits with 0, or of a single bit with itself, is one of
 * OP_JSET: filters compare so with flags.
 * Returns false if @insn is not the start of one.
 */
static bool rest_decode_mask(struct rest_decoder *decoder, struct seccomp_op *op,
			     const struct sock_filter *insn, union rest_place place)
{
	const struct sock_filter *jump = &insn[1];
	unsigned int equal = place.pc + 2 + jump->jt;
	unsigned int other = place.pc + 2 + jump->jf;
	u32 mask = insn->k;

	if (insn->code != (BPF_ALU | BPF_AND | BPF_K) || !is_jeq(jump))
		return false;
	if (jump->k && (jump->k != mask || !is_power_of_2(mask)))
		return false;
	if (!rest_drops_a(decoder, equal) || !rest_drops_a(decoder, other))
		return false;

	if (!jump->k)
		swap(equal, other);
	op->code = OP_JSET;
	op->jt = rest_op_of_a(decoder, place, equal);
	op->jf = rest_op_of_a(decoder, place, other);
	return true;
}

/* Returns false if the rest is too long. */
static bool rest_decode_op(struct rest_decoder *decoder, unsigned int i)
{
	const union rest_place place = decoder->place[i];
	struct seccomp_op *op = &decoder->ops[i];
	const struct sock_filter *insn;

	/* Then the place may be no operation's, with jumps that nobody has checked. */
	if (decoder->passed > MAX_PASSED)
		return false;
	*op = (struct seccomp_op) { .k = place.k, .code = OP_RET_K, .word = place.word };
	if (place.pc == PC_RETURN)
		return true;

	insn = &decoder->insns[place.pc];
	op->k = insn->k;
	switch (BPF_CLASS(insn->code)) {
	case BPF_JMP:
		rest_decode_jump(decoder, op, insn, place);
		break;
	case BPF_ALU:
		if (rest_decode_mask(decoder, op, insn, place))
			break;
		op->code = BPF_OP(insn->code) == BPF_AND ? OP_AND : OP_OR;
		op->jt = rest_op_of_a(decoder, place, place.pc + 1);
		break;
	default:	/* BPF_RET | BPF_A */
		op->code = OP_RET_WORD;
		break;
	}
	return op->jt < SECCOMP_MAX_OPS && op->jf < SECCOMP_MAX_OPS &&
	       decoder->passed <= MAX_PASSED;
}

/**
 * seccomp_rest_decode() - make the operations of a rest
 * @insns: the filter
 * @pc: where the rest starts; seccomp_rest_scan() says that it can be evaluated
 * @ops: room for %SECCOMP_MAX_OPS operations
 *
 * Context: any.
 * Return: their number, or 0 if there are too many.
 */
unsigned int seccomp_rest_decode(const struct sock_filter *insns, unsigned int pc,
				 struct seccomp_op *ops)
{
	const union rest_place start = { .pc = pc, .word = WORD_A };
	struct rest_decoder decoder __uninitialized;
	unsigned int i;

	decoder.insns = insns;
	decoder.ops = ops;
	decoder.nr = 0;
	decoder.passed = 0;
	memset(decoder.slot, 0, sizeof(decoder.slot));
	rest_op(&decoder, start);
	for (i = 0; i < decoder.nr; i++)
		if (!rest_decode_op(&decoder, i))
			return 0;
	return decoder.nr;
}

/**
 * seccomp_rest_reads_all() - does a rest read more than arguments?
 * @ops: its operations
 * @nr: their number
 *
 * Context: any.
 * Return: true if some word is not one of the arguments.
 */
bool seccomp_rest_reads_all(const struct seccomp_op *ops, unsigned int nr)
{
	const size_t args = offsetof(struct seccomp_data, args) / sizeof(u32);

	while (nr--)
		if (ops[nr].word < args || ops[nr].word == WORD_A)
			return true;
	return false;
}

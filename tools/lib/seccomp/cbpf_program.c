// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "cbpf_program.h"

#define BOTH(op)	(op) | BPF_K, (op) | BPF_X

const uint16_t program_codes[] = {
	BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_IMM,
	BPF_LD | BPF_MEM, BPF_LDX | BPF_W | BPF_LEN, BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM, BPF_ST, BPF_STX, BPF_MISC | BPF_TAX,
	BPF_MISC | BPF_TXA, BPF_RET | BPF_K, BPF_RET | BPF_A,
	BPF_JMP | BPF_JA, BPF_ALU | BPF_NEG,
	BOTH(BPF_JMP | BPF_JEQ), BOTH(BPF_JMP | BPF_JGT),
	BOTH(BPF_JMP | BPF_JGE), BOTH(BPF_JMP | BPF_JSET),
	BOTH(BPF_ALU | BPF_ADD), BOTH(BPF_ALU | BPF_SUB),
	BOTH(BPF_ALU | BPF_MUL), BOTH(BPF_ALU | BPF_DIV),
	BOTH(BPF_ALU | BPF_AND), BOTH(BPF_ALU | BPF_OR),
	BOTH(BPF_ALU | BPF_XOR), BOTH(BPF_ALU | BPF_LSH),
	BOTH(BPF_ALU | BPF_RSH),
};

const unsigned int program_nr_codes = sizeof(program_codes) / sizeof(program_codes[0]);

static bool is_known(uint16_t code)
{
	for (unsigned int i = 0; i < program_nr_codes; i++)
		if (program_codes[i] == code)
			return true;
	return false;
}

static bool is_memory(uint16_t code)
{
	return code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM) ||
	       code == BPF_ST || code == BPF_STX;
}

/* What is wrong with an instruction by itself, if @room others follow it. */
static const char *check_insn(const struct sock_filter *insn, unsigned int room)
{
	if (!is_known(insn->code))
		return insn->code & 0xff ? "seccomp does not have this operation" :
		       "no operation at all; is the byte order another one?";
	if (is_memory(insn->code) && insn->k >= BPF_MEMWORDS)
		return "there is no such word of scratch memory";

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (insn->k >= sizeof(struct seccomp_data) || insn->k & 3)
			return "loads what is not a word of struct seccomp_data";
		return NULL;
	case BPF_ALU | BPF_DIV | BPF_K:
		return insn->k ? NULL : "divides by 0";
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return insn->k < 32 ? NULL : "shifts by more than 31";
	case BPF_JMP | BPF_JA:
		return insn->k < room ? NULL : "jumps behind the end";
	}
	if (BPF_CLASS(insn->code) == BPF_JMP &&
	    (insn->jt >= room || insn->jf >= room))
		return "jumps behind the end";
	return NULL;
}

/* Scratch memory may be read only where all ways there have written it. */
static struct program_fault check_memory(const struct program *p)
{
	uint16_t written[BPF_MAXINSNS], now = 0;

	memset(written, 0xff, sizeof(written));
	for (unsigned int pc = 0; pc < p->len; pc++) {
		const struct sock_filter *insn = &p->insn[pc];

		now &= written[pc];
		if (insn->code == BPF_ST || insn->code == BPF_STX) {
			now |= 1 << insn->k;
		} else if (is_memory(insn->code)) {
			if (!(now >> insn->k & 1))
				return (struct program_fault) {
					"reads scratch memory before it is written",
					pc, true,
				};
		} else if (insn->code == (BPF_JMP | BPF_JA)) {
			written[pc + 1 + insn->k] &= now;
			now = 0xffff;
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			written[pc + 1 + insn->jt] &= now;
			written[pc + 1 + insn->jf] &= now;
			now = 0xffff;
		}
	}
	return (struct program_fault) { };
}

struct program_fault program_check(const struct program *p)
{
	const char *what;

	if (!p->len)
		return (struct program_fault) { "empty; a filter has at least one instruction" };
	if (p->len > BPF_MAXINSNS)
		return (struct program_fault) { "the kernel takes no more than 4096 instructions" };
	for (unsigned int pc = 0; pc < p->len; pc++) {
		what = check_insn(&p->insn[pc], p->len - pc - 1);
		if (what)
			return (struct program_fault) { what, pc, true };
	}
	if (BPF_CLASS(p->insn[p->len - 1].code) != BPF_RET)
		return (struct program_fault) {
			"the last instruction does not return; is it cut short?"
		};
	return check_memory(p);
}

static uint32_t swapped(uint32_t word, bool swap)
{
	return swap ? __builtin_bswap32(word) : word;
}

struct program_fault program_load(struct program *p, const void *bytes, size_t size,
				  bool big_endian)
{
	const bool swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	if (size % sizeof(p->insn[0]))
		return (struct program_fault) {
			"its size is no multiple of an instruction's 8 bytes; is it cut short?"
		};
	if (size > sizeof(p->insn))
		return (struct program_fault) { "the kernel takes no more than 4096 instructions" };
	p->len = size / sizeof(p->insn[0]);
	memcpy(p->insn, bytes, size);
	for (unsigned int pc = 0; pc < p->len; pc++) {
		p->insn[pc].code = swapped(p->insn[pc].code, swap) >> (swap ? 16 : 0);
		p->insn[pc].k = swapped(p->insn[pc].k, swap);
	}
	return program_check(p);
}

static void print_operand(FILE *out, const struct sock_filter *i)
{
	if (i->code & BPF_X)
		fprintf(out, " x");
	else
		fprintf(out, " #%#x", i->k);
}

void program_print_insn(FILE *out, const struct sock_filter *i, unsigned int pc)
{
	static const char * const alu[] = {
		"add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg",
		"mod", "xor",
	};
	static const char * const jump[] = { "ja", "jeq", "jgt", "jge", "jset" };
	const char *to_x = BPF_CLASS(i->code) == BPF_LDX ||
			   BPF_CLASS(i->code) == BPF_STX ? "x" : "";

	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
	case BPF_LDX:
		fprintf(out, "ld%s", to_x);
		if (BPF_MODE(i->code) == BPF_MEM)
			fprintf(out, " M[%u]", i->k);
		else if (BPF_MODE(i->code) == BPF_LEN)
			fprintf(out, " len");
		else if (BPF_MODE(i->code) == BPF_ABS)
			fprintf(out, " [%u]", i->k);
		else
			fprintf(out, " #%#x", i->k);
		break;
	case BPF_ST:
	case BPF_STX:
		fprintf(out, "st%s M[%u]", to_x, i->k);
		break;
	case BPF_ALU:
		fprintf(out, "%s", alu[BPF_OP(i->code) >> 4]);
		if (BPF_OP(i->code) != BPF_NEG)
			print_operand(out, i);
		break;
	case BPF_JMP:
		fprintf(out, "%s", jump[BPF_OP(i->code) >> 4]);
		if (i->code == (BPF_JMP | BPF_JA)) {
			fprintf(out, " %u", pc + 1 + i->k);
			break;
		}
		print_operand(out, i);
		fprintf(out, ", %u, %u", pc + 1 + i->jt, pc + 1 + i->jf);
		break;
	case BPF_RET:
		if (BPF_RVAL(i->code) == BPF_A)
			fprintf(out, "ret a");
		else
			fprintf(out, "ret #%#x", i->k);
		break;
	default:
		fprintf(out, BPF_MISCOP(i->code) == BPF_TAX ? "tax" : "txa");
	}
}

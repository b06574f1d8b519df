// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "mutate.h"

#define PRINT_MAX	60	/* instructions */

/* splitmix64 */
uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned int rng_below(struct rng *rng, unsigned int n)
{
	return (rng_next(rng) >> 32) * n >> 32;
}

static bool known_code(uint16_t code)
{
	for (unsigned int i = 0; i < program_nr_codes; i++)
		if (program_codes[i] == code)
			return true;
	return false;
}

static bool is_ret(const struct sock_filter *i)
{
	return BPF_CLASS(i->code) == BPF_RET;
}

static bool is_branch(const struct sock_filter *i)
{
	return BPF_CLASS(i->code) == BPF_JMP && BPF_OP(i->code) != BPF_JA;
}

static bool is_ja(const struct sock_filter *i)
{
	return i->code == (BPF_JMP | BPF_JA);
}

static bool loads_mem(const struct sock_filter *i)
{
	return i->code == (BPF_LD | BPF_MEM) || i->code == (BPF_LDX | BPF_MEM);
}

/* Put right what is wrong with an instruction of known code by itself. */
static void fix_insn(struct program *p, unsigned int pc)
{
	struct sock_filter *i = &p->insn[pc];
	unsigned int room = p->len - pc - 1;	/* instructions that follow */

	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (i->k >= sizeof(struct seccomp_data) || i->k & 3)
			i->k = i->k % sizeof(struct seccomp_data) & ~3;
		break;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		i->k %= BPF_MEMWORDS;
		break;
	case BPF_ALU | BPF_DIV | BPF_K:
		i->k += !i->k;
		break;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		i->k %= 32;
		break;
	case BPF_JMP | BPF_JA:
		i->k %= room;
		break;
	default:
		if (is_branch(i)) {
			i->jt %= room;
			i->jf %= room;
		}
	}
}

/* Scratch memory may be loaded only where it was stored on all ways there. */
static void fix_loads(struct program *p)
{
	uint16_t stored[BPF_MAXINSNS], now = 0;

	memset(stored, 0xff, sizeof(stored[0]) * p->len);
	for (unsigned int pc = 0; pc < p->len; pc++) {
		struct sock_filter *i = &p->insn[pc];

		now &= stored[pc];
		if (i->code == BPF_ST || i->code == BPF_STX)
			now |= 1 << i->k;
		else if (loads_mem(i) && !(now >> i->k & 1))
			i->code = BPF_CLASS(i->code) | BPF_IMM;
		if (is_ja(i))
			stored[pc + 1 + i->k] &= now;
		if (is_branch(i)) {
			stored[pc + 1 + i->jt] &= now;
			stored[pc + 1 + i->jf] &= now;
		}
		if (is_ja(i) || is_branch(i))
			now = 0xffff;
	}
}

/* Make any instructions, at least one, a program that seccomp accepts. */
void program_repair(struct program *p)
{
	struct sock_filter *last = &p->insn[p->len - 1];

	for (unsigned int pc = 0; pc < p->len; pc++)
		if (!known_code(p->insn[pc].code))
			p->insn[pc].code = program_codes[p->insn[pc].code %
							 program_nr_codes];
	if (!is_ret(last))
		last->code = BPF_RET | BPF_K;
	for (unsigned int pc = 0; pc < p->len; pc++)
		fix_insn(p, pc);
	fix_loads(p);
}

/* Lengthen the jumps across @at by @by. */
static void move_jumps(struct program *p, unsigned int at, int by)
{
	for (unsigned int pc = 0; pc < at; pc++) {
		struct sock_filter *i = &p->insn[pc];

		if (is_ja(i) && pc + 1 + i->k > at)
			i->k += by;
		if (is_branch(i) && pc + 1 + i->jt > at)
			i->jt += by;
		if (is_branch(i) && pc + 1 + i->jf > at)
			i->jf += by;
	}
}

void program_insert(struct program *p, unsigned int at, struct sock_filter insn)
{
	if (p->len == BPF_MAXINSNS)
		return;
	move_jumps(p, at, 1);
	memmove(&p->insn[at + 1], &p->insn[at],
		(p->len++ - at) * sizeof(p->insn[0]));
	p->insn[at] = insn;
}

void program_remove(struct program *p, unsigned int at)
{
	move_jumps(p, at, -1);
	memmove(&p->insn[at], &p->insn[at + 1],
		(--p->len - at) * sizeof(p->insn[0]));
}

void program_print(FILE *out, const struct program *p)
{
	for (unsigned int pc = 0; pc < p->len; pc++) {
		if (pc == PRINT_MAX) {
			fprintf(out, "#   ... and %u more\n", p->len - pc);
			return;
		}
		fprintf(out, "#   %4u: ", pc);
		program_print_insn(out, &p->insn[pc], pc);
		fprintf(out, "\n");
	}
}

/* Raw instructions, as libseccomp's seccomp_export_bpf() writes them. */
bool program_read(struct program *p, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	p->len = fread(p->insn, sizeof(p->insn[0]), BPF_MAXINSNS, file);
	fclose(file);
	return program_valid(p);
}

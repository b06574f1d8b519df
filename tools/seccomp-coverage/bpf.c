// SPDX-License-Identifier: GPL-2.0-only
/* The checks that the kernel makes when a filter is attached. */
#include <endian.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include "bpf.h"
#include "names.h"

#define BOTH(code)	(code) | BPF_K, (code) | BPF_X

/* All the operations that seccomp has. */
static const uint16_t codes[] = {
	BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_IMM,
	BPF_LD | BPF_MEM, BPF_LDX | BPF_W | BPF_LEN, BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM, BPF_ST, BPF_STX,
	BPF_RET | BPF_K, BPF_RET | BPF_A, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
	BPF_ALU | BPF_NEG, BOTH(BPF_ALU | BPF_ADD), BOTH(BPF_ALU | BPF_SUB),
	BOTH(BPF_ALU | BPF_MUL), BOTH(BPF_ALU | BPF_DIV), BOTH(BPF_ALU | BPF_AND),
	BOTH(BPF_ALU | BPF_OR), BOTH(BPF_ALU | BPF_XOR), BOTH(BPF_ALU | BPF_LSH),
	BOTH(BPF_ALU | BPF_RSH),
	BPF_JMP | BPF_JA, BOTH(BPF_JMP | BPF_JEQ), BOTH(BPF_JMP | BPF_JGT),
	BOTH(BPF_JMP | BPF_JGE), BOTH(BPF_JMP | BPF_JSET),
};

static bool is_known(uint16_t code)
{
	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

static bool is_memory(uint16_t code)
{
	return code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM) ||
	       code == BPF_ST || code == BPF_STX;
}

/* Returns what is wrong with an instruction by itself, or NULL. */
static const char *check_insn(const struct sock_filter *insn, unsigned int room)
{
	if (!is_known(insn->code))
		return insn->code & 0xff ? "seccomp does not have this operation" :
		       "no operation at all; is the byte order another one? Name its --abi";
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
static void check_memory(const struct filter *filter, const char *name)
{
	uint16_t written[BPF_MAXINSNS], now = 0;

	memset(written, 0xff, sizeof(written));
	for (unsigned int pc = 0; pc < filter->len; pc++) {
		const struct sock_filter *insn = &filter->insn[pc];

		now &= written[pc];
		if (insn->code == BPF_ST || insn->code == BPF_STX) {
			now |= 1 << insn->k;
		} else if (is_memory(insn->code)) {
			if (!(now >> insn->k & 1))
				fail("%s: instruction %u: reads M[%u] before it is written",
				     name, pc, insn->k);
		} else if (insn->code == (BPF_JMP | BPF_JA)) {
			written[pc + 1 + insn->k] &= now;
			now = 0xffff;
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			written[pc + 1 + insn->jt] &= now;
			written[pc + 1 + insn->jf] &= now;
			now = 0xffff;
		}
	}
}

void filter_read(struct filter *filter, const char *name, const void *bytes,
		 size_t size, bool big_endian)
{
	const char *wrong;

	if (!size)
		fail("%s: empty; a filter has at least one instruction", name);
	if (size % sizeof(filter->insn[0]))
		fail("%s: %zu bytes are no multiple of an instruction's 8; is it cut short?",
		     name, size);
	if (size > sizeof(filter->insn))
		fail("%s: %zu instructions; the kernel takes no more than %d",
		     name, size / sizeof(filter->insn[0]), BPF_MAXINSNS);

	filter->len = size / sizeof(filter->insn[0]);
	memcpy(filter->insn, bytes, size);
	for (unsigned int pc = 0; pc < filter->len; pc++) {
		struct sock_filter *insn = &filter->insn[pc];

		insn->code = big_endian ? be16toh(insn->code) : le16toh(insn->code);
		insn->k = big_endian ? be32toh(insn->k) : le32toh(insn->k);
		wrong = check_insn(insn, filter->len - pc - 1);
		if (wrong)
			fail("%s: instruction %u (code %#x, k %#x): %s",
			     name, pc, insn->code, insn->k, wrong);
	}
	if (BPF_CLASS(filter->insn[filter->len - 1].code) != BPF_RET)
		fail("%s: the last instruction does not return; is it cut short?",
		     name);
	check_memory(filter, name);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stdio.h>
#include <unistd.h>
#include "actions.h"
#include "dump.h"
#include "report.h"
#include "trouble.h"

#define COLUMN	40	/* of comments */

/**
 * struct state - what is known where a program comes to an instruction
 * @reached: can it be reached?
 * @arch: the ABI, or NULL for several
 * @word: what A is: a word of struct seccomp_data, or -1
 */
struct state {
	bool reached;
	const struct abi *abi;
	int word;
};

static const struct abi *abi_of(uint32_t arch)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (abis[i].arch == arch)
			return &abis[i];
	return NULL;
}

static void reach(struct state *to, struct state from)
{
	if (to->reached && to->abi != from.abi)
		from.abi = NULL;
	if (to->reached && to->word != from.word)
		from.word = -1;
	*to = from;
	to->reached = true;
}

/* Where an instruction goes on, and what is known there. */
static void spread(struct state *states, const struct program *program, unsigned int pc)
{
	const struct sock_filter *insn = &program->insn[pc];
	struct state now = states[pc], equal;

	if (!now.reached || BPF_CLASS(insn->code) == BPF_RET)
		return;
	if (insn->code == (BPF_LD | BPF_W | BPF_ABS))
		now.word = insn->k / sizeof(uint32_t);
	else if (BPF_CLASS(insn->code) != BPF_JMP && BPF_CLASS(insn->code) != BPF_ST &&
		 insn->code != (BPF_ALU | BPF_AND | BPF_K))
		now.word = -1;
	if (BPF_CLASS(insn->code) != BPF_JMP) {
		reach(&states[pc + 1], now);
	} else if (insn->code == (BPF_JMP | BPF_JA)) {
		reach(&states[pc + 1 + insn->k], now);
	} else {
		equal = now;
		if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) && now.word == 1)
			equal.abi = abi_of(insn->k);
		reach(&states[pc + 1 + insn->jt], equal);
		reach(&states[pc + 1 + insn->jf], now);
	}
}

/* What is loaded, what is compared, what is returned. */
static void comment(FILE *out, const struct sock_filter *insn, const struct state *state,
		    const struct context *context)
{
	const struct abi *abi = state->abi ?: context->abi;
	const char *name = NULL;

	if (insn->code == (BPF_LD | BPF_W | BPF_ABS) && insn->k < DATA(instruction_pointer))
		fprintf(out, "; %s", insn->k ? "ABI" : "number");
	else if (insn->code == (BPF_LD | BPF_W | BPF_ABS))
		fprintf(out, "; %s, %s half", report_field(insn->k), report_half(abi, insn->k));
	if (insn->code == (BPF_RET | BPF_K)) {
		fprintf(out, "; ");
		report_action(out, insn->k);
	}
	if (BPF_CLASS(insn->code) == BPF_JMP && insn->code & BPF_X)
		return;
	if (BPF_CLASS(insn->code) != BPF_JMP || BPF_OP(insn->code) == BPF_JA)
		return;
	if (state->word == 0)
		name = call_name(abi, context->kernel, insn->k);
	else if (state->word == 1 && abi_of(insn->k))
		name = abi_of(insn->k)->name;
	if (name)
		fprintf(out, "; %s", name);
}

static void print_program(const struct program *program, const struct context *context)
{
	struct state *states = need(calloc(program->len + 1, sizeof(*states)));
	char *text;
	size_t size;
	FILE *line;
	int blanks;

	states[0] = (struct state) { .reached = true, .word = -1 };
	for (unsigned int pc = 0; pc < program->len; pc++) {
		spread(states, program, pc);
		line = need(open_memstream(&text, &size));
		fprintf(line, "%5u: ", pc);
		program_print_insn(line, &program->insn[pc], pc);
		fflush(line);
		blanks = size < COLUMN ? COLUMN - size : 1;
		if (states[pc].reached) {
			fprintf(line, "%*s", blanks, "");
			comment(line, &program->insn[pc], &states[pc], context);
		} else {
			fprintf(line, "%*s; never reached", blanks, "");
		}
		fclose(line);
		size = strlen(text);
		while (size && text[size - 1] == ' ')
			text[--size] = 0;
		puts(text);
		free(text);
	}
	free(states);
}

/* In the byte order of the filter's machine. */
static void write_raw(const struct subject *subject, const struct context *context)
{
	const struct program *program = subject->layer[0].program;
	const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const bool swap = abi_big_endian(context->abi) != big;

	if (subject->depth > 1)
		fail("raw BPF writes one filter; this is a stack of %u", subject->depth);
	if (isatty(STDOUT_FILENO))
		fail("raw BPF is not for a terminal");
	for (unsigned int pc = 0; pc < program->len; pc++) {
		struct sock_filter insn = program->insn[pc];

		if (swap) {
			insn.code = __builtin_bswap16(insn.code);
			insn.k = __builtin_bswap32(insn.k);
		}
		fwrite(&insn, sizeof(insn), 1, stdout);
	}
}

void dump(const struct subject *subject, const struct options *options)
{
	if (subject->report)
		fail("%s: a kernel's report, in which there is no filter", subject->name);
	if (options->dump == DUMP_RAW) {
		write_raw(subject, &options->context);
		return;
	}
	for (unsigned int i = 0; i < subject->depth; i++)
		if (options->dump == DUMP_PFC && !subject->layer[i].pfc)
			fail("%s: pseudocode is for profiles, which libseccomp compiles",
			     subject->layer[i].name);
	for (unsigned int i = 0; i < subject->depth; i++) {
		const struct layer *layer = &subject->layer[i];

		printf("# %s, %u instructions\n", layer->name, layer->program->len);
		if (options->dump == DUMP_PFC)
			fputs(layer->pfc, stdout);
		else
			print_program(layer->program, &options->context);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "evaluate.h"
#include "solve.h"
#include "ways.h"

#define MAX_CONDITIONS	4096
#define MAX_BRANCHES	4000	/* that are followed */
#define FIRST_OPEN	(offsetof(struct seccomp_data, instruction_pointer) / sizeof(uint32_t))

/* What a register or a word of scratch memory holds. */
struct value {
	enum { KNOWN, WORD, CALCULATED } kind;
	uint32_t k;		/* if KNOWN; for WORD the bits of it */
	unsigned int word;
};

struct machine {
	struct value a, x, memory[BPF_MEMWORDS];
	unsigned int pc;
};

struct search {
	const struct program *const *stack;
	unsigned int depth;
	bool (*see)(const struct way *way, void *data);
	void *data;
	struct way way;		/* as far as it goes */
	struct condition condition[MAX_CONDITIONS];
	unsigned int nr_conditions;
	unsigned int nr_ways;
	unsigned int nr_branches;
	bool stopped;		/* by @see */
	bool too_many;
};

static void follow(struct search *s, unsigned int layer, struct machine *m);

/* The next filter, or the end. */
static void finish(struct search *s, unsigned int layer, uint32_t ret, bool known)
{
	const bool exact = s->way.exact;
	struct machine next = { 0 };

	s->way.ret[layer] = ret;
	s->way.exact &= known;
	if (layer + 1 < s->depth) {
		follow(s, layer + 1, &next);
	} else if (s->nr_ways++ == WAYS_MAX) {
		s->too_many = true;
		s->stopped = true;
	} else {
		s->stopped = !s->see(&s->way, s->data);
	}
	s->way.exact = exact;
}

static struct value load(struct search *s, const struct machine *m,
			 const struct sock_filter *insn)
{
	unsigned int word = insn->k / sizeof(uint32_t);

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return (struct value) { KNOWN, insn->k };
	case BPF_LEN:
		return (struct value) { KNOWN, sizeof(struct seccomp_data) };
	case BPF_MEM:
		return m->memory[insn->k];
	default:
		s->way.looked |= word >= FIRST_OPEN;
		return word < FIRST_OPEN ? (struct value) { KNOWN, s->way.words[word] } :
					   (struct value) { WORD, ~0U, word };
	}
}

static struct value calculate(const struct machine *m, const struct sock_filter *insn,
			      bool *stops)
{
	const struct value k = { KNOWN, insn->k }, operand = insn->code & BPF_X ? m->x : k;
	struct value a = m->a;

	if (BPF_OP(insn->code) == BPF_NEG ? a.kind == KNOWN :
	    a.kind == KNOWN && operand.kind == KNOWN) {
		a.k = evaluate_alu(insn->code, a.k, operand.k, stops);
		return a;
	}
	if (BPF_OP(insn->code) == BPF_AND && a.kind == WORD && operand.kind == KNOWN) {
		a.k &= operand.k;
		return a;
	}
	return (struct value) { CALCULATED };
}

static unsigned int target(const struct sock_filter *insn, const struct machine *m, bool holds)
{
	return m->pc + 1 + (holds ? insn->jt : insn->jf);
}

/* Go on where a comparison holds, or where it does not, if that can be. */
static void branch(struct search *s, unsigned int layer, const struct machine *m, bool holds)
{
	const struct sock_filter *insn = &s->stack[layer]->insn[m->pc];
	const unsigned int word = m->a.word, steps = s->way.steps[layer];
	const uint32_t before = s->way.words[word];
	const bool exact = s->way.exact, looked = s->way.looked;
	struct condition *c = &s->condition[s->nr_conditions];
	enum solution found = SOLVED;
	struct machine next = *m;

	if (s->nr_conditions == MAX_CONDITIONS || s->nr_branches++ == MAX_BRANCHES) {
		s->too_many = true;
		s->stopped = true;
		return;
	}
	*c = (struct condition) { word, BPF_OP(insn->code), m->a.k,
				  insn->code & BPF_X ? m->x.k : insn->k, holds };
	s->nr_conditions++;
	if (!condition_met(c, before))
		found = solve(s->condition, s->nr_conditions, word, &s->way.words[word]);
	if (found != NO_SOLUTION) {
		s->way.exact &= found == SOLVED;
		next.pc = target(insn, m, holds);
		follow(s, layer, &next);
	}
	s->nr_conditions--;
	s->way.words[word] = before;
	s->way.exact = exact;
	s->way.looked = looked;
	s->way.steps[layer] = steps;
}

/* Both ways, of which nobody knows whether they can be gone. */
static void branch_blindly(struct search *s, unsigned int layer, const struct machine *m)
{
	const struct sock_filter *insn = &s->stack[layer]->insn[m->pc];
	const unsigned int steps = s->way.steps[layer];
	const bool exact = s->way.exact, looked = s->way.looked;

	if (s->nr_branches++ == MAX_BRANCHES) {
		s->too_many = true;
		s->stopped = true;
	}
	for (int holds = 0; holds < 2 && !s->stopped; holds++) {
		struct machine next = *m;

		next.pc = target(insn, m, holds);
		s->way.exact = false;
		follow(s, layer, &next);
		s->way.steps[layer] = steps;
		s->way.looked = looked;
	}
	s->way.exact = exact;
}

/* Returns true if there is only one way to go on. */
static bool jump(struct search *s, unsigned int layer, struct machine *m)
{
	const struct sock_filter *insn = &s->stack[layer]->insn[m->pc];
	const struct value k = { KNOWN, insn->k }, operand = insn->code & BPF_X ? m->x : k;

	if (BPF_OP(insn->code) == BPF_JA) {
		m->pc += 1 + insn->k;
		return true;
	}
	if (insn->jt == insn->jf) {
		m->pc += 1 + insn->jt;
		return true;
	}
	if (m->a.kind == KNOWN && operand.kind == KNOWN) {
		m->pc = target(insn, m, evaluate_jump(insn->code, m->a.k, operand.k));
		return true;
	}
	if (m->a.kind == WORD && operand.kind == KNOWN) {
		branch(s, layer, m, true);
		if (!s->stopped)
			branch(s, layer, m, false);
	} else {
		branch_blindly(s, layer, m);
	}
	return false;
}

/* One instruction that neither jumps nor returns. Returns false if it ends the filter. */
static bool step(struct search *s, struct machine *m, const struct sock_filter *insn)
{
	bool stops = false;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		m->a = load(s, m, insn);
		break;
	case BPF_LDX:
		m->x = load(s, m, insn);
		break;
	case BPF_ST:
		m->memory[insn->k] = m->a;
		break;
	case BPF_STX:
		m->memory[insn->k] = m->x;
		break;
	case BPF_ALU:
		m->a = calculate(m, insn, &stops);
		break;
	default:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
	}
	m->pc++;
	return !stops;
}

static bool may_stop(const struct machine *m, const struct sock_filter *insn)
{
	return insn->code == (BPF_ALU | BPF_DIV | BPF_X) && m->x.kind != KNOWN;
}

static void follow(struct search *s, unsigned int layer, struct machine *m)
{
	if (!m->pc)
		s->way.steps[layer] = 0;
	while (!s->stopped) {
		const struct sock_filter *insn = &s->stack[layer]->insn[m->pc];

		s->way.steps[layer]++;
		if (BPF_CLASS(insn->code) == BPF_JMP) {
			if (!jump(s, layer, m))
				return;
			continue;
		}
		if (insn->code == (BPF_RET | BPF_K)) {
			finish(s, layer, insn->k, true);
			return;
		}
		if (insn->code == (BPF_RET | BPF_A)) {
			finish(s, layer, m->a.kind == KNOWN ? m->a.k : 0, m->a.kind == KNOWN);
			return;
		}
		if (may_stop(m, insn))
			finish(s, layer, 0, false);
		if (!step(s, m, insn)) {
			finish(s, layer, 0, true);
			return;
		}
	}
}

bool ways_follow(const struct program *const *stack, unsigned int depth, uint32_t arch,
		 uint32_t nr, bool (*see)(const struct way *way, void *data), void *data)
{
	struct search *s = calloc(1, sizeof(*s));
	struct machine start = { 0 };
	bool all;

	if (!s)
		return false;
	s->stack = stack;
	s->depth = depth;
	s->see = see;
	s->data = data;
	s->way.words[0] = nr;
	s->way.words[1] = arch;
	s->way.exact = true;
	follow(s, 0, &start);
	all = !s->too_many;
	free(s);
	return all;
}

bool ways_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(a & SECCOMP_RET_ACTION_FULL) < (int32_t)(b & SECCOMP_RET_ACTION_FULL);
}

uint32_t ways_result(const uint32_t *ret, unsigned int depth, unsigned int *place)
{
	uint32_t result = SECCOMP_RET_ALLOW;

	*place = 0;
	/* The newest first; of equal ones it wins */
	for (unsigned int i = depth; i--;) {
		if (!ways_stricter(ret[i], result))
			continue;
		result = ret[i];
		*place = i;
	}
	return result;
}

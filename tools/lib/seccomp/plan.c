// SPDX-License-Identifier: GPL-2.0-only
#include "classify.h"
#include "evaluate.h"
#include "limits.h"
#include "plan.h"

/* As the kernel counts it: a filter has 4 more; see MAX_INSNS_PER_PATH. */
#define FILTER_PENALTY	4
#define MAX_INSNS	((1 << 18) / sizeof(struct sock_filter))

struct plan {
	unsigned int depth;
	unsigned int insns;
	struct seccomp_filter filter[];
};

static void set_abi(struct seccomp_abi *to, const struct abi *abi, unsigned int kernel)
{
	to->arch = abi ? abi->arch : 0;
	to->size = abi ? abi_size(abi, kernel) : 1;
	to->size = to->size ?: 1;
	to->name = abi ? abi->name : "none";
}

static bool attach(struct plan *plan, const struct program *program)
{
	struct seccomp_filter *filter = &plan->filter[plan->depth];

	if (filter_prepare(filter, program->insn, program->len, false))
		return false;
	filter_freeze(filter, plan->depth ? filter - 1 : NULL);
	filter_look(filter);
	plan->depth++;
	plan->insns += program->len + FILTER_PENALTY;
	return true;
}

struct plan *plan_build(const struct program *const *stack, unsigned int depth,
			const struct abi *abi, unsigned int kernel)
{
	struct plan *plan = calloc(1, sizeof(*plan) + depth * sizeof(plan->filter[0]));

	static_assert(ABI_MAX == SECCOMP_ABI_ROWS, "rows of an ABI");
	set_abi(&seccomp_abis[0], abi, kernel);
	set_abi(&seccomp_abis[1], abi->compat < 0 ? NULL : &abis[abi->compat], kernel);
	for (unsigned int i = 0; plan && i < depth; i++) {
		if (!attach(plan, stack[i])) {
			plan_free(plan);
			plan = NULL;
		}
	}
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	while (plan->depth)
		filter_free(&plan->filter[--plan->depth]);
	free(plan);
}

static const struct seccomp_table *table_of(const struct plan *plan)
{
	return plan->filter[plan->depth - 1].bitmap.table;
}

static unsigned int class_of(const struct plan *plan, const struct abi *abi, uint32_t nr)
{
	int row = seccomp_row(abi->arch, nr);

	if (row < 0 || !table_of(plan))
		return SECCOMP_CLASS_FILTER;
	return seccomp_table_class_id(table_of(plan), row);
}

struct plan_call plan_look(const struct plan *plan, const struct abi *abi, uint32_t nr)
{
	unsigned int id = class_of(plan, abi, nr);
	const struct seccomp_class *class;
	struct plan_call call = { .kind = PLAN_CONSTANT, .ret = SECCOMP_RET_ALLOW };
	const struct seccomp_step *step;

	if (id == SECCOMP_CLASS_ALLOW)
		return call;
	if (id == SECCOMP_CLASS_FILTER)
		return (struct plan_call) { .kind = PLAN_RUNS, .programs = plan->depth };

	class = seccomp_table_class(table_of(plan), id);
	call.kind = class->nr_steps ? PLAN_ASKS : PLAN_CONSTANT;
	call.ret = class->ret;
	call.place = class->place;
	step = seccomp_table_steps(table_of(plan)) + class->first_step;
	for (unsigned int i = 0; i < class->nr_steps; i++) {
		call.programs += !!step[i].prog;
		call.rests += !step[i].prog;
	}
	return call;
}

/* As seccomp_rest_run(), counting. */
static void count_ops(struct plan_cost *cost, const struct seccomp_op *op,
		      const uint32_t *words)
{
	static const enum plan_op kinds[] = {
		[OP_JEQ] = PLAN_OP_EQUAL, [OP_JSET] = PLAN_OP_BITS, [OP_JGT] = PLAN_OP_ORDER,
		[OP_JGE] = PLAN_OP_ORDER, [OP_JIN] = PLAN_OP_BITS,
		[OP_JINT] = PLAN_OP_BITS, [OP_AND] = PLAN_OP_MASK, [OP_OR] = PLAN_OP_MASK,
		[OP_RET_K] = PLAN_OP_RETURN, [OP_RET_WORD] = PLAN_OP_RETURN,
	};
	const struct seccomp_op *ops = op;
	uint32_t word, a = 0;
	bool holds;

	for (;;) {
		cost->op[kinds[op->code]]++;
		word = op->word == WORD_A ? a : words[op->word];
		switch (op->code) {
		case OP_JEQ:
			holds = word == op->k;
			break;
		case OP_JSET:
			holds = word & op->k;
			break;
		case OP_JGT:
			holds = word > op->k;
			break;
		case OP_JGE:
			holds = word >= op->k;
			break;
		case OP_JIN:
			holds = word < BITS_PER_TYPE(op->k) && op->k >> word & 1;
			break;
		case OP_JINT:
			holds = !word || (word == U32_MAX &&
					  words[seccomp_other_half(op->word)] & BIT(31));
			break;
		case OP_AND:
		case OP_OR:
			a = op->code == OP_AND ? word & op->k : word | op->k;
			holds = true;
			break;
		default:
			return;
		}
		op = &ops[holds ? op->jt : op->jf];
	}
}

static void count_program(struct plan_cost *cost, const struct bpf_prog *prog,
			  const uint32_t *words)
{
	cost->programs++;
	cost->steps += evaluate(prog->orig_prog->filter, prog->orig_prog->len, words).steps;
}

struct plan_cost plan_measure(const struct plan *plan, const struct abi *abi,
			      const uint32_t *words)
{
	unsigned int id = class_of(plan, abi, words[0]);
	const struct seccomp_class *class;
	const struct seccomp_step *step;
	struct plan_cost cost = { };

	if (id == SECCOMP_CLASS_FILTER) {
		cost.all = true;
		for (unsigned int i = 0; i < plan->depth; i++)
			count_program(&cost, plan->filter[i].prog, words);
		return cost;
	}
	if (id == SECCOMP_CLASS_ALLOW)
		return cost;
	class = seccomp_table_class(table_of(plan), id);
	step = seccomp_table_steps(table_of(plan)) + class->first_step;
	for (unsigned int i = 0; i < class->nr_steps; i++) {
		if (step[i].prog) {
			count_program(&cost, step[i].prog, words);
			continue;
		}
		cost.rests++;
		count_ops(&cost, seccomp_step_ops(table_of(plan), &step[i]), words);
	}
	return cost;
}

struct plan_limits plan_limits(const struct plan *plan)
{
	const struct seccomp_table *table = table_of(plan);

	return (struct plan_limits) {
		.classes = table ? table->nr_classes + SECCOMP_NR_FIXED_CLASSES : 0,
		.max_classes = SECCOMP_MAX_CLASSES,
		.steps = table ? table->nr_steps : 0,
		.max_steps = SECCOMP_MAX_STEPS,
		.insns = plan->insns,
		.max_insns = MAX_INSNS,
	};
}

int plan_first_look(const struct plan *plan, unsigned int place, const struct abi *abi,
		    uint32_t nr)
{
	const struct seccomp_results *own = plan->filter[place].own;
	const struct sock_filter *insn = plan->filter[place].prog->orig_prog->filter;
	int row = seccomp_row(abi->arch, nr);
	struct seccomp_outcome outcome;

	if (row < 0 || !own)
		return -1;
	outcome = own->outcome[seccomp_results_row(own, row)];
	if (outcome.kind == SECCOMP_CONSTANT)
		return -1;
	insn += outcome.value;
	/* Otherwise it is not known, or it is a shift that engines disagree on */
	return insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	       insn->k >= offsetof(struct seccomp_data, instruction_pointer) ? outcome.value : -1;
}

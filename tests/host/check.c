// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bitmap.h"
#include "check.h"
#include "classify.h"
#include "oracle.h"

#define MAX_POOL	96
#define MAX_TRIALS	96
#define PLAN_TRIALS	8	/* of numbers that are not constant */
#define DATA_WORDS	(sizeof(struct seccomp_data) / 4)

/* Everything about the filters that one table stands for. */
struct subject {
	const struct program *const *stack;	/* the oldest one first */
	unsigned int depth;
	const struct seccomp_table *table;
	const struct seccomp_bitmap *bitmap;	/* of each filter */
	const u16 *first_look;	/* of a single filter, or NULL */
	bool complete;		/* the table has to have all it can */

	unsigned int nr_words;	/* of the arguments, that are ever loaded */
	unsigned int word[DATA_WORDS];
	unsigned int nr_pool;	/* values that are worth passing */
	uint32_t pool[MAX_POOL];
	unsigned int nr_trials;
	struct seccomp_data trial[MAX_TRIALS];
	struct rng rng;
	FILE *out;
};

/* What a stack of filters gives for a call. */
struct outcome {
	uint32_t ret;
	int match;		/* index in the stack, or -1 */
	bool depends;
	struct oracle_run hints;	/* of the newest filter */
};

static struct stats no_stats;
struct stats *stats = &no_stats;
unsigned int check_trials = 32;
bool check_counts_missed;

/* How plans run their programs. */
static enum wild_shift plan_wild;

u32 bpf_prog_run_pin_on_cpu(const struct bpf_prog *prog,
			    const struct seccomp_data *sd)
{
	struct oracle_run run;

	oracle_run(prog->orig_prog->filter, prog->orig_prog->len, sd, plan_wild,
		   &run);
	return run.ret;
}

/* Filters are only names to the tables. */
static char filter_names[MAX_STACK];

struct seccomp_filter *check_filter(int index)
{
	return index < 0 ? NULL : (struct seccomp_filter *)&filter_names[index];
}

/* --- Arguments to try --------------------------------------------------- */

static void pool_add(struct subject *s, uint32_t value)
{
	for (unsigned int i = 0; i < s->nr_pool; i++)
		if (s->pool[i] == value)
			return;
	if (s->nr_pool < MAX_POOL)
		s->pool[s->nr_pool++] = value;
	else
		s->pool[rng_below(&s->rng, MAX_POOL)] = value;
}

static void word_add(struct subject *s, unsigned int offset)
{
	for (unsigned int i = 0; i < s->nr_words; i++)
		if (s->word[i] == offset)
			return;
	s->word[s->nr_words++] = offset;
}

static void subject_scan(struct subject *s, const struct program *p)
{
	for (unsigned int pc = 0; pc < p->len; pc++) {
		const struct sock_filter *i = &p->insn[pc];

		if (i->code == (BPF_LD | BPF_W | BPF_ABS)) {
			if (i->k >= DATA(instruction_pointer))
				word_add(s, i->k);
		} else if (BPF_CLASS(i->code) != BPF_RET) {
			pool_add(s, i->k);
			pool_add(s, i->k + 1);
			pool_add(s, i->k - 1);
		}
	}
}

static void set_word(struct seccomp_data *sd, unsigned int offset, uint32_t to)
{
	memcpy((char *)sd + offset, &to, sizeof(to));
}

static uint32_t get_word(const struct seccomp_data *sd, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, (const char *)sd + offset, sizeof(value));
	return value;
}

static void make_trial(struct subject *s, struct seccomp_data *sd)
{
	uint32_t value;

	for (unsigned int i = 0; i < s->nr_words; i++) {
		value = rng_next(&s->rng);
		if (value % 8)
			value = s->pool[rng_below(&s->rng, s->nr_pool)];
		set_word(sd, s->word[i], value);
	}
}

static void subject_prepare(struct subject *s)
{
	static const uint32_t special[] = {
		0, 1, 2, 31, 32, 63, 0x7fffffff, 0x80000000, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(special); i++)
		pool_add(s, special[i]);
	for (i = 0; i < s->depth; i++)
		subject_scan(s, s->stack[i]);

	if (!s->nr_words) {
		s->nr_trials = NR_WILD;
		return;
	}
	s->nr_trials = check_trials < MAX_TRIALS ? check_trials : MAX_TRIALS;
	for (i = 0; i < s->nr_trials; i++)
		make_trial(s, &s->trial[i]);

	/* A single word can have every value of the pool in turn */
	for (i = 0; s->nr_words == 1 && i < s->nr_trials && i < s->nr_pool; i++)
		set_word(&s->trial[i], s->word[0], s->pool[i]);
}

/* Change an argument so that a branch of the last run may go the other way. */
static bool follow_hint(struct subject *s, struct seccomp_data *sd,
			const struct oracle_run *run)
{
	const struct oracle_branch *branch;
	uint32_t value;

	if (!run->nr_branches)
		return false;
	branch = &run->branch[rng_below(&s->rng, run->nr_branches)];
	value = get_word(sd, branch->word);
	switch (rng_below(&s->rng, 4)) {
	case 0:
		value += branch->operand - branch->a;
		break;
	case 1:
		value += branch->operand - branch->a + 1;
		break;
	case 2:
		value ^= branch->operand ^ branch->a;
		break;
	default:
		value = s->pool[rng_below(&s->rng, s->nr_pool)];
	}
	set_word(sd, branch->word, value);
	return true;
}

/* --- Judging ------------------------------------------------------------ */

static int32_t action(uint32_t ret)
{
	return ret & SECCOMP_RET_ACTION_FULL;
}

/*
 * All filters are run, the newest one first; a lower action wins. An allowed
 * call is just that, without data and without a filter.
 */
static void run_stack(const struct subject *s, const struct seccomp_data *sd,
		      enum wild_shift wild, struct outcome *outcome)
{
	struct oracle_run older, *run = &outcome->hints;

	outcome->ret = SECCOMP_RET_ALLOW;
	outcome->match = -1;
	outcome->depends = false;

	for (int i = s->depth - 1; i >= 0; i--) {
		oracle_run(s->stack[i]->insn, s->stack[i]->len, sd, wild, run);
		outcome->depends |= run->depends;
		if (action(run->ret) < action(outcome->ret)) {
			outcome->ret = run->ret;
			outcome->match = i;
		}
		run = &older;
		stats->runs++;
	}
}

static bool complain(const struct subject *s, const struct seccomp_data *sd,
		     const struct seccomp_plan *plan,
		     const struct outcome *outcome)
{
	struct seccomp_filter *match = NULL;

	if (!s->out)
		return false;

	fprintf(s->out, "# arch %#x nr %d: ", sd->arch, sd->nr);
	if (seccomp_plan_constant(plan))
		fprintf(s->out, "said to be always %#x", plan->ret);
	else if (plan)
		fprintf(s->out, "planned to be %#x",
			seccomp_plan_run(plan, sd, &match));
	else
		fprintf(s->out, "said not to be constant");
	fprintf(s->out, ", but is %s%#x of filter %d", plan ? "" : "always ",
		outcome->ret, outcome->match);
	for (unsigned int i = 0; i < s->nr_words; i++)
		fprintf(s->out, "%s[%u]=%#x", i ? " " : " with ", s->word[i],
			get_word(sd, s->word[i]));
	fprintf(s->out, "\n");
	for (unsigned int i = 0; i < s->depth; i++) {
		fprintf(s->out, "# filter %u:\n", i);
		program_print(s->out, s->stack[i]);
	}
	return false;
}

static bool complain_look(const struct subject *s, const struct seccomp_data *sd,
			  unsigned int said, unsigned int is)
{
	if (!s->out)
		return false;

	fprintf(s->out, "# arch %#x nr %d: said to look first at %u, but does at %u\n",
		sd->arch, sd->nr, said, is);
	program_print(s->out, s->stack[0]);
	return false;
}

static bool agrees(const struct seccomp_plan *plan,
		   const struct seccomp_data *sd, enum wild_shift wild,
		   const struct outcome *outcome)
{
	struct seccomp_filter *match = NULL;

	plan_wild = wild;
	return seccomp_plan_run(plan, sd, &match) == outcome->ret &&
	       match == check_filter(outcome->match);
}

/* Try arguments on a number that has a plan. */
static bool check_plan(struct subject *s, const struct seccomp_data *call,
		       const struct seccomp_plan *plan, unsigned int trials)
{
	struct seccomp_data sd = *call;
	struct outcome outcome;

	for (unsigned int i = 0; i < trials; i++) {
		memcpy(&s->trial[i], call, DATA(instruction_pointer));
		run_stack(s, &s->trial[i], i % NR_WILD, &outcome);
		if (!agrees(plan, &s->trial[i], i % NR_WILD, &outcome))
			return complain(s, &s->trial[i], plan, &outcome);
		if (i % 4)
			continue;

		sd = s->trial[i];
		for (int hops = 0; hops < 4; hops++) {
			if (!follow_hint(s, &sd, &outcome.hints))
				break;
			run_stack(s, &sd, i % NR_WILD, &outcome);
			if (!agrees(plan, &sd, i % NR_WILD, &outcome))
				return complain(s, &sd, plan, &outcome);
		}
	}
	return true;
}

/* Only filters that depend on arguments may be run. */
static bool plan_is_short(const struct subject *s, const struct seccomp_data *sd,
			  const struct seccomp_plan *plan)
{
	const struct seccomp_plan *own;
	int depend = 0;

	for (unsigned int i = 0; i < s->depth; i++) {
		own = seccomp_table_lookup(s->bitmap[i].own, sd->arch, sd->nr);
		depend += !seccomp_plan_constant(own);
	}
	for (; plan; plan = plan->older)
		depend -= !!plan->prog;
	return depend >= 0;
}

/* Does a number that is not said to be constant look as if it were? */
static bool seems_constant(struct subject *s, const struct seccomp_data *call,
			   const struct outcome *first)
{
	struct outcome outcome;

	for (unsigned int i = 0; i < s->nr_trials; i++) {
		memcpy(&s->trial[i], call, DATA(instruction_pointer));
		run_stack(s, &s->trial[i], i % NR_WILD, &outcome);
		if (outcome.ret != first->ret || outcome.match != first->match)
			return false;
	}
	return true;
}

static bool check_number(struct subject *s, uint32_t arch, unsigned int nr)
{
	const struct seccomp_plan *plan = seccomp_table_lookup(s->table, arch, nr);
	bool known = seccomp_plan_constant(plan);
	struct seccomp_data sd = { .nr = nr, .arch = arch };
	struct outcome outcome;

	run_stack(s, &sd, WILD_MASKED, &outcome);
	stats->decisions++;
	stats->constant += known;
	if (plan && !agrees(plan, &sd, WILD_MASKED, &outcome))
		return complain(s, &sd, plan, &outcome);

	if (!known && s->first_look) {
		unsigned int look = s->first_look[seccomp_row(arch, nr)];

		if (look != outcome.hints.first_look)
			return complain_look(s, &sd, look,
					     outcome.hints.first_look);
	}

	/* No argument mattered: that is how it always goes */
	if (!outcome.depends)
		return known || !s->complete ||
		       complain(s, &sd, NULL, &outcome);

	if (s->complete && (!plan || !plan_is_short(s, &sd, plan)))
		return complain(s, &sd, NULL, &outcome);

	stats->despite += known;
	if (plan && !check_plan(s, &sd, plan, known ? s->nr_trials :
				min_t(unsigned int, s->nr_trials, PLAN_TRIALS)))
		return false;
	if (!known && check_counts_missed)
		stats->missed += seems_constant(s, &sd, &outcome);
	return true;
}

static bool check_outside(struct subject *s, const struct seccomp_abi *abi)
{
	static const int outside[] = { -1, INT_MIN, 0x40000000, 0x40000001 };
	struct seccomp_data sd = { .arch = abi->arch, .nr = abi->size };
	const struct seccomp_plan *known =
		seccomp_table_lookup(s->table, sd.arch, sd.nr);

	for (unsigned int i = 0; !known && i < ARRAY_SIZE(outside); i++) {
		sd.nr = outside[i];
		known = seccomp_table_lookup(s->table, sd.arch, sd.nr);
	}
	if (!known)
		known = seccomp_table_lookup(s->table, ~abi->arch, 0);
	return !known || complain(s, &sd, known, &(struct outcome){ 0 });
}

static bool check_subject(struct subject *s)
{
	/* Where a table has no room for more results it is not complete */
	if (s->table && s->table->nr_classes == SECCOMP_MAX_CLASSES)
		s->complete = false;

	subject_prepare(s);
	for (unsigned int i = 0; i < SECCOMP_NR_ABIS; i++) {
		if (!check_outside(s, &seccomp_abis[i]))
			return false;
		for (unsigned int nr = 0; nr < seccomp_abis[i].size; nr++)
			if (!check_number(s, seccomp_abis[i].arch, nr))
				return false;
	}
	return true;
}

bool check_table(const struct program *p, const struct seccomp_table *table,
		 uint64_t seed, FILE *out)
{
	struct subject s = {
		.stack = &p, .depth = 1, .table = table,
		.rng.state = seed, .out = out,
	};

	return check_subject(&s);
}

bool check_stack(const struct program *const *stack, unsigned int depth,
		 uint64_t seed, FILE *out)
{
	static u16 first_look[SECCOMP_TABLE_ROWS];
	struct seccomp_bitmap bitmap[MAX_STACK];
	struct kernel_program kp[MAX_STACK];
	struct subject s = {
		.stack = stack, .depth = depth, .bitmap = bitmap, .complete = true,
		.first_look = depth == 1 ? first_look : NULL,
		.rng.state = seed, .out = out,
	};
	struct seccomp_table *own;
	unsigned int i;
	bool ok;

	for (i = 0; i < depth; i++) {
		kernel_program_init(&kp[i], stack[i]->insn, stack[i]->len);
		if (classify_program(&kp[i], check_filter(i), &bitmap[i],
				     first_look)) {
			if (out)
				fprintf(out, "# classification failed\n");
			return false;
		}
		own = bitmap[i].own;
		if (own && own->nr_classes == SECCOMP_MAX_CLASSES)
			s.complete = false;
		bitmap[i].all = i ? seccomp_table_merge(own, bitmap[i - 1].all) :
				    seccomp_table_get(own);
	}

	stats->programs++;
	s.table = bitmap[depth - 1].all;
	ok = check_subject(&s);
	while (i-- > 0)
		classify_free(&bitmap[i]);
	return ok;
}

bool check_program(const struct program *p, uint64_t seed, FILE *out)
{
	return check_stack(&p, 1, seed, out);
}

void check_shrink(struct program *p, uint64_t seed)
{
	struct program smaller;
	time_t end = time(NULL) + 5;	/* it need not be perfect */
	unsigned int at;
	bool again = true;

	while (again) {
		again = false;
		for (at = p->len; at-- > 0 && time(NULL) < end;) {
			smaller = *p;
			program_remove(&smaller, at);
			if (!program_valid(&smaller) ||
			    check_program(&smaller, seed, NULL))
				continue;
			*p = smaller;
			again = true;
		}
	}
}

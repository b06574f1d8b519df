// SPDX-License-Identifier: GPL-2.0-only
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "check.h"
#include "classify.h"
#include "limits.h"
#include "oracle.h"

#define MAX_POOL	96
#define MAX_TRIALS	96
#define DATA_WORDS	(sizeof(struct seccomp_data) / 4)
#define ALL_FILTERS	(~0ULL)

/* Everything about the stack of filters that one table stands for. */
struct subject {
	const struct program *const *stack;	/* the oldest one first */
	unsigned int depth;
	struct seccomp_filter filter[MAX_STACK];
	const struct seccomp_table *table;	/* of the newest */
	const struct seccomp_results *own;	/* of a single filter, or NULL */
	const struct seccomp_rest *rest;	/* from each of its instructions on */
	bool complete;		/* the table has to have all it can */
	bool full;		/* ... but for want of room */
	bool hopeless;		/* there is nothing to make a table of */
	unsigned int ops;	/* operations that a class can have */
	uint64_t unknown;	/* filters of which it need not know constants */

	bool engines_differ;	/* does it matter who runs a filter? */
	unsigned int hinting;	/* filter whose branches are followed */
	unsigned int nr_words;	/* of the arguments, that are ever loaded */
	unsigned int word[DATA_WORDS];
	unsigned int nr_pool;	/* values that are worth passing */
	uint32_t pool[MAX_POOL];
	unsigned int nr_trials;
	struct seccomp_data trial[MAX_TRIALS];
	struct rng rng;
	FILE *out;
};

/* What running a stack of filters gives for a call. */
struct outcome {
	uint32_t ret;
	unsigned int place;
	bool log;
	uint64_t depend;	/* filters whose result depends on arguments */
	struct oracle_run hints;	/* of one filter */
};

static struct stats no_stats;
struct stats *stats = &no_stats;
unsigned int check_trials = 32, check_plain_trials = 8, check_losses;
bool check_counts_missed;

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

		s->engines_differ |= i->code == (BPF_ALU | BPF_LSH | BPF_X) ||
				     i->code == (BPF_ALU | BPF_RSH | BPF_X);
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
		s->nr_trials = s->engines_differ ? 2 * NR_WILD : 1;
		return;
	}
	s->nr_trials = check_trials < MAX_TRIALS ? check_trials : MAX_TRIALS;
	for (i = 0; i < s->nr_trials; i++)
		make_trial(s, &s->trial[i]);

	/* A single word can have every value of the pool in turn */
	for (i = 0; s->nr_words == 1 && i < s->nr_trials && i < s->nr_pool; i++)
		set_word(&s->trial[i], s->word[0], s->pool[i]);
}

/* Each filter is run by an engine of its own, another one from time to time. */
static void choose_engines(struct subject *s)
{
	for (unsigned int i = 0; s->engines_differ && i < s->depth; i++)
		s->filter[i].prog->engine = rng_below(&s->rng, NR_WILD);
	s->hinting = s->depth > 1 ? rng_below(&s->rng, s->depth) : 0;
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

/* uretprobe, which the kernel itself makes tasks call. */
static bool never_filtered(const struct seccomp_data *sd)
{
	return sd->arch == seccomp_abis[0].arch && sd->nr == 335;
}

/*
 * All filters are run, the newest one first; a lower action wins. An allowed
 * call is just that, without data and without a filter.
 */
static void run_stack(const struct subject *s, const struct seccomp_data *sd,
		      struct outcome *outcome)
{
	struct oracle_run other, *run;

	outcome->ret = SECCOMP_RET_ALLOW;
	outcome->depend = 0;
	outcome->hints.looked = false;
	outcome->hints.nr_branches = 0;
	if (never_filtered(sd))
		return;

	for (unsigned int i = s->depth; i-- > 0;) {
		run = i == s->hinting ? &outcome->hints : &other;
		oracle_run(s->stack[i]->insn, s->stack[i]->len, sd,
			   s->filter[i].prog->engine, run);
		outcome->depend |= (uint64_t)run->depends << i;
		if (action(run->ret) < action(outcome->ret)) {
			outcome->ret = run->ret;
			outcome->place = i;
			outcome->log = s->filter[i].log;
		}
		stats->runs++;
	}
}

static void complain_call(const struct subject *s, const struct seccomp_data *sd)
{
	const char *separator = " with ";

	fprintf(s->out, "# arch %#x nr %d", sd->arch, sd->nr);
	for (unsigned int i = 0; i < s->nr_words; i++) {
		fprintf(s->out, "%s[%u]=%#x", separator, s->word[i],
			get_word(sd, s->word[i]));
		separator = " ";
	}
}

static bool complain_filters(const struct subject *s)
{
	static const char * const engines[] = { "masked", "zero", "junk" };

	for (unsigned int i = 0; i < s->depth; i++) {
		fprintf(s->out, "# filter %u, log %d, shifts %s:\n", i,
			s->filter[i].log, engines[s->filter[i].prog->engine]);
		program_print(s->out, s->stack[i]);
	}
	return false;
}

static bool complain(const struct subject *s, const struct seccomp_data *sd,
		     const char *what)
{
	if (!s->out)
		return false;

	complain_call(s, sd);
	fprintf(s->out, ": %s\n", what);
	return complain_filters(s);
}

static bool complain_verdict(const struct subject *s,
			     const struct seccomp_data *sd,
			     const struct seccomp_verdict *verdict,
			     const struct outcome *outcome)
{
	if (!s->out)
		return false;

	complain_call(s, sd);
	fprintf(s->out, ": said to be %#x of filter %u, log %d, ",
		verdict->ret, verdict->place, verdict->log);
	fprintf(s->out, "but is %#x of filter %u, log %d\n",
		outcome->ret, outcome->place, outcome->log);
	return complain_filters(s);
}

static bool agrees(const struct seccomp_verdict *verdict,
		   const struct outcome *outcome)
{
	if (verdict->ret != outcome->ret)
		return false;
	return outcome->ret == SECCOMP_RET_ALLOW ||
	       (verdict->place == outcome->place && verdict->log == outcome->log);
}

/* Is what the table says of a call what running the filters gives? */
static bool check_verdict(struct subject *s, const struct seccomp_data *sd,
			  struct outcome *outcome)
{
	/* What nobody sets shows as a filter that is not there */
	struct seccomp_verdict verdict = { .ret = 1, .place = U16_MAX };

	choose_engines(s);
	run_stack(s, sd, outcome);
	return !seccomp_table_decide(s->table, sd, &verdict) ||
	       agrees(&verdict, outcome) ||
	       complain_verdict(s, sd, &verdict, outcome);
}

/* Try arguments on a number that the table decides. */
static bool check_arguments(struct subject *s, const struct seccomp_data *call,
			    unsigned int trials)
{
	struct outcome outcome;
	struct seccomp_data sd;

	for (unsigned int i = 0; i < trials; i++) {
		memcpy(&s->trial[i], call, DATA(instruction_pointer));
		if (!check_verdict(s, &s->trial[i], &outcome))
			return false;
		if (i % 4)
			continue;

		sd = s->trial[i];
		for (int hops = 0; hops < 4; hops++) {
			if (!follow_hint(s, &sd, &outcome.hints))
				break;
			if (!check_verdict(s, &sd, &outcome))
				return false;
		}
	}
	return true;
}

/* Does a number that is not said to be constant look as if it were? */
static bool seems_constant(struct subject *s, const struct seccomp_data *call)
{
	struct outcome first, outcome;

	run_stack(s, call, &first);
	for (unsigned int i = 0; i < s->nr_trials; i++) {
		memcpy(&s->trial[i], call, DATA(instruction_pointer));
		choose_engines(s);
		run_stack(s, &s->trial[i], &outcome);
		if (outcome.ret != first.ret ||
		    (action(outcome.ret) != SECCOMP_RET_ALLOW &&
		     outcome.place != first.place))
			return false;
	}
	return true;
}

/* --- What a table has to have ------------------------------------------- */

static const struct seccomp_class *class_of(const struct seccomp_table *table,
					    unsigned int id)
{
	return id < SECCOMP_NR_FIXED_CLASSES ? NULL : seccomp_table_class(table, id);
}

/* Steps of a class, 0 if it is constant; -1 if all filters are run. */
static int nr_steps(const struct seccomp_table *table, int row)
{
	const struct seccomp_class *class;
	unsigned int id;

	if (row < 0)
		return -1;
	id = seccomp_table_class_id(table, row);
	if (id == SECCOMP_CLASS_FILTER)
		return -1;
	class = class_of(table, id);
	return class ? class->nr_steps : 0;
}

/* Filters that a row still asks. */
static uint64_t asked(const struct seccomp_table *table, int row)
{
	int steps = nr_steps(table, row);
	const struct seccomp_class *class;
	uint64_t filters = 0;

	if (steps < 0)
		return ALL_FILTERS;
	class = class_of(table, seccomp_table_class_id(table, row));
	for (int i = 0; i < steps; i++)
		filters |= 1ULL << seccomp_table_steps(table)[class->first_step + i].place;
	return filters;
}

static unsigned int nr_rests(const struct seccomp_table *table, int row)
{
	int steps = nr_steps(table, row);
	const struct seccomp_class *class;
	unsigned int rests = 0;

	if (steps <= 0)
		return 0;
	class = class_of(table, seccomp_table_class_id(table, row));
	for (int i = 0; i < steps; i++)
		rests += !seccomp_table_steps(table)[class->first_step + i].prog;
	return rests;
}

/* Operations that a table has room for; exact with AddressSanitizer. */
static unsigned int nr_ops(const struct seccomp_table *table)
{
	if (!table->nr_steps)
		return 0;
	return (malloc_usable_size((void *)table) - table->ops) /
	       sizeof(struct seccomp_op);
}

/* Is there a valid operation for what speculation may read? */
static bool speculation_is_sane(const struct seccomp_table *table)
{
	const struct seccomp_op *op = seccomp_table_ops(table);

	if (table->nr_steps)
		return nr_ops(table);
	return table->ops + sizeof(*op) <= sizeof(*table) && op->code == OP_JEQ && !op->word;
}

/* May a row run all filters since there is no room for one more class? */
static bool table_is_full(const struct seccomp_table *table, unsigned int ops)
{
	unsigned int classes = table->nr_classes + SECCOMP_NR_FIXED_CLASSES;
	unsigned int steps = table->nr_steps + table->nr_filters;
	size_t size = sizeof(*table) + SECCOMP_TABLE_ROWS +
		      seccomp_keys_size(table->nr_filters) + sizeof(u64) +
		      (classes + 1) * sizeof(struct seccomp_class) +
		      steps * sizeof(struct seccomp_step) +
		      (nr_ops(table) + ops) * sizeof(struct seccomp_op);

	return classes == SECCOMP_MAX_CLASSES || steps > SECCOMP_MAX_STEPS ||
	       nr_ops(table) + ops > SECCOMP_MAX_OPS_ALL ||
	       size > SECCOMP_MAX_TABLE;
}

/* Only filters whose result depends on arguments may be asked. */
static bool check_complete(struct subject *s, const struct seccomp_data *sd,
			   const struct outcome *outcome)
{
	int row = seccomp_row(sd->arch, sd->nr);

	if (!s->complete || s->hopeless)
		return true;
	if (nr_steps(s->table, row) < 0)
		return s->full || complain(s, sd, "not decided");
	if (asked(s->table, row) & ~(outcome->depend | s->unknown))
		return complain(s, sd, "asks filters for which it is constant");
	return true;
}

/* What is said of the first load of an argument. */
static bool check_look(struct subject *s, const struct seccomp_data *sd,
		       const struct outcome *outcome)
{
	int row = seccomp_row(sd->arch, sd->nr);
	const struct seccomp_outcome *own;

	if (!s->own || !s->complete || never_filtered(sd) ||
	    s->own->nr_outcomes == SECCOMP_MAX_CLASSES)
		return true;
	own = &s->own->outcome[seccomp_results_row(s->own, row)];
	if (own->kind == SECCOMP_CONSTANT || s->unknown)
		return true;
	if (!outcome->hints.looked || own->value != outcome->hints.first_look)
		return complain(s, sd, "first looks elsewhere");
	return own->kind != SECCOMP_REST ||
	       seccomp_rest_pays(&s->rest[own->value], outcome->hints.steps) ||
	       complain(s, sd, "has a rest that does not pay");
}

static const struct seccomp_op *ops_of(const struct subject *s,
				       const struct seccomp_step *step)
{
	return seccomp_table_ops(s->table) + step->first_op;
}

/* Do operations stay where they belong, also when a jump is mispredicted? */
static bool ops_are_sane(const struct subject *s, const struct seccomp_step *step)
{
	const struct seccomp_op *op = ops_of(s, step), *end = op + step->nr_ops;

	if (!step->nr_ops || step->mask & (step->mask + 1) ||
	    step->mask < step->nr_ops - 1 ||
	    step->first_op + step->mask >= nr_ops(s->table))
		return false;
	for (; op < end; op++)
		if (op->jt >= step->nr_ops || op->jf >= step->nr_ops ||
		    op->word > DATA_WORDS)
			return false;
	return true;
}

/* Does a step say what it stands for: its filter's program, or a rest? */
static bool step_is_sane(const struct subject *s, const struct seccomp_step *step)
{
	const struct seccomp_filter *filter = &s->filter[step->place];

	if (step->place >= s->depth || step->log != filter->log)
		return false;
	return step->prog ? step->prog == filter->prog : ops_are_sane(s, step);
}

static bool same_rest(const struct subject *s, const struct seccomp_step *a,
		      const struct seccomp_step *b)
{
	return !a->prog && !b->prog && a->nr_ops == b->nr_ops &&
	       !memcmp(ops_of(s, a), ops_of(s, b), a->nr_ops * sizeof(struct seccomp_op));
}

/* Does a step read what a class has to say that it reads? */
static bool reads_all(const struct subject *s, const struct seccomp_step *step)
{
	if (step->prog)
		return true;
	for (unsigned int i = 0; i < step->nr_ops; i++)
		if (ops_of(s, step)[i].word < DATA(args) / sizeof(uint32_t))
			return true;
	return false;
}

/* Steps come in their order, and none that another one makes needless. */
static bool class_is_sane(const struct subject *s, const struct seccomp_class *class)
{
	const struct seccomp_step *step = seccomp_table_steps(s->table) +
					  class->first_step;

	bool one = class->nr_steps == 1 && class->ret == SECCOMP_RET_ALLOW;

	if (class->first_step + class->nr_steps > s->table->nr_steps ||
	    class->place >= s->depth)
		return false;
	/* What entry code takes a short cut for */
	if (class->one_rest && (!one || step->prog))
		return false;
	for (int i = 0; i < class->nr_steps; i++) {
		if (!step_is_sane(s, &step[i]) ||
		    (reads_all(s, &step[i]) && !class->reads_all) ||
		    (i && step[i].place >= step[i - 1].place))
			return false;
		for (int j = 0; j < i; j++)
			if (same_rest(s, &step[i], &step[j]))
				return false;
	}
	return true;
}

static bool check_classes(const struct subject *s)
{
	const struct seccomp_table *table = s->table;

	if (table == &seccomp_unknown_table)
		return true;
	if (!speculation_is_sane(table)) {
		if (s->out)
			fprintf(s->out, "# nothing there for speculation to read\n");
		return s->out && complain_filters(s);
	}
	if (table->ops + nr_ops(table) * sizeof(struct seccomp_op) > SECCOMP_MAX_TABLE) {
		if (s->out)
			fprintf(s->out, "# the table is too long\n");
		return s->out && complain_filters(s);
	}
	for (unsigned int i = 0; i < table->nr_classes; i++) {
		if (table->nr_filters == s->depth &&
		    class_is_sane(s, class_of(table, SECCOMP_NR_FIXED_CLASSES + i)))
			continue;
		if (s->out)
			fprintf(s->out, "# class %u is out of order\n", i);
		return s->out && complain_filters(s);
	}
	return true;
}

/* --- All numbers -------------------------------------------------------- */

static bool check_number(struct subject *s, uint32_t arch, unsigned int nr)
{
	struct seccomp_data sd = { .nr = nr, .arch = arch };
	int steps = nr_steps(s->table, seccomp_row(arch, nr));
	struct outcome outcome;
	unsigned int trials;

	stats->decisions++;
	stats->constant += !steps;
	stats->rests += nr_rests(s->table, seccomp_row(arch, nr));
	if (!check_verdict(s, &sd, &outcome) ||
	    !check_complete(s, &sd, &outcome) || !check_look(s, &sd, &outcome))
		return false;

	/* No argument mattered: that is how it always goes */
	if (!outcome.depend)
		return true;

	stats->despite += !steps;
	trials = steps ? min(check_plain_trials, s->nr_trials) : s->nr_trials;
	if (steps >= 0 && !check_arguments(s, &sd, trials))
		return false;
	if (steps && check_counts_missed)
		stats->missed += seems_constant(s, &sd);
	return true;
}

/* Numbers outside the table run the filters, on either side of it. */
static bool check_outside(struct subject *s, const struct seccomp_abi *abi)
{
	const int end = seccomp_abi_end(abi);
	const struct seccomp_data outside[] = {
		{ end, abi->arch }, { -1, abi->arch }, { INT_MIN, abi->arch },
		{ 0x40000000, abi->arch }, { 0x40000001, abi->arch },
		{ abi->first, ~abi->arch },
		/* Below the first number: also what its row would be */
		{ abi->first - 1, abi->arch }, { abi->first ? 0 : end, abi->arch },
		{ abi->first > abi->size ? abi->size - 1 : end, abi->arch },
	};
	struct seccomp_verdict verdict;

	for (unsigned int i = 0; i < ARRAY_SIZE(outside); i++)
		if (seccomp_table_decide(s->table, &outside[i], &verdict))
			return complain(s, &outside[i], "outside the table");
	return true;
}

static bool has_twice(const struct seccomp_results *own, unsigned int id)
{
	const struct seccomp_outcome *other, *outcome = &own->outcome[id];

	for (other = &own->outcome[SECCOMP_NR_FIXED_OUTCOMES]; other < outcome; other++)
		if (other->kind == outcome->kind && other->value == outcome->value)
			return true;
	return false;
}

/* Is no outcome there twice, and at most one class for each that is not ALLOW? */
static bool check_outcomes(const struct subject *s)
{
	const struct seccomp_results *own = s->own;
	bool ok = !own || s->table->nr_classes < own->nr_outcomes;

	for (unsigned int id = 0; own && id < own->nr_outcomes; id++)
		ok &= !has_twice(own, id);
	if (!ok && s->out) {
		fprintf(s->out, "# outcomes or classes are there twice\n");
		complain_filters(s);
	}
	return ok;
}

static bool check_subject(struct subject *s)
{
	static struct seccomp_rest rest[BPF_MAXINSNS + 1];

	subject_prepare(s);
	if (!check_classes(s) || !check_outcomes(s))
		return false;
	seccomp_rest_scan(s->stack[0]->insn, 0, s->stack[0]->len, rest);
	s->rest = rest;
	for (unsigned int i = 0; i < SECCOMP_NR_ABIS; i++) {
		if (!check_outside(s, &seccomp_abis[i]))
			return false;
		for (unsigned int nr = seccomp_abis[i].first;
		     nr < seccomp_abi_end(&seccomp_abis[i]); nr++)
			if (!check_number(s, seccomp_abis[i].arch, nr))
				return false;
	}
	return true;
}

/* --- Attaching ---------------------------------------------------------- */

static bool loses(struct subject *s)
{
	return check_losses && rng_below(&s->rng, 100) < check_losses;
}

/* Do results differ between numbers, whatever the arguments are? */
static bool results_differ(const struct program *p)
{
	const struct seccomp_abi *abi;
	struct oracle_run first, run;
	struct seccomp_data sd = { 0 };

	for (abi = seccomp_abis; abi < &seccomp_abis[SECCOMP_NR_ABIS]; abi++) {
		sd.arch = abi->arch;
		sd.nr = abi->first;
		oracle_run(p->insn, p->len, &sd, WILD_MASKED, &first);
		while (++sd.nr < seccomp_abi_end(abi)) {
			oracle_run(p->insn, p->len, &sd, WILD_MASKED, &run);
			if (!run.depends && run.ret != first.ret)
				return true;
		}
	}
	return false;
}

/*
 * Must everything be found out about a filter? Not if it has more results than
 * there is room for, nor if it is a rest as a whole where numbers differ: whether
 * that is better than to know them is up to the classifier.
 */
static bool is_known(const struct seccomp_results *own, const struct program *p)
{
	if (!own || own->nr_outcomes == SECCOMP_MAX_CLASSES)
		return false;
	for (unsigned int i = 0; i < own->nr_outcomes; i++)
		if (own->outcome[i].kind == SECCOMP_REST && !own->outcome[i].value &&
		    results_differ(p))
			return false;
	return true;
}

/* What is lost of a filter is as if it never had been there: no memory. */
static void lose_own(struct subject *s, struct seccomp_filter *filter)
{
	if (!loses(s))
		return;
	filter_lose_own(filter);
}

static void lose_table(struct subject *s, struct seccomp_filter *filter)
{
	if (loses(s))
		seccomp_bitmap_forget(&filter->bitmap);
}

/* Room for the longest rest of a filter. */
static unsigned int max_ops(const struct seccomp_results *own, const struct program *p)
{
	struct seccomp_op ops[SECCOMP_MAX_OPS];
	unsigned int most = 0, nr;

	for (unsigned int i = 0; own && i < own->nr_outcomes; i++) {
		if (own->outcome[i].kind != SECCOMP_REST)
			continue;
		nr = seccomp_rest_decode(p->insn, own->outcome[i].value, ops);
		most = max(most, nr ? roundup_pow_of_two(nr) : 0);
	}
	return most;
}

/* Put the filter at @place on top of those that are attached. */
static int attach(struct subject *s, unsigned int place)
{
	struct seccomp_filter *filter = &s->filter[place];
	struct seccomp_filter *older = place ? filter - 1 : NULL;
	int err = filter_prepare(filter, s->stack[place]->insn, s->stack[place]->len,
				 rng_below(&s->rng, 2));

	if (err)
		return err;

	filter_look(filter);
	lose_own(s, filter);
	if (older)
		lose_table(s, older);
	if (older && !seccomp_bitmap_known(&older->bitmap))
		s->unknown |= (1ULL << place) - 1;
	if (!is_known(filter->own, s->stack[place]))
		s->unknown |= 1ULL << place;
	s->ops += max_ops(filter->own, s->stack[place]);
	s->hopeless = !filter->own &&
		      !(older && seccomp_bitmap_known(&older->bitmap));
	filter_freeze(filter, older);
	s->full |= table_is_full(filter->bitmap.table, s->ops);
	if (older)
		filter_supersede(older);
	return 0;
}

/* Attach all filters; @s->depth becomes how many are there to free. */
static bool check_attached(struct subject *s)
{
	unsigned int place;

	for (place = 0; place < s->depth; place++) {
		if (attach(s, place)) {
			if (s->out)
				fprintf(s->out, "# classification failed\n");
			s->depth = place + 1;
			return false;
		}
	}
	/* Memory is needed for what comes next */
	shim_fail_more = 0;
	s->table = s->filter[s->depth - 1].bitmap.table;
	s->own = s->depth == 1 ? s->filter[0].own : NULL;
	return check_subject(s);
}

static bool check(const struct program *const *stack, unsigned int depth,
		  bool complete, uint64_t seed, FILE *out)
{
	struct subject s = {
		.stack = stack, .depth = depth, .complete = complete,
		.rng.state = seed, .out = out,
	};
	bool ok;

	stats->programs++;
	ok = check_attached(&s);
	while (s.depth-- > 0)
		filter_free(&s.filter[s.depth]);
	return ok;
}

bool check_stack(const struct program *const *stack, unsigned int depth,
		 uint64_t seed, FILE *out)
{
	return check(stack, depth, true, seed, out);
}

bool check_failing(const struct program *const *stack, unsigned int depth,
		   uint64_t seed, FILE *out)
{
	return check(stack, depth, false, seed, out);
}

bool check_program(const struct program *p, uint64_t seed, FILE *out)
{
	return check_stack(&p, 1, seed, out);
}

static void remove_some(struct program *p, unsigned int at, unsigned int n)
{
	while (n-- > 0)
		program_remove(p, at);
}

/* Remove what can be from one of the programs. Returns whether anything was. */
static bool shrink(struct program *const *stack, unsigned int depth,
		   struct program *p, unsigned int n, uint64_t seed, time_t end)
{
	static struct program was;
	bool smaller = false;

	for (int at = p->len - n; at >= 0 && time(NULL) < end; at -= n) {
		was = *p;
		remove_some(p, at, n);
		if (program_valid(p) &&
		    !check_stack((const struct program **)stack, depth, seed, NULL))
			smaller = true;
		else
			*p = was;
	}
	return smaller;
}

void check_shrink(struct program *const *stack, unsigned int depth, uint64_t seed)
{
	time_t end = time(NULL) + 5;	/* it need not be perfect */
	bool again = true;

	while (again) {
		again = false;
		for (unsigned int i = 0; i < depth; i++)
			for (unsigned int n = 1 + stack[i]->len / 2; n; n /= 2)
				again |= shrink(stack, depth, stack[i], n, seed, end);
	}
}

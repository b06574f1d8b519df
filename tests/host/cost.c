// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach long filters and stacks of them, one after the other, for cost.py to
 * count the instructions of each: of this kernel's core, and of what the stock
 * kernel does in its place. Prints a line for each: kind, instructions in all
 * programs, size of the tables of both ABIs, constant results, and of the other
 * calls how many rests are evaluated and how many programs are run.
 *
 *   cost FILTER...	real filters; a folder has a stack
 *   cost -l		every kind of program, in several lengths; without the classifier's limit
 *   cost -s		the same of one length, for tables of several sizes
 */
#include <stdlib.h>
#include <string.h>
#include "classify.h"
#include "generate.h"
#include "numbers.h"
#include "real.h"
#include "sides.h"

/* --- What it is counted for ---------------------------------------------- */

struct found {
	unsigned int constant, rests, programs;
};

static void find(struct found *found, const struct seccomp_table *table,
		 unsigned int row, unsigned int depth)
{
	unsigned int id = seccomp_table_class_id(table, row), i;
	const struct seccomp_class *class;

	if (id == SECCOMP_CLASS_FILTER) {
		found->programs += depth;
		return;
	}
	class = id == SECCOMP_CLASS_ALLOW ? NULL : seccomp_table_class(table, id);
	found->constant += !class || !class->nr_steps;
	for (i = 0; class && i < class->nr_steps; i++) {
		if (seccomp_table_steps(table)[class->first_step + i].prog)
			found->programs++;
		else
			found->rests++;
	}
}

static void measure(const char *name, struct program *const *stack,
		    unsigned int depth, unsigned int size)
{
	static unsigned long __attribute__((used)) unneeded;
	static struct seccomp_filter filter[MAX_STACK];
	struct found found = { 0 };
	unsigned int len = 0, i, nr;

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		seccomp_abis[i].size = size;
	cost_ours(filter, stack, depth);
	unneeded = cost_stock(stack, depth);

	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		for (nr = 0; nr < size; nr++)
			find(&found, filter[depth - 1].bitmap.table,
			     seccomp_row(seccomp_abis[i].arch, nr), depth);
	for (i = 0; i < depth; i++) {
		len += stack[i]->len;
		filter_free(&filter[i]);
	}
	printf("%s %u %u %u %u %u\n", name, len, size, found.constant, found.rests,
	       found.programs);
}

static void measure_kind(const struct kind *kind, unsigned int len,
			 unsigned int size)
{
	static struct program p;
	struct program *stack = &p;
	struct rng rng = { 1 };

	/* Of the usual ABIs, whatever is measured */
	seccomp_abis[0].size = 463;
	seccomp_abis[1].size = 463;
	kind->build(&p, len, &rng);
	if (p.len > len / 2)	/* some kinds have no small programs */
		measure(kind->name, &stack, 1, size);
}

static void measure_real(const char *path)
{
	struct real real;

	if (!real_read(&real, path)) {
		fprintf(stderr, "cost: %s is not a filter\n", path);
		exit(1);
	}
	real_set_abis(&real);
	measure(real.name, real.filter, real.depth, 463);
}

int main(int argc, char **argv)
{
	static const unsigned int len[] = { 64, 256, 1024, 2048, 3072, 4096 };
	const char *option = argc > 1 ? argv[1] : "";
	unsigned int i, j;

	seccomp_symbolic_tireless = option[0] == '-';
	if (!strcmp(option, "-l")) {
		for (i = 0; i < nr_kinds; i++)
			for (j = 0; j < ARRAY_SIZE(len); j++)
				measure_kind(&kinds[i], len[j], 463);
	} else if (!strcmp(option, "-s")) {
		for (i = 0; i < nr_kinds; i++)
			for (j = SECCOMP_ABI_ROWS / 8; j <= SECCOMP_ABI_ROWS; j *= 2)
				measure_kind(&kinds[i], 1024, j);
	} else {
		for (i = 1; i < argc; i++)
			measure_real(argv[i]);
	}
	return 0;
}

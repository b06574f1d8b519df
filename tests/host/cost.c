// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classify long programs, one after the other, for cost.py to count the
 * instructions of each. Prints a line for each: kind, instructions in the
 * program, size of the tables of both ABIs, constant results.
 *
 *   cost FILTER.bpf...	real filters
 *   cost -l		every kind of program, in several lengths
 *   cost -s		the same of one length, for tables of several sizes
 */
#include <stdlib.h>
#include <string.h>
#include "bitmap.h"
#include "classify.h"
#include "generate.h"

static void measure(const char *name, const struct program *p, unsigned int size)
{
	static u16 first_look[SECCOMP_TABLE_ROWS];
	struct seccomp_bitmap bitmap;
	struct kernel_program kp;
	unsigned int constant = 0, i, nr;
	const struct seccomp_plan *plan;

	kernel_program_init(&kp, p->insn, p->len);
	for (i = 0; i < SECCOMP_NR_ABIS; i++)
		seccomp_abis[i].size = size;
	if (classify_program(&kp, (void *)&kp, &bitmap, first_look))
		abort();
	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		for (nr = 0; nr < size; nr++) {
			plan = seccomp_table_lookup(bitmap.own, seccomp_abis[i].arch, nr);
			constant += seccomp_plan_constant(plan);
		}
	}
	printf("%s %u %u %u\n", name, p->len, size, constant);
	classify_free(&bitmap);
}

static void measure_kind(const struct kind *kind, unsigned int len,
			 unsigned int size)
{
	static struct program p;
	struct rng rng = { 1 };

	/* Of the usual ABIs, whatever is measured */
	seccomp_abis[0].size = 463;
	seccomp_abis[1].size = 463;
	kind->build(&p, len, &rng);
	if (p.len > len / 2)	/* some kinds have no small programs */
		measure(kind->name, &p, size);
}

static void measure_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	static struct program p;

	if (!program_read(&p, path)) {
		fprintf(stderr, "cost: %s is not a filter\n", path);
		exit(1);
	}
	measure(slash ? slash + 1 : path, &p, 463);
}

int main(int argc, char **argv)
{
	static const unsigned int len[] = { 64, 256, 1024, 2048, 3072, 4096 };
	const char *option = argc > 1 ? argv[1] : "";
	unsigned int i, j;

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
			measure_file(argv[i]);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entry points of libFuzzer. An input is a program: what seccomp would not
 * accept in it is repaired.
 */
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "classify.h"
#include "fuzz.h"
#include "generate.h"

#define MAX_LEN	128

/* Few numbers: the programs matter. */
#define SIZE_0	48
#define SIZE_1	20
#define FIRST_1	30

static void print_numbers(void)
{
	fprintf(stderr, "# %llu programs, %llu decisions against the oracle\n",
		(unsigned long long)stats->programs,
		(unsigned long long)stats->decisions);
}

int fuzz_start(int *argc, char ***argv)
{
	seccomp_abis[0].size = SIZE_0;
	seccomp_abis[1].size = SIZE_1;
	seccomp_abis[1].first = FIRST_1;
	check_trials = 16;
	atexit(print_numbers);
	return 0;
}

static bool read_input(struct program *p, const uint8_t *data, size_t size)
{
	p->len = size / sizeof(p->insn[0]);
	if (!p->len)
		return false;
	if (p->len > MAX_LEN)
		p->len = MAX_LEN;
	memcpy(p->insn, data, p->len * sizeof(p->insn[0]));
	program_repair(p);
	return true;
}

/* Mostly changes that keep an input a program. */
size_t fuzz_mutate(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct rng rng = { seed };
	static struct program p;

	if (!rng_below(&rng, 4) || !read_input(&p, data, size))
		return fuzz_mutate_bytes(data, size, max);

	generate_mutant(&p, &rng);
	size = p.len * sizeof(p.insn[0]);
	if (size > max)
		size = max;
	memcpy(data, p.insn, size);
	return size;
}

int fuzz_input(const uint8_t *data, size_t size)
{
	static struct program p;

	if (!read_input(&p, data, size) || check_program(&p, size, NULL))
		return 0;

	check_shrink((struct program *[]){ &p }, 1, size);
	check_program(&p, size, stderr);
	abort();
}

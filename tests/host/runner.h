/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs tests as processes of their own, some at a time, and reports in TAP. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stdint.h>

struct program;
struct rng;

struct test {
	const char *name;
	/* Prints why it fails, as lines that start with "#" */
	bool (*run)(const struct test *test, uint64_t seed);
	/* Of tests that try one program after the other */
	void (*make)(struct program *p, struct rng *rng);
	uint64_t decisions;	/* how many to make, about */
	unsigned int part;	/* of tests that are split */
	unsigned int losses;	/* of 100 filters */
};

/* Returns how many failed: at most one if it need not be @all_of_them. */
unsigned int run_tests(const struct test *tests, unsigned int n,
		       const char *prefix, uint64_t seed, unsigned int jobs,
		       bool all_of_them);

#endif

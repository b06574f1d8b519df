/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs: random ones, and ones like those that people and adversaries write. */
#ifndef GENERATE_H
#define GENERATE_H

#include "mutate.h"

/*
 * A kind of long programs. @build makes one of @len instructions, or of a few
 * less, for the ABIs of seccomp_abis[].
 */
struct kind {
	const char *name;
	const char *what;
	void (*build)(struct program *p, unsigned int len, struct rng *rng);
};

extern const struct kind kinds[];
extern const unsigned int nr_kinds;

void generate_rests(struct program *p, struct rng *rng);
void generate_crowd(struct program *p, struct rng *rng);
void generate_random(struct program *p, unsigned int max, struct rng *rng);
void generate_kind(struct program *p, unsigned int max, struct rng *rng);
void generate_mutant(struct program *p, struct rng *rng);

#endif

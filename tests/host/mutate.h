/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that tests make: of random numbers, repaired, changed, printed. */
#ifndef MUTATE_H
#define MUTATE_H

#include "cbpf_program.h"

struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
/* A number below @n, which is not 0. */
unsigned int rng_below(struct rng *rng, unsigned int n);

void program_repair(struct program *p);
void program_insert(struct program *p, unsigned int at, struct sock_filter insn);
void program_remove(struct program *p, unsigned int at);
void program_print(FILE *out, const struct program *p);
bool program_read(struct program *p, const char *path);

#endif

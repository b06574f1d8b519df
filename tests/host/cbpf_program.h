/* SPDX-License-Identifier: GPL-2.0-only */
/* Classic BPF programs as data: check, repair, change, print. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct program {
	unsigned int len;
	struct sock_filter insn[BPF_MAXINSNS];
};

struct rng {
	uint64_t state;
};

#define DATA(field)	((uint32_t)offsetof(struct seccomp_data, field))
/* The words of an argument, as little-endian machines have them. */
#define ARG_LO(i)	(DATA(args) + 8 * (i))
#define ARG_HI(i)	(ARG_LO(i) + 4)

/* All the codes that seccomp accepts. */
extern const uint16_t program_codes[];
extern const unsigned int program_nr_codes;

uint64_t rng_next(struct rng *rng);
/* A number below @n, which is not 0. */
unsigned int rng_below(struct rng *rng, unsigned int n);

bool program_valid(const struct program *p);
void program_repair(struct program *p);
void program_insert(struct program *p, unsigned int at, struct sock_filter insn);
void program_remove(struct program *p, unsigned int at);
void program_print(FILE *out, const struct program *p);
bool program_read(struct program *p, const char *path);

#endif

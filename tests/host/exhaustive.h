/* SPDX-License-Identifier: GPL-2.0-only */
/* All programs of a kind, for ABIs of few numbers, one after the other. */
#ifndef EXHAUSTIVE_H
#define EXHAUSTIVE_H

#include "cbpf_program.h"

/* Returns false to stop, which the functions below then return. */
typedef bool try_program(const struct program *p);

/* Of up to 7 instructions less @shorter from a small set; @part of 4 of them. */
bool exhaustive_short(unsigned int shorter, unsigned int part, try_program *try);

/*
 * The number, shifted and with bits set, as an operand of each operation, for all
 * values of 5 bits of both operands.
 */
bool exhaustive_words(try_program *try);

#endif

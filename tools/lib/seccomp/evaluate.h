/* SPDX-License-Identifier: GPL-2.0-only */
/* One system call through one program. */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "cbpf_program.h"

/**
 * struct evaluation - what became of a call
 * @ret: what the program returned
 * @steps: instructions that were run
 * @looked: did it load an argument or the instruction pointer?
 */
struct evaluation {
	uint32_t ret;
	unsigned int steps;
	bool looked;
};

/* @words: struct seccomp_data as the words that the program sees */
struct evaluation evaluate(const struct sock_filter *insns, unsigned int len,
			   const uint32_t *words);

/* Arithmetic of an instruction; @stops when it divides by 0, which returns 0. */
uint32_t evaluate_alu(uint16_t code, uint32_t a, uint32_t operand, bool *stops);
bool evaluate_jump(uint16_t code, uint32_t a, uint32_t operand);

#endif

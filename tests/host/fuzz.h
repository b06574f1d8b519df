/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, and what it has to call; the Makefile has its names. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int fuzz_start(int *argc, char ***argv);
int fuzz_input(const uint8_t *data, size_t size);
size_t fuzz_mutate(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t fuzz_mutate_bytes(uint8_t *data, size_t size, size_t max);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Chosen texts against the hash tables of what filters share. */
#ifndef FLOOD_H
#define FLOOD_H

#include "runner.h"

bool test_flooding(const struct test *test, uint64_t seed);

#endif

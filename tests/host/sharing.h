/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of what filters share. */
#ifndef SHARING_H
#define SHARING_H

#include "runner.h"

bool test_sharing(const struct test *test, uint64_t seed);
bool test_shared_stacks(const struct test *test, uint64_t seed);

#endif

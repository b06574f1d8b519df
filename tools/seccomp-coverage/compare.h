/* SPDX-License-Identifier: GPL-2.0-only */
/* May one stack of filters do more than another? */
#ifndef COMPARE_H
#define COMPARE_H

#include "subject.h"

/**
 * compare() - print what differs
 * @old: what was
 * @new: what is to be
 * @abi: for this ABI
 * @kernel: whose calls
 * @quiet: the last line only
 *
 * Return: is there a call, with some arguments, that @new is less strict about?
 */
bool compare(const struct subject *old, const struct subject *new, const struct abi *abi,
	     unsigned int kernel, bool quiet);

#endif

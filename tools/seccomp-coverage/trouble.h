/* SPDX-License-Identifier: GPL-2.0-only */
/* How the program ends, and memory that is there or the program ends. */
#ifndef TROUBLE_H
#define TROUBLE_H

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_FOUND	1	/* what was asked for is not so */
#define EXIT_TROUBLE	2	/* wrong use, wrong input */

/* Tells what is wrong, and ends the program; what it was about to print is dropped. */
void fail(const char *text, ...) __attribute__((format(printf, 1, 2), noreturn));
char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));

static inline void *need(void *memory)
{
	if (!memory)
		fail("out of memory");
	return memory;
}

#define need_new(type)		need(calloc(1, sizeof(type)))

/* Make room for one more element. The number of elements is @nr. */
static inline void *grow_bytes(void *array, size_t nr, size_t size)
{
	return nr & (nr - 1) ? array : need(realloc(array, (nr ? 2 * nr : 1) * size));
}

#define grow(array, nr)		grow_bytes(array, nr, sizeof(*(array)))

#endif

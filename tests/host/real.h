/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters that programs have attached, alone and in stacks. */
#ifndef REAL_H
#define REAL_H

#include "check.h"

/*
 * A file, or a folder of files to be attached in the order of their names. The ABIs
 * that count are in the name, as in "x86_64+ia32.bpf", or that of the folder it is in.
 */
struct real {
	const char *name;
	unsigned int depth;
	struct program *filter[MAX_STACK];
};

/* Returns false if there are no filters at @path. */
bool real_read(struct real *real, const char *path);

/* All there are in @dirs, which blanks separate. Returns their number. */
unsigned int real_read_all(struct real **reals, const char *dirs);

/* Set seccomp_abis[] to what a filter is for. */
void real_set_abis(const struct real *real);

#endif

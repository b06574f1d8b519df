/* SPDX-License-Identifier: GPL-2.0-only */
/* What is reported on: stacks of filters, or what a kernel says of one. */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <cbpf_program.h>
#include <ways.h>
#include "context.h"
#include "profile.h"

struct report;

/**
 * struct layer - a filter, and where it is from
 * @name: of the file; allocated
 * @program: the filter
 * @profile: NULL, or what it was compiled from
 * @pfc: NULL, or how libseccomp prints it
 */
struct layer {
	char *name;
	struct program *program;
	struct profile *profile;
	char *pfc;
};

/**
 * struct subject - a stack of filters
 * @name: of the only file, or of all; allocated
 * @layer: the filters, the oldest first
 * @depth: their number
 * @report: NULL, or in place of filters what a kernel reports of them
 */
struct subject {
	char *name;
	struct layer layer[WAYS_LAYERS];
	unsigned int depth;
	struct report *report;
};

/**
 * struct subjects - several of them, each to be reported on
 */
struct subjects {
	struct subject **subject;
	unsigned int nr;
};

struct subject *subject_new(const char *name);
struct layer *subject_add(struct subject *subject, const char *name);
void subjects_add(struct subjects *subjects, struct subject *subject);
void subjects_free(struct subjects *subjects);

/* One stack of all of them, in their order; what cannot be stacked ends the program. */
void subjects_stack(struct subjects *subjects);

/* The filters alone. */
unsigned int subject_programs(const struct subject *subject, const struct program **programs);

#endif

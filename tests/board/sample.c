// SPDX-License-Identifier: GPL-2.0-only
/* What many measurements of one thing say */
#include <stdlib.h>

#include "sample.h"

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

/* Sorts them */
struct sample sample_of(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare);
	return (struct sample) {
		.median = values[count / 2],
		.low = values[count / 4],
		.high = values[count - 1 - count / 4],
	};
}

double sample_spread(const struct sample *sample)
{
	return (sample->high - sample->low) / 2;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _TESTS_BOARD_SAMPLE_H
#define _TESTS_BOARD_SAMPLE_H

struct sample {
	double median;
	double low, high;	/* quartiles */
};

struct sample sample_of(double *values, unsigned int count);
double sample_spread(const struct sample *sample);

#endif /* _TESTS_BOARD_SAMPLE_H */

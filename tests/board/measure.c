// SPDX-License-Identifier: GPL-2.0-only
/*
 * What calls cost under a row of filters, and what attaching them costs, on a
 * machine that may be busy with other things: measure ROW
 *
 * Everything is done many times, and what counts is the median. A call is made in
 * turn by a task with the filters and by one without, so that a processor which
 * changes its speed does so for both. The output:
 *
 *	measure: ROW COLUMN FIGURE MEDIAN SPREAD LOW HIGH
 *
 * FIGURE is ns, or the name of what the processor counted, for a call above that
 * without filters, or for attaching all filters.  LOW and HIGH are the quartiles,
 * and SPREAD is half of what is between them.  Row "none" is the whole cost of a
 * call without filters.  Column "checked" is the dearest of the calls whose
 * arguments the filters look at.
 *
 *	coverage: ROW ABI CONSTANT NUMBERS
 *
 * is what the kernel knows of the filters, if it tells this user, and
 *
 *	clock: TEXT
 *
 * says that times are not as good as they could be.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "task.h"

#define BATCHES		25
/*
 * So long that a timer interrupt, or what a stop takes, is a small part of it. So is
 * a step of the clock.
 */
#define BATCH_NS	2000000
#define STEPS		20
#define MAX_TIMES	(1 << 20)

/* Each of them for all batches */
static double samples[FIGURES][BATCHES];
static struct task with, without;
static double batch_ns;

static void print_number(double number)
{
	printf(" %.*f", fabs(number) < 100 ? 1 : 0, number);
}

static void print_sample(const struct sample *sample)
{
	print_number(sample->median);
	print_number(sample_spread(sample));
	print_number(sample->low);
	print_number(sample->high);
}

static bool is_known(const double *sample)
{
	int n;

	for (n = 0; n < BATCHES; n++)
		if (isnan(sample[n]))
			return false;
	return true;
}

/* Returns the median of the nanoseconds. Of what is counted all is named, or none. */
static double print(const struct row *row, const char *column)
{
	bool counted = false;
	struct sample sample;
	int i;

	for (i = FIRST_COUNTER; i < FIGURES; i++)
		counted |= is_known(samples[i]);
	for (i = 0; i < (counted ? FIGURES : FIRST_COUNTER); i++) {
		printf("measure: %s %s %s", row->name, column,
		       i == NS ? "ns" : counter_names[i - FIRST_COUNTER]);
		if (is_known(samples[i])) {
			sample = sample_of(samples[i], BATCHES);
			print_sample(&sample);
		} else {
			printf(" - - - -");
		}
		printf("\n");
	}
	return sample_of(samples[NS], BATCHES).median;
}

static void keep(int batch, const struct used *used)
{
	int i;

	for (i = 0; i < FIGURES; i++)
		samples[i][batch] = used->figure[i];
}

/* --- Calls -------------------------------------------------------------------- */

static unsigned int times_for(const struct call *call)
{
	unsigned int times = 16;

	while (times < MAX_TIMES &&
	       task_call(&without, call, times, NULL).figure[NS] < batch_ns)
		times *= 2;
	return times;
}

/* Is this the call that the column says?  Else the figures mean nothing. */
static void verify(const struct row *row, const struct call *call,
		   const struct call *plain)
{
	int error, wanted;

	task_call(&without, plain, 1, &wanted);
	task_call(&with, call, 1, &error);
	if (call->error)
		wanted = call->error;
	if (error != wanted)
		errx(1, "%s: %s has errno %d, not %d", row->name, call->column,
		     error, wanted);
}

/* Returns the median of the nanoseconds */
static double measure_call(const struct row *row, const struct call *call)
{
	static const struct call harmless = { .nr = SYS_getppid };
	const struct call *plain = call->error ? &harmless : call;
	unsigned int times;
	struct used one, other;
	int batch, i;

	verify(row, call, plain);
	times = times_for(plain);
	for (batch = 0; batch < BATCHES; batch++) {
		other = task_call(&without, plain, row->depth ? times : 0, NULL);
		one = task_call(&with, call, times, NULL);
		for (i = 0; i < FIGURES; i++)
			one.figure[i] = (one.figure[i] - other.figure[i]) / times;
		keep(batch, &one);
	}
	return print(row, call->column);
}

/* Of the calls whose arguments filters look at: their names are calls. */
static bool is_checked(const struct call *call)
{
	return strchr(call->column, '(');
}

static void measure_calls(const struct row *row)
{
	static double dearest[FIGURES][BATCHES];
	static struct row none;
	double ns, most = -INFINITY;
	unsigned int i;

	none = *row;
	none.depth = 0;
	rows_write_texts(row, 0);
	task_start(&without, &none);
	task_attach(&without);
	task_start(&with, row);
	task_attach(&with);
	for (i = 0; i < row->count; i++) {
		ns = measure_call(row, &row->calls[i]);
		if (is_checked(&row->calls[i]) && ns > most) {
			most = ns;
			memcpy(dearest, samples, sizeof(samples));
		}
	}
	task_end(&with);
	task_end(&without);
	if (most > -INFINITY) {
		memcpy(samples, dearest, sizeof(samples));
		print(row, "checked");
	}
}

/* --- Attaching ------------------------------------------------------------------ */

/* Texts that nobody else has, or again those of a task that has them already */
static void measure_attach(const struct row *row, bool again)
{
	struct used used;
	int batch;

	for (batch = 0; batch < BATCHES; batch++) {
		if (!again)
			rows_write_texts(row, batch + 1);
		task_start(&with, row);
		used = task_attach(&with);
		keep(batch, &used);
		task_end(&with);
		/* Filters are freed in the background */
		usleep(10000);
	}
	print(row, again ? "again" : "attach");
}

/* What the kernel says of the filters of a task: nothing on a stock kernel */
static void print_coverage(const struct row *row, pid_t pid)
{
	char path[64], line[256], abi[16] = "", was[16] = "", result[16];
	unsigned int first, last, constant = 0, all = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/seccomp_coverage", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		if (sscanf(line, "%15s %u-%u %15s", abi, &first, &last, result) != 4) {
			if (sscanf(line, "%15s %u %15s", abi, &first, result) != 3)
				continue;
			last = first;
		}
		if (strcmp(abi, was)) {
			if (all)
				printf("coverage: %s %s %u %u\n", row->name, was, constant, all);
			strcpy(was, abi);
			constant = 0;
			all = 0;
		}
		all += last - first + 1;
		if (strcmp(result, "FILTER"))
			constant += last - first + 1;
	}
	if (all)
		printf("coverage: %s %s %u %u\n", row->name, was, constant, all);
	fclose(file);
}

static void measure_again(const struct row *row)
{
	pid_t other;

	rows_write_texts(row, 0);
	other = rows_hold(row);
	if (row->coverage)
		print_coverage(row, other);
	measure_attach(row, true);
	rows_end(other);
}

/* --- A row ---------------------------------------------------------------------- */

/* Processors may differ, and their counters with them. */
static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	static struct row row;

	if (argc != 2)
		errx(2, "usage: measure ROW, in the directory that has filters/rows");
	setvbuf(stdout, NULL, _IOLBF, 0);
	stay_here();
	rows_open(argv + 1);
	batch_ns = fmax(BATCH_NS, STEPS * task_prepare_clock());
	task_prepare(&with);
	task_prepare(&without);
	while (rows_next(&row)) {
		if (strcmp(row.name, argv[1]))
			continue;	/* the one without filters */
		measure_calls(&row);
		if (row.depth) {
			measure_attach(&row, false);
			measure_again(&row);
		}
		return 0;
	}
	errx(2, "filters/rows has no row '%s'", argv[1]);
}

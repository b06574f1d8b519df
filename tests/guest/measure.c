// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a system call costs under the filters that people really run, and what
 * attaching them costs: measure [ROW...]
 *
 * The figures are nanoseconds above the same call without seccomp, and under
 * QEMU's "-icount shift=0" one nanosecond is one instruction.  The output is
 * for scripts/report.py:
 *
 *   measure: ROW COLUMN VALUE	(row "none": the whole cost)
 *   coverage: ROW ABI RANGE RESULT
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "irqs_off.h"
#include "preempt_off.h"
#include "rows.h"

/* Short blocks, so that most see no timer interrupt: the cheapest counts. */
#define CALLS		64
#define BLOCKS		32
#define RUNS		3
#define WATCHED_RUNS	5

struct figures {
	unsigned long long attach_all;
	unsigned long long attach_last;
	unsigned long long irqs_off;
	unsigned long long preempt_off;
	struct {
		unsigned long long ns;
		int error;
	} calls[MAX_CALLS];
};

/* Of the task that measures, in memory that it shares with us */
static struct figures *found;
/* The least of some runs: the rest is disturbance */
static struct figures best, without;

static void least(unsigned long long *one, unsigned long long other)
{
	if (other < *one)
		*one = other;
}

/* Without a system call, where the clock is a good one: filters deny many. */
static unsigned long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static unsigned long long cheapest_block(const struct call *call)
{
	unsigned long long cheapest = ULLONG_MAX, ns;
	unsigned int block, i;

	for (block = 0; block < BLOCKS; block++) {
		ns = now();
		for (i = 0; i < CALLS; i++)
			call_invoke(call);
		least(&cheapest, now() - ns);
	}
	return cheapest;
}

static void call_all(const struct row *row)
{
	unsigned int i;

	for (i = 0; i < row->count; i++) {
		if (call_invoke(&row->calls[i]) == -1)
			found->calls[i].error = errno;
		found->calls[i].ns = cheapest_block(&row->calls[i]);
	}
}

static void only_attach(const struct row *row)
{
	unsigned long long ns;
	unsigned int i;

	for (i = 0; i < row->depth; i++) {
		ns = now();
		rows_attach(row, i);
		found->attach_last = now() - ns;
		found->attach_all += found->attach_last;
	}
}

static void attach_and_call(const struct row *row)
{
	only_attach(row);
	call_all(row);
}

/* Attach alone, with an eye on the interrupts: this takes time of its own. */
static void watch(const struct row *row)
{
	irqs_off_start();
	only_attach(row);
	found->irqs_off = irqs_off_stop();
}

/*
 * The same row, with the calls that filters deny replaced by one that everybody
 * may do.
 */
static struct row *harmless(const struct row *row)
{
	static struct row other;
	unsigned int i;

	other = *row;
	other.depth = 0;
	for (i = 0; i < other.count; i++)
		if (other.calls[i].error)
			other.calls[i] = (struct call){ .nr = SYS_getppid };
	return &other;
}

/* Are these the calls that the columns say?  Else the figures mean nothing. */
static void verify(const struct row *row, unsigned int variant)
{
	unsigned int i;

	for (i = 0; i < row->count; i++) {
		const struct call *call = &row->calls[i];
		int error = found->calls[i].error;
		int wanted = without.calls[i].error;

		/* A variant may deny with another one */
		if (call->error)
			wanted = variant && error ? error : call->error;
		if (error != wanted)
			errx(1, "%s: %s has errno %d, not %d", row->name,
			     call->column, error, wanted);
	}
}

static void run(const struct row *row, void (*work)(const struct row *row))
{
	memset(found, 0, sizeof(*found));
	rows_end(rows_start(row, work));
	/* Its filters are freed in the background */
	usleep(50000);
}

/* Each time texts that nobody else has. */
static void measure(const struct row *row)
{
	unsigned int i, n;

	memset(&best, 0xff, sizeof(best));
	memset(&without, 0xff, sizeof(without));
	run(harmless(row), call_all);
	without = *found;
	for (n = 0; n < RUNS; n++) {
		rows_write_texts(row, n);
		run(row, attach_and_call);
		verify(row, n);
		least(&best.attach_all, found->attach_all);
		least(&best.attach_last, found->attach_last);
		for (i = 0; i < row->count; i++)
			least(&best.calls[i].ns, found->calls[i].ns);
	}
}

static void measure_irqs_off(const struct row *row)
{
	unsigned int n;

	for (n = 0; n < WATCHED_RUNS; n++) {
		rows_write_texts(row, RUNS + n);
		run(row, watch);
		least(&best.irqs_off, found->irqs_off);
	}
	if (best.irqs_off != IRQS_OFF_UNKNOWN)
		printf("measure: %s irqs-off %llu\n", row->name, best.irqs_off);
}

static void trace(const struct row *row)
{
	preempt_off_start();
	only_attach(row);
}

/* Until the task has stopped, which holds up others for a short time as well. */
static void measure_preempt_off(const struct row *row)
{
	unsigned int n;
	pid_t pid;

	preempt_off_trace(true);
	for (n = 0; n < WATCHED_RUNS; n++) {
		rows_write_texts(row, RUNS + WATCHED_RUNS + n);
		pid = rows_start(row, trace);
		least(&best.preempt_off, preempt_off_stop());
		rows_end(pid);
		usleep(50000);
	}
	preempt_off_trace(false);
	printf("measure: %s preempt-off %llu\n", row->name, best.preempt_off);
}

/* What the kernel says of the filters of a task. */
static void print_coverage(const struct row *row, pid_t pid)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/seccomp_coverage", pid);
	file = fopen(path, "r");
	if (!file && errno == ENOENT)
		return;		/* a stock kernel */
	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file))
		if (line[0] != '#')
			printf("coverage: %s %s", row->name, line);
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
}

/* Attach what another task has attached already. */
static void measure_again(const struct row *row)
{
	unsigned int n;
	pid_t other;

	rows_write_texts(row, 0);
	other = rows_hold(row);
	if (row->coverage)
		print_coverage(row, other);
	best.attach_all = ULLONG_MAX;
	for (n = 0; n < RUNS; n++) {
		run(row, only_attach);
		least(&best.attach_all, found->attach_all);
	}
	rows_end(other);
	printf("measure: %s attach-again %llu\n", row->name, best.attach_all);
}

static void print_calls(const struct row *row)
{
	unsigned int i;
	long long above;

	for (i = 0; i < row->count; i++) {
		above = best.calls[i].ns;
		if (row->depth)
			above -= without.calls[i].ns;
		above = (above + (above < 0 ? -CALLS : CALLS) / 2) / CALLS;
		printf("measure: %s %s %lld\n", row->name,
		       row->calls[i].column, above);
	}
}

int main(int argc, char **argv)
{
	static struct row row;
	bool watch_irqs, trace_preemption;

	setvbuf(stdout, NULL, _IOLBF, 0);
	found = rows_share(sizeof(*found));
	rows_compile();
	rows_open(argv + 1);
	watch_irqs = irqs_off_prepare();
	trace_preemption = preempt_off_prepare();
	while (rows_next(&row)) {
		measure(&row);
		if (row.count && !best.calls[0].ns)
			errx(1, "the clock is too coarse: %d calls took no time",
			     CALLS);
		print_calls(&row);
		if (!row.depth)
			continue;
		printf("measure: %s attach-last %llu\n", row.name,
		       best.attach_last);
		printf("measure: %s attach-all %llu\n", row.name,
		       best.attach_all);
		measure_again(&row);
		if (watch_irqs)
			measure_irqs_off(&row);
		if (trace_preemption)
			measure_preempt_off(&row);
	}
	return 0;
}

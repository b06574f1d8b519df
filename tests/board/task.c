// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task under filters that does one thing after the other, and what each costs it.
 *
 * It must stop in between without a system call, whatever the filters deny, and be
 * able to go on. So it touches a page behind the end of a file: that is a SIGBUS,
 * which stops a task that is traced. With the page there, it goes on as if nothing
 * had been. Meanwhile the other one of two such gates is shut.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <time.h>

#include "task.h"

/* Nanoseconds by which a good clock moves, and how often we look */
#define GOOD_STEP	50000
#define LOOKS		1000000

/* What the task is to do next, and the errno of it, in memory that it shares with us */
static struct order {
	struct call call;
	unsigned int times;
	int error;
} *order;

/* For the task that starts */
static struct task *self;
/* Is theirs not good enough? */
static bool wall_clock;

static void stop(void)
{
	/* What is read afterwards was not there before */
	__atomic_load_n(self->page[self->turn++ & 1], __ATOMIC_ACQUIRE);
}

static void obey(const struct row *row)
{
	unsigned int i;

	stop();
	stop();
	for (i = 0; i < row->depth; i++)
		rows_attach(row, i);
	for (;;) {
		stop();
		order->error = 0;
		for (i = 0; i < order->times; i++)
			if (call_invoke(&order->call) == -1)
				order->error = errno;
	}
}

static void shut(int gate)
{
	if (ftruncate(gate, 0))
		err(1, "ftruncate");
}

static void go_on(struct task *task)
{
	unsigned int now = task->turn++ & 1;

	shut(task->gate[!now]);
	if (ftruncate(task->gate[now], getpagesize()))
		err(1, "ftruncate");
	if (ptrace(PTRACE_CONT, task->pid, NULL, NULL))
		err(1, "PTRACE_CONT");
	rows_wait(task->row, task->pid);
}

struct reading {
	struct timespec time;
	struct count counts[COUNTERS];
};

static void take(const struct task *task, struct reading *reading)
{
	int i;

	for (i = 0; i < COUNTERS; i++)
		if (task->counters[i] >= 0)
			counter_read(task->counters[i], &reading->counts[i]);
	if (clock_gettime(task->clock, &reading->time))
		err(1, "the CPU clock of a task");
}

/* Until the task stops again */
static struct used next(struct task *task)
{
	struct reading before, after;
	struct used used;
	int i;

	take(task, &before);
	go_on(task);
	take(task, &after);
	used.figure[NS] = (after.time.tv_sec - before.time.tv_sec) * 1e9 +
			  (after.time.tv_nsec - before.time.tv_nsec);
	for (i = 0; i < COUNTERS; i++)
		used.figure[FIRST_COUNTER + i] = task->counters[i] < 0 ? NAN :
			counter_between(&before.counts[i], &after.counts[i]);
	return used;
}

/* The least by which a clock moves */
static double step_of(clockid_t clock)
{
	struct timespec before, now;
	double step, least = INFINITY;
	int i;

	clock_gettime(clock, &before);
	for (i = 0; i < LOOKS && least > GOOD_STEP; i++) {
		clock_gettime(clock, &now);
		step = (now.tv_sec - before.tv_sec) * 1e9 + now.tv_nsec - before.tv_nsec;
		before = now;
		if (step > 0 && step < least)
			least = step;
	}
	return least;
}

/*
 * A task's own clock does not run while others do, but on some machines, where
 * sched_clock() is jiffies, it is as coarse as these. Returns the steps of the one
 * that is taken.
 */
double task_prepare_clock(void)
{
	double own = step_of(CLOCK_PROCESS_CPUTIME_ID), wall = step_of(CLOCK_MONOTONIC_RAW);

	wall_clock = wall < own && own > GOOD_STEP;
	if (wall_clock)
		printf("clock: tasks' clocks move in steps of %.0f ns; the wall clock is taken\n",
		       own);
	if (fmin(own, wall) > GOOD_STEP)
		printf("clock: it moves in steps of %.0f ns, too long for what attaching takes\n",
		       fmin(own, wall));
	return wall_clock ? wall : own;
}

/* Once for each struct task */
void task_prepare(struct task *task)
{
	int i;

	if (!order)
		order = rows_share(sizeof(*order));
	for (i = 0; i < 2; i++) {
		task->gate[i] = memfd_create("gate", MFD_CLOEXEC);
		if (task->gate[i] < 0)
			err(1, "memfd_create (CONFIG_MEMFD_CREATE, CONFIG_TMPFS)");
		task->page[i] = mmap(NULL, getpagesize(), PROT_READ, MAP_SHARED,
				     task->gate[i], 0);
		if (task->page[i] == MAP_FAILED)
			err(1, "mmap");
	}
}

/* With nothing attached yet */
void task_start(struct task *task, const struct row *row)
{
	int i;

	shut(task->gate[0]);
	shut(task->gate[1]);
	task->turn = 0;
	task->row = row;
	self = task;
	task->pid = rows_start(row, obey);
	task->clock = CLOCK_MONOTONIC_RAW;
	if (!wall_clock && clock_getcpuclockid(task->pid, &task->clock))
		errx(1, "tasks have no CPU clocks (CONFIG_POSIX_TIMERS)");
	for (i = 0; i < COUNTERS; i++)
		task->counters[i] = counter_open(i, task->pid);
}

static struct used minus(struct used one, struct used other)
{
	int i;

	for (i = 0; i < FIGURES; i++)
		one.figure[i] -= other.figure[i];
	return one;
}

/* All filters of the row, above the stop alone */
struct used task_attach(struct task *task)
{
	struct used stopping = next(task);

	return minus(next(task), stopping);
}

/* With the stop; @error is that of the last call, or 0 */
struct used task_call(struct task *task, const struct call *call, unsigned int times,
		      int *error)
{
	struct used used;

	order->call = *call;
	order->times = times;
	used = next(task);
	if (error)
		*error = order->error;
	return used;
}

void task_end(struct task *task)
{
	int i;

	for (i = 0; i < COUNTERS; i++)
		if (task->counters[i] >= 0)
			close(task->counters[i]);
	rows_end(task->pid);
}

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TASK_H
#define TASK_H

#include "../guest/rows.h"
#include "counters.h"

/* What a task has used: nanoseconds, and what is counted, or NAN */
enum { NS, FIRST_COUNTER, FIGURES = FIRST_COUNTER + COUNTERS };

struct used {
	double figure[FIGURES];
};

/* A task that stops after each thing that it does. */
struct task {
	const struct row *row;
	pid_t pid;
	clockid_t clock;
	int counters[COUNTERS];
	int gate[2];
	const char *page[2];
	unsigned int turn;
};

double task_prepare_clock(void);
void task_prepare(struct task *task);
void task_start(struct task *task, const struct row *row);
struct used task_attach(struct task *task);
struct used task_call(struct task *task, const struct call *call, unsigned int times,
		      int *error);
void task_end(struct task *task);

#endif

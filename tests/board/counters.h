/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdbool.h>
#include <sys/types.h>

enum { CYCLES, CACHE_MISSES, BRANCH_MISSES, COUNTERS };

struct count {
	unsigned long long value, enabled, running;
};

extern const char * const counter_names[COUNTERS];

int counter_open(int counter, pid_t pid);
int counter_open_event(unsigned int event, pid_t pid, bool inherit);
void counter_read(int fd, struct count *count);
double counter_between(const struct count *before, const struct count *after);
const char *counter_refusal(int error);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/* What the processor counts of a task */
#include <err.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "counters.h"

#define PARANOID	"/proc/sys/kernel/perf_event_paranoid"

const char * const counter_names[COUNTERS] = {
	"cycles", "cache-misses", "branch-misses",
};

/* Of a task, or of all that it will start as well; returns -1 and errno where it cannot be */
int counter_open_event(unsigned int event, pid_t pid, bool inherit)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = event,
		.inherit = inherit,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	return syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int counter_open(int counter, pid_t pid)
{
	static const unsigned int events[] = {
		PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_CACHE_MISSES,
		PERF_COUNT_HW_BRANCH_MISSES,
	};

	return counter_open_event(events[counter], pid, false);
}

void counter_read(int fd, struct count *count)
{
	if (read(fd, count, sizeof(*count)) != sizeof(*count))
		err(1, "reading a perf event");
}

/* Counters that share the processor's registers run for a part of the time. */
double counter_between(const struct count *before, const struct count *after)
{
	double running = after->running - before->running;

	if (!running)
		return NAN;
	return (after->value - before->value) * (after->enabled - before->enabled) / running;
}

static const char *paranoid(void)
{
	static char text[160];
	FILE *file = fopen(PARANOID, "re");
	int level;

	if (!file || fscanf(file, "%d", &level) != 1)
		level = 2;
	if (file)
		fclose(file);
	snprintf(text, sizeof(text), "not for this user, as %s is %d: as root, write 1 to it",
		 PARANOID, level);
	return text;
}

/* Why not, and what to do */
const char *counter_refusal(int error)
{
	static char text[80];

	switch (error) {
	case EACCES:
	case EPERM:
		if (geteuid())
			return paranoid();
		return "not for this root: a container or a security module forbids it";
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		return "this kernel has no driver for it (CONFIG_*_PMU, device tree)";
	case ENOSYS:
		return "the kernel is built without CONFIG_PERF_EVENTS";
	}
	snprintf(text, sizeof(text), "perf_event_open: %s", strerror(error));
	return text;
}

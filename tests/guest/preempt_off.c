// SPDX-License-Identifier: GPL-2.0-only
/*
 * For how long was a processor not to be had for another task? The kernel's own
 * tracer for that, preemptirqsoff, keeps the longest time with preemption or
 * interrupts off; see Documentation/trace/ftrace.rst.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "preempt_off.h"

#define TRACING		"/sys/kernel/tracing/"

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* Returns whether this kernel has the tracer: CONFIG=rt. */
bool preempt_off_prepare(void)
{
	char tracers[256] = "";
	FILE *file = fopen(TRACING "available_tracers", "re");

	if (!file)
		return false;
	if (!fgets(tracers, sizeof(tracers), file))
		tracers[0] = '\0';
	fclose(file);
	if (!strstr(tracers, "preemptirqsoff"))
		return false;
	set(TRACING "tracing_on", "0");
	return true;
}

/* Other figures must not have in them what the tracer takes. */
void preempt_off_trace(bool on)
{
	set(TRACING "current_tracer", on ? "preemptirqsoff" : "nop");
}

void preempt_off_start(void)
{
	set(TRACING "tracing_max_latency", "0");
	set(TRACING "tracing_on", "1");
}

/* Returns the longest time since the start, in nanoseconds: whole microseconds. */
unsigned long long preempt_off_stop(void)
{
	unsigned long long longest;
	FILE *file;

	set(TRACING "tracing_on", "0");
	file = fopen(TRACING "tracing_max_latency", "re");
	if (!file || fscanf(file, "%llu", &longest) != 1)
		err(1, TRACING "tracing_max_latency");
	fclose(file);
	return 1000 * longest;
}

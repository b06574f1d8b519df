// SPDX-License-Identifier: GPL-2.0-only
/*
 * For how long were interrupts off? A timer interrupt every PERIOD is seen late
 * by that much. perf's cpu-clock event is such a timer, in every kernel.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "irqs_off.h"

/* The least that cpu-clock takes, in nanoseconds */
#define PERIOD		10000
/* So much time without the work to be watched, to find the timer's phase */
#define CALM		1000000
#define CALM_SAMPLES	(CALM / PERIOD * 9 / 10)
/* By how much interrupts differ that nothing holds up */
#define JITTER		100

#define BUFFER		(256 * 4096)

struct sample {
	struct perf_event_header header;
	long long time;
};

static struct perf_event_mmap_page *page;
static int event;

static void set(const char *path, const char *value, size_t len)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, value, len) < 0)
		err(1, "%s", path);
	close(fd);
}

/*
 * Once for a guest. Early after boot some clocks are not good enough for short
 * timers yet; and the kernel must not think that these are too many interrupts.
 * Returns whether the timers became good enough.
 */
bool irqs_off_prepare(void)
{
	struct timespec res;
	int tries = 0;

	do {
		if (tries++ == 1000)
			return false;
		usleep(10000);
		clock_getres(CLOCK_MONOTONIC, &res);
	} while (res.tv_sec || res.tv_nsec > PERIOD);

	set("/proc/sys/kernel/perf_event_max_sample_rate", "1000000", 7);
	set("/proc/sys/kernel/perf_cpu_time_max_percent", "0", 1);
	return true;
}

static void wait_calmly(void)
{
	struct timespec begin, now;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - begin.tv_sec) * 1000000000LL + now.tv_nsec -
		 begin.tv_nsec < CALM);
}

/* Watch the calling thread, from now on. */
void irqs_off_start(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = PERIOD,
		.sample_type = PERF_SAMPLE_TIME,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.disabled = 1,
	};

	event = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		err(1, "perf_event_open");
	page = mmap(NULL, getpagesize() + BUFFER, PROT_READ | PROT_WRITE,
		    MAP_SHARED, event, 0);
	if (page == MAP_FAILED)
		err(1, "the buffer of perf events");
	ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
	wait_calmly();
}

static int compare(const void *a, const void *b)
{
	long long one = *(const long long *)a, other = *(const long long *)b;

	return (one > other) - (one < other);
}

/*
 * When the first interrupt was due: they all come at one phase of PERIOD, but for
 * those that something holds up.
 */
static long long first_due(const struct sample *samples)
{
	static long long phases[CALM_SAMPLES];

	for (size_t i = 0; i < CALM_SAMPLES; i++)
		phases[i] = (samples[i].time - samples[0].time + PERIOD / 2) %
			    PERIOD - PERIOD / 2;
	qsort(phases, CALM_SAMPLES, sizeof(*phases), compare);
	return samples[0].time + phases[CALM_SAMPLES / 2];
}

/*
 * Returns the longest time that an interrupt came late, in nanoseconds; or
 * IRQS_OFF_UNKNOWN when the machine was busy with something else. Makes no system
 * call, which a filter might deny by now; so the event goes on until the task ends.
 */
unsigned long long irqs_off_stop(void)
{
	const struct sample *samples = (void *)((char *)page + getpagesize());
	long long first, due, late, longest = 0;
	size_t count;

	count = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE) /
		sizeof(*samples);
	if (count < CALM_SAMPLES || count * sizeof(*samples) >= BUFFER)
		return IRQS_OFF_UNKNOWN;

	first = first_due(samples) - JITTER;
	for (size_t i = 1; i < count; i++) {
		if (samples[i].header.type != PERF_RECORD_SAMPLE)
			errx(1, "perf event %u", samples[i].header.type);
		/* None of those that were due in the meantime is made up for. */
		due = first + ((samples[i - 1].time - first) / PERIOD + 1) * PERIOD;
		late = samples[i].time - due;
		if (late > longest)
			longest = late;
	}
	return longest;
}

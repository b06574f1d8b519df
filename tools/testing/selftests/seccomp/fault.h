/* SPDX-License-Identifier: GPL-2.0-only */
/* Have the nth allocation of this thread fail: Documentation/fault-injection/. */
#ifndef FAULT_H
#define FAULT_H

#include <sys/mount.h>
#include <sys/stat.h>

#include "filter.h"

static int fault_fd = -1;

static inline void set_knob(const char *dir, const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		perror(path);
	close(fd);
}

/* Let allocations that may sleep fail, too, and say nothing about it. */
static inline bool allow_faults(void)
{
	char dir[] = "/tmp/debugfs-XXXXXX", knobs[64];
	static const char * const kinds[] = { "failslab", "fail_page_alloc" };
	bool found = false;

	if (mkdir("/tmp", 01777) && errno != EEXIST)
		return false;
	if (!mkdtemp(dir))
		return false;
	if (mount("debugfs", dir, "debugfs", 0, NULL)) {
		rmdir(dir);
		return false;
	}
	for (int i = 0; i < (int)ARRAY_SIZE(kinds); i++) {
		snprintf(knobs, sizeof(knobs), "%s/%s", dir, kinds[i]);
		found |= !access(knobs, F_OK);
		set_knob(knobs, "ignore-gfp-wait", "N");
		set_knob(knobs, "ignore-gfp-highmem", "N");
		set_knob(knobs, "min-order", "0");
		set_knob(knobs, "verbose", "0");
	}
	umount(dir);
	rmdir(dir);
	return found;
}

/* Returns why no allocation can be made to fail, NULL if it can. */
static inline const char *no_faults(void)
{
	if (access("/proc/thread-self/fail-nth", W_OK))
		return "no fail-nth in /proc (CONFIG_FAULT_INJECTION)";
	if (geteuid() || !allow_faults())
		return "no failslab in debugfs (CONFIG_FAILSLAB)";
	return NULL;
}

static inline void begin_fault(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	fault_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	CHECK(fault_fd >= 0, "/proc/thread-self/fail-nth: %m");
	CHECK(write(fault_fd, text, len) == len, "fail-nth: %m");
}

/* Returns whether there was an nth allocation. */
static inline bool end_fault(void)
{
	char text[16] = "";

	CHECK(pread(fault_fd, text, sizeof(text) - 1, 0) > 0, "fail-nth: %m");
	if (write(fault_fd, "0", 1) < 0)
		perror("fail-nth");
	close(fault_fd);
	return !atoi(text);
}

#endif

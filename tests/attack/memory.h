/* SPDX-License-Identifier: GPL-2.0-only */
/* Is memory lost? What is free, the programs that filters share, and kmemleak. */
#ifndef MEMORY_H
#define MEMORY_H

#include "filter.h"

#define PROGRAMS	"/sys/module/seccomp_bitmap/parameters/programs"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

struct memory {
	long programs, free, total;	/* the latter two in KB */
};

static inline struct memory memory_in_use(void)
{
	return (struct memory) {
		.programs = number_in(PROGRAMS, ""),
		.free = number_in("/proc/meminfo", "MemFree:"),
		.total = number_in("/proc/meminfo", "MemTotal:"),
	};
}

/*
 * Programs go a moment after their last task. KASAN holds back a 32nd of all memory
 * that is freed, and kmemleak's slabs are left half full.
 */
static inline bool memory_returns(const struct memory *before)
{
	const long slack = before->total / 16;
	struct memory now = memory_in_use();

	for (int i = 0; i < 100 && (now.programs > before->programs ||
				    now.free < before->free - slack); i++) {
		usleep(100000);
		now = memory_in_use();
	}
	printf("# %ld KB free, %ld before; %ld programs, %ld before\n", now.free, before->free,
	       now.programs, before->programs);
	return now.programs <= before->programs && now.free >= before->free - slack;
}

/* Returns false when it has given up, for want of memory for itself say. */
static inline bool tell_kmemleak(const char *what)
{
	int fd = open(KMEMLEAK, O_WRONLY);
	bool done = fd >= 0 && write(fd, what, strlen(what)) >= 0;

	close(fd);
	return done;
}

/* What has been found so far is not ours. */
static inline void clear_leaks(void)
{
	tell_kmemleak("scan");
	tell_kmemleak("clear");
}

/* Print what is lost that was allocated on behalf of a filter; returns how many lines. */
static inline int leaks(void)
{
	static char text[1 << 16];
	char *report, *next;
	ssize_t len;
	int found = 0, fd;

	if (access(KMEMLEAK, F_OK)) {
		printf("# no kmemleak: only what is free tells what is lost\n");
		return 0;
	}
	/* It takes only objects for lost that are some seconds old, and unchanged. */
	for (int i = 0; i < 2; i++) {
		sleep(6);
		if (!tell_kmemleak("scan")) {
			printf("# kmemleak: %s\n", strerror(errno));
			return 1;
		}
	}
	fd = open(KMEMLEAK, O_RDONLY);
	for (size_t got = 0; (len = read(fd, text + got, sizeof(text) - 1 - got)) > 0; got += len)
		;
	close(fd);
	for (report = strstr(text, "unreferenced object"); report; report = next) {
		next = strstr(report + 1, "unreferenced object");
		if (next)
			next[-1] = '\0';
		if (!strstr(report, "seccomp") && !strstr(report, "bpf_prog"))
			continue;
		found++;
		for (char *line = strtok(report, "\n"); line; line = strtok(NULL, "\n"))
			printf("# %s\n", line);
	}
	return found;
}

#endif

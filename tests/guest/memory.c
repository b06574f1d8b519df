// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a task's filters take of the machine's memory: memory [ROW...]
 *
 * Many tasks attach the same filters, once each with texts of its own, once all
 * with the same texts, and what is free before and after is compared, which
 * leaves nothing out. The tasks themselves are measured without filters. The
 * output is for scripts/report.py, in bytes for one task:
 *
 *   measure: ROW memory-own VALUE
 *   measure: ROW memory-same VALUE
 *
 * Where the kernel always compiles programs, also how many tasks of an ordinary
 * user can have the filters of a row that was named, or else of the first one,
 * until memory for code is used up:
 *
 *   measure: ROW jit-limit-own VALUE
 *   measure: ROW jit-limit-same VALUE
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rows.h"

#define TASKS		300
#define AGREED		512	/* bytes a task */

/* So many bytes of code at least, if the kernel takes memory for code in packs */
#define MIN_PACK	(1L << 20)
#define FILLER_INSNS	512
#define MAX_FILLERS	512

/* As in reports of containers that do not start; what attaching then fails with */
#define JIT_LIMIT	(6L << 20)
#define ENOTSUPP	524
#define ORDINARY_USER	65534
#define MAX_TASKS	4096

static long page_size;
static long filler_size;

static const char *contents(int fd)
{
	static char text[32768];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len <= 0)
		err(1, "/proc");
	text[len] = '\0';
	return text;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static bool set_sysctl(const char *path, long value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && dprintf(fd, "%ld", value) > 0;

	close(fd);
	return ok;
}

/* MemFree, and what the processors keep at hand of it */
static long free_pages(void)
{
	static int meminfo = -1, zoneinfo;
	const char *place;
	long pages, kib;

	if (meminfo < 0) {
		meminfo = open_file("/proc/meminfo");
		zoneinfo = open_file("/proc/zoneinfo");
	}
	place = strstr(contents(meminfo), "MemFree:");
	if (!place || sscanf(place, "MemFree: %ld kB", &kib) != 1)
		errx(1, "/proc/meminfo has no MemFree");
	pages = kib * 1024 / page_size;
	place = contents(zoneinfo);
	while ((place = strstr(place, " count:"))) {
		pages += strtol(place + strlen(" count:"), NULL, 10);
		place++;
	}
	return pages * page_size;
}

/*
 * What ended before is freed in the background, some of it not soon unless asked: no more
 * comes twice in a row.
 */
static void settle(void)
{
	long before, now = free_pages();
	int quiet = 0;

	while (quiet < 2) {
		set_sysctl("/proc/sys/vm/drop_caches", 2);
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
		usleep(100000);
		before = now;
		now = free_pages();
		quiet = now > before ? 0 : quiet + 1;
	}
}

/* Fill memory for code, with instructions that become many bytes. */
static int fill(void)
{
	static struct sock_filter insns[FILLER_INSNS];
	static const struct sock_fprog filler = { FILLER_INSNS, insns };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), i;

	for (i = 0; i < FILLER_INSNS - 1; i++)
		insns[i] = (struct sock_filter)
			BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3);
	insns[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filler,
				 sizeof(filler)))
		err(1, "a socket with a filter");
	return fd;
}

/*
 * The kernel may take memory for compiled code in packs of megabytes. Find out
 * how many fillers fit into what is free of the packs, or with AGAIN, into a new
 * one.
 */
static long count_fillers(bool again)
{
	int fds[MAX_FILLERS], n = 0, packs = 0, first = 0;
	long before, now = free_pages();

	while (packs <= again && n < MAX_FILLERS) {
		before = now;
		fds[n++] = fill();
		now = free_pages();
		if (before - now < MIN_PACK)
			continue;
		packs++;
		if (packs == 1)
			first = n - 1;
	}
	now = packs > again ? n - 1 - (again ? first : 0) : 0;
	while (n)
		close(fds[--n]);
	settle();
	return now;
}

/* What is free, also where the kernel does not count it as free. */
static long free_bytes(void)
{
	settle();
	return free_pages() + (filler_size ? count_fillers(false) * filler_size : 0);
}

/* The one in the middle of three: one may be far off. */
static long middle(const long *of)
{
	long least = of[0], most = of[0], sum = of[0] + of[1] + of[2];

	for (int i = 1; i < 3; i++) {
		least = of[i] < least ? of[i] : least;
		most = of[i] > most ? of[i] : most;
	}
	return sum - least - most;
}

/* Bytes for one task; each with variants of the texts, from the given one on? */
static long memory(const struct row *row, unsigned int variant)
{
	static pid_t tasks[TASKS];
	long before = free_bytes(), after;
	int i;

	for (i = 0; i < TASKS; i++) {
		rows_write_texts(row, variant ? variant + i : 0);
		tasks[i] = rows_hold(row);
	}
	after = free_bytes();
	for (i = 0; i < TASKS; i++)
		rows_end(tasks[i]);
	return (before - after) / TASKS;
}

/* The same, where two runs agree, or the one in the middle of three. */
static long sure_memory(const struct row *row, unsigned int variant)
{
	long bytes[3];

	bytes[0] = memory(row, variant);
	bytes[1] = memory(row, variant);
	if (labs(bytes[0] - bytes[1]) < AGREED)
		return (bytes[0] + bytes[1]) / 2;
	bytes[2] = memory(row, variant);
	return middle(bytes);
}

/* In memory that tasks share with us: 0, or why attaching failed */
static int *refused;

static void attach_as_user(const struct row *row)
{
	if (setuid(ORDINARY_USER))
		err(1, "an ordinary user");
	*refused = 0;
	for (unsigned int i = 0; i < row->depth && !*refused; i++)
		if (!rows_try(i))
			*refused = errno;
}

/* Does a task of its own get the row's filters? It stays until it is killed. */
static bool ordinary_task(const struct row *row, pid_t *task)
{
	*task = rows_start(row, attach_as_user);
	if (!*refused)
		return true;
	if (*refused != ENOTSUPP)
		errx(1, "%s: an ordinary user cannot attach filters: %s", row->name,
		     strerror(*refused));
	rows_end(*task);
	return false;
}

/* How many tasks, at most MAX_TASKS? With the same texts, or texts of their own. */
static int count_tasks(const struct row *row, bool own)
{
	static pid_t tasks[MAX_TASKS];
	int n = 0, count;

	do
		rows_write_texts(row, own ? 1 + n : 0);
	while (n < MAX_TASKS && ordinary_task(row, &tasks[n]) && ++n);
	for (count = n; n;)
		rows_end(tasks[--n]);
	settle();
	return count;
}

static void measure_jit_limit(const struct row *row)
{
	/* Where programs need not be compiled, they do without. */
	if (set_sysctl("/proc/sys/net/core/bpf_jit_enable", 0)) {
		set_sysctl("/proc/sys/net/core/bpf_jit_enable", 1);
		return;
	}
	if (!set_sysctl("/proc/sys/net/core/bpf_jit_limit", JIT_LIMIT))
		err(1, "bpf_jit_limit");
	printf("measure: %s jit-limit-own %d\n", row->name, count_tasks(row, true));
	printf("measure: %s jit-limit-same %d\n", row->name, count_tasks(row, false));
}

int main(int argc, char **argv)
{
	static struct row none, row;
	bool first = true;
	long without, own, same;
	int n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	page_size = sysconf(_SC_PAGESIZE);
	refused = rows_share(sizeof(*refused));
	rows_compile();
	rows_open(argv + 1);
	settle();
	n = count_fillers(true);
	if (n)
		filler_size = 2 * MIN_PACK / n;
	if (!rows_next(&none) || none.depth)
		errx(1, "the first row has filters");
	/* The first time caches fill that stay full. */
	for (n = 0; n < 2; n++)
		memory(&none, 0);
	while (rows_next(&row)) {
		if (!row.memory)
			continue;
		if (first || argc > 1)
			measure_jit_limit(&row);
		first = false;
		/* What caches keep changes: anew for each row. */
		without = sure_memory(&none, 0);
		own = sure_memory(&row, 1);
		same = sure_memory(&row, 0);
		printf("measure: %s memory-own %ld\n", row.name, own - without);
		printf("measure: %s memory-same %ld\n", row.name, same - without);
	}
	return 0;
}

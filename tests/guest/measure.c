// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a system call costs under the filters that people really run:
 * measure [DIRECTORY of *.bpf, by default /filters]
 *
 * The figures are nanoseconds above the same call without seccomp, and under
 * QEMU's "-icount shift=0" one nanosecond is one instruction.  The output is
 * for scripts/report.py:
 *
 *   measure: WORKLOAD COLUMN VALUE    (workload "none": the whole cost)
 *   measure: WORKLOAD bytes VALUE     (not on a stock kernel)
 *   coverage: WORKLOAD ABI RANGE RESULT
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "irqs_off.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1u << (n))
#define MAX_DEPTH	32

/* Short blocks, so that most see no timer interrupt: the cheapest counts. */
#define CALLS		64
#define BLOCKS		32
#define RUNS		3
#define WATCHED_RUNS	5

enum column {
	ALLOWED, DENIED, PERSONALITY, MPROTECT, ATTACH_LAST, ATTACH_ALL,
	IRQS_OFF, COLUMNS
};

static const char * const column_names[COLUMNS] = {
	"allowed", "denied", "personality", "mprotect",
	"attach-last", "attach-all", "irqs-off"
};

/* The call of a column with two values of the argument that filters look at */
static const struct call {
	long nr;
	int arg;
	long good;
	long bad;
} calls[] = {
	[ALLOWED]	= { SYS_getppid },
	[DENIED]	= { SYS_add_key, 0, 0, -1 },
	[PERSONALITY]	= { SYS_personality, 0, PER_LINUX, ADDR_NO_RANDOMIZE },
	[MPROTECT]	= { SYS_mprotect, 2, PROT_READ, PROT_EXEC },
};

static const struct workload {
	const char *name;
	const char *filter;
	unsigned int depth;
	unsigned int checked;	/* the columns whose argument decides */
	bool numbered;		/* each layer is a filter of its own */
	bool coverage;
} workloads[] = {
	{ "none" },
	{ "container", "container", 1, BIT(PERSONALITY), .coverage = true },
	{ "container-x4", "container", 4, BIT(PERSONALITY) },
	{ "container-tree", "container-tree", 1, BIT(PERSONALITY) },
	{ "systemd-x16", "systemd", 16, BIT(PERSONALITY) | BIT(MPROTECT),
	  .numbered = true, .coverage = true },
	{ "trivial", "trivial", 1 },
	{ "trivial-x2", "trivial", 2 },
	{ "trivial-x4", "trivial", 4 },
	{ "trivial-x8", "trivial", 8 },
	{ "trivial-x16", "trivial", 16 },
	{ "trivial-x32", "trivial", 32 },
	{ "linear-10", "linear-10", 1 },
	{ "linear-100", "linear-100", 1 },
	{ "linear-300", "linear-300", 1 },
	{ "linear-1000", "linear-1000", 1 },
};

static const char *directory = "/filters";
static bool watch_irqs;
static struct sock_filter programs[MAX_DEPTH][BPF_MAXINSNS];
static struct sock_fprog layers[MAX_DEPTH];

static unsigned long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static long invoke(const struct call *call, long value)
{
	long args[3] = { 0 };

	args[call->arg] = value;
	return syscall(call->nr, args[0], args[1], args[2]);
}

static void load_layer(const struct workload *w, unsigned int layer)
{
	char number[16] = "", path[PATH_MAX];
	size_t len;
	FILE *file;

	if (w->numbered)
		snprintf(number, sizeof(number), "-%02u", layer + 1);
	snprintf(path, sizeof(path), "%s/%s%s.bpf", directory, w->filter,
		 number);
	file = fopen(path, "r");
	if (!file)
		err(1, "%s", path);
	len = fread(programs[layer], sizeof(struct sock_filter), BPF_MAXINSNS,
		    file);
	if (!len || ferror(file))
		errx(1, "%s: cannot read a filter", path);
	fclose(file);
	layers[layer].len = len;
	layers[layer].filter = programs[layer];
}

static void attach(const struct workload *w, unsigned long long *ns)
{
	unsigned int i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
	for (i = 0; i < w->depth; i++) {
		unsigned long long start = now();

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0,
			    &layers[i]))
			err(1, "%s: attaching filter %u", w->name, i + 1);
		ns[ATTACH_LAST] = now() - start;
		ns[ATTACH_ALL] += ns[ATTACH_LAST];
	}
}

/* Are these the calls that the column says?  Else its figure means nothing. */
static void verify(const struct workload *w, enum column column)
{
	long good = invoke(&calls[column], calls[column].good);
	int good_errno = errno;
	long bad = invoke(&calls[column], calls[column].bad);

	if (column == DENIED) {
		/* EFAULT would be the call's own opinion of its pointers */
		if (good != -1 || bad != -1 || good_errno != errno ||
		    errno == EFAULT)
			errx(1, "%s: add_key is not always denied", w->name);
		return;
	}
	if (good < 0)
		errx(1, "%s: %s is denied", w->name, column_names[column]);
	if ((w->checked & BIT(column)) && bad != -1)
		errx(1, "%s: %s with other arguments is not denied", w->name,
		     column_names[column]);
}

static bool wanted(const struct workload *w, enum column column)
{
	switch (column) {
	case PERSONALITY:
	case MPROTECT:
		return !w->depth || (w->checked & BIT(column));
	case ALLOWED:
		return true;
	default:
		return w->depth;
	}
}

static unsigned long long cheapest_block(const struct call *call)
{
	unsigned long long best = ULLONG_MAX, ns;
	unsigned int block, i;

	for (block = 0; block < BLOCKS; block++) {
		ns = now();
		for (i = 0; i < CALLS; i++)
			invoke(call, call->good);
		ns = now() - ns;
		if (ns < best)
			best = ns;
	}
	return best;
}

/* Attach alone, with an eye on the interrupts: this takes time of its own. */
static void watch(const struct workload *w, unsigned long long *ns)
{
	irqs_off_start();
	attach(w, ns);
	ns[IRQS_OFF] = irqs_off_stop();
}

static void attach_and_call(const struct workload *w, unsigned long long *ns)
{
	enum column column;

	attach(w, ns);
	for (column = ALLOWED; column <= MPROTECT; column++) {
		if (!wanted(w, column))
			continue;
		verify(w, column);
		ns[column] = cheapest_block(&calls[column]);
	}
}

static void print_memory(const struct workload *w, const char *line)
{
	unsigned long tables, programs;

	if (sscanf(line, "# %*u filters: %lu bytes of tables, %lu of", &tables,
		   &programs) != 2)
		errx(1, "seccomp_coverage: %s", line);
	printf("measure: %s bytes %lu\n", w->name, tables + programs);
}

/* What the kernel says of the filters of a child that has stopped. */
static void print_coverage(const struct workload *w, pid_t pid)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/seccomp_coverage", pid);
	file = fopen(path, "r");
	if (!file && errno == ENOENT)
		return;		/* a stock kernel */
	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			print_memory(w, line);
		else if (w->coverage)
			printf("coverage: %s %s", w->name, line);
	}
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
}

/*
 * Returns when a child has measured and has stopped: then one can look at what
 * is attached.
 */
static pid_t start(const struct workload *w, unsigned long long *ns,
		   void (*measure)(const struct workload *w,
				   unsigned long long *ns))
{
	int status;
	pid_t pid;

	memset(ns, 0, COLUMNS * sizeof(*ns));
	usleep(50000);	/* the last child's filters are freed in the background */
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL))
			err(1, "PR_SET_PDEATHSIG");
		measure(w, ns);
		kill(getpid(), SIGSTOP);
		_exit(1);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid)
		err(1, "waitpid");
	if (WIFSIGNALED(status))
		errx(1, "%s: killed by signal %d", w->name, WTERMSIG(status));
	if (!WIFSTOPPED(status))
		exit(1);	/* it said why */
	return pid;
}

/*
 * Without any BPF program left the kernel frees its memory for compiled code,
 * and the next filter would pay for that.  Machines usually have some program.
 */
static void hold_a_program(unsigned long long *shared)
{
	static const struct workload holder = { "holder", "trivial", 1 };

	load_layer(&holder, 0);
	start(&holder, shared, attach_and_call);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The least of some runs, each in a child of its own: the rest is disturbance. */
static void measure(const struct workload *w, unsigned long long *shared,
		    unsigned long long *best)
{
	unsigned int i;
	enum column c;
	pid_t pid;

	for (i = 0; i < w->depth; i++)
		load_layer(w, i);
	for (i = 0; i < RUNS; i++) {
		pid = start(w, shared, attach_and_call);
		if (w->depth && i == RUNS - 1)
			print_coverage(w, pid);
		end(pid);
		for (c = 0; c < IRQS_OFF; c++)
			if (!i || shared[c] < best[c])
				best[c] = shared[c];
	}
	best[IRQS_OFF] = IRQS_OFF_UNKNOWN;
	for (i = 0; watch_irqs && w->depth && i < WATCHED_RUNS; i++) {
		end(start(w, shared, watch));
		if (shared[IRQS_OFF] < best[IRQS_OFF])
			best[IRQS_OFF] = shared[IRQS_OFF];
	}
}

static void print_figures(const struct workload *w,
			  const unsigned long long *ns,
			  const unsigned long long *without)
{
	enum column c;
	long long above;

	for (c = 0; c < COLUMNS; c++) {
		if (!wanted(w, c) || (c == IRQS_OFF && ns[c] == IRQS_OFF_UNKNOWN))
			continue;
		above = ns[c];
		if (w->depth && c <= MPROTECT)
			above -= without[c == DENIED ? ALLOWED : c];
		if (c <= MPROTECT)
			above = (above + (above < 0 ? -CALLS : CALLS) / 2) /
				CALLS;
		printf("measure: %s %s %lld\n", w->name, column_names[c],
		       above);
	}
}

/* As on users' machines; not every architecture does it by default. */
static void compile_filters(void)
{
	int fd = open("/proc/sys/net/core/bpf_jit_enable", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		err(1, "bpf_jit_enable");
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long long without[COLUMNS], best[COLUMNS], *shared;
	unsigned int i;

	if (argc > 1)
		directory = argv[1];
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, COLUMNS * sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	compile_filters();
	watch_irqs = irqs_off_prepare();
	hold_a_program(shared);
	measure(&workloads[0], shared, without);
	if (!without[ALLOWED])
		errx(1, "the clock is too coarse: %d calls took no time",
		     CALLS);
	print_figures(&workloads[0], without, without);
	for (i = 1; i < ARRAY_SIZE(workloads); i++) {
		measure(&workloads[i], shared, best);
		print_figures(&workloads[i], best, without);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"
#include "runner.h"

/* Processor time for a test, in seconds, of those that look for one failure */
#define IMPATIENCE	20

/* A test on its way: what it prints is kept until its turn. */
struct running {
	pid_t pid;		/* 0 when it has ended */
	time_t start, took;
	int status;
	FILE *output;
	struct stats *stats;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void start(const struct test *test, struct running *r, uint64_t seed,
		  unsigned int seconds)
{
	const struct rlimit limit = { seconds, seconds };

	r->output = tmpfile();
	if (!r->output)
		die("tmpfile");
	r->start = time(NULL);
	fflush(stdout);
	r->pid = fork();
	if (r->pid < 0)
		die("fork");
	if (r->pid)
		return;

	dup2(fileno(r->output), STDOUT_FILENO);
	dup2(fileno(r->output), STDERR_FILENO);
	if (seconds)
		setrlimit(RLIMIT_CPU, &limit);
	stats = r->stats;
	exit(!test->run(test, seed));
}

static void wait_one(struct running *r, unsigned int n)
{
	int status;
	pid_t pid = wait(&status);

	for (unsigned int i = 0; i < n; i++) {
		if (pid <= 0 || r[i].pid != pid)
			continue;
		r[i].pid = 0;
		r[i].status = status;
		r[i].took = time(NULL) - r[i].start;
	}
}

static void print_output(FILE *output)
{
	char line[512];

	rewind(output);
	while (fgets(line, sizeof(line), output))
		fputs(line, stdout);
	fclose(output);
}

static void print_counts(const struct stats *s)
{
	if (!s->decisions)
		return;
	printf("; %llu programs, %.1f M decisions, %.1f M constant",
	       (unsigned long long)s->programs, s->decisions / 1e6,
	       s->constant / 1e6);
	printf(" (%.2f M by argument-dependent ways)", s->despite / 1e6);
	printf(", %.0f k rests", s->rests / 1e3);
	if (s->missed)
		printf(", %llu more seem so",
		       (unsigned long long)s->missed);
}

/* Returns whether it passed. */
static bool report(const struct test *test, struct running *r, unsigned int nr,
		   const char *prefix)
{
	print_output(r->output);
	printf("%sok %u %s%s # %ld s", r->status ? "not " : "", nr, prefix,
	       test->name, (long)r->took);
	if (WIFSIGNALED(r->status))
		printf(", signal %d", WTERMSIG(r->status));
	print_counts(r->stats);
	printf("\n");
	fflush(stdout);
	return !r->status;
}

static void stop(struct running *r, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!r[i].pid)
			continue;
		kill(r[i].pid, SIGKILL);
		waitpid(r[i].pid, NULL, 0);
	}
}

unsigned int run_tests(const struct test *tests, unsigned int n,
		       const char *prefix, uint64_t seed, unsigned int jobs,
		       bool all_of_them)
{
	struct running *running = calloc(n, sizeof(*running));
	struct stats *all = mmap(NULL, n * sizeof(*all), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int begun = 0, ended = 0, failed = 0;
	uint64_t decisions = 0, programs = 0;

	if (!running || all == MAP_FAILED)
		die("memory");

	printf("TAP version 13\n1..%u\n# seed %llu\n", n,
	       (unsigned long long)seed);
	while (ended < n) {
		while (begun < n && begun - ended < jobs) {
			running[begun].stats = &all[begun];
			start(&tests[begun], &running[begun], seed,
			      all_of_them ? 0 : IMPATIENCE);
			begun++;
		}
		wait_one(running, begun);
		for (; ended < begun && !running[ended].pid; ended++) {
			failed += !report(&tests[ended], &running[ended],
					  ended + 1, prefix);
			decisions += all[ended].decisions;
			programs += all[ended].programs;
		}
		if (failed && !all_of_them) {
			stop(running, begun);
			break;
		}
	}

	printf("# %llu decisions against the oracle, on %llu programs\n",
	       (unsigned long long)decisions, (unsigned long long)programs);
	munmap(all, n * sizeof(*all));
	free(running);
	return failed;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much time and memory of the kernel can be taken by attaching filters? The
 * environment has FULL for all that there is, and COUNTED where a nanosecond is an
 * instruction, for limits to count; otherwise all figures are only told.
 *
 * Filters are those that the search on the host starts from (tests/host/worst.c), with a
 * constant that makes each attached text a new one.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "abis.h"
#include "arch.h"
#include "generate.h"
#include "rows.h"

#define MS		1000000LL
#define STACK		4096	/* of a task, in bytes */

/* Of tasks, which all share the memory of this program. */
static struct program text;
static bool same_texts;
static atomic_uint attached;
static int attach_error;

static bool full, counted;

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

/* --- Filters -------------------------------------------------------------- */

/* Looks at an argument that only @number differs in, and allows everything. */
static void make_short(struct program *p, uint32_t number)
{
	*p = (struct program) { .len = 4, .insn = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(5)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	} };
}

/* What a filter decides must not be the end of the task: all is allowed. */
static void make_long(struct program *p, const struct kind *kind, unsigned int len)
{
	struct rng rng = { 1 };

	kind->build(p, len - 1, &rng);
	program_insert(p, 0, (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, 0));
	for (unsigned int i = 0; i < p->len; i++)
		if (BPF_CLASS(p->insn[i].code) == BPF_RET)
			p->insn[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
								   SECCOMP_RET_ALLOW | i % 7);
}

/* Returns 0 or the error. */
static int attach(struct program *p)
{
	const struct sock_fprog prog = { p->len, p->insn };

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) ? errno : 0;
}

/* The same with a text that nobody has had; what it starts with makes no difference. */
static int attach_new(struct program *p)
{
	static uint32_t number;

	p->insn[0].k = p->insn[0].code == (BPF_LD | BPF_IMM) ? ++number : p->insn[0].k;
	if (p->len == 4)
		p->insn[1].k = ++number;
	return attach(p);
}

/* --- Tasks ---------------------------------------------------------------- */

/* Their memory is ours, so that little but filters is made and given back. */
static pid_t start(int (*work)(void *), void *stack)
{
	pid_t pid = clone(work, (char *)stack + STACK, CLONE_VM | CLONE_FILES | SIGCHLD, NULL);

	if (pid < 0)
		err(1, "clone");
	return pid;
}

/* Until it is killed. */
static int stay(void)
{
	for (;;)
		pause();
	return 0;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static long free_kib(void)
{
	long kib = 0;
	FILE *file;

	usleep(200000);		/* what ended before is freed in the background */
	file = fopen("/proc/meminfo", "r");
	if (!file || fscanf(file, "MemTotal: %*d kB MemFree: %ld", &kib) != 1)
		errx(1, "/proc/meminfo has no MemFree");
	fclose(file);
	return kib;
}

/* --- Stacks at the limit of a path ---------------------------------------- */

static int attach_to_the_limit(void *unused)
{
	int error;

	while (!(error = attach_new(&text)))
		attached++;
	attach_error = error;
	return stay();
}

/* Time and memory of a stack that takes no further filter. */
static bool full_path(const char *what)
{
	static char stack[STACK] __attribute__((aligned(16)));
	long before = free_kib(), took;
	long long begin = now();
	pid_t pid;

	attached = 0;
	attach_error = 0;
	pid = start(attach_to_the_limit, stack);
	while (!attach_error)
		usleep(1000);
	begin = now() - begin;
	took = before - free_kib();
	printf("# path, %s: %u filters of %u, %lld us in all, %lld each, %ld KiB\n", what,
	       attached, text.len, begin / 1000, begin / 1000 / (attached + !attached), took);
	end(pid);
	return attached && attach_error == ENOMEM;
}

static bool test_paths(void)
{
	bool ok = true;

	for (unsigned int i = 0; i < nr_kinds; i++) {
		make_long(&text, &kinds[i], BPF_MAXINSNS);
		if (full || i == nr_kinds - 1)
			ok &= full_path(kinds[i].name);
	}
	make_short(&text, 0);
	return full ? full_path("an argument each") && ok : ok;
}

/* --- Many tasks ----------------------------------------------------------- */

static int attach_and_wait(void *unused)
{
	attach_error = same_texts ? attach(&text) : attach_new(&text);
	attached++;
	return stay();
}

/* Memory that a task takes, with filters or without. */
static bool many_tasks(const char *what, unsigned int tasks)
{
	char *stacks = mmap(NULL, tasks * STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	pid_t *pid = calloc(tasks, sizeof(*pid));
	long long begin = now();
	bool ok = stacks != MAP_FAILED && pid;
	long before = free_kib();
	unsigned int i;

	attached = 0;
	for (i = 0; ok && i < tasks; i++) {
		pid[i] = start(attach_and_wait, stacks + i * STACK);
		while (attached <= i)
			sched_yield();
		ok &= !attach_error;
	}
	before -= free_kib();
	printf("# tasks, %s: %u, %lld us in all, %ld bytes each\n", what, i,
	       (now() - begin) / 1000, before * 1024 / tasks);
	while (i--)
		end(pid[i]);
	munmap(stacks, tasks * STACK);
	free(pid);
	return ok;
}

static bool test_tasks(void)
{
	const unsigned int tasks = full ? 10000 : 100;
	bool ok;

	make_short(&text, 0);
	ok = many_tasks("texts of their own", tasks);
	same_texts = true;
	ok &= many_tasks("the same text", tasks);
	same_texts = false;
	return ok;
}

/* --- Dying ---------------------------------------------------------------- */

static int attach_for_ever(void *unused)
{
	for (;;)
		attach_new(&text);
	return 0;
}

/* How long is it from the time when a task should be killed until it is dead? */
static long long death(long long after)
{
	static char stack[STACK] __attribute__((aligned(16)));
	const struct timespec ts = { .tv_nsec = after };
	pid_t pid = start(attach_for_ever, stack);
	long long due = now() + after;

	nanosleep(&ts, NULL);
	end(pid);
	return now() - due;
}

/* The longest of many, each somewhat later in the task's life. */
static long long slowest_death(const struct kind *kind)
{
	const unsigned int deaths = full ? 400 : 20;
	long long slowest = 0, took;

	make_long(&text, kind, BPF_MAXINSNS);
	for (unsigned int i = 1; i <= deaths; i++) {
		took = death(i * (full ? 250000 : 1000000));
		slowest = took > slowest ? took : slowest;
	}
	return slowest;
}

/*
 * To check and to compile a filter takes milliseconds, and nothing interrupts that, on a
 * stock kernel as well. So deaths are compared with those of who attaches a list of
 * numbers, which is classified in no time.
 */
static bool test_deaths(void)
{
	long long list = slowest_death(&kinds[0]), took, slowest = 0;

	for (unsigned int i = 1; i < nr_kinds; i++) {
		if (!full && i < nr_kinds - 2)
			continue;
		took = slowest_death(&kinds[i]);
		printf("# death, %s: %lld ns, %lld for a list\n", kinds[i].name, took, list);
		slowest = took > slowest ? took : slowest;
	}
	return !counted || slowest - list < MS;
}

/* --- The worst filters ---------------------------------------------------- */

static long long figure;

static int attach_once(void *unused)
{
	long long begin = now();

	attach_error = attach_new(&text);
	figure = now() - begin;
	attached = 1;
	return stay();
}

/* What it takes to attach each kind of filter, to be compared with a stock kernel. */
static bool test_costs(void)
{
	static char stack[STACK] __attribute__((aligned(16)));
	static const unsigned int len[] = { 64, 512, BPF_MAXINSNS };
	long long least;
	pid_t pid;

	for (unsigned int i = 0; i < nr_kinds * ARRAY_SIZE(len); i++) {
		make_long(&text, &kinds[i / ARRAY_SIZE(len)], len[i % ARRAY_SIZE(len)]);
		least = 0;
		for (unsigned int n = 0; n < 3; n++) {
			attached = 0;
			pid = start(attach_once, stack);
			while (!attached)
				usleep(1000);
			end(pid);
			if (attach_error)
				return false;
			if (!n || figure < least)
				least = figure;
		}
		printf("# attach, %s of %u: %lld ns\n", kinds[i / ARRAY_SIZE(len)].name,
		       text.len, least);
	}
	return true;
}

int main(void)
{
	static const struct {
		const char *name;
		bool (*run)(void);
	} tests[] = {
		{ "paths", test_paths }, { "tasks", test_tasks }, { "deaths", test_deaths },
		{ "costs", test_costs },
	};
	bool ok, all = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	full = getenv("FULL");
	counted = getenv("COUNTED");
	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(tests));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		ok = tests[i].run();
		printf("%sok %zu %s\n", ok ? "" : "not ", i + 1, tests[i].name);
		all &= ok;
	}
	return !all;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Let each allocation fail once, on every path on which filters are attached, pinned,
 * shared, superseded, inherited or looked at. Either the call fails as it may on the
 * stock kernel, and nothing has changed, or it succeeds, and all verdicts are right.
 * Nothing is lost in the end. The environment has EVERY: try only one of so many
 * allocations, from SEED on.
 */
#include <pthread.h>

#include "fault.h"
#include "memory.h"
#include "texts.h"

static struct prog prog;

static void base(void)
{
	no_new_privs();
	CHECK_EQ(0, attach_rule(__NR_getppid, ERRNO(11), false, 0));
	CHECK_EQ(0, attach_rule(NR_GETUID, ERRNO(12), true, 0));
}

static void check_verdicts(const struct text *text, bool attached)
{
	const struct verdict *v;

	for (v = text->verdicts; v < &text->verdicts[ARRAY_SIZE(text->verdicts)] && v->nr; v++)
		CHECK_EQ(attached ? v->after : v->before, call(v->nr, v->arg));
	CHECK_EQ(-12, call(NR_GETUID, MAGIC));
	CHECK_EQ(0, call(NR_GETUID, 1));
	CHECK_EQ(attached ? 3 : 2, filter_count());
}

/* --- Operations: what comes before, what fails, what is right then ---------- */

struct operation {
	const char *name;
	const struct text *text;
	void (*prepare)(const struct operation *op);
	long (*run)(const struct operation *op);
	void (*check)(const struct operation *op, long ret);
	int errors[4];		/* that stock gives, too */
};

static void prepare_attach(const struct operation *op)
{
	base();
	prog.len = 0;
	op->text->build(&prog);
}

static long run_attach(const struct operation *op)
{
	return attach(&prog, 0);
}

static void check_attach(const struct operation *op, long ret)
{
	check_verdicts(op->text, !ret);
}

/* Somebody else has the same filters, and the same stack. */
static void prepare_shared(const struct operation *op)
{
	pid_t pid = start_child();
	int status;

	prepare_attach(op);
	if (pid) {
		waitpid(pid, &status, WUNTRACED);
		return;
	}
	CHECK_EQ(0, attach(&prog, 0));
	raise(SIGSTOP);
	_exit(0);
}

static void prepare_first(const struct operation *op)
{
	no_new_privs();
	prog.len = 0;
	op->text->build(&prog);
}

static void check_first(const struct operation *op, long ret)
{
	CHECK_EQ(!ret, filter_count());
	CHECK_EQ(ret ? getppid() : -21, call(__NR_getppid, MAGIC));
	CHECK_EQ(ret ? 0 : 2, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
}

static void prepare_base(const struct operation *op)
{
	base();
}

static long run_pin(const struct operation *op)
{
	unsigned int action = ERRNO(77);

	return sec(SECCOMP_PIN_ARCHITECTURE, 0, &action);
}

static void check_pin(const struct operation *op, long ret)
{
	CHECK_EQ(ret ? 2 : 3, filter_count());
	CHECK_EQ(-11, call(__NR_getppid, MAGIC));
#ifdef __x86_64__
	CHECK((int80(64 /* getppid */, 0, 0, 0, 0, 0) == -77) == !ret, "pinned after %ld", ret);
#endif
}

/* A child that has been made has the filters. */
static long run_fork(const struct operation *op)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		check_verdicts(&short_text, false);
		_exit(!!failures);
	}
	if (pid < 0)
		return -errno;
	waitpid(pid, &status, 0);
	return status ? -ECHILD : 0;
}

static void check_fork(const struct operation *op, long ret)
{
	check_verdicts(&short_text, false);
}

static pthread_barrier_t barrier;
static const struct text *thread_text;
static bool thread_attached;

static void *synced_thread(void *unused)
{
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	check_verdicts(thread_text, thread_attached);
	return unused;
}

static pthread_t thread;

static void prepare_tsync(const struct operation *op)
{
	prepare_attach(op);
	thread_text = op->text;
	pthread_barrier_init(&barrier, NULL, 2);
	CHECK_EQ(0, pthread_create(&thread, NULL, synced_thread, NULL));
	pthread_barrier_wait(&barrier);
}

static long run_tsync(const struct operation *op)
{
	return attach(&prog, SECCOMP_FILTER_FLAG_TSYNC);
}

static void check_tsync(const struct operation *op, long ret)
{
	thread_attached = !ret;
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	check_verdicts(op->text, !ret);
}

static int first_free_fd(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

static int free_fd;

static void prepare_listener(const struct operation *op)
{
	base();
	prog.len = 0;
	rule(&prog, NR_GETEUID, SECCOMP_RET_USER_NOTIF, false);
	emit(&prog, RET(SECCOMP_RET_ALLOW));
	free_fd = first_free_fd();
}

static long run_listener(const struct operation *op)
{
	int fd = attach(&prog, SECCOMP_FILTER_FLAG_NEW_LISTENER);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void check_listener(const struct operation *op, long ret)
{
	CHECK_EQ(free_fd, first_free_fd());
	check_verdicts(op->text, !ret);
}

/* Either report: as it has been without a fault. */
static char report[2][1 << 16];
static ssize_t report_length;

static long read_report(const char *name, char *text, ssize_t *length)
{
	int fd = open(name, O_RDONLY);
	ssize_t got = fd;

	*length = 0;
	while (fd >= 0 && (got = read(fd, text + *length, sizeof(*report) - *length)) > 0)
		*length += got;
	if (got < 0)
		got = -errno;
	close(fd);
	return got;
}

static void prepare_report(const struct operation *op)
{
	base();
	CHECK_EQ(0, read_report(op->name, report[0], &report_length));
}

static long run_report(const struct operation *op)
{
	ssize_t length;
	long ret = read_report(op->name, report[1], &length);

	CHECK(ret || (length == report_length && !memcmp(report[0], report[1], length)),
	      "%zd bytes that were %zd", length, report_length);
	return ret;
}

static pid_t tracee;

static void prepare_get_filter(const struct operation *op)
{
	int status;

	prog.len = 0;
	build_list(&prog);
	tracee = start_child();
	if (tracee) {
		waitpid(tracee, &status, WUNTRACED);
		return;
	}
	no_new_privs();
	CHECK_EQ(0, attach(&prog, 0));
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	_exit(0);
}

static long run_get_filter(const struct operation *op)
{
	static struct sock_filter insn[BPF_MAXINSNS];
	long len = ptrace(PTRACE_SECCOMP_GET_FILTER, tracee, 0, insn);

	if (len < 0)
		return -errno;
	CHECK(len == prog.len && !memcmp(insn, prog.insn, len * sizeof(*insn)),
	      "another text than was attached, %ld instructions", len);
	return 0;
}

static void check_nothing(const struct operation *op, long ret)
{
}

static const struct operation operations[] = {
	{ "first filter", &short_text, prepare_first, run_attach, check_first, { ENOMEM } },
	{ "short", &short_text, prepare_attach, run_attach, check_attach, { ENOMEM } },
	{ "list", &list_text, prepare_attach, run_attach, check_attach, { ENOMEM } },
	{ "many returns", &returns_text, prepare_attach, run_attach, check_attach, { ENOMEM } },
	{ "shared", &list_text, prepare_shared, run_attach, check_attach, { ENOMEM } },
	{ "pin", NULL, prepare_base, run_pin, check_pin, { ENOMEM } },
	{ "fork", NULL, prepare_base, run_fork, check_fork, { ENOMEM, EAGAIN } },
	{ "tsync", &list_text, prepare_tsync, run_tsync, check_tsync, { ENOMEM } },
	{ "listener", &notifying_text, prepare_listener, run_listener, check_listener,
	  { ENOMEM } },
	/* Where /proc cannot make an inode there is no such file. */
	{ "/proc/self/seccomp_coverage", NULL, prepare_report, run_report, check_fork,
	  { ENOMEM, ENOENT } },
	{ "/proc/self/seccomp_cache", NULL, prepare_report, run_report, check_fork,
	  { ENOMEM, ENOENT } },
	{ "PTRACE_SECCOMP_GET_FILTER", NULL, prepare_get_filter, run_get_filter, check_nothing,
	  { ENOMEM } },
};

/* --- Sweeps ----------------------------------------------------------------- */

struct outcome {
	long ret;
	bool used;		/* was there such an allocation? */
};

static bool allowed(const struct operation *op, long ret)
{
	for (int i = 0; i < (int)ARRAY_SIZE(op->errors); i++)
		if (op->errors[i] == -ret)
			return true;
	return !ret;
}

static void try_fault(const struct operation *op, unsigned int nth, struct outcome *outcome)
{
	op->prepare(op);
	begin_fault(nth);
	outcome->ret = op->run(op);
	outcome->used = end_fault();
	CHECK(allowed(op, outcome->ret), "result %ld", outcome->ret);
	CHECK(outcome->used || !outcome->ret, "result %ld without a fault", outcome->ret);
	op->check(op, outcome->ret);
	finish();
}

/* Returns the number of faults, of which all went well if there is no failure. */
static unsigned int sweep(const struct operation *op, unsigned int first, unsigned int step)
{
	struct outcome *outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int nth = first, faults = 0, failed = 0;

	do {
		*outcome = (struct outcome) { 0 };
		if (in_child())
			try_fault(op, nth, outcome);
		CHECK(!child_status, "%s, allocation %u: status %#x", op->name, nth,
		      child_status);
		faults += outcome->used;
		failed += outcome->ret < 0;
		nth += step;
	} while (outcome->used && !child_status && nth < 5000);
	CHECK(!outcome->used, "%s: no end after %u", op->name, nth);
	printf("# %s: %u faults, %u of them fatal\n", op->name, faults, failed);
	munmap(outcome, sizeof(*outcome));
	return faults;
}

static unsigned int number(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? atoi(value) : otherwise;
}

static unsigned int sweep_all(void)
{
	const unsigned int step = number("EVERY", 8), seed = number("SEED", 1);
	unsigned int faults = 0;

	for (int i = 0; i < (int)ARRAY_SIZE(operations); i++)
		faults += sweep(&operations[i], 1 + (seed + i) % step, step);
	return faults;
}

FIXTURE(faults) { struct memory before; };

FIXTURE_SETUP(faults)
{
	const char *why_not = no_faults();

	if (why_not)
		SKIP(return, "%s", why_not);
	if (access("/proc/self/seccomp_coverage", F_OK))
		SKIP(return, "no seccomp_coverage (CONFIG_SECCOMP_CACHE_DEBUG)");
	clear_leaks();
	self->before = memory_in_use();
}

FIXTURE_TEARDOWN(faults) {}

TEST_F_TIMEOUT(faults, each_allocation, 7000)
{
	unsigned int faults;

	if (!self->before.total)
		return;
	faults = sweep_all();
	EXPECT_EQ(0, failures);
	EXPECT_TRUE(memory_returns(&self->before));
	EXPECT_EQ(0, leaks());
	printf("# amount: %u faults\n", faults);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters and the life of tasks: TSYNC in a racing thread group, fork, exec,
 * a tracer that changes the call before the filters see it, attaching until
 * there is no room, being killed meanwhile, and with memory that runs out.
 */
#include <pthread.h>

#include "bpf_eval.h"
#include "fault.h"

#define HAMMERS	3

static atomic_int least, stop, running;

/* No answer may be older than the filter that was there before the call. */
static void *hammer(void *unused)
{
	running++;
	while (!stop) {
		int before = least;
		long got = call(__NR_getppid, MAGIC);

		if (got > 0)
			got = 0;
		CHECK(-got >= before, "%ld after filter %d was everywhere", got, before);
	}
	return unused;
}

static void tsync_race(bool by_arg)
{
	pthread_t thread[HAMMERS];

	for (int i = 0; i < HAMMERS; i++)
		pthread_create(&thread[i], NULL, hammer, NULL);
	while (running < HAMMERS)
		sched_yield();
	for (int i = 1; i <= 24; i++) {
		/* Both kinds of answer follow each other in the same thread. */
		bool arg = by_arg && i % 2;

		CHECK_EQ(0, attach_rule(__NR_getppid, ERRNO(i), arg,
					SECCOMP_FILTER_FLAG_TSYNC));
		least = i;
		CHECK_EQ(-i, call(__NR_getppid, MAGIC));
	}
	stop = 1;
	for (int i = 0; i < HAMMERS; i++)
		pthread_join(thread[i], NULL);
}

TEST(tsync_race_constant)
{
	no_new_privs();
	tsync_race(false);
	EXPECT_EQ(0, failures);
}

TEST(tsync_race_argument)
{
	no_new_privs();
	tsync_race(true);
	EXPECT_EQ(0, failures);
}

static struct {
	pthread_barrier_t start;
	atomic_long tid;
	atomic_int go;
	long got[2], count;
} other;

static void *diverged_thread(void *unused)
{
	CHECK_EQ(0, attach_rule(NR_GETEUID, ERRNO(9), false, 0));
	other.tid = syscall(__NR_gettid);
	while (!other.go)
		sched_yield();
	other.got[0] = call(__NR_getppid, MAGIC);
	other.got[1] = call(NR_GETEUID, MAGIC);
	return unused;
}

/* One thread has gone its own way: nobody gets the new filter. */
TEST(tsync_refused)
{
	pthread_t thread;

	no_new_privs();
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(3), false, 0));
	ASSERT_EQ(0, pthread_create(&thread, NULL, diverged_thread, NULL));
	while (!other.tid)
		sched_yield();
	EXPECT_EQ(other.tid, attach_rule(__NR_getppid, ERRNO(4), false,
					 SECCOMP_FILTER_FLAG_TSYNC));
	EXPECT_EQ(-ESRCH, attach_rule(__NR_getppid, ERRNO(5), true,
				      SECCOMP_FILTER_FLAG_TSYNC |
				      SECCOMP_FILTER_FLAG_TSYNC_ESRCH));
	EXPECT_EQ(-3, call(__NR_getppid, MAGIC));
	EXPECT_EQ(geteuid(), (uid_t)call(NR_GETEUID, 0));
	EXPECT_EQ(1, filter_count());
	other.go = 1;
	pthread_join(thread, NULL);
	EXPECT_EQ(-3, other.got[0]);
	EXPECT_EQ(-9, other.got[1]);
	/* With the thread gone it works. Joined, it still counts for a while. */
	while (!syscall(__NR_tgkill, getpid(), other.tid, 0))
		sched_yield();
	EXPECT_EQ(0, attach_rule(__NR_getppid, ERRNO(4), false,
				 SECCOMP_FILTER_FLAG_TSYNC));
	EXPECT_EQ(-4, call(__NR_getppid, MAGIC));
	EXPECT_EQ(0, failures);
}

#define ROUNDS	40

/* One number and one errno a round: each thread has its own number. */
static void *attach_rounds(void *nr)
{
	pthread_barrier_wait(&other.start);
	for (int i = 1; i <= ROUNDS; i++)
		CHECK_EQ(0, attach_rule(*(int *)nr, ERRNO(i), i % 4 == 3,
					SECCOMP_FILTER_FLAG_TSYNC));
	return NULL;
}

/*
 * Both threads prepare at once, and then merge with whatever the other one has
 * attached meanwhile: nothing is lost.
 */
TEST(two_threads_attach)
{
	int nr[2] = { __NR_getppid, NR_GETUID };
	pthread_t thread[2];

	no_new_privs();
	pthread_barrier_init(&other.start, NULL, 2);
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, attach_rounds, &nr[i]));
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(2 * ROUNDS, filter_count());
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(-ROUNDS, call(nr[i], MAGIC));
	EXPECT_EQ(0, failures);
}

/* Two threads that share an old filter and add their own: no mixing. */
static void *own_filter(void *nr)
{
	long *got = nr;
	int mine = *got;

	pthread_barrier_wait(&other.start);
	CHECK_EQ(0, attach_rule(mine, ERRNO(20), false, 0));
	pthread_barrier_wait(&other.start);
	for (int i = 0; i < 200; i++) {
		CHECK_EQ(-20, call(mine, 0));
		CHECK_EQ(-10, call(NR_GETGID, 0));
	}
	*got = call(mine == __NR_getppid ? NR_GETUID : __NR_getppid, 0);
	return NULL;
}

TEST(branches_do_not_mix)
{
	long nr[2] = { __NR_getppid, NR_GETUID };
	pthread_t thread[2];

	no_new_privs();
	pthread_barrier_init(&other.start, NULL, 2);
	ASSERT_EQ(0, attach_rule(NR_GETGID, ERRNO(10), false, 0));
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, own_filter, &nr[i]));
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ((long)getuid(), nr[0]);
	EXPECT_EQ((long)getppid(), nr[1]);
	EXPECT_EQ(getppid(), call(__NR_getppid, 0));
	EXPECT_EQ(0, failures);
}

static void mixed_filters(void)
{
	no_new_privs();
	CHECK_EQ(0, attach_rule(__NR_getppid, ERRNO(11), false, 0));
	CHECK_EQ(0, attach_rule(NR_GETUID, ERRNO(12), true, 0));
}

static void check_mixed(void)
{
	CHECK_EQ(-11, call(__NR_getppid, MAGIC));
	CHECK_EQ(-11, call(__NR_getppid, 0));
	CHECK_EQ(-12, call(NR_GETUID, MAGIC));
	CHECK_EQ(getgid(), call(NR_GETGID, MAGIC));
	CHECK(call(NR_GETUID, 0) >= 0, "getuid is allowed with this argument");
}

/* A child has its parent's filters, and its own later ones to itself. */
TEST(fork_inherits)
{
	mixed_filters();
	if (in_child()) {
		check_mixed();
		CHECK_EQ(0, attach_rule(NR_GETGID, ERRNO(13), false, 0));
		CHECK_EQ(0, attach_rule(NR_GETUID, ERRNO(14), false, 0));
		if (in_child()) {
			CHECK_EQ(-13, call(NR_GETGID, 0));
			CHECK_EQ(-14, call(NR_GETUID, 0));
			CHECK_EQ(-11, call(__NR_getppid, 0));
			finish();
		}
		CHECK_EQ(0, child_status);
		finish();
	}
	EXPECT_EQ(0, child_status);
	check_mixed();
	EXPECT_EQ(0, failures);
}

/* This program again, which ends in after_exec(). */
#define AFTER_EXEC	"-after-exec"

TEST(exec_inherits)
{
	mixed_filters();
	if (in_child()) {
		execl("/proc/self/exe", "bitmap_threads", AFTER_EXEC, NULL);
		_exit(127);
	}
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}

struct entry_change {
	int from, to;
	bool magic;		/* the tracee passes MAGIC */
	long want;		/* 0: the executed call's own result */
};

static const struct entry_change entry_changes[] = {
	{ NR_GETEUID,	__NR_getppid,	false,	-11 },
	{ __NR_getppid,	NR_GETEUID,	false,	0 },
	{ __NR_getppid,	NR_GETUID,	true,	-12 },
	{ __NR_getppid,	NR_GETUID,	false,	0 },
	{ NR_GETUID,	NR_GETGID,	true,	0 },
	{ NR_GETUID,	__NR_getppid,	true,	-11 },
};

/* Changes the number at every entry stop that is one of the list's. */
static void entry_tracer(pid_t pid)
{
	unsigned int stops = 0;
	int status;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			/* Entry and exit in turn, from the marker call on. */
			if (stops % 2 == 0 && stops / 2 < ARRAY_SIZE(entry_changes))
				set_nr(pid, entry_changes[stops / 2].to);
			stops++;
		} else {
			ptrace(PTRACE_SETOPTIONS, pid, 0,
			       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		}
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
	child_status = status;
	CHECK(stops > 2 * ARRAY_SIZE(entry_changes), "%u stops", stops);
}

TEST(tracer_changes_number_at_entry)
{
	long got[ARRAY_SIZE(entry_changes)];
	pid_t pid;

	mixed_filters();
	pid = start_child();
	if (!pid) {
		long ids[3] = { geteuid(), getgid(), getuid() };

		ptrace(PTRACE_TRACEME, 0, 0, 0);
		/* Nothing but the calls of the list between here and its end. */
		syscall(__NR_kill, getpid(), SIGSTOP);
		for (int i = 0; i < (int)ARRAY_SIZE(got); i++)
			got[i] = call(entry_changes[i].from,
				      entry_changes[i].magic ? MAGIC : 0);
		for (int i = 0; i < (int)ARRAY_SIZE(got); i++) {
			long want = entry_changes[i].want;

			if (!want)
				want = ids[entry_changes[i].to == NR_GETEUID ? 0 :
					   entry_changes[i].to == NR_GETGID ? 1 : 2];
			CHECK(got[i] == want, "change %d: %ld, not %ld", i, got[i], want);
		}
		finish();
	}
	entry_tracer(pid);
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}

static struct prog big;

/* As long as can be; every number runs to the end unless @shortcut. */
static void big_filter(bool shortcut, unsigned int verdict)
{
	big.len = 0;
	emit(&big, LD(DATA(nr)));
	emit(&big, JEQ(__NR_getppid, 0, 1));
	emit(&big, RET(verdict));
	if (shortcut)
		emit(&big, RET(SECCOMP_RET_ALLOW));
	while (big.len < BPF_MAXINSNS - 1)
		emit(&big, BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1));
	emit(&big, RET(SECCOMP_RET_ALLOW));
}

/* 256 KiB of instructions, each filter counted with four more. */
TEST(attach_until_full)
{
	long ret = 0, room = (1 << 18) / sizeof(struct sock_filter);
	int count = 0;

	no_new_privs();
	while (count < 100) {
		big_filter(true, ERRNO(count + 1));
		ret = attach(&big, 0);
		if (ret)
			break;
		count++;
		room -= BPF_MAXINSNS + 4;
		ASSERT_EQ(-count, call(__NR_getppid, 0));
	}
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_LT(room, BPF_MAXINSNS);
	EXPECT_EQ(count, filter_count());
	EXPECT_EQ(-count, call(__NR_getppid, 0));
	EXPECT_EQ(getuid(), (uid_t)call(NR_GETUID, 0));
	/* A short one still fits and counts. */
	EXPECT_EQ(0, attach_rule(NR_GETUID, ERRNO(5), false, 0));
	EXPECT_EQ(-5, call(NR_GETUID, 0));
}

TEST(many_filters)
{
	no_new_privs();
	for (int i = 1; i <= 150; i++)
		ASSERT_EQ(0, attach_rule(calls[i % 3], ERRNO(i), i % 5 == 4, 0));
	EXPECT_EQ(150, filter_count());
	/* The newest of each: 150, 148, and 149 that wants MAGIC, else 146. */
	EXPECT_EQ(-150, call(calls[0], 0));
	EXPECT_EQ(-148, call(calls[1], 0));
	EXPECT_EQ(-149, call(calls[2], MAGIC));
	EXPECT_EQ(-146, call(calls[2], 0));
}

/* Killed in the middle: the task goes, whatever the kernel was at. */
TEST(killed_while_attaching)
{
	no_new_privs();
	big_filter(false, ERRNO(1));
	for (int i = 0; i < 12; i++) {
		struct timespec pause = { 0, (1 + i * 3) * 1000000 };
		pid_t pid = start_child();

		if (!pid)
			for (;;)
				attach(&big, 0);
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		EXPECT_TRUE(killed_by(wait_child(pid), SIGKILL));
	}
}

/* The same while another thread of the process attaches with TSYNC. */
static void *attach_forever(void *unused)
{
	for (;;)
		attach_rule(NR_GETUID, ERRNO(1), true, SECCOMP_FILTER_FLAG_TSYNC);
	return unused;
}

TEST(killed_while_two_attach)
{
	no_new_privs();
	for (int i = 0; i < 4; i++) {
		struct timespec pause = { 0, (5 + i * 10) * 1000000 };
		pid_t pid = start_child();
		pthread_t thread;

		if (!pid) {
			pthread_create(&thread, NULL, attach_forever, NULL);
			attach_forever(NULL);
		}
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		EXPECT_TRUE(killed_by(wait_child(pid), SIGKILL));
	}
}

/* Looks at the argument for every number, though few verdicts depend on it. */
static void attach_looking(unsigned int verdict)
{
	struct prog p = { 0 };

	emit(&p, LD(ARG_LO(0)));
	emit(&p, JEQ(MAGIC, 0, 3));
	emit(&p, LD(DATA(nr)));
	emit(&p, JEQ(__NR_getppid, 0, 1));
	emit(&p, RET(verdict));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	CHECK_EQ(0, attach(&p, 0));
}

static void attach_and_check(void)
{
	pid_t parent = getppid();

	for (int i = 1; i <= 40; i++) {
		attach_looking(ERRNO(i));
		CHECK_EQ(-i, call(__NR_getppid, MAGIC));
		CHECK_EQ(parent, call(__NR_getppid, 0));
	}
	finish();
}

/* Tasks that attach are pushed from one CPU to the next all the time. */
TEST(migrated_while_attaching)
{
	int ended = 0, status, cpus = sysconf(_SC_NPROCESSORS_CONF);
	pid_t pids[4];

	no_new_privs();
	for (int i = 0; i < 4; i++) {
		pids[i] = start_child();
		if (!pids[i])
			attach_and_check();
	}
	for (unsigned int turn = 0; ended < 4; turn++) {
		for (int i = 0; i < 4; i++) {
			cpu_set_t set;

			CPU_ZERO(&set);
			CPU_SET((turn + i) % cpus, &set);
			sched_setaffinity(pids[i], sizeof(set), &set);
		}
		if (waitpid(-1, &status, WNOHANG) > 0) {
			EXPECT_EQ(0, status);
			ended++;
		}
	}
}

/* Attach while the nth allocation fails; true if there was an nth one. */
static bool attach_with_fault(unsigned int nth, long *ret)
{
	begin_fault(nth);
	*ret = attach(&big, 0);
	return end_fault();
}

/* The new filter allows, denies for good, and denies by argument. */
static void check_after(long ret)
{
	CHECK(!ret || ret == -ENOMEM, "attach: %ld", ret);
	CHECK_EQ(ret ? 2 : 3, filter_count());
	CHECK_EQ(ret ? -11 : -21, call(__NR_getppid, 0));
	CHECK_EQ(-12, call(NR_GETUID, MAGIC));
	CHECK_EQ(ret ? 0 : -22, call(NR_GETEUID, MAGIC));
	CHECK_EQ(0, call(NR_GETEUID, 0));
	CHECK_EQ(0, call(NR_GETGID, 0));
	CHECK_EQ(ret ? 0 : -23, call(NR_GETEGID, 0));
}

TEST(memory_fails)
{
	const char *why_not = no_faults();
	int failed = 0, nth = 0;

	if (why_not)
		SKIP(return, "%s", why_not);
	mixed_filters();
	big.len = 0;
	rule(&big, __NR_getppid, ERRNO(21), false);
	rule(&big, NR_GETEUID, ERRNO(22), true);
	rule(&big, NR_GETEGID, ERRNO(23), false);
	emit(&big, RET(SECCOMP_RET_ALLOW));
	/* The child's exit status: 0 done, 2 attached all the same, 3 failed. */
	do {
		if (in_child()) {
			long ret;
			bool more = attach_with_fault(++nth, &ret);

			check_after(ret);
			_exit(failures ? 1 : !more ? 0 : ret ? 3 : 2);
		}
		nth++;
		failed += WEXITSTATUS(child_status) == 3;
	} while (WIFEXITED(child_status) && WEXITSTATUS(child_status) > 1 && nth < 1000);
	EXPECT_EQ(0, child_status) TH_LOG("allocation %d", nth);
	/* The filter and its program at least cannot do without memory. */
	EXPECT_GE(failed, 2);
	TH_LOG("%d allocations, %d of them fatal", nth - 1, failed);
	EXPECT_EQ(0, failures);
}

static void __attribute__((constructor)) after_exec(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], AFTER_EXEC)) {
		check_mixed();
		CHECK_EQ(2, filter_count());
		finish();
	}
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * SECCOMP_PIN_ARCHITECTURE: what it accepts, what it refuses with which error
 * and in which order, and what a pinned task can and cannot do.
 */
#include "observe.h"
#include "programs.h"

#ifdef __LP64__
#define MY_HELPER	"bitmap_helper64"
#define OTHER_HELPER	"bitmap_helper32"
#else
#ifndef MY_HELPER
#define MY_HELPER	"bitmap_helper32"
#endif
#define OTHER_HELPER	"bitmap_helper64"
#endif

#define X32		0x40000000
#define NR32_GETPPID	64
#define NR32_SECCOMP	354

static long pin(void)
{
	return sec(SECCOMP_PIN_ARCHITECTURE, 0, NULL);
}

static long pin_with(unsigned int action)
{
	return sec(SECCOMP_PIN_ARCHITECTURE, 0, &action);
}

/* Some kernels have one ABI alone: then there is nothing to lose by a pin. */
static bool other_abi;

/* A program of the other ABI runs to its end, as it does without a pin. */
static bool other_abi_works(void)
{
	return !other_abi || !run_program(OTHER_HELPER, NULL).status;
}

static bool other_abi_killed(void)
{
	return !other_abi ||
	       killed_by(run_program(OTHER_HELPER, NULL).status, SIGSYS);
}

/* No filter, no mode: as if the call had not been. */
static void check_untouched(void)
{
	CHECK_EQ(0, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	CHECK_EQ(0, filter_count());
	CHECK(other_abi_works(), "the other ABI is gone");
}

FIXTURE(pin) { int unused; };

FIXTURE_SETUP(pin)
{
	if (geteuid())
		SKIP(return, "for root only");
	other_abi = can_run(OTHER_HELPER);
}

FIXTURE_TEARDOWN(pin) {}

TEST_F(pin, default_kills_other_abi)
{
	no_new_privs();
	ASSERT_EQ(0, pin());
	EXPECT_EQ(2 /* filter */, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	EXPECT_EQ(1, filter_count());
	EXPECT_TRUE(other_abi_killed());
	EXPECT_EQ(getppid(), call(__NR_getppid, 0));
	EXPECT_EQ(0, run_program(MY_HELPER, NULL).status);
}

TEST_F(pin, needs_a_privilege)
{
	/* This is root without no_new_privs: CAP_SYS_ADMIN is enough. */
	if (in_child()) {
		CHECK_EQ(0, pin());
		CHECK_EQ(0, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
		CHECK(other_abi_killed(), "not pinned");
		finish();
	}
	EXPECT_EQ(0, child_status);
	if (in_child()) {
		drop_privileges();
		CHECK_EQ(-EACCES, pin());
		CHECK_EQ(-EACCES, pin_with(ERRNO(1)));
		check_untouched();
		no_new_privs();
		CHECK_EQ(0, pin());
		CHECK(other_abi_killed(), "not pinned");
		finish();
	}
	EXPECT_EQ(0, child_status);
}

static const unsigned int bad_actions[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW | 1, SECCOMP_RET_LOG,
	SECCOMP_RET_TRACE, SECCOMP_RET_TRACE | 1, SECCOMP_RET_USER_NOTIF,
	SECCOMP_RET_KILL_PROCESS | 1, SECCOMP_RET_KILL_THREAD | 1,
	SECCOMP_RET_ERRNO, 0x00010000, 0x7ff10000, 0x80010000, ~0U,
};

/* The end of a page: half of the action is there. */
static char *half_readable(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(page + 4096, 4096);
	return page + 4096 - 2;
}

/* Flags of a filter that a pin takes, too. */
#define PIN_FLAGS	(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH | \
			 SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW)

/* Whatever the caller may do: errors in the arguments are found first. */
static void check_bad_arguments(void)
{
	unsigned int good = ERRNO(1), bad = SECCOMP_RET_ALLOW;
	char *half = half_readable();
	void *nowhere = (void *)8;

	for (int bit = 0; bit < 32; bit++) {
		if (PIN_FLAGS & 1U << bit)
			continue;
		CHECK_EQ(-EINVAL, sec(SECCOMP_PIN_ARCHITECTURE, 1U << bit, NULL));
		CHECK_EQ(-EINVAL, sec(SECCOMP_PIN_ARCHITECTURE, 1U << bit, &good));
		CHECK_EQ(-EINVAL, sec(SECCOMP_PIN_ARCHITECTURE, 1U << bit, nowhere));
	}
	CHECK_EQ(-EFAULT, sec(SECCOMP_PIN_ARCHITECTURE, PIN_FLAGS, nowhere));
	CHECK_EQ(-EINVAL, sec(SECCOMP_PIN_ARCHITECTURE, PIN_FLAGS, &bad));
	CHECK_EQ(-EFAULT, sec(SECCOMP_PIN_ARCHITECTURE, 0, nowhere));
	CHECK_EQ(-EFAULT, sec(SECCOMP_PIN_ARCHITECTURE, 0, (void *)-4096L));
	CHECK_EQ(-EFAULT, sec(SECCOMP_PIN_ARCHITECTURE, 0, half));
	for (int i = 0; i < (int)ARRAY_SIZE(bad_actions); i++)
		CHECK(pin_with(bad_actions[i]) == -EINVAL, "action %#x accepted",
		      bad_actions[i]);
	/* It is no mode of prctl(), and the next operation is still free. */
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_PIN_ARCHITECTURE, 0, 0, 0) == -1 &&
	      errno == EINVAL, "prctl took it");
	CHECK_EQ(-EINVAL, sec(SECCOMP_PIN_ARCHITECTURE + 1, 0, NULL));
	/* Nor is it a flag of another operation. */
	for (int bit = 6; bit < 32; bit++)
		CHECK_EQ(-EINVAL, sec(SECCOMP_SET_MODE_FILTER, 1U << bit, &good));
	check_untouched();
}

TEST_F(pin, bad_arguments)
{
	if (in_child()) {
		check_bad_arguments();
		finish();
	}
	EXPECT_EQ(0, child_status);
	if (in_child()) {
		drop_privileges();
		check_bad_arguments();
		no_new_privs();
		check_bad_arguments();
		finish();
	}
	EXPECT_EQ(0, child_status);
}

/* Modes do not change: a pinned task is one with filters. */
TEST_F(pin, then_strict_mode_refused)
{
	no_new_privs();
	ASSERT_EQ(0, pin());
	EXPECT_EQ(-EINVAL, sec(SECCOMP_SET_MODE_STRICT, 0, NULL));
}

static const struct {
	unsigned int action;
	int status;	/* signal that ends a single-threaded program */
} actions[] = {
	{ SECCOMP_RET_KILL_PROCESS, SIGSYS },
	{ SECCOMP_RET_KILL_THREAD, SIGSYS },
	{ SECCOMP_RET_TRAP, SIGSYS },
	{ SECCOMP_RET_TRAP | 0xbeef, SIGSYS },
	/* Its calls fail, and so it cannot even exit: see bitmap_helper.c. */
	{ ERRNO(1), 0 }, { ERRNO(4095), 0 },
	{ ERRNO(4096), 0 }, { ERRNO(65535), 0 },
};

TEST_F(pin, each_action_on_program)
{
	if (!other_abi)
		SKIP(return, "this kernel does not run " OTHER_HELPER);
	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(actions); i++) {
		struct run run;

		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		CHECK_EQ(0, pin_with(actions[i].action));
		run = run_program(OTHER_HELPER, "0", NULL);
		CHECK(WIFSIGNALED(run.status) && !run.count &&
		      (WTERMSIG(run.status) == SIGSYS) == (actions[i].status == SIGSYS),
		      "action %#x: status %#x", actions[i].action, run.status);
		CHECK_EQ(0, run_program(MY_HELPER, NULL).status);
		CHECK_EQ(getppid(), call(__NR_getppid, 0));
		finish();
	}
}

TEST_F(pin, again_is_no_other_filter)
{
	no_new_privs();
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, pin());
	EXPECT_EQ(0, pin_with(SECCOMP_RET_KILL_PROCESS));
	EXPECT_EQ(1, filter_count());
	/* Another action is another filter, once. */
	EXPECT_EQ(0, pin_with(ERRNO(5)));
	EXPECT_EQ(2, filter_count());
	EXPECT_EQ(0, pin_with(ERRNO(5)));
	EXPECT_EQ(0, pin());
	EXPECT_EQ(2, filter_count());
	EXPECT_EQ(0, pin_with(ERRNO(6)));
	EXPECT_EQ(3, filter_count());
	/* The lowest action of all, as ever. */
	EXPECT_TRUE(other_abi_killed());
	/* Other filters in between change nothing. */
	EXPECT_EQ(0, attach_rule(__NR_getppid, ERRNO(7), false, 0));
	EXPECT_EQ(0, pin());
	EXPECT_EQ(4, filter_count());
	EXPECT_EQ(-7, call(__NR_getppid, 0));
}

/* A pin that is not logged is no pin for those who want it logged. */
TEST_F(pin, again_with_flags)
{
	no_new_privs();
	ASSERT_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_SPEC_ALLOW, NULL));
	EXPECT_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_TSYNC, NULL));
	EXPECT_EQ(1, filter_count());
	EXPECT_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_LOG, NULL));
	EXPECT_EQ(2, filter_count());
	EXPECT_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, PIN_FLAGS, NULL));
	EXPECT_EQ(0, pin());
	EXPECT_EQ(2, filter_count());
	EXPECT_TRUE(other_abi_killed());
}

TEST_F(pin, failed_one_leaves_the_filters)
{
	no_new_privs();
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(7), false, 0));
	EXPECT_EQ(-EINVAL, pin_with(SECCOMP_RET_LOG));
	EXPECT_EQ(-EFAULT, sec(SECCOMP_PIN_ARCHITECTURE, 0, (void *)8));
	EXPECT_EQ(1, filter_count());
	EXPECT_TRUE(other_abi_works());
	EXPECT_EQ(-7, call(__NR_getppid, 0));
}

/* Not even for the shortest filter, and so not for the kernel's own. */
TEST_F(pin, no_room_left)
{
	static struct prog p;
	long count;

	no_new_privs();
	for (unsigned int len = BPF_MAXINSNS; len; len /= 2) {
		for (p.len = 0; p.len < len;)
			emit(&p, RET(SECCOMP_RET_ALLOW));
		while (!attach(&p, 0))
			;
	}
	count = filter_count();
	EXPECT_GT(count, 3);
	EXPECT_EQ(-ENOMEM, pin());
	EXPECT_EQ(count, filter_count());
	EXPECT_TRUE(other_abi_works());
}

TEST_F(pin, fork_and_exec_inherit)
{
	no_new_privs();
	ASSERT_EQ(0, pin());
	if (in_child()) {
		CHECK(other_abi_killed(), "not pinned after fork");
		CHECK_EQ(1, filter_count());
		if (in_child()) {
			CHECK(other_abi_killed(), "not pinned after fork, fork");
			finish();
		}
		CHECK_EQ(0, child_status);
		finish();
	}
	EXPECT_EQ(0, child_status);
}

static struct {
	atomic_int step;
	bool works[2];
} bystander;

static void *watch(void *unused)
{
	for (int i = 0; i < 2; i++) {
		while (bystander.step <= i * 2)
			sched_yield();
		bystander.works[i] = other_abi_works();
		bystander.step++;
	}
	return unused;
}

/* It pins the caller only, until a TSYNC makes its filters everybody's. */
static void check_spread(long (*tsync)(void))
{
	pthread_t thread;

	no_new_privs();
	CHECK_EQ(0, pthread_create(&thread, NULL, watch, NULL));
	CHECK_EQ(0, pin());
	bystander.step = 1;
	while (bystander.step != 2)
		sched_yield();
	CHECK_EQ(0, tsync());
	bystander.step = 3;
	pthread_join(thread, NULL);
	CHECK(bystander.works[0] && !bystander.works[1], "pinned too early or too late");
}

static long tsync_filter(void)
{
	return attach_rule(__NR_getppid, SECCOMP_RET_LOG, false,
			   SECCOMP_FILTER_FLAG_TSYNC);
}

/* Twice: then all threads have it, and there is nothing left to do. */
static long tsync_pin(void)
{
	long ret = sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_TSYNC, NULL);
	long count = filter_count();

	if (!ret)
		ret = sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_TSYNC, NULL);
	CHECK_EQ(count, filter_count());
	return ret;
}

TEST_F(pin, spread_by_tsync)
{
	if (!other_abi)
		SKIP(return, "this kernel does not run " OTHER_HELPER);
	if (in_child()) {
		check_spread(tsync_filter);
		finish();
	}
	EXPECT_EQ(0, child_status);
	if (in_child()) {
		check_spread(tsync_pin);
		finish();
	}
	EXPECT_EQ(0, child_status);
}

/* The native calls of a pinned task are still its other filters' business. */
TEST_F(pin, with_other_filters)
{
	no_new_privs();
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(5), false, 0));
	ASSERT_EQ(0, pin());
	ASSERT_EQ(0, attach_rule(NR_GETUID, ERRNO(6), true, 0));
	EXPECT_EQ(-5, call(__NR_getppid, 0));
	EXPECT_EQ(-6, call(NR_GETUID, MAGIC));
	EXPECT_EQ(0, call(NR_GETUID, 0));
	EXPECT_TRUE(other_abi_killed());
}

/*
 * On MIPS a number from 4000, 5000 or 6000 on goes to the table of that ABI, whichever
 * the program's is.
 */
static bool is_of_other_table(int nr)
{
	return FIRST_NR && nr >= 4000 && nr < 7000 && nr % 1000 < 400 &&
	       nr / 1000 != FIRST_NR / 1000;
}

/* What a filter of the kernel's own must say, number by number. */
static void check_program(const struct prog *p, unsigned int action)
{
	static const int numbers[] = {
		0, 1, __NR_getppid, 335, 462, 463, 1000, 3999, 4000, 4390, 4900, 4999,
		5000, 5390, 5900, 5999, 6000, 6390, 6900, 7000, 0x3fffffff, X32,
		X32 | 1, X32 | 520, INT_MAX, INT_MIN, INT_MIN + 1, -X32 - 1, -2, -1,
	};
	static const unsigned int arches[] = {
		MY_ARCH,
#ifdef OTHER_ARCH
		OTHER_ARCH,
#endif
		AUDIT_ARCH_S390, AUDIT_ARCH_PPC64LE, 0, ~0U,
	};

	for (int a = 0; a < (int)ARRAY_SIZE(arches); a++)
		for (int i = 0; i < (int)ARRAY_SIZE(numbers); i++) {
			int nr = numbers[i];
			struct seccomp_data sd = { .nr = nr, .arch = arches[a] };
			bool mine = arches[a] == MY_ARCH && !is_of_other_table(nr);

			/* -1 is a call of no ABI: what others get is not said. */
			if (!mine && nr == -1)
				continue;
#ifdef __x86_64__
			mine &= nr == -1 || !(nr & X32);
#endif
			CHECK(bpf_eval(p, &sd) == (mine ? SECCOMP_RET_ALLOW : action),
			      "%#x of %#x: %#x", nr, arches[a], bpf_eval(p, &sd));
		}
}

TEST_F(pin, seen_by_debugger)
{
	static const unsigned int some[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP | 9, ERRNO(13),
	};
	struct prog p = { 0 };
	pid_t pid;
	long len;

	for (int i = 0; i < (int)ARRAY_SIZE(some); i++) {
		pid = start_child();
		if (!pid) {
			ptrace(PTRACE_TRACEME, 0, 0, 0);
			no_new_privs();
			pin_with(some[i]);
			kill(getpid(), SIGSTOP);
			_exit(0);
		}
		wait_child(pid);
		len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, p.insn);
		if (len < 0 && errno == EIO) {
			kill(pid, SIGKILL);
			SKIP(return, "no CONFIG_CHECKPOINT_RESTORE");
		}
		ASSERT_GT(len, 0);
		p.len = len;
		check_program(&p, some[i]);
		/* And there is no second one. */
		EXPECT_EQ(-1, ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 1, NULL));
		kill(pid, SIGKILL);
		wait_child(pid);
	}
	EXPECT_EQ(0, failures);
}

#ifndef NR_IS_RESULT
/* A tracer skips a call by making its number -1. That is never rejected. */
TEST_F(pin, tracer_skips_call)
{
	pid_t pid = start_child();
	bool entry = true;
	int status;

	if (!pid) {
		no_new_privs();
		CHECK_EQ(0, pin());
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		syscall(__NR_kill, getpid(), SIGSTOP);
		CHECK_EQ(777, call(__NR_getppid, 0));
		finish();
	}
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			ptrace(PTRACE_SETOPTIONS, pid, 0,
			       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		} else if (entry) {
			set_nr(pid, -1);
			set_result(pid, 777);
			entry = false;
		} else {
			/* The skipped call's exit: nothing more to see. */
			ptrace(PTRACE_DETACH, pid, 0, 0);
			wait_child(pid);
			status = child_status;
			break;
		}
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
	EXPECT_EQ(0, status);
}

#endif /* NR_IS_RESULT */

/*
 * Not rejected: the kernel knows no such call. 32-bit Arm traps then, or, for -1,
 * leaves the first argument as the result.
 */
static bool unknown_call(int nr)
{
	const bool arm = MY_ARCH == AUDIT_ARCH_ARM;
	long ret;

	if (in_child()) {
		ret = call(nr, MAGIC);
		_exit(ret != -ENOSYS && !(arm && nr == -1 && ret == MAGIC));
	}
	return !child_status || (arm && killed_by(child_status, SIGILL));
}

TEST_F(pin, minus_one_is_no_call)
{
	no_new_privs();
	ASSERT_EQ(0, pin());
	EXPECT_TRUE(unknown_call(-1));
	/* A number outside the table is this ABI's all the same. */
	EXPECT_TRUE(unknown_call(100000));
	EXPECT_TRUE(unknown_call(INT_MIN));
}

#ifdef __x86_64__

static long call_int80(int nr, const unsigned long *args)
{
	return int80(nr, args[0], args[1], args[2], args[3], args[4]);
}

static const unsigned long args[6] = { MAGIC, 1, 2, 3, 4, 5 };

static struct seen observe_int80(int nr)
{
	return observe_by(call_int80, nr, args, false);
}

TEST_F(pin, each_action_on_int80)
{
	no_new_privs();
	EXPECT_EQ(RETURNED, observe_int80(NR32_GETPPID).how);
	for (int i = 0; i < (int)ARRAY_SIZE(actions); i++) {
		unsigned int action = actions[i].action;

		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		CHECK_EQ(0, pin_with(action));
		/* Calls, no calls, and numbers outside the table. */
		for (int nr = NR32_GETPPID; nr < 1000; nr += 300)
			CHECK_SEEN(expected(action, 0, false, false),
				   observe_int80(nr), "action %#x", action);
		if (WIFSIGNALED(child_status))
			finish();
		if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRAP) {
			observe_int80(NR32_GETPPID);
			CHECK_EQ(AUDIT_ARCH_I386, observation->info.si_arch);
			CHECK_EQ(NR32_GETPPID, observation->info.si_syscall);
		}
		finish();
	}
}

TEST_F(pin, precedence_with_filters)
{
	static const struct {
		unsigned int before, pin, after, want;
	} cases[] = {
		{ ERRNO(4), ERRNO(5), SECCOMP_RET_ALLOW, ERRNO(5) },
		{ SECCOMP_RET_ALLOW, ERRNO(5), ERRNO(6), ERRNO(6) },
		{ SECCOMP_RET_TRAP | 3, ERRNO(5), ERRNO(6), SECCOMP_RET_TRAP | 3 },
		{ ERRNO(4), SECCOMP_RET_TRAP | 8, ERRNO(6), SECCOMP_RET_TRAP | 8 },
		{ SECCOMP_RET_LOG, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRACE,
		  SECCOMP_RET_KILL_THREAD },
		{ SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS, ERRNO(1),
		  SECCOMP_RET_KILL_PROCESS },
		{ SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, ERRNO(1),
		  SECCOMP_RET_KILL_PROCESS },
	};

	no_new_privs();
	for (int i = 0; i < 2 * (int)ARRAY_SIZE(cases); i++) {
		bool by_arg = i % 2;

		if (!in_child()) {
			EXPECT_EQ(0, child_status) TH_LOG("case %d", i / 2);
			continue;
		}
		attach_rule(NR32_GETPPID, cases[i / 2].before, by_arg, 0);
		CHECK_EQ(0, pin_with(cases[i / 2].pin));
		attach_rule(NR32_GETPPID, cases[i / 2].after, by_arg, 0);
		CHECK_SEEN(expected(cases[i / 2].want, 0, false, false),
			   observe_int80(NR32_GETPPID), "case %d", i / 2);
		/* The pin alone, and neither here. */
		CHECK_SEEN(expected(cases[i / 2].pin, 0, false, false),
			   observe_int80(20), "case %d", i / 2);
		CHECK_EQ(getppid(), call(__NR_getppid, MAGIC));
		finish();
	}
}

static const int x32_numbers[] = {
	X32, X32 | __NR_getppid, X32 | 39, X32 | 512, X32 | 5000, INT_MAX, -2,
};

TEST_F(pin, rejects_x32_numbers)
{
	no_new_privs();
	ASSERT_EQ(0, pin_with(ERRNO(77)));
	for (int i = 0; i < (int)ARRAY_SIZE(x32_numbers); i++)
		EXPECT_EQ(-77, call(x32_numbers[i], 0));
	EXPECT_EQ(-ENOSYS, call(-1, 0));
	EXPECT_EQ(-ENOSYS, call(INT_MIN, 0));
	EXPECT_EQ(-ENOSYS, call(0x3fffffff, 0));
	ASSERT_EQ(0, pin());
	for (int i = 0; i < (int)ARRAY_SIZE(x32_numbers); i++)
		EXPECT_EQ(PROCESS_DIED, observe(x32_numbers[i], args, false).how);
}

TEST_F(pin, kills_x32_program)
{
	if (!can_run("bitmap_helperx32"))
		SKIP(return, "this kernel runs no x32 programs (CONFIG_X86_X32_ABI)");
	no_new_privs();
	ASSERT_EQ(0, pin());
	EXPECT_TRUE(killed_by(run_program("bitmap_helperx32", NULL).status, SIGSYS));
}

/* seccomp(SECCOMP_PIN_ARCHITECTURE, 0, NULL), getppid, then a native getppid. */
TEST_F(pin, made_through_x32)
{
	struct run run;

	if (!can_run("bitmap_helperx32"))
		SKIP(return, "this kernel runs no x32 programs (CONFIG_X86_X32_ABI)");
	no_new_privs();
	run = run_program("bitmap_helperx32", "0x4000013d:4:0:0", "0x4000006e", "-1",
			  "0x6e", NULL);
	EXPECT_TRUE(killed_by(run.status, SIGSYS));
	ASSERT_EQ(3, run.count);
	EXPECT_EQ(0, run.result[0]);
	EXPECT_EQ(getpid(), run.result[1]);
	EXPECT_EQ(-ENOSYS, run.result[2]);
}

/* Where a 32-bit call can point to: the program may lie above 4 GB. */
static unsigned int *low_action(unsigned int action)
{
	unsigned int *low = mmap(NULL, sizeof(*low), PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (low == MAP_FAILED)
		return NULL;
	*low = action;
	return low;
}

/* The ABI of the call counts, not that of the program. */
TEST_F(pin, made_through_int80)
{
	const unsigned int *action = low_action(ERRNO(77));
	int status;
	pid_t pid;

	ASSERT_NE(NULL, action);
	no_new_privs();
	pid = start_child();
	if (!pid) {
		pid_t parent = getppid();
		bool ok = !int80(NR32_SECCOMP, SECCOMP_PIN_ARCHITECTURE, 0,
				 (uintptr_t)action, 0, 0);

		ok &= call(__NR_getppid, 0) == -77;
		ok &= call(X32 | __NR_getppid, 0) == -77;
		ok &= int80(NR32_GETPPID, 0, 0, 0, 0, 0) == parent;
		/* The only way out that is left. */
		int80(1, ok ? 0 : 1, 0, 0, 0, 0);
	}
	EXPECT_EQ(0, wait_child(pid));

	pid = start_child();
	if (!pid) {
		int80(NR32_SECCOMP, SECCOMP_PIN_ARCHITECTURE, 0, 0, 0, 0);
		_exit(0);
	}
	status = wait_child(pid);
	EXPECT_TRUE(killed_by(status, SIGSYS));
}

/* First one, then the other: nothing but -1 is left. */
TEST_F(pin, both_ways)
{
	const unsigned int *action = low_action(ERRNO(66));
	pid_t pid;

	ASSERT_NE(NULL, action);
	no_new_privs();
	pid = start_child();
	if (!pid) {
		pin();
		int80(NR32_GETPPID, 0, 0, 0, 0, 0);
		_exit(0);
	}
	EXPECT_TRUE(killed_by(wait_child(pid), SIGSYS));
	pid = start_child();
	if (!pid) {
		long second = int80(NR32_SECCOMP, SECCOMP_PIN_ARCHITECTURE, 0,
				    (uintptr_t)action, 0, 0);

		/* Pinned to i386 by now: the native pin is rejected. */
		if (second || pin() != -66)
			int80(1, 1, 0, 0, 0, 0);
		int80(1, 0, 0, 0, 0, 0);
	}
	EXPECT_EQ(0, wait_child(pid));
}

#endif

TEST_HARNESS_MAIN

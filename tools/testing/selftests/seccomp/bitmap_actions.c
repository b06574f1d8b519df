// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every action shows what a stock kernel shows, in each form in which a filter
 * can give it. Answers from a table and from running the filters must not
 * differ in anything that a program, its tracer or its supervisor can see.
 */
#include "observe.h"

/* The harness's name for what FIXTURE_VARIANT() declares. */
#define form _fixture_variant_action

FIXTURE(action) { int unused; };

FIXTURE_VARIANT(action) {
	bool by_arg;	/* decided by argument 0: never constant */
	bool below;	/* an older filter logs the same numbers */
	bool above;	/* a newer filter looks at the argument and allows */
};

FIXTURE_VARIANT_ADD(action, constant) {};
FIXTURE_VARIANT_ADD(action, argument) { .by_arg = true };
FIXTURE_VARIANT_ADD(action, constant_on_older) { .below = true };
FIXTURE_VARIANT_ADD(action, constant_in_stack) { .below = true, .above = true };
FIXTURE_VARIANT_ADD(action, argument_in_stack) {
	.by_arg = true, .below = true, .above = true
};

FIXTURE_SETUP(action)
{
	no_new_privs();
}

FIXTURE_TEARDOWN(action) {}

static long install(const struct form *variant, int nr,
		    unsigned int verdict, unsigned int flags)
{
	long ret;

	if (variant->below)
		CHECK_EQ(0, attach_rule(nr, SECCOMP_RET_LOG, false, 0));
	ret = attach_rule(nr, verdict, variant->by_arg, flags);
	CHECK(ret >= 0, "attach: %ld", ret);
	if (variant->above)
		CHECK_EQ(0, attach_rule(nr, SECCOMP_RET_ALLOW | 7, true, 0));
	return ret;
}

static const unsigned long magic_args[6] = { MAGIC, 1, 2, 3, 4, 5 };
static const unsigned long other_args[6] = { MAGIC - 1, 1, 2, 3, 4, 5 };

/* The verdict for MAGIC; any other argument gives it only if it is constant. */
static void check_verdict(const struct form *variant, int nr,
			  unsigned int verdict, bool traced)
{
	long ran = baseline(nr);
	struct seen want = expected(verdict, ran, traced, false);
	struct seen otherwise = variant->by_arg ?
		(struct seen){ RETURNED, ran } : want;

	install(variant, nr, verdict, 0);
	for (int i = 0; i < 2; i++) {
		CHECK_SEEN(want, observe(nr, magic_args, traced), "%#x", verdict);
		CHECK_SEEN(otherwise, observe(nr, other_args, traced), "%#x", verdict);
	}
}

TEST_F(action, errno_values)
{
	static const unsigned int data[] = { 0, 1, 4095, 4096, 65535, 38 };

	for (int i = 0; i < NCALLS; i++)
		install(variant, calls[i], ERRNO(data[i]), 0);
	for (int i = 0; i < NCALLS; i++)
		EXPECT_EQ(-(long)(data[i] > 4095 ? 4095 : data[i]),
			  call(calls[i], MAGIC));
	if (variant->by_arg)
		EXPECT_EQ(getpid(), observe(__NR_getppid, other_args, false).data);
	EXPECT_EQ(0, failures);
}

TEST_F(action, trap)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_TRAP | 0xfedc, false);
	EXPECT_EQ(0, failures);
}

static void *next_ip(int nr)
{
	observation->trapped = 0;
	call(nr, MAGIC);
	return observation->trapped ? observation->info.si_call_addr : NULL;
}

TEST_F(action, trap_siginfo)
{
	struct observation here = { 0 };
	siginfo_t *info = &here.info;
	long ret;

	observation = &here;
	catch_sigsys();
	install(variant, __NR_getppid, SECCOMP_RET_TRAP | 77, 0);
	install(variant, NR_GETUID, SECCOMP_RET_TRAP | 78, 0);
	ret = call(__NR_getppid, MAGIC);

	ASSERT_EQ(1, here.trapped);
	EXPECT_EQ(SIGSYS, info->si_signo);
	EXPECT_EQ(1 /* SYS_SECCOMP */, info->si_code);
	EXPECT_EQ(77, info->si_errno);
	EXPECT_EQ(__NR_getppid, info->si_syscall);
	EXPECT_EQ(MY_ARCH, info->si_arch);
	EXPECT_NE(NULL, info->si_call_addr);
	EXPECT_EQ(info->si_call_addr, next_ip(NR_GETUID));
	EXPECT_EQ(78, info->si_errno);
	EXPECT_EQ(NR_GETUID, info->si_syscall);
#ifdef REGS_SET
	/* The handler sees, and x86 returns, the register as it was: the number. */
	EXPECT_EQ(__NR_getppid, ret);
#endif
	EXPECT_EQ(0, failures);
	(void)ret;
}

TEST_F(action, kill_thread)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_KILL_THREAD | 3, false);
	EXPECT_EQ(0, failures);
}

TEST_F(action, kill_only_thread)
{
	install(variant, __NR_getppid, SECCOMP_RET_KILL_THREAD, 0);
	if (in_child()) {
		call(__NR_getppid, MAGIC);
		finish();
	}
	EXPECT_TRUE(killed_by(child_status, SIGSYS));
	EXPECT_EQ(0, failures);
}

TEST_F(action, kill_process)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_KILL_PROCESS, false);
	EXPECT_EQ(0, failures);
}

TEST_F(action, unknown_kills_process)
{
	/* Below TRAP, between TRACE and LOG, and the lowest but one of all. */
	static const unsigned int unknown[] = { 0x00010000, 0x7ff10005, 0x80010000 };

	for (int i = 0; i < (int)ARRAY_SIZE(unknown); i++)
		install(variant, calls[i], unknown[i], 0);
	for (int i = 0; i < (int)ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(PROCESS_DIED, observe(calls[i], magic_args, false).how);
	EXPECT_EQ(0, failures);
}

TEST_F(action, allow)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_ALLOW | 0x123, false);
	EXPECT_EQ(0, failures);
}

TEST_F(action, log_executes)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_LOG | 9, false);
	EXPECT_EQ(0, failures);
}

TEST_F(action, trace_without_tracer)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_TRACE | 5, false);
	EXPECT_EQ(0, failures);
}

TEST_F(action, trace_message)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_TRACE | 0xabcd, true);
	EXPECT_EQ(0, failures);
}

/* What the tracer makes of getppid, and what the tracee must then see. */
static const struct {
	int nr;
	long result, want;
} changes[] = {
	{ __NR_getppid,		0, 0 /* the parent */ },
	{ NR_GETEUID,		0, 0 /* root, or who runs this */ },
	{ NR_GETGID,		0, -55 },
	{ NR_GETEGID,		0, -56 },
	{ __NR_sched_yield,	0, 0 /* traced, but not again */ },
#ifndef NR_IS_RESULT
	{ -1,			4242, 4242 },
	{ -1,			-7, -7 },
#endif
};

static long changed_result(int i)
{
	switch (changes[i].nr) {
	case __NR_getppid: return getppid();
	case NR_GETEUID: return geteuid();
	}
	return changes[i].want;
}

static void changing_tracer(pid_t pid)
{
	int status, next = 0;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		if (status >> 16 == PTRACE_EVENT_SECCOMP) {
			set_nr(pid, changes[next].nr);
#ifndef NR_IS_RESULT
			if (changes[next].nr == -1)
				set_result(pid, changes[next].result);
#endif
			next++;
		} else {
			ptrace(PTRACE_SETOPTIONS, pid, 0,
			       PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL);
		}
		ptrace(PTRACE_CONT, pid, 0, 0);
	}
	child_status = status;
	CHECK_EQ((long)ARRAY_SIZE(changes), next);
}

TEST_F(action, trace_changes_number)
{
	pid_t pid;

	install(variant, NR_GETGID, ERRNO(55), 0);
	/* Above TRACE in the order of actions; a recheck must still see it. */
	install(variant, NR_GETEGID, ERRNO(56), 0);
	install(variant, NR_GETUID, SECCOMP_RET_TRACE | 1, 0);
	install(variant, __NR_sched_yield, SECCOMP_RET_TRACE | 2, 0);
	pid = start_child();
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		kill(getpid(), SIGSTOP);
		for (int i = 0; i < (int)ARRAY_SIZE(changes); i++) {
			long want = changed_result(i);

			CHECK(call(NR_GETUID, MAGIC) == want, "change %d", i);
		}
		finish();
	}
	changing_tracer(pid);
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}

TEST_F(action, notify_without_listener)
{
	check_verdict(variant, __NR_getppid, SECCOMP_RET_USER_NOTIF | 1, false);
	EXPECT_EQ(0, failures);
}

static const struct seccomp_notif_resp answers[] = {
	{ .error = -99 },
	{ .val = 123456 },
	{ .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE },
	{ .error = -1 },
};

TEST_F(action, notify_listener)
{
	struct seccomp_notif_sizes sizes = { 0 };
	struct pollfd ready = { .events = POLLIN };
	struct seccomp_notif req;
	pid_t pid, test = getpid();
	__u64 ip = 0;
	int fd;

	ASSERT_EQ(0, sec(SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
	ASSERT_EQ(sizeof(req), sizes.seccomp_notif);
	fd = install(variant, __NR_getppid, SECCOMP_RET_USER_NOTIF,
		     SECCOMP_FILTER_FLAG_NEW_LISTENER);
	ready.fd = fd;
	pid = start_child();
	if (!pid) {
		CHECK_EQ(-99, call6(__NR_getppid, magic_args));
		CHECK_EQ(123456, call6(__NR_getppid, magic_args));
		CHECK_EQ(test, call6(__NR_getppid, magic_args));
		CHECK_EQ(-1, call6(__NR_getppid, magic_args));
		finish();
	}
	for (int i = 0; i < (int)ARRAY_SIZE(answers); i++) {
		struct seccomp_notif_resp resp = answers[i];

		/* Nothing will come where the verdict was another one. */
		ASSERT_EQ(1, poll(&ready, 1, 30000));
		memset(&req, 0, sizeof(req));
		ASSERT_EQ(0, ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &req));
		EXPECT_EQ(pid, (pid_t)req.pid);
		EXPECT_EQ(__NR_getppid, req.data.nr);
		EXPECT_EQ(MY_ARCH, req.data.arch);
		for (int j = 0; j < 6; j++)
			EXPECT_EQ(magic_args[j], req.data.args[j]);
		/* Always the same instruction, and one that exists. */
		EXPECT_NE(0, req.data.instruction_pointer);
		if (i)
			EXPECT_EQ(ip, req.data.instruction_pointer);
		ip = req.data.instruction_pointer;
		resp.id = req.id;
		ASSERT_EQ(0, ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &resp));
	}
	EXPECT_EQ(0, wait_child(pid));
	EXPECT_EQ(0, failures);
}

/* Nobody answers any more: as without a listener. */
TEST_F(action, notify_listener_gone)
{
	int fd = install(variant, __NR_getppid, SECCOMP_RET_USER_NOTIF,
			 SECCOMP_FILTER_FLAG_NEW_LISTENER);

	close(fd);
	EXPECT_EQ(-ENOSYS, call(__NR_getppid, MAGIC));
	EXPECT_EQ(0, failures);
}

/* The kernel's log, where the audit subsystem writes without a daemon. */
static int open_log(void)
{
	int fd, rate = open("/proc/sys/kernel/printk_ratelimit", O_WRONLY);

	if (rate >= 0) {
		if (write(rate, "0", 1) != 1)
			perror("printk_ratelimit");
		close(rate);
	}
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/*
 * Count the audit records of our calls up to and with the next one of @last.
 * Records come in the order of the calls, so one that is not there by then does
 * not come.
 */
static bool read_log(int fd, int last, int count[])
{
	char line[8192], what[64], pid[32];
	ssize_t len;

	memset(count, 0, NCALLS * sizeof(*count));
	snprintf(pid, sizeof(pid), " pid=%d ", getpid());
	for (int wait = 0; wait < 100; wait++) {
		struct timespec pause = { 0, 20000000 };

		while ((len = read(fd, line, sizeof(line) - 1)) > 0 ||
		       (len < 0 && errno == EPIPE)) {
			line[len < 0 ? 0 : len] = '\0';
			if (!strstr(line, "type=1326") || !strstr(line, pid))
				continue;
			for (int i = 0; i < NCALLS; i++) {
				snprintf(what, sizeof(what), " syscall=%d ", calls[i]);
				count[i] += !!strstr(line, what);
			}
			snprintf(what, sizeof(what), " syscall=%d ", last);
			if (strstr(line, what))
				return true;
		}
		nanosleep(&pause, NULL);
	}
	return false;
}

/* Which filter decided is visible in the log: only its own LOG flag counts. */
TEST_F(action, log_records)
{
	const unsigned int flag = SECCOMP_FILTER_FLAG_LOG;
	int count[NCALLS], fd = open_log();
	static const struct {
		unsigned int verdict, flags;
		int records;
	} want[] = {
		{ SECCOMP_RET_LOG, 0, 1 },
		{ ERRNO(5), flag, 1 },
		{ ERRNO(6), 0, 0 },
		{ ERRNO(8), 0, 0 },
		{ SECCOMP_RET_ALLOW, flag, 0 },
	};

	if (fd < 0)
		SKIP(return, "no /dev/kmsg");
	attach_rule(__NR_sched_yield, SECCOMP_RET_LOG, true, 0);
	call(__NR_sched_yield, MAGIC);
	if (!read_log(fd, __NR_sched_yield, count))
		SKIP(return, "no audit records in the kernel's log");

	/* Another filter of the same action, and older: its flag is not used. */
	install(variant, calls[3], ERRNO(7), flag);
	for (int i = 0; i < (int)ARRAY_SIZE(want); i++)
		install(variant, calls[i], want[i].verdict, want[i].flags);
	for (int i = 0; i < NCALLS; i++)
		call(calls[i], MAGIC);
	EXPECT_TRUE(read_log(fd, __NR_sched_yield, count));
	for (int i = 0; i < (int)ARRAY_SIZE(want); i++) {
		/* The older filter that some forms have logs what is allowed. */
		int logged = variant->below &&
			     want[i].verdict == SECCOMP_RET_ALLOW;

		EXPECT_EQ(want[i].records + logged, count[i])
			TH_LOG("number %d", calls[i]);
	}
	EXPECT_EQ(0, failures);
}

TEST_HARNESS_MAIN

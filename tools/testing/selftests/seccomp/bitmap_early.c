// SPDX-License-Identifier: GPL-2.0-only
/*
 * What seccomp decides on its own in system call entry must not take a call away
 * from anybody who wants to see it: tracers, tracepoints, user dispatch. Each of
 * them looks at a call that is denied for good, one that is denied by argument, and
 * one that is allowed.
 */
#include <sys/auxv.h>
#include <sys/ptrace.h>

#include "bpf_eval.h"

#ifndef PTRACE_O_SUSPEND_SECCOMP
#define PTRACE_O_SUSPEND_SECCOMP	(1 << 21)
#endif
#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#define PR_SYS_DISPATCH_OFF		0
#define PR_SYS_DISPATCH_ON		1
#endif

#define DENIED		__NR_getppid
#define DENIED_ARG	NR_GETUID
#define ALLOWED		NR_GETGID

static void attach_both(void)
{
	no_new_privs();
	CHECK_EQ(0, attach_rule(DENIED, ERRNO(11), false, 0));
	CHECK_EQ(0, attach_rule(DENIED_ARG, ERRNO(12), true, 0));
}

/* What getuid() and getgid() tell: to ask them would be calls that tracers see. */
static void check_denied(void)
{
	CHECK_EQ(-11, call(DENIED, 0));
	CHECK_EQ(-12, call(DENIED_ARG, MAGIC));
	CHECK_EQ(getauxval(AT_UID), call(DENIED_ARG, 0));
	CHECK_EQ(getauxval(AT_GID), call(ALLOWED, 0));
}

static void check_allowed(pid_t parent)
{
	CHECK_EQ(parent, call(DENIED, 0));
	CHECK_EQ(getauxval(AT_UID), call(DENIED_ARG, MAGIC));
	CHECK_EQ(getauxval(AT_GID), call(ALLOWED, 0));
}

/* A tracer tells seccomp to let everything pass, and then to go on. */
TEST(suspended)
{
	pid_t parent = getpid(), pid;
	int status;

	if (geteuid())
		SKIP(return, "for root only");
	pid = start_child();
	if (!pid) {
		attach_both();
		check_denied();
		syscall(__NR_kill, getpid(), SIGSTOP);
		check_allowed(parent);
		syscall(__NR_kill, getpid(), SIGSTOP);
		check_denied();
		finish();
	}
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	if (ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP)) {
		kill(pid, SIGKILL);
		SKIP(return, "no PTRACE_O_SUSPEND_SECCOMP (CONFIG_CHECKPOINT_RESTORE)");
	}
	kill(pid, SIGCONT);
	ptrace(PTRACE_CONT, pid, 0, 0);
	for (int stops = 0; waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);) {
		/* The second of its own stops */
		if (WSTOPSIG(status) == SIGSTOP && status >> 16 == PTRACE_EVENT_STOP) {
			if (stops++ == 0)
				ptrace(PTRACE_SETOPTIONS, pid, 0, 0);
			kill(pid, SIGCONT);
			ptrace(PTRACE_CONT, pid, 0, 0);
		} else {
			int sig = status >> 16 ? 0 : WSTOPSIG(status);

			ptrace(PTRACE_CONT, pid, 0, sig);
		}
	}
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, failures);
}

/* Whoever asks for system calls gets an entry and an exit of each. */
TEST(tracer_sees_all)
{
	int status, stops = 0;
	pid_t pid = start_child();

	if (!pid) {
		attach_both();
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		syscall(__NR_kill, getpid(), SIGSTOP);
		check_denied();
		finish();
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (!ptrace(PTRACE_SYSCALL, pid, 0, 0) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		stops += WSTOPSIG(status) == (SIGTRAP | 0x80);
	EXPECT_EQ(0, status);
	/* Both of four calls, and the entry of exit_group() */
	EXPECT_EQ(4 * 2 + 1, stops);
}

static atomic_char selector;
static atomic_int dispatched[3];

static const int dispatch[] = { DENIED, DENIED_ARG, ALLOWED };

static void on_dispatch(int sig __attribute__((unused)), siginfo_t *info,
			void *context __attribute__((unused)))
{
	selector = 0;
	for (int i = 0; i < 3; i++)
		dispatched[i] += info->si_syscall == dispatch[i];
}

/* User dispatch comes before seccomp. */
TEST(user_dispatch_comes_first)
{
	struct sigaction action = { .sa_sigaction = on_dispatch, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, (char *)&selector))
		SKIP(return, "no system call user dispatch");
	attach_both();
	check_denied();
	for (int i = 0; i < 3; i++) {
		selector = 1;
		call(dispatch[i], MAGIC);
		EXPECT_EQ(0, selector);
		EXPECT_EQ(1, dispatched[i]);
	}
	check_denied();
	EXPECT_EQ(0, failures);
}

#define TRACING	"/sys/kernel/tracing/"

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return ok;
}

/* Lines of the trace that have both. */
static int traced(const char *event, pid_t pid, int nr)
{
	char line[512], who[32], what[64];
	FILE *f = fopen(TRACING "trace", "r");
	int lines = 0;

	snprintf(who, sizeof(who), "-%d ", pid);
	snprintf(what, sizeof(what), "%s: NR %d ", event, nr);
	while (f && fgets(line, sizeof(line), f))
		lines += strstr(line, who) && strstr(line, what);
	if (f)
		fclose(f);
	return lines;
}

TEST(tracepoints_see_all)
{
	pid_t pid;

	if (geteuid() || access(TRACING "events/raw_syscalls/sys_enter/enable", W_OK))
		SKIP(return, "no tracepoints of system calls");
	write_text(TRACING "events/raw_syscalls/sys_enter/enable", "1");
	write_text(TRACING "events/raw_syscalls/sys_exit/enable", "1");
	pid = start_child();
	if (!pid) {
		attach_both();
		check_denied();
		finish();
	}
	EXPECT_EQ(0, wait_child(pid));
	write_text(TRACING "events/raw_syscalls/sys_enter/enable", "0");
	write_text(TRACING "events/raw_syscalls/sys_exit/enable", "0");
	EXPECT_EQ(1, traced("sys_exit", pid, DENIED));
	EXPECT_EQ(2, traced("sys_exit", pid, DENIED_ARG));
	EXPECT_EQ(1, traced("sys_exit", pid, ALLOWED));
	EXPECT_EQ(1, traced("sys_enter", pid, ALLOWED));
}

TEST_HARNESS_MAIN

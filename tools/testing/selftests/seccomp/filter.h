/* SPDX-License-Identifier: GPL-2.0-only */
/* Small things that every test needs: build and attach filters, children. */
#ifndef FILTER_H
#define FILTER_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "../kselftest_harness.h"
#include "arch.h"

/* Emulated machines with every debugging option on are slow. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#ifndef SECCOMP_PIN_ARCHITECTURE
#define SECCOMP_PIN_ARCHITECTURE	4
#endif

/* 16-bit ids are optional in a kernel, and only some ABIs have them. */
#ifdef __NR_getuid32
#define NR_GETUID	__NR_getuid32
#define NR_GETEUID	__NR_geteuid32
#define NR_GETGID	__NR_getgid32
#define NR_GETEGID	__NR_getegid32
#else
#define NR_GETUID	__NR_getuid
#define NR_GETEUID	__NR_geteuid
#define NR_GETGID	__NR_getgid
#define NR_GETEGID	__NR_getegid
#endif

/*
 * Calls that take no arguments, so that any may be passed for a filter to see,
 * and that neither libc nor the harness needs while a test runs.
 */
static const int calls[] = {
	__NR_getppid, NR_GETUID, NR_GETEUID, NR_GETGID, NR_GETEGID,
	__NR_sched_yield,
};

#define NCALLS	((int)ARRAY_SIZE(calls))
#define MAGIC	0x1234abcdU
#define DATA(field)	((unsigned int)offsetof(struct seccomp_data, field))
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARG_LO(i)	(DATA(args) + 8 * (i))
#else
#define ARG_LO(i)	(DATA(args) + 8 * (i) + 4)
#endif

#define LD(offset)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define JEQ(k, t, f)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, t, f)
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define ERRNO(n)	(SECCOMP_RET_ERRNO | (n))

struct prog {
	unsigned int len;
	struct sock_filter insn[BPF_MAXINSNS];
};

#define emit(p, ...)	((p)->insn[(p)->len++] = (struct sock_filter)__VA_ARGS__)

/* Decide one number: always, or only when argument 0 is MAGIC. */
static inline void rule(struct prog *p, int nr, unsigned int verdict, bool by_arg)
{
	emit(p, LD(DATA(nr)));
	emit(p, JEQ((unsigned int)nr, 0, by_arg ? 3 : 1));
	if (by_arg) {
		emit(p, LD(ARG_LO(0)));
		emit(p, JEQ(MAGIC, 0, 1));
	}
	emit(p, RET(verdict));
}

static inline long sec(unsigned int op, unsigned int flags, void *arg)
{
	long ret = syscall(__NR_seccomp, op, flags, arg);

	return ret < 0 ? -errno : ret;
}

/* The kernel knows the operation if it looks at the argument. */
static inline bool has_pins(void)
{
	return sec(SECCOMP_PIN_ARCHITECTURE, 0, (void *)8) == -EFAULT;
}

static inline long attach(struct prog *p, unsigned int flags)
{
	struct sock_fprog fprog = { p->len, p->insn };

	return sec(SECCOMP_SET_MODE_FILTER, flags, &fprog);
}

static inline long attach_rule(int nr, unsigned int verdict, bool by_arg,
			       unsigned int flags)
{
	struct prog p = { 0 };

	rule(&p, nr, verdict, by_arg);
	emit(&p, RET(SECCOMP_RET_ALLOW));
	return attach(&p, flags);
}

/* A system call as the kernel answers it: the result, or minus the error. */
static inline long call6(int nr, const unsigned long a[6])
{
	long ret = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);

	return ret == -1 ? -errno : ret;
}

static inline long call(int nr, unsigned long arg0)
{
	const unsigned long args[6] = { arg0, 1, 2, 3, 4, 5 };

	return call6(nr, args);
}

/* What a task without filters gets; the caller's children for getppid. */
static inline long baseline(int nr)
{
	return nr == __NR_getppid ? getpid() : call(nr, 0);
}

/* The same numbers in every run. */
#define SEED	20240707

static inline unsigned int rnd(void)
{
	static unsigned int state = SEED;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/*
 * EXPECT_* counts only in the process that the harness started. CHECK works in
 * its children, too: the count is the child's exit status.
 */
static int failures;

#define CHECK(cond, fmt, ...) do {					\
	if (!(cond)) {							\
		failures++;						\
		fprintf(stderr, "# %s:%d: " fmt "\n", __FILE__,		\
			__LINE__, ##__VA_ARGS__);			\
	}								\
} while (0)

#define CHECK_EQ(want, got) do {					\
	long want_ = (want), got_ = (got);				\
									\
	CHECK(want_ == got_, "%s is %ld, not %ld", #got, got_, want_);	\
} while (0)

static int child_status;

static inline pid_t start_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		const struct rlimit no_core = { 0, 0 };

		failures = 0;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setrlimit(RLIMIT_CORE, &no_core);
	}
	return pid;
}

static inline int wait_child(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	child_status = status;
	return status;
}

/* if (in_child()) { ...; finish(); }, and then child_status is known. */
static inline bool in_child(void)
{
	pid_t pid = start_child();

	if (pid)
		wait_child(pid);
	return !pid;
}

static inline void __attribute__((noreturn)) finish(void)
{
	_exit(!!failures);
}

static inline bool killed_by(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

static inline void no_new_privs(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static inline void drop_privileges(void)
{
	if (setgid(65534) || setuid(65534))
		_exit(99);
}

/* The number behind @name in a file of such lines, or in a file of one without; or -1. */
static inline long number_in(const char *path, const char *name)
{
	size_t len = strlen(name);
	char line[256];
	FILE *f = fopen(path, "r");
	long number = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, len))
			number = strtol(line + len, NULL, 10);
	if (f)
		fclose(f);
	return number;
}

static inline long status_field(const char *name)
{
	return number_in("/proc/self/status", name);
}

static inline long filter_count(void)
{
	return status_field("Seccomp_filters:");
}

#define PARAMETER	"/sys/module/seccomp_bitmap/parameters/classifier"

/* The classifier in use, or NULL on a kernel without the subsystem. */
static inline const char *classifier(void)
{
	static char name[32];
	int fd = open(PARAMETER, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return NULL;
	len = read(fd, name, sizeof(name) - 1);
	close(fd);
	name[len < 0 ? 0 : len] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return name;
}

/* Where this program lies: the helpers are there, too. */
static int directory;

static void find_directory(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[len < 0 ? 0 : len] = '\0';
	*(strrchr(path, '/') ?: path) = '\0';
	directory = open(path, O_PATH | O_CLOEXEC);
}

/* Also where this task would no longer find the way: it may be under /root. */
static inline void exec_helper(const char *name, char * const argv[])
{
	syscall(__NR_execveat, directory, name, argv, environ, 0);
}

/*
 * Without tables there is nothing to test: the program says so, and no more. One
 * that has something to say of any kernel defines STOCK_TOO.
 */
#ifndef STOCK_TOO
#define STOCK_TOO	false
#endif

static void __attribute__((constructor)) begin_program(void)
{
	if (!STOCK_TOO && !classifier()) {
		ksft_print_header();
		ksft_exit_skip("no " PARAMETER " (CONFIG_SECCOMP_BITMAP)\n");
	}
	find_directory();
}

#endif

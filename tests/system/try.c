// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make system calls, and say which did not end as expected: try CALL[,ARGUMENT...]=RESULT...
 *
 * RESULT is the name of an errno; SIGSYS, which kills; or "allowed": neither that nor an
 * errno that filters give. Each call is made by a child of its own. Buffers are not there
 * at all, so what is allowed fails later on, and does no harm.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__) && defined(__ILP32__)
#define ABI	"x32"
#elif __SIZEOF_LONG__ == 8
#define ABI	"64 bits"
#else
#define ABI	"32 bits"
#endif

#define CALL(name)	{ #name, __NR_##name }
#define ERRNO(name)	{ #name, name }

struct named {
	const char *name;
	long value;
};

static const struct named calls[] = {
	CALL(add_key), CALL(bpf), CALL(capset), CALL(chroot), CALL(clock_settime), CALL(clone),
	CALL(delete_module), CALL(fchmodat), CALL(finit_module), CALL(getpid), CALL(getppid),
	CALL(init_module), CALL(keyctl), CALL(mkdirat), CALL(mount), CALL(mprotect),
#ifdef __NR_mmap2
	{ "mmap", __NR_mmap2 },
#else
	CALL(mmap),
#endif
	CALL(perf_event_open), CALL(personality), CALL(pivot_root), CALL(prlimit64), CALL(ptrace),
	CALL(reboot), CALL(sched_setscheduler), CALL(setdomainname), CALL(sethostname),
	CALL(setns), CALL(settimeofday), CALL(socket), CALL(swapon), CALL(sync), CALL(syslog),
	CALL(umount2), CALL(uname), CALL(unshare), CALL(userfaultfd),
#ifdef __NR_iopl
	CALL(iopl), CALL(ioperm),
#endif
};

static const struct named errors[] = {
	ERRNO(EACCES), ERRNO(EAFNOSUPPORT), ERRNO(EBUSY), ERRNO(ELOOP),
	ERRNO(ENOSYS), ERRNO(EOPNOTSUPP), ERRNO(EPERM), { "SIGSYS", -1 },
};

static const struct named *find(const struct named *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	errx(2, "%s is not in try.c", name);
}

/* Returns the errno of the call, 0, or -1 if it kills */
static int result_of(long nr, const long *args)
{
	struct rlimit none = { 0, 0 };
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		/* No core, of which systemd-coredump would take care for a long time */
		setrlimit(RLIMIT_CORE, &none);
		errno = 0;
		syscall(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGSYS)
		return -1;
	errx(2, "system call %ld: signal %d", nr, WTERMSIG(status));
}

/* Is it one of those that filters here give? */
static bool is_denial(int result)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (result == errors[i].value)
			return true;
	return false;
}

/* Returns false if it did not end as @text expects */
static bool try(char *text)
{
	long args[6] = {}, nr;
	char *expected = strchr(text, '='), *word;
	bool right;
	int result;

	if (!expected)
		errx(2, "%s: no result is expected", text);
	*expected++ = '\0';
	word = strtok(text, ",");
	nr = find(calls, sizeof(calls) / sizeof(*calls), word)->value;
	for (int i = 0; i < 6; i++) {
		char *arg = strtok(NULL, ",");

		if (!arg)
			break;
		args[i] = strtoul(arg, NULL, 0);
	}
	result = result_of(nr, args);
	if (!strcmp(expected, "allowed"))
		right = !is_denial(result);
	else
		right = result == find(errors, sizeof(errors) / sizeof(*errors), expected)->value;
	if (!right)
		printf("%s: %s: %s, expected %s\n", ABI, text,
		       result == -1 ? "SIGSYS" : strerrorname_np(result), expected);
	return right;
}

int main(int argc, char **argv)
{
	int wrong = 0;

	for (int i = 1; i < argc; i++)
		wrong += !try(argv[i]);
	return wrong ? 1 : 0;
}

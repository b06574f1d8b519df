// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first and only service of the guest. What follows "--" on the kernel's
 * command line is its order:
 *
 *	check SECONDS		run every program that kselftest has installed in
 *				/tests, each for SECONDS at most, and report as KTAP
 *	run PROGRAM ARGS...	run one program on the console
 *	shell			the same with an interactive shell
 *
 * Then the guest ends, after a last line by which a console log that was cut
 * short is told from a whole one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* As run_kselftest.sh has it: the names of a directory and of a program in it. */
#define LIST		"/tests/kselftest-list.txt"
#define KSFT_SKIP	4
#define TIMED_OUT	-1

/*
 * Results go through the kernel's log: what the kernel says in the meantime
 * can then come between two lines, but never into the middle of one.
 */
static int kmsg = STDERR_FILENO;

static void report(const char *indent, const char *line)
{
	char text[1024];
	int len = snprintf(text, sizeof(text), "<5>%s%s\n", indent, line);

	if (write(kmsg, text, len) != len)
		perror("init: /dev/kmsg");
}

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL))
		fprintf(stderr, "init: cannot mount %s: %s\n", where, strerror(errno));
}

static void mount_all(void)
{
	mount_at("devtmpfs", "/dev");
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("debugfs", "/sys/kernel/debug");
	mount_at("tracefs", "/sys/kernel/tracing");
	mount_at("tmpfs", "/tmp");
	mount_at("tmpfs", "/run");
	chmod("/tmp", 01777);
}

static void open_kmsg(void)
{
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY | O_CLOEXEC);

	/* Without this the kernel drops lines that come too fast. */
	if (fd >= 0) {
		if (write(fd, "on\n", 3) != 3)
			perror("init: printk_devkmsg");
		close(fd);
	}
	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		kmsg = fd;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Whatever a program left behind, in whatever session or process group. */
static void kill_the_rest(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static pid_t start(char *const argv[], int out)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	if (out >= 0) {
		dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
	} else {
		ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	}
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "init: cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Why a program skips all of its tests. */
static char skip_reason[128];

/* KTAP in KTAP: what is no result and no plan is said by the way. */
static void pass_line(const char *line)
{
	static const char * const ktap[] = { "ok ", "not ok ", "1..", "#", "Bail out!" };
	static const char skip[] = "1..0 # SKIP ";

	if (!strncmp(line, skip, strlen(skip)))
		snprintf(skip_reason, sizeof(skip_reason), "%s", line + strlen(skip));
	for (int i = 0; i < 5; i++) {
		if (!strncmp(line, ktap[i], strlen(ktap[i]))) {
			report("    ", line);
			return;
		}
	}
	report("    # ", line);
}

/* What was read so far, passed on in whole lines (or all of it, at the end). */
static size_t pass_on(char *buf, size_t len, int all)
{
	char *line = buf, *end;

	buf[len] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		pass_line(line);
		line = end + 1;
	}
	len -= line - buf;
	if (all && len) {
		pass_line(line);
		return 0;
	}
	memmove(buf, line, len);
	return len;
}

/*
 * Pass on what a program prints until it ends, or its time does. Children that
 * outlive it may hold the pipe open: its end counts, not the pipe's.
 */
static int follow(pid_t pid, int in, double deadline)
{
	struct pollfd poll_in = { .fd = in, .events = POLLIN };
	int ended = 0, status = TIMED_OUT;
	static char buf[800];
	size_t len = 0;

	while (now() < deadline) {
		ssize_t got = 0;

		if (poll(&poll_in, 1, ended ? 0 : 50) > 0) {
			got = read(in, buf + len, sizeof(buf) - 1 - len);
			if (got > 0)
				len = pass_on(buf, len + got,
					      len + got == sizeof(buf) - 1);
			else
				usleep(10000);
		}
		if (ended && got <= 0)
			break;
		/* Orphans come to init as well: wait for this one alone. */
		if (!ended && waitpid(pid, &status, WNOHANG) == pid)
			ended = 1;
	}
	pass_on(buf, len, 1);
	return ended ? status : TIMED_OUT;
}

static void judge(int nr, const char *name, int status, int limit, double took)
{
	int code = status != TIMED_OUT && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	char line[256], why[160];

	if (code == KSFT_SKIP)
		snprintf(why, sizeof(why), "SKIP %s", skip_reason);
	else if (code >= 0)
		snprintf(why, sizeof(why), "exit status %d, %.1f s", code, took);
	else if (status == TIMED_OUT)
		snprintf(why, sizeof(why), "killed: no end after %d s", limit);
	else
		snprintf(why, sizeof(why), "killed by signal %d", WTERMSIG(status));
	snprintf(line, sizeof(line), "%sok %d %s # %s",
		 code && code != KSFT_SKIP ? "not " : "", nr, name, why);
	report("", line);
}

static void check_one(int nr, const char *dir, const char *name, int limit)
{
	char path[128], header[160];
	char *const argv[] = { path, NULL };
	double begin = now();
	int pipe_fds[2], status;
	pid_t pid;

	snprintf(path, sizeof(path), "/tests/%s/%s", dir, name);
	snprintf(header, sizeof(header), "# Subtest: %s", name);
	report("    ", "KTAP version 1");
	report("    ", header);
	skip_reason[0] = '\0';
	if (pipe2(pipe_fds, O_CLOEXEC)) {
		report("", "Bail out! init: pipe2() failed");
		return;
	}
	pid = start(argv, pipe_fds[1]);
	close(pipe_fds[1]);
	status = follow(pid, pipe_fds[0], begin + limit);
	kill_the_rest();
	close(pipe_fds[0]);
	judge(nr, name, status, limit, now() - begin);
}

static int check(int limit)
{
	char dir[32], name[64], line[80];
	FILE *list = fopen(LIST, "re");
	int nr = 0, count = 0;

	report("", "KTAP version 1");
	if (!list) {
		report("", "Bail out! init: no " LIST);
		return 1;
	}
	/* The version line is there already. */
	setenv("KSFT_TAP_LEVEL", "1", 1);
	while (fscanf(list, " %31[^:]:%63s", dir, name) == 2)
		count++;
	snprintf(line, sizeof(line), "1..%d", count);
	report("", line);
	rewind(list);
	while (fscanf(list, " %31[^:]:%63s", dir, name) == 2)
		check_one(++nr, dir, name, limit);
	fclose(list);
	return 0;
}

static int run(char *const argv[])
{
	int status = 0;
	pid_t pid = start(argv, -1);

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	kill_the_rest();
	if (WIFSIGNALED(status)) {
		printf("init: %s: killed by signal %d\n", argv[0], WTERMSIG(status));
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

static int shell(void)
{
	char *const argv[] = { "/bin/sh", "-l", NULL };

	setenv("PATH", "/bin:/tests/seccomp", 1);
	setenv("HOME", "/tmp", 1);
	setenv("PS1", "guest# ", 1);
	return run(argv);
}

static int obey(int argc, char *argv[])
{
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(atoi(argv[2]));
	if (argc >= 3 && !strcmp(argv[1], "run"))
		return run(argv + 2);
	if (argc == 2 && !strcmp(argv[1], "shell"))
		return shell();
	printf("init: no order: 'check SECONDS', 'run PROGRAM...' or 'shell'\n");
	return 2;
}

int main(int argc, char *argv[])
{
	int status;
	char line[64];

	if (getpid() != 1) {
		fprintf(stderr, "init: this is for process 1 of a guest\n");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	mount_all();
	open_kmsg();
	status = obey(argc, argv);
	snprintf(line, sizeof(line), "guest: end, status %d", status);
	report("", line);
	sync();
	/* Let the console's buffer drain: some resets do not wait for it. */
	tcdrain(STDOUT_FILENO);
	reboot(RB_AUTOBOOT);
	return status;
}

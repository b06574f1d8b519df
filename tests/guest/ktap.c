// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a program with a limit of time, and report it as a test: KTAP in KTAP, if
 * that is what the program prints.
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
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

#define KSFT_SKIP	4
#define TIMED_OUT	-1

atomic_int ktap_stopped;

static const struct program *running;
/* Why a program skips all of its tests, or the last that one without tests said */
static char reason[128];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/*
 * The end of a session throws away what its terminal has not printed yet: so somebody
 * else than the program leads it, and waits for that. Returns in the program.
 */
static void lead_session(void)
{
	int status = 0;
	pid_t pid;

	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	pid = fork();
	if (pid <= 0)
		return;
	/* Ctrl-C is for the program */
	signal(SIGINT, SIG_IGN);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	tcdrain(STDOUT_FILENO);
	if (WIFSIGNALED(status))
		kill(getpid(), WTERMSIG(status));
	_exit(WEXITSTATUS(status));
}

/* With its output there, or on the terminal that we have */
pid_t ktap_start(char *const argv[], int out)
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
		lead_session();
	}
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot run %s: %m\n", argv[0]);
	_exit(127);
}

/* KTAP in KTAP: what is no result and no plan is said by the way. */
static void pass_line(const char *line)
{
	static const char * const ktap[] = { "ok ", "not ok ", "1..", "#", "Bail out!" };
	static const char skip[] = "1..0 # SKIP ";

	if (!running->tests) {
		snprintf(reason, sizeof(reason), "%s", line);
		report("# ", line);
		return;
	}
	if (!strncmp(line, skip, strlen(skip)))
		snprintf(reason, sizeof(reason), "%s", line + strlen(skip));
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

	while (now() < deadline && !ktap_stopped) {
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
		/* Orphans come to us as well: wait for this one alone. */
		if (!ended && waitpid(pid, &status, WNOHANG) == pid)
			ended = 1;
	}
	pass_on(buf, len, 1);
	return ended ? status : TIMED_OUT;
}

static enum result judge(int nr, int status, int limit, double took)
{
	int code = status != TIMED_OUT && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	enum result result = code == KSFT_SKIP ? SKIPPED : code ? FAILED : PASSED;
	char line[512], why[300];

	if (code == 1 && running->timing)
		result = PASSED;
	if (result == SKIPPED)
		snprintf(why, sizeof(why), "SKIP %s", reason);
	else if (code > 0 && !running->tests)
		snprintf(why, sizeof(why), "exit status %d: %s", code, reason);
	else if (code >= 0)
		snprintf(why, sizeof(why), "exit status %d, %.1f s", code, took);
	else if (ktap_stopped)
		snprintf(why, sizeof(why), "stopped by signal %d", ktap_stopped);
	else if (status == TIMED_OUT)
		snprintf(why, sizeof(why), "killed: no end after %d s", limit);
	else
		snprintf(why, sizeof(why), "killed by signal %d", WTERMSIG(status));
	snprintf(line, sizeof(line), "%sok %d %s # %s",
		 result == FAILED ? "not " : "", nr, running->name, why);
	report("", line);
	return result;
}

enum result ktap_run(int nr, const struct program *program, int limit)
{
	double begin = now();
	int pipe_fds[2], status;
	char header[160];
	pid_t pid;

	running = program;
	reason[0] = '\0';
	if (program->tests) {
		snprintf(header, sizeof(header), "# Subtest: %s", program->name);
		report("    ", "KTAP version 1");
		report("    ", header);
	}
	if (pipe2(pipe_fds, O_CLOEXEC)) {
		report("", "Bail out! pipe2() failed");
		return FAILED;
	}
	pid = ktap_start(program->argv, pipe_fds[1]);
	close(pipe_fds[1]);
	status = follow(pid, pipe_fds[0], begin + limit);
	kill_the_rest();
	close(pipe_fds[0]);
	return judge(nr, status, limit, now() - begin);
}

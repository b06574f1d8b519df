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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "ktap.h"

/* As run_kselftest.sh has it: the names of a directory and of a program in it. */
#define LIST		"/tests/kselftest-list.txt"

/*
 * Results go through the kernel's log: what the kernel says in the meantime
 * can then come between two lines, but never into the middle of one.
 */
static int kmsg = STDERR_FILENO;

void report(const char *indent, const char *line)
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

/* Whatever a program left behind, in whatever session or process group. */
void kill_the_rest(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* A line of the list: DIR:NAME, and what else is to be on the program's command line. */
static void check_program(int nr, char *text, int limit)
{
	const char *dir = strtok(text, ":"), *name = strtok(NULL, "\n ");
	char path[128], *argv[16] = { path };
	const struct program program = { .name = name, .argv = argv, .tests = true };

	snprintf(path, sizeof(path), "/tests/%s/%s", dir, name);
	for (int i = 1; i < 15 && (argv[i] = strtok(NULL, "\n ")); i++)
		;
	ktap_run(nr, &program, limit);
}

static int check(int limit)
{
	FILE *list = fopen(LIST, "re");
	int nr = 0, count = 0;
	char line[256];

	report("", "KTAP version 1");
	if (!list) {
		report("", "Bail out! init: no " LIST);
		return 1;
	}
	/* The version line is there already. */
	setenv("KSFT_TAP_LEVEL", "1", 1);
	while (fgets(line, sizeof(line), list))
		count++;
	snprintf(line, sizeof(line), "1..%d", count);
	report("", line);
	rewind(list);
	while (fgets(line, sizeof(line), list))
		check_program(++nr, line, limit);
	fclose(list);
	return 0;
}

static int run(char *const argv[])
{
	int status = 0;
	pid_t pid = ktap_start(argv, -1);

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
	/* What a program printed must not be on its way when the kernel prints. */
	tcdrain(STDOUT_FILENO);
	snprintf(line, sizeof(line), "guest: end, status %d", status);
	report("", line);
	sync();
	/* Let the console's buffer drain: some resets do not wait for it. */
	tcdrain(STDOUT_FILENO);
	reboot(RB_AUTOBOOT);
	return status;
}

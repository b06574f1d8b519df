// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rows of filters cost a whole program:
 *
 *	launch [-c] [-n ROUNDS] [-a AMOUNT] ROOT PROGRAM ROW...
 *
 * runs "/program PROGRAM AMOUNT" in the directory ROOT, as root or with a user namespace,
 * without a network, and with /tmp to itself. Each round runs it under each of the rows,
 * and without filters first, so that a processor which changes its speed does so for all.
 * One round goes before those that count, to warm caches. For each row a task that has
 * attached the same filters stays alive, as where a second container is started. The
 * output:
 *
 *	apps: PROGRAM ROW TOTAL SPREAD ATTACH FIRST OVERHEAD SPREAD CALLS CYCLES INSTRUCTIONS
 *
 * are medians, SPREAD being half of what is between the quartiles. TOTAL is nanoseconds,
 * ATTACH the part of it for attaching all filters, FIRST what that took the task that
 * stays alive. OVERHEAD is per cent above the run without filters of the same round,
 * CALLS is that without ATTACH. What is not known is "-", and
 *
 *	counts: TEXT
 *
 * says why, of the processor's counters. With -c times are those of the processor, not
 * of the wall clock.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <math.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "../board/counters.h"
#include "../board/sample.h"
#include "../guest/rows.h"

#define MAX_ROWS	16
#define MAX_ROUNDS	101
#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWNET)

enum { TOTAL, ATTACH, OVERHEAD, CALLS, EVENTS_AT, EVENTS = 2, FIGURES = EVENTS_AT + EVENTS };

static const unsigned int events[EVENTS] = {
	PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_INSTRUCTIONS,
};

static struct row rows[MAX_ROWS];
static unsigned int row_count;
static double samples[MAX_ROWS][FIGURES][MAX_ROUNDS], first[MAX_ROWS];

static unsigned int rounds = 15;
static bool cpu_time;
static const char *root, *program, *amount = "1";
/* Why nothing is counted, if so */
static const char *refusal;

/* Of the task that was the last to attach, in memory that it shares with us */
static struct {
	double start, end;
} *attaching;

static double now(void)
{
	struct timespec time;

	clock_gettime(cpu_time ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* --- Where the program runs --------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* Within it the user is who he was, so that he is not taken for root. */
static bool new_user(void)
{
	char uids[40], gids[40];

	snprintf(uids, sizeof(uids), "%u %u 1", geteuid(), geteuid());
	snprintf(gids, sizeof(gids), "%u %u 1", getegid(), getegid());
	if (unshare(CLONE_NEWUSER | NAMESPACES))
		return false;
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/uid_map", uids);
	write_text("/proc/self/gid_map", gids);
	return true;
}

static bool mount_in_root(const char *from, const char *to, const char *type, unsigned long flags)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, to);
	return !mount(from, path, type, flags, NULL);
}

static bool loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool up = fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return up;
}

static void make_namespaces(void)
{
	if ((!unshare(NAMESPACES) || new_user()) &&
	    !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	    mount_in_root("/dev", "dev", NULL, MS_BIND | MS_REC) &&
	    mount_in_root("tmpfs", "tmp", "tmpfs", 0) && loopback_up())
		return;
	warn("cannot make namespaces");
	errx(1, "run this as root, or allow users to make them: see the sysctls %s",
	     "user.max_*_namespaces and kernel.*unprivileged_userns*");
}

/* --- A run --------------------------------------------------------------------- */

static void attach(const struct row *row)
{
	unsigned int i;

	attaching->start = now();
	for (i = 0; i < row->depth; i++)
		rows_attach(row, i);
	attaching->end = now();
}

/* Once it is counted, which the other end of the pipe tells by closing it */
static void become_program(const struct row *row, int gate)
{
	static char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "LC_ALL=C", NULL
	};
	int null = open("/dev/null", O_RDWR);
	char byte;

	if (null < 0 || dup2(null, 0) || dup2(null, 1) != 1)
		err(1, "/dev/null");
	if (chroot(root) || chdir("/"))
		err(1, "%s", root);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
	if (read(gate, &byte, 1))
		err(1, "read");
	attach(row);
	execle("/program", "program", program, amount, NULL, environment);
	err(127, "%s/program", root);
}

static void open_counters(int *fds, pid_t pid)
{
	int i;

	for (i = 0; i < EVENTS; i++) {
		fds[i] = counter_open_event(events[i], pid, true);
		if (fds[i] < 0)
			refusal = counter_refusal(errno);
	}
}

static double read_counter(int fd)
{
	static const struct count zero;
	struct count count;

	if (fd < 0)
		return NAN;
	counter_read(fd, &count);
	close(fd);
	return counter_between(&zero, &count);
}

static double nanoseconds(const struct timeval *time)
{
	return time->tv_sec * 1e9 + time->tv_usec * 1e3;
}

/* Fills in what is not derived from other runs. */
static void run(const struct row *row, double *figures)
{
	struct rusage usage;
	int gate[2], fds[EVENTS], status, i;
	pid_t pid;

	rows_write_texts(row, 0);
	if (pipe2(gate, O_CLOEXEC))
		err(1, "pipe");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		close(gate[1]);
		become_program(row, gate[0]);
	}
	open_counters(fds, pid);
	close(gate[0]);
	close(gate[1]);
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "wait4");
	figures[TOTAL] = cpu_time ? nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime) :
				    now() - attaching->start;
	figures[ATTACH] = attaching->end - attaching->start;
	for (i = 0; i < EVENTS; i++)
		figures[EVENTS_AT + i] = read_counter(fds[i]);
	if (WIFSIGNALED(status))
		errx(1, "%s under %s: killed by signal %d", program, row->name, WTERMSIG(status));
	if (WEXITSTATUS(status))
		errx(1, "%s under %s: exit status %d", program, row->name, WEXITSTATUS(status));
}

static void run_round(unsigned int round)
{
	double figures[MAX_ROWS][FIGURES], none;
	unsigned int i, j;

	for (i = 0; i < row_count; i++) {
		run(&rows[i], figures[i]);
		none = figures[0][TOTAL];
		figures[i][OVERHEAD] = (figures[i][TOTAL] / none - 1) * 100;
		figures[i][CALLS] = figures[i][OVERHEAD] - figures[i][ATTACH] / none * 100;
		for (j = 0; j < FIGURES; j++)
			samples[i][j][round] = figures[i][j];
	}
}

/* --- Output ---------------------------------------------------------------------- */

static void print(double number, int decimals)
{
	if (isnan(number))
		printf(" -");
	else
		printf(" %.*f", decimals, number);
}

static void print_row(unsigned int i)
{
	struct sample of[FIGURES];
	bool none = !rows[i].depth;
	int figure;

	for (figure = 0; figure < FIGURES; figure++)
		of[figure] = sample_of(samples[i][figure], rounds);
	printf("apps: %s %s", program, rows[i].name);
	print(of[TOTAL].median, 0);
	print(sample_spread(&of[TOTAL]), 0);
	print(none ? NAN : of[ATTACH].median, 0);
	print(none ? NAN : first[i], 0);
	print(none ? NAN : of[OVERHEAD].median, 2);
	print(none ? NAN : sample_spread(&of[OVERHEAD]), 2);
	print(none ? NAN : of[CALLS].median, 2);
	for (figure = EVENTS_AT; figure < FIGURES; figure++)
		print(refusal ? NAN : of[figure].median, 0);
	printf("\n");
}

/* --- Setup ------------------------------------------------------------------------- */

static void read_rows(char *const *names)
{
	unsigned int i;

	rows_open(names);
	while (row_count < MAX_ROWS && rows_next(&rows[row_count]))
		row_count++;
	for (; *names; names++) {
		for (i = 0; i < row_count && strcmp(rows[i].name, *names); i++)
			;
		if (i == row_count)
			errx(2, "there is no row %s in filters/rows, or too many", *names);
	}
}

static void hold_rows(void)
{
	unsigned int i;

	for (i = 0; i < row_count; i++) {
		rows_write_texts(&rows[i], 0);
		rows_start(&rows[i], attach);
		first[i] = attaching->end - attaching->start;
	}
}

int main(int argc, char **argv)
{
	unsigned int i;
	int option;

	while ((option = getopt(argc, argv, "cn:a:")) != -1)
		switch (option) {
		case 'c':
			cpu_time = true;
			break;
		case 'n':
			rounds = strtoul(optarg, NULL, 10);
			break;
		case 'a':
			amount = optarg;
			break;
		default:
			return 2;
		}
	if (argc - optind < 3)
		errx(2, "usage: launch [-c] [-n ROUNDS] [-a AMOUNT] ROOT PROGRAM ROW...");
	if (!rounds || rounds > MAX_ROUNDS)
		errx(2, "-n: from 1 to %d rounds", MAX_ROUNDS);
	root = argv[optind];
	program = argv[optind + 1];
	attaching = rows_share(sizeof(*attaching));
	read_rows(argv + optind + 2);
	make_namespaces();
	hold_rows();
	run_round(0);
	for (i = 0; i < rounds; i++)
		run_round(i);
	for (i = 0; i < row_count; i++)
		print_row(i);
	if (refusal)
		printf("counts: %s\n", refusal);
	return 0;
}

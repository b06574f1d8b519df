// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run programs one after the other, and write what they say to a file, as KTAP:
 * run-ktap [-t SECONDS] LIST FILE
 *
 * Each may take SECONDS.  A line of LIST is a kind and a command:
 *
 *	ktap COMMAND		it reports its tests as KTAP
 *	plain COMMAND		it prints whatever it likes, and its status counts
 *	timing COMMAND		the same, but where it does not find the times that it
 *				expects (status 1), that may be the machine's load
 *
 * A line for each appears on the terminal.  Exits with 0 if none failed, 1 if some
 * did, 2 if there is nothing to run, 3 if FILE cannot be written.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../guest/ktap.h"

#define MAX_PROGRAMS	256
#define MAX_WORDS	16

static struct command {
	char line[256], name[256];
	char *argv[MAX_WORDS + 1];
	struct program program;
} commands[MAX_PROGRAMS];

static const char *path;
static int file;

void report(const char *indent, const char *line)
{
	char text[1024];
	int len = snprintf(text, sizeof(text) - 1, "%s%s", indent, line);

	if (len > (int)sizeof(text) - 2)
		len = sizeof(text) - 2;
	text[len++] = '\n';
	if (write(file, text, len) != len) {
		kill_the_rest();
		err(3, "%s: what was found before is there; the rest is lost", path);
	}
	if (!*indent && (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7)))
		printf("  %.*s", len, text);
}

static pid_t parent_of(const char *pid)
{
	char name[64], text[512], *end = NULL;
	pid_t parent = -1;
	FILE *stat;

	snprintf(name, sizeof(name), "/proc/%.20s/stat", pid);
	stat = fopen(name, "re");
	if (!stat)
		return -1;
	/* The name of a program may have any character */
	if (fgets(text, sizeof(text), stat))
		end = strrchr(text, ')');
	if (end)
		sscanf(end, ") %*c %d", &parent);
	fclose(stat);
	return parent;
}

static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    parent_of(entry->d_name) == getpid())
			kill(atoi(entry->d_name), SIGKILL);
	if (proc)
		closedir(proc);
}

/* Of what has ended, the children come to us, and are then the ones to end. */
void kill_the_rest(void)
{
	do
		kill_children();
	while (waitpid(-1, NULL, 0) > 0);
}

static void on_signal(int signal)
{
	ktap_stopped = signal;
}

static bool is(const char *word, const char *kind)
{
	return !strcmp(word, kind);
}

/* Its name is its command, without directories */
static void read_command(struct command *command)
{
	static const char blanks[] = "\n ";
	char *kind = strtok(command->line, blanks), *word;
	int words = 0;

	while ((word = strtok(NULL, blanks)) && words < MAX_WORDS) {
		command->argv[words] = word;
		if (words++)
			strcat(command->name, " ");
		strcat(command->name, strrchr(word, '/') ? strrchr(word, '/') + 1 : word);
	}
	if (!kind || !words || !(is(kind, "ktap") || is(kind, "plain") || is(kind, "timing")))
		errx(2, "a line of the list has no kind and command: '%s'", command->line);
	command->program = (struct program){
		.name = command->name, .argv = command->argv,
		.tests = is(kind, "ktap"), .timing = is(kind, "timing"),
	};
}

static int read_list(const char *name)
{
	FILE *list = fopen(name, "re");
	int count = 0;

	if (!list)
		err(2, "%s", name);
	while (count < MAX_PROGRAMS && fgets(commands[count].line, sizeof(commands->line), list))
		read_command(&commands[count++]);
	fclose(list);
	if (!count)
		errx(2, "%s: nothing to run", name);
	return count;
}

static void take_stops(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };

	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &action, NULL);
}

static int run_all(int count, int limit)
{
	static const char stopped[] = "SKIP stopped by a signal";
	char line[512];
	int nr, failed = 0;

	report("", "KTAP version 1");
	snprintf(line, sizeof(line), "1..%d", count);
	report("", line);
	for (nr = 1; nr <= count; nr++) {
		const struct program *program = &commands[nr - 1].program;

		if (!ktap_stopped) {
			failed += ktap_run(nr, program, limit) == FAILED;
			continue;
		}
		snprintf(line, sizeof(line), "ok %d %s # %s", nr, program->name, stopped);
		report("", line);
	}
	return failed;
}

int main(int argc, char **argv)
{
	int limit = 300, count;

	if (argc == 5 && is(argv[1], "-t")) {
		limit = atoi(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc != 3 || limit < 1)
		errx(2, "usage: run-ktap [-t SECONDS] LIST FILE");
	setvbuf(stdout, NULL, _IOLBF, 0);
	path = argv[2];
	count = read_list(argv[1]);
	file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (file < 0)
		err(3, "%s", path);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		err(2, "PR_SET_CHILD_SUBREAPER");
	take_stops();
	/* As tests know that the version line is there already */
	setenv("KSFT_TAP_LEVEL", "1", 1);
	return run_all(count, limit) || ktap_stopped;
}

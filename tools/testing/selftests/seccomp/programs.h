/* SPDX-License-Identifier: GPL-2.0-only */
/* Execute a helper program of another ABI and read what its calls returned. */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "filter.h"

#define MAX_RESULTS	128

struct run {
	int status, count;
	int32_t result[MAX_RESULTS];
};

/* @args ends with NULL. The filters of the caller are inherited. */
static inline struct run run_args(const char *name, const char * const args[])
{
	const char *argv[MAX_RESULTS + 2] = { name };
	struct run run = { 0 };
	ssize_t len, got = 0;
	int fds[2];
	pid_t pid;

	for (int i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	if (pipe(fds))
		_exit(97);
	pid = start_child();
	if (!pid) {
		dup2(fds[1], 1);
		exec_helper(name, (char **)argv);
		_exit(127);
	}
	close(fds[1]);
	while ((len = read(fds[0], (char *)run.result + got,
			   sizeof(run.result) - got)) > 0)
		got += len;
	close(fds[0]);
	run.count = got / sizeof(run.result[0]);
	run.status = wait_child(pid);
	return run;
}

#define run_program(name, ...)	run_args(name, (const char *[]){ __VA_ARGS__ })

/* Whether this kernel executes programs of that helper's ABI. */
static inline bool can_run(const char *name)
{
	return !run_program(name, NULL).status;
}

#endif

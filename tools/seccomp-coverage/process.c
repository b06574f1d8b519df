// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include "process.h"
#include "report_read.h"
#include "trouble.h"

/* Returns false, with errno, if the process cannot be stopped. */
static bool stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0))
		return false;
	if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) || waitpid(pid, &status, __WALL) < 0)
		return false;
	errno = ESRCH;
	return WIFSTOPPED(status);
}

/* Its filters; the oldest one has the number 0. Returns 0 or the error. */
static int get_filters(pid_t pid, struct subject *subject)
{
	struct layer *layer;
	char *name;
	long len;

	for (long nr = 0;; nr++) {
		len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, nr, NULL);
		if (len < 0)
			return errno == ENOENT ? 0 : errno;
		name = format("filter %ld of process %d", nr + 1, pid);
		layer = subject_add(subject, name);
		free(name);
		layer->program->len = len;
		if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, nr, layer->program->insn) != len)
			return errno;
		if (program_check(layer->program).what)
			fail("process %d: a filter that is none: %s", pid,
			     program_check(layer->program).what);
	}
}

static int trace(pid_t pid, struct subject *subject)
{
	int err;

	if (!stop(pid))
		return errno;
	err = get_filters(pid, subject);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return err;
}

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = need(calloc(1, 1));
	size_t size = 0, got;

	if (!file)
		goto none;
	do {
		text = need(realloc(text, size + 4096 + 1));
		got = fread(text + size, 1, 4096, file);
		size += got;
		text[size] = 0;
	} while (got);
	if (!ferror(file)) {
		fclose(file);
		return text;
	}
	fclose(file);
none:
	free(text);
	return NULL;
}

static bool read_report(const char *pid, struct subject *subject)
{
	static const char * const files[] = { "seccomp_coverage", "seccomp_cache" };

	for (unsigned int i = 0; i < 2; i++) {
		char *path = format("/proc/%s/%s", pid, files[i]), *text = read_text(path);

		if (text && *text) {
			subject->report = report_read(path, text);
			warnx("process %s: its filters cannot be read; this is what %s says", pid,
			      path);
		}
		free(text);
		free(path);
		if (subject->report)
			return true;
	}
	return false;
}

/* "2" behind "Seccomp:" of its status. */
static bool has_filters(const char *pid)
{
	char *path = format("/proc/%s/status", pid), *text = read_text(path);
	const char *line = text ? strstr(text, "\nSeccomp:") : NULL;
	bool has = !line || atoi(line + 9) == 2;

	free(path);
	free(text);
	return has;
}

struct subject *process_read(const char *pid, const struct context *context)
{
	struct subject *subject;
	char *name, *path;
	int err;

	if (strspn(pid, "0123456789") != strlen(pid) || !*pid || strlen(pid) > 9)
		fail("'%s' is not a process ID", pid);
	path = format("/proc/%s", pid);
	if (access(path, F_OK))
		fail("there is no process %s", pid);
	free(path);
	if (!has_filters(pid))
		fail("process %s has no seccomp filter", pid);
	if (abi_native() != context->abi)
		fail("process %s is one of this machine, whose ABI is not %s", pid,
		     context->abi->name);

	name = format("process %s", pid);
	subject = subject_new(name);
	free(name);
	err = trace(atoi(pid), subject);
	if (!err && subject->depth)
		return subject;
	if (read_report(pid, subject))
		return subject;
	if (!err)
		fail("process %s has no seccomp filter", pid);
	fail("process %s: %s; take root without filters, and CONFIG_CHECKPOINT_RESTORE", pid,
	     strerror(err));
}

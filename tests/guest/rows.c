// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of the table, as scripts/filters.py wrote them, and tasks that attach
 * their filters.
 *
 * What filters let a task do afterwards is not known. So it leaves its results in
 * memory that it shares with its parent, and stops without any system call.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"

/* Results of variants: filters have no errno as high, and it is a valid one */
#define VARIANT_DATA	2000

/* Where the program is started */
#define DIRECTORY	"filters"

static FILE *list;
/* Of the rows to take, or none for all of them */
static char *const *wanted;
/*
 * What is attached. This is shared memory: else each task that was forked would
 * keep what is written over for the next one.
 */
static struct texts {
	struct sock_fprog progs[MAX_LAYERS];
	struct sock_filter insns[MAX_LAYERS][BPF_MAXINSNS];
} *texts;

void *rows_share(size_t size)
{
	void *area = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		err(1, "mmap");
	return area;
}

/* As on users' machines; not every architecture does it by default. For guests. */
void rows_compile(void)
{
	int fd = open("/proc/sys/net/core/bpf_jit_enable", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		err(1, "bpf_jit_enable");
	close(fd);
}

/* Kept, as whoever asks for the next row may still want this one */
static void add_layer(struct row *row, const char *name)
{
	static struct sock_filter program[BPF_MAXINSNS];
	struct sock_fprog *layer = &row->layers[row->depth];
	char path[PATH_MAX];
	FILE *file;

	if (row->depth == MAX_LAYERS)
		errx(1, "%s: more than %d filters", row->name, MAX_LAYERS);
	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	layer->len = fread(program, sizeof(*program), BPF_MAXINSNS, file);
	if (!layer->len || ferror(file))
		errx(1, "%s: cannot read a filter", path);
	fclose(file);
	layer->filter = malloc(layer->len * sizeof(*program));
	if (!layer->filter)
		err(1, "%s", path);
	memcpy(layer->filter, program, layer->len * sizeof(*program));
	row->depth++;
}

static void add_call(struct row *row, const char *line)
{
	struct call *call = &row->calls[row->count++];
	long *args = call->args;

	if (row->count > MAX_CALLS)
		errx(1, "%s: more than %d calls", row->name, MAX_CALLS);
	memset(call, 0, sizeof(*call));
	if (sscanf(line, "call %63s %d %ld %ld %ld %ld %ld %ld %ld",
		   call->column, &call->error, &call->nr, &args[0], &args[1],
		   &args[2], &args[3], &args[4], &args[5]) < 3)
		errx(1, "rows: %s", line);
}

/* Returns false when there are no more. */
static bool read_row(struct row *row)
{
	static char line[256];
	char word[64];

	if (!line[0] && !fgets(line, sizeof(line), list))
		errx(1, "rows: nothing to measure");
	if (sscanf(line, "row %63s %63s", row->name, word) < 1)
		return false;
	row->coverage = strstr(line, " coverage");
	row->memory = strstr(line, " memory");
	row->depth = 0;
	row->count = 0;
	while (fgets(line, sizeof(line), list)) {
		if (sscanf(line, "filter %63s", word) == 1)
			add_layer(row, word);
		else if (!strncmp(line, "call ", 5))
			add_call(row, line);
		else
			return true;
	}
	strcpy(line, "end");
	return true;
}

/* The row without filters is what the others are compared with. */
static bool is_wanted(const struct row *row)
{
	char *const *name;

	for (name = wanted; *name; name++)
		if (!strcmp(*name, row->name))
			return true;
	return !*wanted || !row->depth;
}

/* Returns false when there are no more. */
bool rows_next(struct row *row)
{
	while (read_row(row))
		if (is_wanted(row))
			return true;
	return false;
}

/*
 * Give a filter a text that no other variant has, and the same shape: the data
 * of one of its results differs. A filter without such a result gets one that
 * nothing leads to.
 */
static void vary(struct sock_fprog *text, unsigned int variant)
{
	const __u16 ret = BPF_RET | BPF_K;
	struct sock_filter *insn = text->filter, *end = insn + text->len;
	__u32 old;

	for (; insn < end; insn++)
		if (insn->code == ret &&
		    (insn->k & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ALLOW)
			break;
	if (insn == end) {
		*insn = (struct sock_filter)BPF_STMT(ret, variant);
		text->len++;
		return;
	}
	for (old = insn->k; insn < end; insn++)
		if (insn->code == ret && insn->k == old)
			insn->k = (old & SECCOMP_RET_ACTION_FULL) |
				  (VARIANT_DATA + variant);
}

/* What the next tasks attach. Variant 0 has the texts as they are. */
void rows_write_texts(const struct row *row, unsigned int variant)
{
	unsigned int i;

	for (i = 0; i < row->depth; i++) {
		struct sock_fprog *text = &texts->progs[i];

		text->len = row->layers[i].len;
		text->filter = texts->insns[i];
		memcpy(text->filter, row->layers[i].filter,
		       text->len * sizeof(*text->filter));
		if (variant)
			vary(text, variant);
	}
}

bool rows_try(unsigned int layer)
{
	return !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &texts->progs[layer]);
}

void rows_attach(const struct row *row, unsigned int layer)
{
	if (!rows_try(layer))
		err(1, "%s: attaching filter %u", row->name, layer + 1);
}

/* Page tables for the texts must not count as memory for filters. */
static void map_texts(void)
{
	unsigned int i;

	for (i = 0; i < MAX_LAYERS; i++)
		__atomic_load_n(&texts->insns[i][0].k, __ATOMIC_RELAXED);
}

/*
 * Returns when a task has stopped on purpose: by a trap, or where it touched memory
 * that is not there yet.
 */
void rows_wait(const struct row *row, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (WIFEXITED(status))
		exit(1);	/* it said why */
	if (WIFSIGNALED(status))
		errx(1, "%s: killed by signal %d", row->name, WTERMSIG(status));
	if (WSTOPSIG(status) != SIGILL && WSTOPSIG(status) != SIGTRAP &&
	    WSTOPSIG(status) != SIGBUS)
		errx(1, "%s: signal %d", row->name, WSTOPSIG(status));
}

/*
 * Returns a child that has done its work and has stopped. It gets there without
 * a system call: an instruction traps, and that stops those that are traced.
 */
pid_t rows_start(const struct row *row, void (*work)(const struct row *row))
{
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL))
			err(1, "PR_SET_PDEATHSIG");
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			err(1, "PTRACE_TRACEME");
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			err(1, "no_new_privs");
		map_texts();
		work(row);
		__builtin_trap();
	}
	rows_wait(row, pid);
	return pid;
}

static void attach_all(const struct row *row)
{
	unsigned int i;

	for (i = 0; i < row->depth; i++)
		rows_attach(row, i);
}

/* A child that has nothing but the filters */
pid_t rows_hold(const struct row *row)
{
	return rows_start(row, attach_all);
}

void rows_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/*
 * Without any BPF program left the kernel frees its memory for compiled code,
 * and the next filter would pay for that. Machines usually have some program.
 */
static void hold_a_program(void)
{
	static struct sock_filter filter =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	static struct row row = {
		.name = "holder", .depth = 1, .layers = { { 1, &filter } }
	};

	rows_write_texts(&row, 0);
	rows_hold(&row);
}

/* Once, in the beginning; @names as in an argument vector */
void rows_open(char *const *names)
{
	wanted = names;
	list = fopen(DIRECTORY "/rows", "re");
	if (!list)
		err(1, DIRECTORY "/rows");
	texts = rows_share(sizeof(*texts));
	hold_a_program();
}

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ROWS_H
#define ROWS_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_LAYERS	64
#define MAX_CALLS	64

struct call {
	char column[64];
	int error;		/* the errno if filters deny it */
	long nr;
	long args[6];
};

/* Filters on top of each other, and what to call under them */
struct row {
	char name[64];
	bool coverage;		/* what is to be told of it, too */
	bool memory;
	unsigned int depth;
	struct sock_fprog layers[MAX_LAYERS];
	unsigned int count;
	struct call calls[MAX_CALLS];
};

static inline long call_invoke(const struct call *call)
{
	const long *args = call->args;

	return syscall(call->nr, args[0], args[1], args[2], args[3], args[4],
		       args[5]);
}

void *rows_share(size_t size);

void rows_compile(void);
void rows_open(char *const *names);
bool rows_next(struct row *row);
void rows_write_texts(const struct row *row, unsigned int variant);
bool rows_try(unsigned int layer);
void rows_attach(const struct row *row, unsigned int layer);
void rows_wait(const struct row *row, pid_t pid);
pid_t rows_start(const struct row *row, void (*work)(const struct row *row));
pid_t rows_hold(const struct row *row);
void rows_end(pid_t pid);

#endif

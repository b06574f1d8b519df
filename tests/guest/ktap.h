/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KTAP_H
#define KTAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* A program to run, and how to read it */
struct program {
	const char *name;
	char *const *argv;
	bool tests;		/* it reports its tests as KTAP; else it prints figures */
	bool timing;		/* if it fails, then only since it was disturbed */
};

enum result { PASSED, FAILED, SKIPPED };

/* The user of this has these two: where lines go, and how a program's children end */
void report(const char *indent, const char *line);
void kill_the_rest(void);

/* Set, it ends the program that runs */
extern atomic_int ktap_stopped;

pid_t ktap_start(char *const argv[], int out);
enum result ktap_run(int nr, const struct program *program, int limit);

#endif

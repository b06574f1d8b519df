/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line asks for. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include "context.h"

enum mode { MODE_REPORT, MODE_COMPARE, MODE_DUMP, MODE_ESTIMATE, MODE_ADVISE, MODE_CALL };
enum dump { DUMP_TEXT, DUMP_RAW, DUMP_PFC };

#define MAX_CALLS	64

/**
 * struct options - the command line
 * @context: what profiles are compiled for
 * @named: were ABIs named?
 * @wanted: which, by index in abis[]
 * @mode: what to do
 * @dump: how to dump filters
 * @json: as JSON
 * @quiet: a line for each ABI only
 * @colour: with colours
 * @require: NULL, or calls that have to be constant; is written to
 * @call: calls to be tried, as in socket(1,2)
 * @nr_calls: their number
 * @pid: NULL, or the process to look at
 * @unit: NULL, or the unit of systemd
 * @files: the files
 * @nr_files: their number
 */
struct options {
	struct context context;
	bool named;
	bool wanted[NR_ABIS];
	enum mode mode;
	enum dump dump;
	bool json, quiet, colour;
	char *require;
	const char *call[MAX_CALLS];
	unsigned int nr_calls;
	const char *pid, *unit;
	char **files;
	unsigned int nr_files;
};

/* What is wrong ends the program, and so do --help and --version. */
void options_parse(struct options *options, int argc, char **argv);

#endif

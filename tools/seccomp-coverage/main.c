// SPDX-License-Identifier: GPL-2.0-only
/* seccomp-coverage: which calls of a filter the kernel answers in O(1). */
#include <dirent.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "advice.h"
#include "compare.h"
#include "dump.h"
#include "estimate.h"
#include "input.h"
#include "options.h"
#include "process.h"
#include "report.h"
#include "trouble.h"
#include "unit.h"

/* --- Reports ---------------------------------------------------------------------- */

/* Is a call that may not exist here constant? Says so if it is not. */
static bool is_constant(const struct coverage *coverage, const struct subject *subject,
			const char *name)
{
	const struct call *call = coverage_find(coverage, name);
	uint32_t nr = call_number(coverage->abi, coverage->kernel, name);

	if (nr == NO_CALL || (call && call->constant))
		return true;
	fprintf(stderr, "%s %u %s: ", coverage->abi->name, nr, name);
	if (call)
		report_look(stderr, coverage, call, subject);
	else
		fprintf(stderr, "outside the system call table, always runs the filter");
	fprintf(stderr, "\n");
	return false;
}

/* Is there a call of that name in one of the ABIs? */
static bool is_known(struct coverage *const *coverages, const char *name)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (coverages[i] &&
		    call_number(coverages[i]->abi, coverages[i]->kernel, name) != NO_CALL)
			return true;
	return false;
}

/* Returns false when a call of the list is not constant in one of the ABIs. */
static bool check_required(struct coverage *const *coverages, const struct subject *subject,
			   const struct options *options)
{
	char *list = need(strdup(options->require)), *next = list, *name;
	bool ok = true;

	while ((name = strsep(&next, ",")))
		if (!is_known(coverages, name))
			fail("--require: Linux %s has no call '%s' in the ABIs reported on",
			     kernel_names[options->context.kernel], name);
	strcpy(list, options->require);
	for (next = list; (name = strsep(&next, ","));)
		for (unsigned int i = 0; i < NR_ABIS; i++)
			if (coverages[i])
				ok &= is_constant(coverages[i], subject, name);
	free(list);
	return ok;
}

/* Is this ABI to be reported on? */
static bool is_wanted(const struct options *options, const struct subject *subject,
		      unsigned int i)
{
	if (options->named)
		return options->wanted[i];
	return subject->report || &abis[i] == options->context.abi;
}

static void print(struct coverage *const *coverages, const struct subject *subject,
		  const struct options *options, const char *prefix)
{
	const struct style style = { .prefix = prefix, .colour = options->colour };

	if (subject->depth > 1 && options->context.abi->rows && !options->quiet)
		report_limits(subject, &options->context);
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (!coverages[i])
			continue;
		if (!options->quiet)
			report_ranges(coverages[i], subject, &style);
		report_verdict(coverages[i], &style);
	}
}

static bool report(const struct subject *subject, const struct options *options,
		   const char *prefix, const char *separator)
{
	struct coverage *coverages[NR_ABIS] = { 0 };
	bool ok;

	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (!is_wanted(options, subject, i))
			continue;
		coverages[i] = coverage_of(subject, &abis[i], options->context.abi,
					   options->context.kernel);
		if (!coverages[i] && options->named)
			fail("%s: has nothing about %s", subject->name, abis[i].name);
	}
	ok = !options->require || check_required(coverages, subject, options);
	if (options->json)
		report_json(coverages, subject, separator);
	else
		print(coverages, subject, options, prefix);
	for (unsigned int i = 0; i < NR_ABIS; i++)
		free(coverages[i]);
	return ok;
}

static bool report_all(const struct subjects *subjects, const struct options *options)
{
	bool ok = true;

	for (unsigned int i = 0; i < subjects->nr; i++) {
		const struct subject *subject = subjects->subject[i];
		char *prefix = subjects->nr > 1 ? format("%s: ", subject->name) : need(strdup(""));

		ok &= report(subject, options, prefix, i ? ",\n" : "[");
		free(prefix);
	}
	if (options->json)
		printf("]\n");
	return ok;
}

/* --- What to do -------------------------------------------------------------------- */

static struct subjects read_all(const struct options *options)
{
	struct subjects subjects = { 0 };

	if (options->pid)
		subjects_add(&subjects, process_read(options->pid, &options->context));
	else if (options->unit)
		subjects_add(&subjects, unit_find(options->unit, &options->context));
	else if (!options->nr_files)
		input_read("-", &options->context, &subjects);
	for (unsigned int i = 0; i < options->nr_files; i++) {
		unsigned int before = subjects.nr;

		input_read(options->files[i], &options->context, &subjects);
		if (options->nr_files > 1 && subjects.nr > before + 1)
			fail("%s: has several filters; say which, as in %s", options->files[i],
			     subjects.subject[before]->name);
	}
	if (options->mode != MODE_COMPARE && options->nr_files > 1)
		subjects_stack(&subjects);
	return subjects;
}

static bool compare_all(const struct subjects *subjects, const struct options *options)
{
	bool ok = true;

	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (options->named ? options->wanted[i] : &abis[i] == options->context.abi)
			ok &= !compare(subjects->subject[0], subjects->subject[1], &abis[i],
				       options->context.kernel, options->quiet);
	return ok;
}

static bool act(const struct subjects *subjects, const struct options *options)
{
	bool ok = true;

	if (options->mode == MODE_REPORT)
		return report_all(subjects, options);
	if (options->mode == MODE_COMPARE)
		return compare_all(subjects, options);
	if (options->mode == MODE_DUMP && options->dump == DUMP_RAW && subjects->nr > 1)
		fail("--dump=raw writes one filter; say which, as in %s",
		     subjects->subject[0]->name);
	for (unsigned int i = 0; i < subjects->nr; i++) {
		if (options->mode == MODE_DUMP)
			dump(subjects->subject[i], options);
		else if (options->mode == MODE_ESTIMATE)
			estimate(subjects->subject[i], options);
		else if (options->mode == MODE_ADVISE)
			advise(subjects->subject[i], options);
		else
			estimate_calls(subjects->subject[i], options);
	}
	return ok;
}

/* --- Folders: each file by a process of its own ------------------------------------ */

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type != DT_DIR;
}

static int run_one(const struct options *options, char *path)
{
	struct options one = *options;
	struct subjects subjects;
	char *prefix;
	bool ok = true;

	one.files = &path;
	one.nr_files = 1;
	one.quiet = true;
	subjects = read_all(&one);
	for (unsigned int i = 0; i < subjects.nr; i++) {
		prefix = format("%s: ", subjects.subject[i]->name);
		ok &= report(subjects.subject[i], &one, prefix, "");
		free(prefix);
	}
	subjects_free(&subjects);
	return ok ? 0 : EXIT_FOUND;
}

static int run_in_child(const struct options *options, char *path)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		fail("no process can be started");
	if (!pid)
		exit(run_one(options, path));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return EXIT_TROUBLE;
	return WEXITSTATUS(status);
}

static int run_folder(const struct options *options)
{
	struct dirent **entry;
	int nr = scandir(options->files[0], &entry, is_file, alphasort), worst = 0, status;

	if (nr < 0)
		fail("%s: cannot be read", options->files[0]);
	if (options->mode != MODE_REPORT || options->json)
		fail("%s: of a folder there are reports only, and not as JSON", options->files[0]);
	if (!nr)
		fail("%s: an empty folder", options->files[0]);
	for (int i = 0; i < nr; i++) {
		char *path = format("%s/%s", options->files[0], entry[i]->d_name);

		status = run_in_child(options, path);
		worst = status > worst ? status : worst;
		free(path);
		free(entry[i]);
	}
	free(entry);
	return worst;
}

int main(int argc, char **argv)
{
	struct subjects subjects;
	struct options options;
	bool ok;

	options_parse(&options, argc, argv);
	if (options.nr_files == 1 && input_is_folder(options.files[0]))
		return run_folder(&options);
	subjects = read_all(&options);
	ok = act(&subjects, &options);
	subjects_free(&subjects);
	return ok ? 0 : EXIT_FOUND;
}

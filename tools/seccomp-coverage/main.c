// SPDX-License-Identifier: GPL-2.0-only
/* seccomp-coverage: which calls of a filter the kernel answers in O(1). */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "filter.h"
#include "oci.h"
#include "report.h"

#define MAX_INPUT	(16 << 20)	/* bytes */

/* What containers.conf gives to a container that asks for nothing. */
#define DEFAULT_CAPS	"CHOWN,DAC_OVERRIDE,FOWNER,FSETID,KILL,NET_BIND_SERVICE," \
			"SETFCAP,SETGID,SETPCAP,SETUID,SYS_CHROOT"

static const char usage[] =
	"usage: seccomp-coverage [-jq] [-a ABI[,ABI]...] [-c CAP[,CAP]...]\n"
	"                        [-r CALL[,CALL]...] [FILE | -p PID]\n"
	"\n"
	"FILE is a raw BPF filter, config.json or a seccomp profile in JSON, or a copy\n"
	"of /proc/<pid>/seccomp_cache; standard input without one. See the manual page.\n"
	"\n"
	"  -a, --abi ABI[,ABI]...       ABIs to report on; the first is the machine's own\n"
	"  -c, --caps CAP[,CAP]...      capabilities of the container, for profiles\n"
	"  -j, --json                   everything, as JSON\n"
	"  -p, --pid PID                a running process, as this kernel sees it\n"
	"  -q, --quiet                  one line for each ABI\n"
	"  -r, --require CALL[,CALL]... fail unless these are answered in O(1)\n";

struct options {
	const struct abi *own;		/* the first ABI, or NULL */
	bool wanted[NR_ABIS];		/* by index in abis[] */
	bool json, quiet;
	const char *caps, *pid;
	char *require;
};

/* --- Input ------------------------------------------------------------------ */

struct input {
	const char *name;
	size_t size;
	char text[MAX_INPUT + 1];	/* ends with a NUL */
};

static struct input input;

static void read_input(const char *name, const char *help)
{
	bool standard = !strcmp(name, "-");
	FILE *file = standard ? stdin : fopen(name, "re");

	input.name = standard ? "standard input" : name;
	if (file)
		input.size = fread(input.text, 1, MAX_INPUT + 1, file);
	if (!file || ferror(file))
		fail("%s: %s%s", input.name, strerror(errno), help);
	if (input.size > MAX_INPUT)
		fail("%s: longer than any filter or profile", input.name);
	input.text[input.size] = 0;
	if (!standard)
		fclose(file);
}

static void read_pid(const char *pid)
{
	static char path[64];

	if (strspn(pid, "0123456789") != strlen(pid) || !*pid || strlen(pid) > 9)
		fail("'%s' is not a process ID", pid);

	snprintf(path, sizeof(path), "/proc/%s", pid);
	if (access(path, F_OK))
		fail("there is no process %s", pid);
	strcat(path, "/seccomp_cache");
	if (access(path, F_OK))
		fail("%s: not there; it takes a kernel with CONFIG_SECCOMP_CACHE_DEBUG",
		     path);
	read_input(path, ": it takes CAP_SYS_ADMIN; run this as root");
	if (!input.size)
		fail("process %s has no seccomp filter", pid);
}

/* An instruction has a zero byte in its operation, in both byte orders. */
static bool is_text(void)
{
	return isalnum((unsigned char)input.text[0]) &&
	       isalnum((unsigned char)input.text[1]);
}

/* --- What to do --------------------------------------------------------------- */

static void choose_abis(struct options *options, char *list)
{
	const struct abi *abi;
	char *word;

	while ((word = strsep(&list, ","))) {
		abi = abi_find(word);
		options->wanted[abi - abis] = true;
		if (!options->own)
			options->own = abi;
	}
}

static void parse_options(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "abi", required_argument, NULL, 'a' },
		{ "caps", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "pid", required_argument, NULL, 'p' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "require", required_argument, NULL, 'r' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, "a:c:hjp:qr:", names, NULL)) != -1) {
		switch (option) {
		case 'a':
			choose_abis(options, optarg);
			break;
		case 'c':
			options->caps = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'j':
			options->json = true;
			break;
		case 'p':
			options->pid = optarg;
			break;
		case 'q':
			options->quiet = true;
			break;
		case 'r':
			options->require = optarg;
			break;
		default:
			fputs(usage, stderr);
			exit(EXIT_TROUBLE);
		}
	}
	if (argc - optind > !options->pid) {
		fputs(usage, stderr);
		exit(EXIT_TROUBLE);
	}
}

/* Leave the coverages that were asked for. */
static void choose(const struct options *options, struct coverage **coverages)
{
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		if (options->wanted[i] && !coverages[i])
			fail("%s: has nothing about %s", input.name, abis[i].name);
		if (options->own && !options->wanted[i]) {
			coverage_free(coverages[i]);
			coverages[i] = NULL;
		}
	}
}

static void read_coverages(const struct options *options, struct coverage **coverages)
{
	bool json = input.text[strspn(input.text, " \t\r\n")] == '{';
	static struct program filter;
	const struct abi *own;

	if (!json && is_text()) {
		coverage_parse(coverages, input.name, input.text);
		return;
	}

	own = options->own ?: abi_native();
	if (json)
		oci_compile(&filter, input.name, input.text, own, options->caps);
	else
		filter_read(&filter, input.name, input.text, input.size,
			    abi_big_endian(own));

	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (options->wanted[i] || &abis[i] == own)
			coverages[i] = coverage_of(&filter, &abis[i]);
}

/* --- What is required ----------------------------------------------------------- */

/* Is a call that may not exist here constant? Says so if it is not. */
static bool is_constant(const struct coverage *coverage, const char *name, int nr)
{
	if (nr < 0 || (nr < ABI_SIZE && coverage->call[nr].constant))
		return true;

	fprintf(stderr, "%s %d %s: ", coverage->abi->name, nr, name);
	if (nr < ABI_SIZE)
		report_look(stderr, coverage, &coverage->call[nr]);
	else
		fprintf(stderr, "outside the system call table, always runs the filter");
	fprintf(stderr, "\n");
	return false;
}

/* Returns false when a call of the list is not constant in one of the ABIs. */
static bool check_required(struct coverage * const *coverages, char *list)
{
	bool ok = true, exists;
	char *name;
	int nr;

	while ((name = strsep(&list, ","))) {
		exists = false;
		for (unsigned int i = 0; i < NR_ABIS; i++) {
			if (!coverages[i])
				continue;
			nr = seccomp_syscall_resolve_name_arch(abis[i].arch, name);
			exists |= nr >= 0;
			ok &= is_constant(coverages[i], name, nr);
		}
		if (!exists)
			fail("--require: libseccomp knows no call '%s' of the ABIs reported on",
			     name);
	}
	return ok;
}

int main(int argc, char **argv)
{
	struct options options = { .caps = DEFAULT_CAPS };
	struct coverage *coverages[NR_ABIS] = { };
	bool ok;

	parse_options(&options, argc, argv);
	if (options.pid)
		read_pid(options.pid);
	else
		read_input(optind < argc ? argv[optind] : "-", "");

	read_coverages(&options, coverages);
	choose(&options, coverages);
	ok = !options.require || check_required(coverages, options.require);

	for (unsigned int i = 0; i < NR_ABIS && !options.json; i++) {
		if (coverages[i] && !options.quiet)
			report_ranges(coverages[i]);
		if (coverages[i])
			report_verdict(coverages[i]);
	}
	if (options.json)
		report_json(coverages);

	for (unsigned int i = 0; i < NR_ABIS; i++)
		coverage_free(coverages[i]);
	return ok ? 0 : EXIT_REQUIRED;
}

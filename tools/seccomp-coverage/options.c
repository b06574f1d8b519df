// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>
#include "caps.h"
#include "options.h"
#include "trouble.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

static const char usage[] =
	"usage: seccomp-coverage [OPTION]... [FILE]...         report; several files are a stack\n"
	"       seccomp-coverage --compare [OPTION]... OLD NEW  may NEW do more than OLD?\n"
	"       seccomp-coverage --estimate [OPTION]... [FILE]...  what calls cost\n"
	"       seccomp-coverage --advise [OPTION]... [FILE]...    what the profile could save\n"
	"       seccomp-coverage --call CALL [OPTION]... [FILE]... try one, like 'socket(40,1)'\n"
	"       seccomp-coverage --dump[=raw|pfc] [OPTION]... [FILE]...  the filter itself\n"
	"\n"
	"FILE: raw BPF; a profile of Docker, containers-common, Kubernetes (YAML, JSON) or\n"
	"Firecracker; config.json or an OCI bundle; what docker, podman or crictl inspect\n"
	"and ctr container info print; a unit file; a copy of /proc/PID/seccomp_coverage;\n"
	"a folder of these; standard input without any. FILE#PART is one of several in it.\n"
	"\n"
	"  -a, --abi ABI[,ABI]...       ABIs to report on; the first is the machine's own\n"
	"  -c, --caps CAP[,CAP]...      capabilities of the container; ALL, NONE\n"
	"  -C, --compare                compare two profiles; status 1: NEW allows more\n"
	"  -d, --dump[=raw|pfc]         write the filter: annotated, as it is, as pseudocode\n"
	"  -e, --estimate               instructions that each call takes\n"
	"  -A, --advise                 which rules make calls slow, and what helps\n"
	"  -f, --call CALL(ARG,...)     try this call; may be repeated\n"
	"  -j, --json                   everything, as JSON\n"
	"  -k, --kernel 6.1|6.12|7.3    whose system calls; the newest by default\n"
	"  -p, --pid PID                the filters of a running process\n"
	"  -q, --quiet                  one line for each ABI\n"
	"  -r, --require CALL[,CALL]... fail unless these are answered in O(1)\n"
	"  -R, --runtime crun|runc      who compiles container profiles; crun by default\n"
	"  -u, --unit NAME              the filters of a unit of systemd\n"
	"      --colour auto|always|never\n"
	"      --help, --version\n";

static void wrong(void)
{
	fputs("Try 'seccomp-coverage --help'.\n", stderr);
	exit(EXIT_TROUBLE);
}

static void choose_abis(struct options *options, char *list)
{
	const struct abi *abi;
	char *word;

	while ((word = strsep(&list, ","))) {
		abi = abi_find(word);
		if (!abi && !strcmp(word, "x32"))
			fail("x32 calls always run the filters: there is nothing to report");
		if (!abi)
			fail("unknown ABI '%s'; the manual page lists all: x86_64, arm64, ...",
			     word);
		options->wanted[abi - abis] = true;
		if (!options->named)
			options->context.abi = abi;
		options->named = true;
	}
}

static unsigned int choose_kernel(const char *name)
{
	for (unsigned int i = 0; i < NR_KERNELS; i++)
		if (!strcmp(kernel_names[i], name))
			return i;
	fail("--kernel: the system calls of Linux %s are not known here; take 6.1, 6.12 or 7.3",
	     name);
}

static enum runtime choose_runtime(const char *name)
{
	if (!strcmp(name, "crun"))
		return RUNTIME_CRUN;
	if (!strcmp(name, "runc"))
		return RUNTIME_RUNC;
	fail("--runtime: %s is not known here; take crun or runc", name);
}

static enum dump choose_dump(const char *how)
{
	if (!how || !strcmp(how, "text"))
		return DUMP_TEXT;
	if (!strcmp(how, "raw") || !strcmp(how, "bpf"))
		return DUMP_RAW;
	if (!strcmp(how, "pfc"))
		return DUMP_PFC;
	fail("--dump: '%s' is not known; take text, raw or pfc", how);
}

static bool choose_colour(const char *when)
{
	if (!strcmp(when, "always"))
		return true;
	if (!strcmp(when, "never"))
		return false;
	if (strcmp(when, "auto"))
		fail("--colour: '%s' is not known; take auto, always or never", when);
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}

static void set_mode(struct options *options, enum mode mode)
{
	if (options->mode != MODE_REPORT && options->mode != mode)
		fail("compare, dump, estimate, advise, call: only one of them at a time");
	options->mode = mode;
}

static void add_call(struct options *options, const char *call)
{
	set_mode(options, MODE_CALL);
	if (options->nr_calls == MAX_CALLS)
		fail("--call: more than %d calls", MAX_CALLS);
	options->call[options->nr_calls++] = call;
}

static void print_version(void)
{
	const struct scmp_version *version = seccomp_version();

	printf("seccomp-coverage %s, Linux 6.1, 6.12, 7.3, libseccomp %u.%u.%u\n", VERSION,
	       version->major, version->minor, version->micro);
	exit(0);
}

static void take(struct options *options, int option)
{
	switch (option) {
	case 'a':
		choose_abis(options, optarg);
		break;
	case 'A':
		set_mode(options, MODE_ADVISE);
		break;
	case 'c':
		options->context.caps = caps_parse(optarg);
		break;
	case 'C':
		set_mode(options, MODE_COMPARE);
		break;
	case 'd':
		set_mode(options, MODE_DUMP);
		options->dump = choose_dump(optarg);
		break;
	case 'e':
		set_mode(options, MODE_ESTIMATE);
		break;
	case 'f':
		add_call(options, optarg);
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	case 'j':
		options->json = true;
		break;
	case 'k':
		options->context.kernel = choose_kernel(optarg);
		break;
	case 'o':
		options->colour = choose_colour(optarg);
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
	case 'R':
		options->context.runtime = choose_runtime(optarg);
		break;
	case 'u':
		options->unit = optarg;
		break;
	case 'V':
		print_version();
		break;
	default:
		wrong();
	}
}

static void check(const struct options *options)
{
	unsigned int sources = !!options->pid + !!options->unit + !!options->nr_files;

	if (sources > 1)
		fail("a process, a unit, and files: only one of them at a time");
	if (options->mode == MODE_COMPARE && options->nr_files != 2)
		fail("--compare takes two files: what was, and what is to be");
	if (options->mode != MODE_REPORT && options->require)
		fail("--require belongs to the report");
	if (options->json && options->mode != MODE_REPORT)
		fail("--json belongs to the report");
	if (!options->context.abi)
		fail("nothing is known of this machine's ABI; name another one with --abi");
	for (unsigned int i = 0; i < NR_ABIS; i++)
		if (options->wanted[i] && !abi_size(&abis[i], options->context.kernel))
			fail("Linux %s has no ABI %s; take another --kernel",
			     kernel_names[options->context.kernel], abis[i].name);
}

void options_parse(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "abi", required_argument, NULL, 'a' },
		{ "advise", no_argument, NULL, 'A' },
		{ "call", required_argument, NULL, 'f' },
		{ "caps", required_argument, NULL, 'c' },
		{ "color", required_argument, NULL, 'o' },
		{ "colour", required_argument, NULL, 'o' },
		{ "compare", no_argument, NULL, 'C' },
		{ "dump", optional_argument, NULL, 'd' },
		{ "estimate", no_argument, NULL, 'e' },
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "pid", required_argument, NULL, 'p' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "require", required_argument, NULL, 'r' },
		{ "runtime", required_argument, NULL, 'R' },
		{ "unit", required_argument, NULL, 'u' },
		{ "version", no_argument, NULL, 'V' },
		{ }
	};
	int option;

	*options = (struct options) {
		.context = {
			.abi = abi_native(), .kernel = NR_KERNELS - 1,
			.caps = caps_parse(caps_default),
		},
		.colour = choose_colour("auto"),
	};
	while ((option = getopt_long(argc, argv, "a:Ac:Cdef:hjk:p:qr:R:u:V", names, NULL)) != -1)
		take(options, option);
	options->files = argv + optind;
	options->nr_files = argc - optind;
	check(options);
}

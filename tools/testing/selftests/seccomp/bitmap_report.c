// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/seccomp_cache and /proc/<pid>/seccomp_coverage say what the
 * tables hold: the constants of filters that are known here, nothing about
 * what depends on arguments, and nothing to those who may not ask.
 */
#include <linux/capability.h>
#include <linux/version.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "bpf_eval.h"

#define CACHE		"/proc/%s/seccomp_cache"
#define COVERAGE	"/proc/%s/seccomp_coverage"
#define MAX_ABIS	3
#define MAX_NRS		1024

struct abi {
	char name[16];
	int first, count;	/* numbers */
	char status[MAX_NRS][24];
};

struct report {
	int abis;
	struct abi abi[MAX_ABIS];
	int ranges;
};

static struct report cache, coverage;
static bool nothing_constant;	/* the classifier is "none" */

static struct abi *abi_of(struct report *r, const char *name)
{
	for (int i = 0; i < r->abis; i++)
		if (!strcmp(r->abi[i].name, name))
			return &r->abi[i];
	return NULL;
}

/* One line: name, number or first-last, status. Numbers come in order. */
static bool add_line(struct report *r, const char *line)
{
	char name[16], status[24] = "";
	int first, last, at, used;
	struct abi *abi;

	if (sscanf(line, "%15s %d%n", name, &first, &at) != 2)
		return false;
	last = first;
	if (sscanf(line + at, "-%d%n", &last, &used) == 1)
		at += used;
	if (line[at] != ' ' || sscanf(line + at + 1, "%23[A-Z_0-9 ]\n", status) != 1)
		return false;
	abi = abi_of(r, name);
	if (!abi) {
		if (r->abis == MAX_ABIS)
			return false;
		abi = &r->abi[r->abis++];
		strcpy(abi->name, name);
		abi->first = first;
	}
	first -= abi->first;
	last -= abi->first;
	if (first != abi->count || last < first || last >= MAX_NRS)
		return false;
	r->ranges++;
	while (abi->count <= last)
		strcpy(abi->status[abi->count++], status);
	return true;
}

/* Returns 0, or minus the error of open or read. */
static int read_report(struct report *r, const char *format, const char *pid)
{
	char path[64], line[128];
	int error = 0;
	FILE *f;

	memset(r, 0, sizeof(*r));
	snprintf(path, sizeof(path), format, pid);
	f = fopen(path, "r");
	if (!f)
		return -errno;
	errno = 0;
	while (fgets(line, sizeof(line), f))
		CHECK(line[0] == '#' || add_line(r, line),
		      "%s: unexpected line: %s", path, line);
	if (ferror(f))
		error = -errno;
	fclose(f);
	return error;
}

static void read_both(const char *pid)
{
	CHECK_EQ(0, read_report(&cache, CACHE, pid));
	CHECK_EQ(0, read_report(&coverage, COVERAGE, pid));
}

/* What the report says; with nothing constant it is always FILTER. */
static void check_status(const char *abi_name, int nr, const char *want)
{
	struct abi *abi = abi_of(&cache, abi_name);

	if (nothing_constant)
		want = "FILTER";
	CHECK(abi, "no lines for %s", abi_name);
	if (abi && nr >= abi->first && nr < abi->first + abi->count)
		CHECK(!strcmp(abi->status[nr - abi->first], want), "%s %d is %s, not %s",
		      abi_name, nr, abi->status[nr - abi->first], want);
	else
		CHECK(!abi, "%s has no %d", abi_name, nr);
}

FIXTURE(report) { int unused; };

FIXTURE_SETUP(report)
{
	if (geteuid())
		SKIP(return, "for root only");
	if (access("/proc/self/seccomp_cache", F_OK))
		SKIP(return, "no seccomp_cache (CONFIG_SECCOMP_CACHE_DEBUG)");
	nothing_constant = !strcmp(classifier(), "none");
	no_new_privs();
}

FIXTURE_TEARDOWN(report) {}

TEST_F(report, empty_without_filters)
{
	read_both("self");
	EXPECT_EQ(0, cache.abis);
	EXPECT_EQ(0, coverage.abis);
	EXPECT_EQ(0, failures);
}

static const int numbers[] = {
	__NR_getppid, NR_GETUID, NR_GETEUID, NR_GETGID, NR_GETEGID,
	__NR_sched_yield, UNUSED_NRS,
};

static const struct {
	unsigned int verdict;
	const char *status;
} constants[] = {
	{ ERRNO(0), "ERRNO 0" }, { ERRNO(1), "ERRNO 1" },
	{ ERRNO(4095), "ERRNO 4095" }, { ERRNO(65535), "ERRNO 65535" },
	{ SECCOMP_RET_TRAP, "TRAP 0" }, { SECCOMP_RET_TRAP | 5, "TRAP 5" },
	{ SECCOMP_RET_TRACE, "TRACE 0" }, { SECCOMP_RET_TRACE | 7, "TRACE 7" },
	{ SECCOMP_RET_KILL_THREAD, "KILL_THREAD" },
	{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS" },
	{ SECCOMP_RET_KILL_PROCESS | 9, "KILL_PROCESS 9" },
	{ SECCOMP_RET_KILL_THREAD | 8, "KILL_THREAD 8" },
	{ SECCOMP_RET_LOG, "LOG" }, { SECCOMP_RET_LOG | 3, "LOG 3" },
	{ SECCOMP_RET_USER_NOTIF, "USER_NOTIF" },
	{ SECCOMP_RET_USER_NOTIF | 2, "USER_NOTIF 2" },
	/* The data of an allowed call is dropped. */
	{ SECCOMP_RET_ALLOW | 4, "ALLOW" }, { SECCOMP_RET_ALLOW, "ALLOW" },
};

TEST_F(report, each_constant)
{
	const int half = ARRAY_SIZE(constants) / 2;

	for (int first = 0; first <= half; first += half) {
		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		for (int i = 0; i < half; i++)
			CHECK_EQ(0, attach_rule(numbers[i], constants[first + i].verdict,
						false, 0));
		read_both("self");
		for (int i = 0; i < half; i++)
			check_status(MY_ABI, numbers[i], constants[first + i].status);
		check_status(MY_ABI, __NR_read, "ALLOW");
		finish();
	}
}

TEST_F(report, argument_is_filter)
{
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), true, 0));
	ASSERT_EQ(0, attach_rule(NR_GETUID, SECCOMP_RET_KILL_PROCESS, true, 0));
	ASSERT_EQ(0, attach_rule(NR_GETGID, ERRNO(1), false, 0));
	read_both("self");
	check_status(MY_ABI, __NR_getppid, "FILTER");
	check_status(MY_ABI, NR_GETUID, "FILTER");
	check_status(MY_ABI, NR_GETGID, "ERRNO 1");
	check_status(MY_ABI, NR_GETEUID, "ALLOW");
	EXPECT_EQ(0, failures);
}

/* Two filters, older and newer, and what becomes of them. */
TEST_F(report, combined_stack)
{
	static const struct {
		unsigned int older, newer;
		const char *status;
	} both[] = {
		{ ERRNO(1), ERRNO(2), "ERRNO 2" },
		{ SECCOMP_RET_LOG, ERRNO(5), "ERRNO 5" },
		{ SECCOMP_RET_TRAP | 1, SECCOMP_RET_LOG, "TRAP 1" },
		{ SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, "KILL_PROCESS" },
		{ SECCOMP_RET_TRACE | 4, SECCOMP_RET_ALLOW, "TRACE 4" },
		{ SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF, "USER_NOTIF" },
	};

	for (int i = 0; i < (int)ARRAY_SIZE(both); i++) {
		ASSERT_EQ(0, attach_rule(numbers[i], both[i].older, false, 0));
		ASSERT_EQ(0, attach_rule(numbers[i], both[i].newer, false, 0));
	}
	/* The older one decides, or the newer: the argument knows. */
	ASSERT_EQ(0, attach_rule(numbers[6], SECCOMP_RET_TRAP, true, 0));
	ASSERT_EQ(0, attach_rule(numbers[6], ERRNO(1), false, 0));
	ASSERT_EQ(0, attach_rule(numbers[7], ERRNO(1), false, 0));
	ASSERT_EQ(0, attach_rule(numbers[7], SECCOMP_RET_TRAP, true, 0));
	read_both("self");
	for (int i = 0; i < (int)ARRAY_SIZE(both); i++)
		check_status(MY_ABI, numbers[i], both[i].status);
	check_status(MY_ABI, numbers[6], "FILTER");
	check_status(MY_ABI, numbers[7], "FILTER");
	check_status(MY_ABI, numbers[8], "ALLOW");
	EXPECT_EQ(0, failures);
}

/* Every ABI has lines of its own, with its own verdicts. */
TEST_F(report, each_abi)
{
	struct prog p = { 0 };

	emit(&p, LD(DATA(arch)));
	emit(&p, JEQ(MY_ARCH, 0, 4));
	emit(&p, LD(DATA(nr)));
	emit(&p, JEQ(__NR_getppid, 0, 1));
	emit(&p, RET(ERRNO(1)));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	emit(&p, LD(DATA(nr)));
	emit(&p, JEQ(OTHER_NR(__NR_getppid), 0, 1));
	emit(&p, RET(ERRNO(2)));
	emit(&p, RET(SECCOMP_RET_LOG));
	ASSERT_EQ(0, attach(&p, 0));
	read_both("self");
	check_status(MY_ABI, __NR_getppid, "ERRNO 1");
	check_status(MY_ABI, __NR_getppid + 1, "ALLOW");
#ifdef OTHER_ABI
	if (abi_of(&cache, OTHER_ABI)) {
		check_status(OTHER_ABI, OTHER_NR(__NR_getppid), "ERRNO 2");
		check_status(OTHER_ABI, OTHER_NR(__NR_getppid) + 1, "LOG");
	}
#endif
	EXPECT_EQ(0, failures);
}

/* Where numbers are added in fours: arch/arm/tools/syscallnr.sh */
#ifdef __arm__
#define SPARE		3
#else
#define SPARE		0
#endif

/*
 * As long as the headers have it, where @last_nr is counted from the first number;
 * longer only on a kernel that is newer.
 */
static void check_table_size(const char *name, int first_nr, int last_nr)
{
	int count = abi_of(&cache, name)->count;
	int version, patchlevel;
	struct utsname uts;

	CHECK_EQ(first_nr, abi_of(&cache, name)->first);
	CHECK(count > last_nr, "%s: %d numbers, but there is %d", name, count, last_nr);
	uname(&uts);
	if (sscanf(uts.release, "%d.%d", &version, &patchlevel) == 2 &&
	    version == LINUX_VERSION_MAJOR && patchlevel == LINUX_VERSION_PATCHLEVEL)
		CHECK(count <= last_nr + 1 + SPARE,
		      "%s: %d numbers, but %d is the last one", name, count, last_nr);
}

/* Tables as long as the kernel's own, both files, all ABIs. */
TEST_F(report, table_sizes)
{
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), false, 0));
	read_both("self");
	ASSERT_NE(NULL, abi_of(&cache, MY_ABI));
	EXPECT_GT(FIRST_NR + abi_of(&cache, MY_ABI)->count, numbers[ARRAY_SIZE(numbers) - 1]);
	check_table_size(MY_ABI, FIRST_NR, LAST_NR);
#if defined(OTHER_ABI) && defined(OTHER_LAST_NR)
	if (abi_of(&cache, OTHER_ABI))
		check_table_size(OTHER_ABI, OTHER_FIRST_NR, OTHER_LAST_NR);
#endif
	EXPECT_EQ(cache.abis, coverage.abis);
	EXPECT_EQ(0, failures);
}

/* The ranges say the same as the numbers, and are as long as they can be. */
static void check_coverage(void)
{
	int changes = 0;

	for (int i = 0; i < cache.abis; i++) {
		struct abi *a = &cache.abi[i], *b = abi_of(&coverage, a->name);

		CHECK(b && a->count == b->count, "%s has another length", a->name);
		for (int nr = 0; b && nr < a->count; nr++) {
			CHECK(!strcmp(a->status[nr], b->status[nr]),
			      "%s %d: %s in the cache, %s in the coverage",
			      a->name, nr, a->status[nr], b->status[nr]);
			changes += !nr || strcmp(a->status[nr], a->status[nr - 1]);
		}
	}
	CHECK_EQ(changes, coverage.ranges);
}

/* A stack of random rules for a third of all numbers. */
static struct prog layers[4];

static void random_layers(void)
{
	static const unsigned int actions[] = {
		SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_TRACE,
		SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ERRNO, SECCOMP_RET_TRAP,
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
	};

	for (int i = 0; i < (int)ARRAY_SIZE(layers); i++) {
		memset(&layers[i], 0, sizeof(layers[i]));
		for (int n = 0; n < (int)ARRAY_SIZE(numbers); n++)
			if (rnd() % 2)
				rule(&layers[i], numbers[n],
				     actions[rnd() % ARRAY_SIZE(actions)] |
				     (1 + rnd() % 3), rnd() % 3 == 0);
		emit(&layers[i], RET(SECCOMP_RET_ALLOW));
	}
}

static const char *status_of(uint32_t verdict)
{
	static char text[32];
	static const struct {
		unsigned int action;
		const char *name;
	} names[] = {
		{ SECCOMP_RET_ALLOW, "ALLOW" }, { SECCOMP_RET_LOG, "LOG" },
		{ SECCOMP_RET_TRACE, "TRACE" }, { SECCOMP_RET_USER_NOTIF, "USER_NOTIF" },
		{ SECCOMP_RET_ERRNO, "ERRNO" }, { SECCOMP_RET_TRAP, "TRAP" },
		{ SECCOMP_RET_KILL_THREAD, "KILL_THREAD" },
		{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS" },
	};

	for (int i = 0; i < (int)ARRAY_SIZE(names); i++)
		if (names[i].action == (verdict & SECCOMP_RET_ACTION_FULL))
			snprintf(text, sizeof(text), i ? "%s %u" : "%s", names[i].name,
				 verdict & SECCOMP_RET_DATA);
	return text;
}

/* Whatever is claimed as constant is the verdict for any argument. */
static void check_claims(void)
{
	struct abi *abi = abi_of(&cache, MY_ABI);

	for (int nr = 0; abi && nr < abi->count; nr++)
		for (int i = 0; i < 3; i++) {
			const unsigned long args[6] = { i ? MAGIC + i - 1 : 0 };
			struct seccomp_data sd = data_of(abi->first + nr, args);
			uint32_t verdict;
			int match;

			verdict = eval_stack(layers, ARRAY_SIZE(layers), &sd, &match);
			CHECK(!strcmp(abi->status[nr], "FILTER") ||
			      !strcmp(abi->status[nr], status_of(verdict)),
			      "%d is said to be %s and gives %s for %#lx", sd.nr,
			      abi->status[nr], status_of(verdict), args[0]);
		}
}

TEST_F(report, claims_are_true)
{
	for (int i = 0; i < 8; i++) {
		random_layers();
		if (!in_child()) {
			EXPECT_EQ(0, child_status);
			continue;
		}
		for (int n = 0; n < (int)ARRAY_SIZE(layers); n++)
			CHECK_EQ(0, attach(&layers[n], 0));
		read_both("self");
		CHECK(cache.abis, "no report");
		check_claims();
		check_coverage();
		finish();
	}
}

/*
 * The kind of filter that containers have: an architecture check, a long list
 * of allowed numbers, a few whose argument is looked at, and an errno for the
 * rest. All but those few must be known, or nothing at all has been gained.
 */
TEST_F(report, container_filter_is_known)
{
	struct prog p = { 0 };

	emit(&p, LD(DATA(arch)));
	emit(&p, JEQ(MY_ARCH, 1, 0));
	emit(&p, RET(SECCOMP_RET_KILL_PROCESS));
	emit(&p, LD(DATA(nr)));
	for (int i = 0; i < (int)ARRAY_SIZE(numbers); i++) {
		emit(&p, JEQ((unsigned int)numbers[i], 0, i < 2 ? 4 : 1));
		if (i < 2) {
			emit(&p, LD(ARG_LO(0)));
			emit(&p, JEQ(MAGIC, 0, 1));
			emit(&p, RET(SECCOMP_RET_ALLOW));
		}
		emit(&p, RET(ERRNO(38)));
	}
	for (int nr = FIRST_NR; nr < FIRST_NR + 330; nr++) {
		emit(&p, JEQ((unsigned int)nr, 0, 1));
		emit(&p, RET(SECCOMP_RET_ALLOW));
	}
	/* So that this test can go on, wherever its calls have their numbers. */
	emit(&p, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR + 430, 0, 1));
	emit(&p, RET(ERRNO(1)));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	ASSERT_EQ(0, attach(&p, 0));
	read_both("self");
	check_coverage();
	for (int nr = FIRST_NR; nr < FIRST_NR + 440; nr++) {
		const char *want = nr < FIRST_NR + 430 ? "ALLOW" : "ERRNO 1";

		for (int i = 0; i < (int)ARRAY_SIZE(numbers); i++)
			if (nr == numbers[i])
				want = i < 2 ? "FILTER" : "ERRNO 38";
		check_status(MY_ABI, nr, want);
	}
#ifdef OTHER_ABI
	if (abi_of(&cache, OTHER_ABI))
		check_status(OTHER_ABI, OTHER_FIRST_NR + 39, "KILL_PROCESS");
#endif
	EXPECT_EQ(0, failures);
}

TEST_F(report, pinned)
{
	struct abi *abi;

	if (!has_pins())
		SKIP(return, "no pins");
	ASSERT_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, 0, NULL));
	read_both("self");
	for (int i = 0; i < cache.abis; i++) {
		abi = &cache.abi[i];
		for (int nr = 0; nr < abi->count; nr++)
			/* Always allowed, whatever the filters say. */
			if (strcmp(abi->name, "x86_64") || (nr != 335 && nr != 336))
				check_status(abi->name, abi->first + nr, strcmp(abi->name, MY_ABI) ?
					     "KILL_PROCESS" : "ALLOW");
	}
	EXPECT_EQ(0, failures);
}

/* Another task's report: the asking task's own filters do not matter. */
TEST_F(report, another_task)
{
	char pid_text[16], byte;
	int ready[2];
	pid_t pid;

	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), false, 0));
	pid = start_child();
	if (!pid) {
		attach_rule(__NR_getppid, ERRNO(2), false, 0);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	snprintf(pid_text, sizeof(pid_text), "%d", pid);
	read_both(pid_text);
	check_status(MY_ABI, __NR_getppid, "ERRNO 2");
	read_both("self");
	check_status(MY_ABI, __NR_getppid, "ERRNO 1");
	kill(pid, SIGKILL);
	/*
	 * A dead task that nobody has waited for has no filters any more since
	 * Linux 6.11; before, it keeps them.
	 */
	waitid(P_PID, pid, NULL, WEXITED | WNOWAIT);
	read_report(&cache, CACHE, pid_text);
	if (cache.abis)
		check_status(MY_ABI, __NR_getppid, "ERRNO 2");
	wait_child(pid);
	EXPECT_EQ(0, failures);
}

TEST_F(report, strict_task_is_empty)
{
	char pid_text[16], byte;
	int ready[2];
	pid_t pid;

	ASSERT_EQ(0, pipe(ready));
	pid = start_child();
	if (!pid) {
		/* Nothing but read and write is left then. */
		if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) &&
		    write(ready[1], "", 1) == 1)
			for (;;)
				if (read(-1, &byte, 1))
					continue;
		_exit(1);
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	snprintf(pid_text, sizeof(pid_text), "%d", pid);
	read_both(pid_text);
	EXPECT_EQ(0, cache.abis + coverage.abis);
	kill(pid, SIGKILL);
	wait_child(pid);
	EXPECT_EQ(0, failures);
}

/* To be refused at open is as good as at read. */
static void check_refused(void)
{
	CHECK_EQ(-EACCES, read_report(&cache, CACHE, "self"));
	CHECK_EQ(-EACCES, read_report(&coverage, COVERAGE, "self"));
	CHECK(!cache.abis && !coverage.abis, "something was shown all the same");
}

static void drop_sys_admin(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	CHECK_EQ(0, syscall(__NR_capget, &header, data));
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1U << CAP_SYS_ADMIN);
	CHECK_EQ(0, syscall(__NR_capset, &header, data));
}

TEST_F(report, unprivileged_cannot_read)
{
	char byte;

	ASSERT_EQ(0, attach_rule(__NR_getppid, ERRNO(1), false, 0));
	read_both("self");
	ASSERT_LT(0, cache.abis);
	if (in_child()) {
		drop_privileges();
		check_refused();
		/* Now the files are the task's own. */
		prctl(PR_SET_DUMPABLE, 1);
		check_refused();
		finish();
	}
	EXPECT_EQ(0, child_status);
	/* Root in all but this. */
	if (in_child()) {
		drop_sys_admin();
		check_refused();
		finish();
	}
	EXPECT_EQ(0, child_status);
	/* Who opened counts: nobody privileged can be made to read it out. */
	if (in_child()) {
		int fd[2];

		CHECK_EQ(0, seteuid(65534));
		prctl(PR_SET_DUMPABLE, 1);
		fd[0] = open("/proc/self/seccomp_cache", O_RDONLY);
		fd[1] = open("/proc/self/seccomp_coverage", O_RDONLY);
		CHECK_EQ(0, seteuid(0));
		for (int i = 0; i < 2; i++)
			CHECK(fd[i] >= 0 && read(fd[i], &byte, 1) == -1 &&
			      errno == EACCES, "file %d was read", i);
		finish();
	}
	EXPECT_EQ(0, child_status);
	EXPECT_EQ(0, failures);
}

TEST_F(report, file_modes)
{
	static const char * const files[] = {
		"/proc/self/seccomp_cache", "/proc/self/seccomp_coverage",
	};
	struct stat st;

	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, stat(files[i], &st));
		EXPECT_EQ(0400, st.st_mode & 07777);
	}
}

/* Filters come and go in another thread while the files are read. */
static atomic_int done;

static void *keep_attaching(void *unused)
{
	for (int i = 0; i < 60; i++)
		attach_rule(calls[i % 4], ERRNO(i % 9), i % 3 == 0,
			    SECCOMP_FILTER_FLAG_TSYNC);
	done = 1;
	return unused;
}

TEST_F(report, read_while_attaching)
{
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, keep_attaching, NULL));
	do {
		read_both("self");
	} while (!done && !failures);
	pthread_join(thread, NULL);
	read_both("self");
	check_coverage();
	EXPECT_EQ(0, failures);
}

TEST_HARNESS_MAIN

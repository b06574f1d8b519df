// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach filters in a memory cgroup that is full at some point of it. What a filter
 * cannot do without is charged as on the stock kernel, which fails with ENOMEM, or
 * kills a task of the cgroup. Nothing is killed for memory that only saves time.
 * The environment has EVERY: try only one of so many limits.
 */
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "filter.h"
#include "memory.h"

#define STEP		(16 << 10)	/* from one limit to the next */
#define LIMITS		64
#define FILTERS		100

/* What asks for memory that only saves time */
static const char * const optional[] = {
	"program_classify", "seccomp_bitmap_freeze", "seccomp_classify", "seccomp_freeze_table",
	"seccomp_results_", "seccomp_symbolic", "seccomp_table_",
};

struct amount {
	unsigned int attached, refused, killed;
};

static bool write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY);
	ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

/* A filter of its own, that denies by number and by argument; long enough to matter. */
static long attach_own(unsigned int i)
{
	static struct prog p;

	p.len = 0;
	rule(&p, __NR_getppid, ERRNO(100 + i), false);
	rule(&p, NR_GETEUID, ERRNO(300 + i), true);
	for (int nr = 0; nr < 200; nr++)
		rule(&p, FIRST_NR + nr, SECCOMP_RET_ALLOW, false);
	emit(&p, RET(SECCOMP_RET_ALLOW));
	return attach(&p, 0);
}

/* From here on the cgroup, in which only this task is, has so much left. */
static void limit(const char *group, unsigned int left)
{
	char path[128], text[32];

	CHECK(write_file(group, "cgroup.procs", "0"), "cgroup.procs: %m");
	snprintf(path, sizeof(path), "%s/memory.current", group);
	snprintf(text, sizeof(text), "%ld", number_in(path, "") + left);
	CHECK(write_file(group, "memory.max", text), "memory.max: %m");
}

static void attach_to_the_end(const char *group, unsigned int left, struct amount *amount)
{
	no_new_privs();
	CHECK_EQ(0, attach_own(0));
	limit(group, left);
	for (unsigned int i = 1; i < FILTERS; i++) {
		long ret = attach_own(i);
		unsigned int newest = ret ? i - 1 : i;

		CHECK(!ret || ret == -ENOMEM, "attach: %ld", ret);
		CHECK_EQ(-100 - (long)newest, call(__NR_getppid, MAGIC));
		CHECK_EQ(-300 - (long)newest, call(NR_GETEUID, MAGIC));
		CHECK_EQ(0, call(NR_GETEUID, 1));
		if (ret) {
			amount->refused++;
			break;
		}
		amount->attached++;
	}
	CHECK(write_file(group, "memory.max", "max"), "memory.max: %m");
	finish();
}

/*
 * Look in the kernel's log at who has the allocations for which somebody was killed.
 * Lines with a question mark are what earlier calls have left on the stack.
 */
static bool killed_for_optional(void)
{
	static char log[1 << 18];
	int len = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);
	const char *kill = log, *end;
	bool found = false;

	log[len < 0 ? 0 : len] = '\0';
	while ((kill = strstr(kill, "invoked oom-killer"))) {
		end = strstr(kill, "entry_SYSCALL_64") ?: strstr(kill, "Tasks state") ?: log + len;
		for (int i = 0; i < (int)ARRAY_SIZE(optional); i++) {
			const char *at = strstr(kill, optional[i]);

			if (!at || at > end || at[-2] == '?')
				continue;
			printf("# killed for %.40s\n", at);
			found = true;
		}
		kill = end;
	}
	return found;
}

FIXTURE(memcg) { char root[32], group[40]; };

FIXTURE_SETUP(memcg)
{
	strcpy(self->root, "/tmp/cgroup-XXXXXX");
	self->group[0] = '\0';
	if (geteuid())
		SKIP(return, "for root only");
	if (!mkdtemp(self->root) || mount("cgroup2", self->root, "cgroup2", 0, NULL))
		SKIP(return, "no cgroup2 (CONFIG_CGROUPS)");
	if (!write_file(self->root, "cgroup.subtree_control", "+memory"))
		SKIP(return, "no memory controller (CONFIG_MEMCG)");
	snprintf(self->group, sizeof(self->group), "%s/attack", self->root);
	ASSERT_EQ(0, mkdir(self->group, 0755));
}

FIXTURE_TEARDOWN(memcg)
{
	if (self->group[0])
		rmdir(self->group);
	umount(self->root);
	rmdir(self->root);
}

TEST_F_TIMEOUT(memcg, each_limit, 3000)
{
	struct amount *amount = mmap(NULL, sizeof(*amount), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *every = getenv("EVERY");
	unsigned int tried = 0;

	if (!self->group[0])
		return;
	for (unsigned int i = 0; i < LIMITS; i += every ? atoi(every) : 8, tried++) {
		if (in_child())
			attach_to_the_end(self->group, i * STEP, amount);
		if (killed_by(child_status, SIGKILL))
			amount->killed++;
		else
			CHECK(!child_status, "%u bytes left: status %#x", i * STEP, child_status);
		CHECK(write_file(self->group, "memory.max", "max"), "memory.max: %m");
	}
	EXPECT_FALSE(killed_for_optional());
	EXPECT_EQ(0, failures);
	printf("# %u attached, %u refused, %u killed\n", amount->attached, amount->refused,
	       amount->killed);
	printf("# amount: %u limits\n", tried);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters with the same text share what the kernel makes of it, if the same user
 * attaches them with the same privileges and settings. Nothing of that may show
 * but in memory, in time and in what is reported to the administrator.
 */
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

#include "filter.h"

#define SHARE		"/sys/module/seccomp_bitmap/parameters/share"
#define PROGRAMS	"/sys/module/seccomp_bitmap/parameters/programs"
#define JIT_ENABLE	"/proc/sys/net/core/bpf_jit_enable"
#define JIT_HARDEN	"/proc/sys/net/core/bpf_jit_harden"
#define JIT_LIMIT	"/proc/sys/net/core/bpf_jit_limit"

/* Nobody else has these texts. */
#define DENIED		ERRNO(77)

static long read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return *text ? strtol(text, NULL, 10) : -1;
}

/* Returns false where there is no such setting, or it cannot be changed. */
static bool write_number(const char *path, long number)
{
	char text[32];
	int fd = open(path, O_WRONLY);
	int len = snprintf(text, sizeof(text), "%ld", number);
	bool ok = fd >= 0 && write(fd, text, len) == len;

	close(fd);
	return ok;
}

/* --- Tasks that have a filter, and wait ---------------------------------- */

struct holder {
	pid_t pid;
	long ret;	/* of attaching, or what @then says */
};

/* What a task is to do; in a child process. */
struct orders {
	unsigned int verdict;
	unsigned int flags;
	bool pin;
	bool call;	/* and see what a listener answers */
	void (*before)(void);
};

#define ANSWER	4711

static long obey(const struct orders *orders)
{
	unsigned int action = orders->verdict;

	if (orders->before)
		orders->before();
	no_new_privs();
	if (orders->pin)
		return sec(SECCOMP_PIN_ARCHITECTURE, 0, &action);
	return attach_rule(__NR_getppid, orders->verdict, false, orders->flags);
}

static struct holder hold(const struct orders *orders)
{
	struct holder holder;
	int pipe_fds[2];
	long ret;

	if (pipe(pipe_fds))
		exit(1);
	holder.pid = start_child();
	if (!holder.pid) {
		ret = obey(orders);
		if (write(pipe_fds[1], &ret, sizeof(ret)) != sizeof(ret))
			_exit(1);
		if (orders->call)
			_exit(call(__NR_getppid, 0) != ANSWER);
		for (;;)
			pause();
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], &holder.ret, sizeof(holder.ret)) != sizeof(holder.ret))
		holder.ret = -EPIPE;
	close(pipe_fds[0]);
	return holder;
}

static void release(struct holder holder)
{
	kill(holder.pid, SIGKILL);
	wait_child(holder.pid);
}

/* How many filters have the program of a task's newest one? */
static long users_of(struct holder holder)
{
	char path[64], line[128];
	long users = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/seccomp_coverage", holder.pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "# the newest filter's program has %ld users", &users);
	if (f)
		fclose(f);
	return users;
}

/* Programs go a moment after their last task. */
static long programs_become(long wanted)
{
	long programs = read_number(PROGRAMS);

	for (int i = 0; programs != wanted && i < 500; i++) {
		usleep(20000);
		programs = read_number(PROGRAMS);
	}
	return programs;
}

/*
 * @programs: how many there were before; -1 if nothing is shared, or shown. Older
 * harnesses go on with a test whose setup was skipped.
 * @jit: is the JIT compiler used?
 */
FIXTURE(share) { long programs, jit; };

FIXTURE_SETUP(share)
{
	char on = 'N';
	int fd = open(SHARE, O_RDONLY);
	long before;

	self->programs = -1;
	self->jit = read_number(JIT_ENABLE);
	if (fd < 0 || read(fd, &on, 1) != 1 || on != 'Y')
		SKIP(return, "switched off by seccomp_bitmap.share=");
	close(fd);
	if (!strcmp(classifier(), "none"))
		SKIP(return, "what nothing is known of is not shared");
	if (geteuid())
		SKIP(return, "for root only");
	if (access("/proc/self/seccomp_coverage", F_OK))
		SKIP(return, "no seccomp_coverage (CONFIG_SECCOMP_CACHE_DEBUG)");
	/* Others may just be leaving */
	do {
		before = read_number(PROGRAMS);
		usleep(200000);
		self->programs = read_number(PROGRAMS);
	} while (self->programs != before);
	ASSERT_GE(self->programs, 0);
}

FIXTURE_TEARDOWN(share)
{
	if (self->jit >= 0)
		write_number(JIT_ENABLE, self->jit);
	if (self->programs >= 0)
		EXPECT_EQ(self->programs, programs_become(self->programs));
}

#define NHOLDERS	4

TEST_F(share, same_text)
{
	const struct orders same = { .verdict = DENIED }, other = { .verdict = DENIED + 1 };
	struct holder holder[NHOLDERS], one;

	if (self->programs < 0)
		return;
	one = hold(&other);
	for (int i = 0; i < NHOLDERS; i++) {
		holder[i] = hold(&same);
		EXPECT_EQ(0, holder[i].ret);
	}
	for (int i = 0; i < NHOLDERS; i++)
		EXPECT_EQ(NHOLDERS, users_of(holder[i]));
	EXPECT_EQ(1, users_of(one));
	EXPECT_EQ(self->programs + 2, read_number(PROGRAMS));
	for (int i = 0; i < NHOLDERS; i++)
		release(holder[i]);
	release(one);
}

/* Two tasks of which the second one is what @orders say. */
static void expect_users(long users, const struct orders *orders)
{
	const struct orders first = { .verdict = orders->verdict, .pin = orders->pin };
	struct holder a = hold(&first), b = hold(orders);

	CHECK_EQ(0, a.ret);
	CHECK(b.ret >= 0, "attach: %ld", b.ret);
	CHECK_EQ(users, users_of(b));
	CHECK_EQ(users, users_of(a));
	release(a);
	release(b);
}

static void other_user(void)
{
	if (setgid(65534) || setuid(65534) || prctl(PR_SET_PDEATHSIG, SIGKILL))
		_exit(99);
}

/* The same user with fewer capabilities. */
static void drop(int cap)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(__NR_capget, &header, data))
		_exit(99);
	data[cap / 32].effective &= ~(1U << cap % 32);
	if (syscall(__NR_capset, &header, data))
		_exit(99);
}

static void no_admin(void)
{
	drop(CAP_SYS_ADMIN);
}

static void no_admin_no_bpf(void)
{
	drop(CAP_SYS_ADMIN);
	drop(39 /* CAP_BPF */);
}

TEST_F(share, attachers_apart)
{
	if (self->programs < 0)
		return;
	expect_users(2, &(struct orders){ .verdict = DENIED });
	expect_users(1, &(struct orders){ .verdict = DENIED, .before = other_user });
	expect_users(1, &(struct orders){ .verdict = DENIED, .before = no_admin });
	expect_users(1, &(struct orders){ .verdict = DENIED, .before = no_admin_no_bpf });
	EXPECT_EQ(0, failures);
}

/* A flag is its filter's own. */
TEST_F(share, flags_do_not_matter)
{
	struct orders orders = { .verdict = DENIED };

	if (self->programs < 0)
		return;

	orders.flags = SECCOMP_FILTER_FLAG_LOG;
	expect_users(2, &orders);
	orders.flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	expect_users(2, &orders);
	orders.flags = SECCOMP_FILTER_FLAG_TSYNC;
	expect_users(2, &orders);
	EXPECT_EQ(0, failures);
}

TEST_F(share, pins)
{
	const struct orders pin = { .verdict = DENIED, .pin = true };
	struct holder holder[NHOLDERS];

	if (!has_pins())
		SKIP(return, "no pins");
	if (self->programs < 0)
		return;
	for (int i = 0; i < NHOLDERS; i++) {
		holder[i] = hold(&pin);
		EXPECT_EQ(0, holder[i].ret);
	}
	EXPECT_EQ(NHOLDERS, users_of(holder[0]));
	EXPECT_EQ(self->programs + 1, read_number(PROGRAMS));
	for (int i = 0; i < NHOLDERS; i++)
		release(holder[i]);
}

static void setting_apart(const char *path, long value, void (*before)(void))
{
	const struct orders orders = { .verdict = DENIED, .before = before };
	struct holder a = hold(&orders), b;
	long was = read_number(path);

	if (was == value || !write_number(path, value)) {
		release(a);
		return;
	}
	b = hold(&orders);
	write_number(path, was);
	CHECK_EQ(0, b.ret);
	CHECK_EQ(1, users_of(a));
	CHECK_EQ(1, users_of(b));
	release(a);
	release(b);
}

/* Programs that were compiled under other settings. */
TEST_F(share, settings_apart)
{
	if (self->programs < 0)
		return;
	/* Not every architecture compiles by default. */
	if (read_number(JIT_ENABLE) < 0 || !write_number(JIT_ENABLE, 1))
		SKIP(return, "no JIT compiler");
	/* 1 does not concern those who have CAP_BPF */
	setting_apart(JIT_HARDEN, 1, other_user);
	setting_apart(JIT_HARDEN, 2, NULL);
	setting_apart(JIT_ENABLE, 0, NULL);
	EXPECT_EQ(0, failures);
}

/* What there was no room to compile is interpreted, by the one who came then. */
TEST_F(share, refused_is_not_passed_on)
{
	const struct orders orders = { .verdict = DENIED, .before = other_user };
	long limit = read_number(JIT_LIMIT);
	struct holder a, b;

	if (self->programs < 0)
		return;
	if (limit < 0 || !write_number(JIT_ENABLE, 1) || !write_number(JIT_LIMIT, 1))
		SKIP(return, "no JIT compiler, or no limit to it");
	a = hold(&orders);
	write_number(JIT_LIMIT, limit);
	b = hold(&orders);
	EXPECT_EQ(0, b.ret);
	EXPECT_EQ(1, users_of(b));
	/* There may be no interpreter. */
	if (!a.ret)
		EXPECT_EQ(1, users_of(a));
	EXPECT_EQ(self->programs + 1, read_number(PROGRAMS));
	release(a);
	release(b);
}

/* --- Listeners ------------------------------------------------------------ */

/* The child's listener, taken from it. */
static int listener_of(struct holder holder)
{
	int pidfd = syscall(FIRST_NR + 434 /* pidfd_open */, holder.pid, 0);
	int fd = syscall(FIRST_NR + 438 /* pidfd_getfd */, pidfd, holder.ret, 0);

	close(pidfd);
	return fd;
}

/* Filters that share a program have a listener each. */
TEST_F(share, listeners_apart)
{
	const struct orders orders = {
		.verdict = SECCOMP_RET_USER_NOTIF,
		.flags = SECCOMP_FILTER_FLAG_NEW_LISTENER,
		.call = true,
	};
	struct holder holder[2];
	struct seccomp_notif req;
	struct seccomp_notif_resp resp;
	int fd[2];

	if (self->programs < 0)
		return;
	for (int i = 0; i < 2; i++) {
		holder[i] = hold(&orders);
		fd[i] = listener_of(holder[i]);
	}
	if (fd[0] < 0 || fd[1] < 0) {
		release(holder[0]);
		release(holder[1]);
		SKIP(return, "no pidfd_getfd");
	}
	for (int i = 1; i >= 0; i--) {
		memset(&req, 0, sizeof(req));
		EXPECT_EQ(0, ioctl(fd[i], SECCOMP_IOCTL_NOTIF_RECV, &req));
		EXPECT_EQ(holder[i].pid, (pid_t)req.pid);
		resp = (struct seccomp_notif_resp) { .id = req.id, .val = ANSWER };
		EXPECT_EQ(0, ioctl(fd[i], SECCOMP_IOCTL_NOTIF_SEND, &resp));
		EXPECT_EQ(0, wait_child(holder[i].pid));
		close(fd[i]);
	}
}

/* --- A text that changes meanwhile ---------------------------------------- */

/* Beyond the tables of all ABIs: for that number the program is run. */
#define OUTSIDE		0x3ff

static struct prog changing;
static atomic_int stop;

static void *change(void *unused)
{
	unsigned int *k = &changing.insn[3].k;

	while (!stop) {
		__atomic_store_n(k, ERRNO(1), __ATOMIC_RELAXED);
		__atomic_store_n(k, ERRNO(2), __ATOMIC_RELAXED);
	}
	return unused;
}

static void attach_changing(void)
{
	pthread_t thread;

	emit(&changing, LD(DATA(nr)));
	emit(&changing, JEQ(__NR_getppid, 1, 0));
	emit(&changing, JEQ(OUTSIDE, 0, 1));
	emit(&changing, RET(ERRNO(1)));
	emit(&changing, RET(SECCOMP_RET_ALLOW));
	no_new_privs();
	CHECK_EQ(0, pthread_create(&thread, NULL, change, NULL));
	for (int i = 0; i < 60; i++) {
		CHECK_EQ(0, attach(&changing, 0));
		CHECK_EQ(call(OUTSIDE, 0), call(__NR_getppid, 0));
	}
	stop = 1;
	pthread_join(thread, NULL);
}

/* Table, program and what others compare with are made of one copy. */
TEST_F(share, text_changes)
{
	if (self->programs < 0)
		return;
	for (int i = 0; i < 5; i++) {
		if (in_child()) {
			attach_changing();
			finish();
		}
		EXPECT_EQ(0, child_status);
	}
}

/* --- All at once ----------------------------------------------------------- */

#define STRESS_TEXTS	3
#define STRESS_TASKS	6

static void *stress_thread(void *text)
{
	/* May be refused: the threads go their own ways */
	for (int i = 0; i < 3; i++)
		attach_rule(__NR_getppid, ERRNO(80 + (long)text), i % 2,
			    i % 2 ? SECCOMP_FILTER_FLAG_TSYNC : 0);
	call(__NR_getppid, MAGIC);
	return NULL;
}

/* Attach one of few texts, and leave in one of several ways. */
static void stress_once(unsigned int turn)
{
	unsigned int text = turn % STRESS_TEXTS;
	char *const nothing[] = { "helper", NULL };
	pthread_t thread[2];

	if (turn % 2 && (setgid(65534) || setuid(65530 + turn % 4)))
		_exit(99);
	no_new_privs();
	CHECK_EQ(0, attach_rule(__NR_getppid, ERRNO(80 + text), false,
				turn % 5 ? 0 : SECCOMP_FILTER_FLAG_LOG));
	CHECK_EQ(-80 - (long)text, call(__NR_getppid, 0));
	switch (turn % 4) {
	case 0:
		if (in_child()) {
			CHECK_EQ(-80 - (long)text, call(__NR_getppid, 0));
			finish();
		}
		CHECK_EQ(0, child_status);
		break;
	case 1:
		exec_helper(sizeof(long) == 8 ? "bitmap_helper64" : "bitmap_helper32", nothing);
		CHECK(false, "execveat: %m");
		break;
	case 2:
		for (long i = 0; i < 2; i++)
			pthread_create(&thread[i], NULL, stress_thread, (void *)(i + text));
		/* Some leave with their threads at work */
		if (turn % 3)
			for (int i = 0; i < 2; i++)
				pthread_join(thread[i], NULL);
		break;
	}
	finish();
}

static void stress(unsigned int seed, time_t end)
{
	unsigned int turn = seed;

	while (time(NULL) < end) {
		if (in_child())
			stress_once(turn);
		CHECK_EQ(0, child_status);
		turn = turn * 1103515245 + 12345;
		turn >>= turn % 7;
	}
	finish();
}

/* For as many seconds as the kernel's command line says in STRESS=. */
TEST_F_TIMEOUT(share, many_at_once, 1200)
{
	const char *seconds = getenv("STRESS");
	time_t end = time(NULL) + (seconds ? atoi(seconds) : 5);
	pid_t pid[STRESS_TASKS];

	if (self->programs < 0)
		return;
	for (unsigned int i = 0; i < STRESS_TASKS; i++) {
		pid[i] = start_child();
		if (!pid[i])
			stress(1 + i * 7919, end);
	}
	for (unsigned int i = 0; i < STRESS_TASKS; i++)
		EXPECT_EQ(0, wait_child(pid[i]));
}

TEST_HARNESS_MAIN

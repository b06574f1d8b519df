// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks of three users do to each other, for SECONDS (5), whatever can be done at once
 * with few filters: each worker starts one short scene after another, at random from
 * SEED (1), as no task gets rid of a filter. Most scenes end at once, so that what they
 * drop is what others are just finding. Wrong verdicts are found here, races between
 * what the kernel does by KCSAN.
 */
#define STOCK_TOO	true
#include "observe.h"

#include "memory.h"
#include "races.h"

#define KCSAN		"/sys/kernel/debug/kcsan"

/* A scene that does not end by then hangs. */
#define SCENE_SECONDS	300

/* --- Stacks ----------------------------------------------------------------- */

/* The same filter on top of another one, or of itself, is denied by the newest. */
static void scene_stack(void)
{
	struct stack stack = { 0 };

	for (unsigned int depth = 1 + pick(4); depth--;) {
		stack_attach(&stack, pick(50) ? 0 : SECCOMP_FILTER_FLAG_LOG);
		stack_check(&stack);
	}
}

static void scene_pin(void)
{
	unsigned int action = ERRNO(77);
	struct stack stack = { 0 };

	stack_attach(&stack, 0);
	if (sec(SECCOMP_PIN_ARCHITECTURE, 0, &action) == -EINVAL)
		return;		/* the stock kernel */
	count(PINS);
#ifdef __x86_64__
	CHECK_EQ(-77, int80(64 /* getppid */, 0, 0, 0, 0, 0));
#endif
	stack_attach(&stack, 0);
	stack_check(&stack);
	CHECK_EQ(0, sec(SECCOMP_PIN_ARCHITECTURE, 0, &action));
	CHECK_EQ(3, filter_count());
}

/* Parent and children have the same table, and each goes on with its own. */
static void scene_fork(void)
{
	unsigned int children = 1 + pick(3);
	struct stack stack = { 0 };
	pid_t pid[3];

	stack_attach(&stack, 0);
	for (unsigned int i = 0; i < children; i++) {
		pid[i] = start_child();
		count(FORKS);
		if (pid[i])
			continue;
		seed(i + 1);
		stack_check(&stack);
		stack_attach(&stack, 0);
		stack_check(&stack);
		finish();
	}
	stack_attach(&stack, 0);
	stack_check(&stack);
	/* Some children lose their parent */
	for (unsigned int i = 0; pick(4) && i < children; i++)
		CHECK_EQ(0, wait_child(pid[i]));
}

#define AFTER_EXEC	"-after-exec"

static void exec_again(const struct stack *stack)
{
	char always[16], by_arg[16];

	snprintf(always, sizeof(always), "%d", stack->always);
	snprintf(by_arg, sizeof(by_arg), "%d", stack->by_arg);
	count(EXECS);
	execl("/proc/self/exe", "races", AFTER_EXEC, always, by_arg, NULL);
	CHECK(false, "execl: %m");
}

static void scene_exec(void)
{
	struct stack stack = { 0 };

	stack_attach(&stack, 0);
	stack_attach(&stack, 0);
	exec_again(&stack);
}

/* --- Threads ---------------------------------------------------------------- */

static struct stack base;

/* By whichever filter: the oldest one denies. */
static void *thread_attaches(void *number)
{
	const unsigned int flags[] = {
		0, SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_TSYNC,
		SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
	};
	struct stack mine = { 0 };

	seed((long)number);
	for (unsigned int turn = 2 + pick(6); turn--;) {
		if (pick(4))
			stack_try(&mine, flags[pick(4)]);
		else if (pick(4))
			sec(SECCOMP_PIN_ARCHITECTURE, SECCOMP_FILTER_FLAG_TSYNC, NULL);
		CHECK(denied(counted_call(__NR_getppid, MAGIC)), "allowed");
	}
	return NULL;
}

/* Synchronize, attach, exit and exec, all at once. */
static void scene_threads(void)
{
	unsigned int threads = 2 + pick(3), way = pick(8);
	pthread_t thread[4];

	stack_attach(&base, 0);
	for (long i = 0; i < threads; i++)
		CHECK_EQ(0, pthread_create(&thread[i], NULL, thread_attaches,
					   (void *)(i + 1)));
	if (way == 0)
		finish();
	if (way == 1)
		exec_again(&(struct stack) { 0 });
	if (way == 2)
		pthread_exit(NULL);
	thread_attaches((void *)17L);
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

/* --- Tracers ---------------------------------------------------------------- */

/*
 * With a tracer that makes getppid() of each getuid(MAGIC). Where that suspends
 * seccomp everything is allowed.
 */
static void traced(void)
{
	long parent = getppid(), got;
	struct stack stack = { 0 };

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (unsigned int turn = 4; turn--;) {
		stack_attach(&stack, 0);
		got = counted_call(NR_GETUID, MAGIC);
		CHECK(got == parent || got == -stack.by_arg, "changed: %ld, not %d", got,
		      -stack.by_arg);
		got = counted_call(__NR_getppid, MAGIC);
		CHECK(got == parent || got == -stack.by_arg, "%ld, not %d", got, -stack.by_arg);
	}
	finish();
}

/* Of those two only what seccomp is asked for by root alone can fail. */
static void meddle(pid_t pid)
{
	static struct sock_filter insn[BPF_MAXINSNS];
	struct __ptrace_syscall_info info;
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == (__u64)NR_GETUID &&
	    (unsigned int)info.entry.args[0] == MAGIC)
		set_nr(pid, __NR_getppid);
	if (!pick(3))
		ptrace(PTRACE_SETOPTIONS, pid, 0,
		       options | (pick(2) ? PTRACE_O_SUSPEND_SECCOMP : 0));
	if (!pick(3))
		ptrace(PTRACE_SECCOMP_GET_FILTER, pid, pick(4), insn);
}

static void scene_trace(void)
{
	pid_t pid = start_child();
	int status;

	if (!pid)
		traced();
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		count(STOPS);
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			meddle(pid);
		else
			ptrace(PTRACE_SETOPTIONS, pid, 0,
			       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		/* It is killed with the tracer */
		if (!pick(200))
			return;
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
	CHECK_EQ(0, status);
}

/* --- Listeners -------------------------------------------------------------- */

static void __attribute__((noreturn)) supervise(int listener)
{
	struct seccomp_notif req;

	for (;;) {
		struct seccomp_notif_resp resp = { 0 };

		memset(&req, 0, sizeof(req));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &req))
			break;		/* nobody is left to ask */
		count(NOTIFICATIONS);
		resp.id = req.id;
		switch (pick(8)) {
		case 0:
			_exit(0);	/* and the call is never answered */
		case 1 ... 3:
			resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
			break;
		case 4:
			resp.error = -EDOM;
			break;
		default:
			resp.val = SERVED;
		}
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
	}
	_exit(0);
}

static void scene_notify(void)
{
	long parent = getppid(), got;
	struct stack stack = { 0 };
	struct prog p = { 0 };
	int listener;
	pid_t pid;

	rule(&p, __NR_getppid, SECCOMP_RET_USER_NOTIF, pick(2));
	emit(&p, RET(SECCOMP_RET_ALLOW));
	listener = attach(&p, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	CHECK(listener >= 0, "listener: %d", listener);
	count(ATTACHES);
	pid = start_child();
	if (!pid)
		supervise(listener);
	close(listener);
	for (unsigned int turn = 1 + pick(8); turn--;) {
		got = counted_call(__NR_getppid, MAGIC);
		CHECK(got == parent || got == SERVED || got == -EDOM || got == -ENOSYS,
		      "notified: %ld", got);
	}
	/* What denies wins over what asks */
	stack_attach(&stack, 0);
	CHECK_EQ(-stack.by_arg, counted_call(__NR_getppid, MAGIC));
	if (pick(2))
		stop_serving(pid);
}

/* --- Readers ---------------------------------------------------------------- */

static void read_all(const char *format, pid_t pid)
{
	char path[64], text[4096];
	int fd;

	snprintf(path, sizeof(path), format, pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	while (read(fd, text, sizeof(text)) > 0)
		count(READS);
	close(fd);
}

static void scene_read(void)
{
	for (unsigned int turn = 20; turn--;) {
		pid_t pid = shared->task[pick(shared->workers)];

		read_all("/proc/%d/seccomp_cache", pid);
		read_all("/proc/%d/seccomp_coverage", pid);
		read_all("/proc/%d/status", pid);
	}
}

/* --- Workers ---------------------------------------------------------------- */

static void (*const scenes[])(void) = {
	scene_stack, scene_stack, scene_stack, scene_fork, scene_exec, scene_threads,
	scene_threads, scene_trace, scene_notify, scene_pin, scene_read,
};

static void one_scene(unsigned int worker, unsigned int nr)
{
	bool cut_short = !pick(6);
	unsigned int after = pick(4000), mine = pick(1 << 30);
	int status;
	pid_t pid = start_child();

	if (!pid) {
		seed(mine);
		alarm(SCENE_SECONDS);
		no_new_privs();
		scenes[nr]();
		finish();
	}
	shared->task[worker] = pid;
	if (cut_short) {
		usleep(after);
		kill(pid, SIGKILL);
	}
	status = wait_child(pid);
	count(SCENES);
	CHECK(!status || (cut_short && killed_by(status, SIGKILL)),
	      "worker %u, scene %u: status %#x", worker, nr, status);
}

static void __attribute__((noreturn)) work(unsigned int worker, time_t end)
{
	/* Two of three have somebody to share with who is no administrator. */
	if (worker % 3 && !geteuid() &&
	    (setgid(65534) || setuid(65532 + worker % 3)))
		_exit(99);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	seed(first_seed() * 1000 + worker);
	while (time(NULL) < end)
		one_scene(worker, pick(ARRAY_SIZE(scenes)));
	finish();
}

FIXTURE(races) { int unused; };
FIXTURE_SETUP(races) {}
FIXTURE_TEARDOWN(races) {}

TEST_F_TIMEOUT(races, all_at_once, 20000)
{
	const char *seconds = getenv("SECONDS");
	time_t end = time(NULL) + (seconds ? atoi(seconds) : 5);
	pid_t pid[MAX_WORKERS];

	share(2 * sysconf(_SC_NPROCESSORS_ONLN) + 4);
	for (unsigned int i = 0; i < shared->workers; i++) {
		pid[i] = start_child();
		if (!pid[i])
			work(i, end);
	}
	for (unsigned int i = 0; i < shared->workers; i++)
		EXPECT_EQ(0, wait_child(pid[i]));
	print_counts();
	if (!access(KCSAN, R_OK)) {
		EXPECT_EQ(1, number_in(KCSAN, "enabled:"));
		printf("# KCSAN has set %ld watchpoints\n",
		       number_in(KCSAN, "setup_watchpoints:"));
	}
}

static void __attribute__((constructor)) after_exec(int argc, char **argv)
{
	struct stack stack = { 0 };

	if (argc != 4 || strcmp(argv[1], AFTER_EXEC))
		return;
	share(1);	/* the others' counts are out of reach */
	stack.always = atoi(argv[2]);
	stack.by_arg = atoi(argv[3]);
	CHECK(denied(call(__NR_getppid, MAGIC)), "allowed after exec");
	/* Where threads have attached too nobody knows which is the newest */
	if (stack.by_arg) {
		stack_check(&stack);
		stack_attach(&stack, 0);
		stack_check(&stack);
	}
	finish();
}

TEST_HARNESS_MAIN

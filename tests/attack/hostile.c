// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach stacks of filters that nobody would write, and compare what comes of calls
 * with an interpreter. The environment has CALLS (20,000), SEED (1), and FILTERS,
 * where real ones are (/filters).
 *
 * A task attaches up to 8 filters, random ones or mutated ones of real programs, and
 * makes calls with all numbers, with arguments that lead through other branches. The
 * last thing that it knows before a call is what has to come of it; its parent knows
 * whether that is its end. Meanwhile the JIT compiler is on, off or hardened, and its
 * memory runs out between two filters.
 *
 * The oldest filter denies calls that do something. Those that are left have no
 * implementation, or return who the task is, whatever their arguments are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "abis.h"
#include "arch.h"
#include "generate.h"
#include "oracle.h"
#include "rows.h"

#define DEPTH		8
#define REALS		64
#define CALLS		3000	/* for a stack */
#define PASSWORD	0x5ec0bea7	/* the sixth argument of seccomp() */
#define DENIED		(SECCOMP_RET_ERRNO | 4000)
#define ANYTHING	0xffffffff	/* engines differ */
#ifndef SYS_SECCOMP
#define SYS_SECCOMP	1	/* si_code of SIGSYS */
#endif

/* What a task and its parent share. */
struct state {
	unsigned int next;	/* call */
	unsigned int depth;	/* filters that are attached */
	uint32_t expected;
	bool calling, done, wrong, was_trapped;
	struct seccomp_data call;
	long ret;
	siginfo_t trap;
	uint64_t calls, traps, allowed, unknown;
};

static struct state *state;
static struct program filter[DEPTH], *real[REALS];
static unsigned int nr_reals;
static unsigned int harmless[NR_ROWS], nr_harmless;
static uint64_t caller;		/* instruction pointer of syscall() */

/* --- Calls ---------------------------------------------------------------- */

static const unsigned int identity[] = {
	SYS_getpid, SYS_getppid, SYS_gettid,
#ifdef SYS_getuid32
	SYS_getuid32, SYS_geteuid32, SYS_getgid32, SYS_getegid32,
#else
	SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
#endif
};

static long known[sizeof(identity) / sizeof(identity[0])];

static bool is_harmless(unsigned int nr)
{
	for (unsigned int i = 0; i < nr_harmless; i++)
		if (harmless[i] == nr)
			return true;
	return false;
}

static long enter(unsigned long nr, const __u64 *args)
{
	long ret = syscall(nr, (long)args[0], (long)args[1], (long)args[2], (long)args[3],
			   (long)args[4], (long)args[5]);

	return ret == -1 ? -errno : ret;
}

/* Before any filter: which numbers have no implementation? */
static void find_harmless(void)
{
	static const unsigned int unused[] = { UNUSED_NRS };
	const __u64 args[6] = { 0 };

	for (unsigned int i = 0; i < ARRAY_SIZE(unused); i++)
		if (enter(unused[i], args) == -ENOSYS)
			harmless[nr_harmless++] = unused[i];
	/* A gap that all architectures have for the numbers of others */
	for (unsigned int nr = FIRST_NR + 387; nr < FIRST_NR + 424; nr++)
		if (sizeof(long) == 8 && enter(nr, args) == -ENOSYS && !is_harmless(nr))
			harmless[nr_harmless++] = nr;
	for (unsigned int i = 0; i < ARRAY_SIZE(identity); i++)
		harmless[nr_harmless++] = identity[i];
}

static jmp_buf trapped;

static void on_trap(int signal, siginfo_t *info, void *context)
{
	state->trap = *info;
	_longjmp(trapped, 1);
}

static void catch_traps(void)
{
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigaction(SIGSYS, &action, NULL);
}

/* --- Filters -------------------------------------------------------------- */

static void append(struct program *p, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	p->insn[p->len++] = (struct sock_filter) { code, jt, jf, k };
}

/* Denies what is not harmless, but seccomp() with the password; of this ABI only. */
static void make_guard(struct program *p)
{
	const unsigned int word = sizeof(struct seccomp_data) - 8 +
				  4 * (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	p->len = 0;
	append(p, BPF_LD | BPF_W | BPF_ABS, DATA(nr), 0, 0);
	for (unsigned int i = 0; i < nr_harmless; i++) {
		append(p, BPF_JMP | BPF_JEQ | BPF_K, harmless[i], 0, 1);
		append(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	}
	append(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 3);
	append(p, BPF_LD | BPF_W | BPF_ABS, word, 0, 0);
	append(p, BPF_JMP | BPF_JEQ | BPF_K, PASSWORD, 0, 1);
	append(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	append(p, BPF_RET | BPF_K, DENIED, 0, 0);
}

/* Death ends a stack: most filters are better tried without. */
static void spare(struct program *p, struct rng *rng)
{
	if (!rng_below(rng, 4))
		return;
	for (unsigned int i = 0; i < p->len; i++) {
		struct sock_filter *insn = &p->insn[i];
		uint32_t action = insn->k & SECCOMP_RET_ACTION_FULL;

		if (insn->code == (BPF_RET | BPF_K) &&
		    (action == SECCOMP_RET_KILL_THREAD || action & 0x80000000))
			insn->k = SECCOMP_RET_ERRNO | (insn->k & 0xff);
	}
}

static void make_filter(struct program *p, struct rng *rng)
{
	unsigned int kind = rng_below(rng, 8);

	if (kind < 2) {
		generate_kind(p, 300, rng);
	} else if (kind == 2) {
		generate_rests(p, rng);
	} else if (kind < 5 && nr_reals) {
		*p = *real[rng_below(rng, nr_reals)];
		generate_mutant(p, rng);
	} else {
		generate_random(p, 100, rng);
	}
	spare(p, rng);
}

static uint32_t run_all(const struct seccomp_data *sd, enum wild_shift wild,
			struct oracle_run *newest)
{
	uint32_t ret = SECCOMP_RET_ALLOW;

	for (unsigned int i = state->depth; i--;) {
		struct oracle_run run = { 0 };

		oracle_run(filter[i].insn, filter[i].len, sd, wild, &run);
		if (newest && i == state->depth - 1)
			*newest = run;
		/* As seccomp_run_filters() does */
		if ((int32_t)(run.ret & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(ret & SECCOMP_RET_ACTION_FULL))
			ret = run.ret;
	}
	return ret;
}

/* What has to come of a call. */
static uint32_t verdict(const struct seccomp_data *sd)
{
	uint32_t ret = run_all(sd, 0, NULL);

	for (unsigned int wild = 1; wild < NR_WILD; wild++)
		if (run_all(sd, wild, NULL) != ret)
			return ANYTHING;
	return ret;
}

/* What a filter sees of arguments of this ABI: MIPS extends the sign of 32 bits. */
static void fit_registers(struct seccomp_data *sd)
{
	for (unsigned int i = 0; i < 6; i++)
		sd->args[i] = SEEN_ARG((unsigned long)sd->args[i]);
}

/* Attach what has been made, as long as it lets itself be attached. */
static void attach(unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++) {
		const struct sock_fprog prog = { filter[i].len, filter[i].insn };
		const __u64 args[6] = { SECCOMP_SET_MODE_FILTER, 0, (uintptr_t)&prog, 0, 0,
					   PASSWORD };
		struct seccomp_data sd = { .nr = SYS_seccomp, .arch = MY_ARCH,
					   .instruction_pointer = caller };

		memcpy(sd.args, args, sizeof(args));
		fit_registers(&sd);
		if (verdict(&sd) != SECCOMP_RET_ALLOW || enter(SYS_seccomp, args))
			return;
		state->depth = i + 1;
	}
}

/* --- Trying --------------------------------------------------------------- */

static uint64_t random_arg(struct rng *rng)
{
	static const uint64_t values[] = { 0, 1, 2, 0x10, 0x33, 0x80000000, 0xffffffff,
					   0x100000000, ~0ULL };

	return (unsigned long)(rng_below(rng, 3) ? values[rng_below(rng, ARRAY_SIZE(values))] :
			       rng_next(rng) >> rng_below(rng, 64));
}

/* Lead a call through another branch of the newest filter than it has taken. */
static void lead(struct seccomp_data *sd, struct rng *rng)
{
	const unsigned int first = offsetof(struct seccomp_data, args);
	const struct oracle_branch *branch;
	struct oracle_run run = { 0 };
	uint32_t *word;

	for (unsigned int tries = rng_below(rng, 4); tries--;) {
		run_all(sd, 0, &run);
		if (!run.nr_branches)
			return;
		branch = &run.branch[rng_below(rng, run.nr_branches)];
		if (branch->word < first)
			continue;
		word = (uint32_t *)sd + branch->word / 4;
		*word = branch->operand - 1 + rng_below(rng, 3);
		fit_registers(sd);
	}
}

static void choose_call(struct seccomp_data *sd, struct rng *rng)
{
	unsigned int kind = rng_below(rng, 8);

	*sd = (struct seccomp_data) { .arch = MY_ARCH, .instruction_pointer = caller };
	sd->nr = harmless[rng_below(rng, nr_harmless)];
	if (kind == 0)
		sd->nr = FIRST_NR + rng_below(rng, NR_ROWS);
	else if (kind == 1 && !rng_below(rng, 4))
		sd->nr = rng_next(rng);
#ifdef __x86_64__
	/* uretprobe and uprobe are never filtered, and are not for everybody to call */
	if (sd->nr == 335 || sd->nr == 336)
		sd->nr = 337;
#elif FIRST_NR == 4000
	/* syscall(): filters see the number that is its first argument */
	if (sd->nr == FIRST_NR)
		sd->nr++;
#endif
	for (unsigned int i = 0; i < 6; i++)
		sd->args[i] = random_arg(rng);
	fit_registers(sd);
	lead(sd, rng);
	/* The guard must not see its password */
	if ((uint32_t)sd->args[5] == PASSWORD)
		sd->args[5]++;
	fit_registers(sd);
}

/* Did what was expected come of the call? */
static bool as_expected(void)
{
	const bool was_trapped = state->was_trapped;
	const siginfo_t *trap = &state->trap;
	const struct seccomp_data *sd = &state->call;
	const uint32_t data = state->expected & SECCOMP_RET_DATA;
	const long ret = state->ret;

	switch (state->expected & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRAP:
		return was_trapped && trap->si_code == SYS_SECCOMP &&
		       trap->si_errno == (int)data && trap->si_syscall == sd->nr &&
		       trap->si_arch == sd->arch;
	case SECCOMP_RET_ERRNO:
		return !was_trapped && ret == -(long)(data > 4095 ? 4095 : data);
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
		return !was_trapped && ret == -ENOSYS;
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		if (was_trapped)
			return false;
		for (unsigned int i = 0; i < ARRAY_SIZE(identity); i++)
			if (identity[i] == (unsigned int)sd->nr)
				return ret == known[i];
		return ret == -ENOSYS;
	}
	return false;	/* it should have been killed */
}

static void try_call(struct rng *rng)
{
	choose_call(&state->call, rng);
	state->expected = verdict(&state->call);
	state->ret = 0;
	state->calling = true;
	/* Not in a local variable, which longjmp() need not keep */
	state->was_trapped = true;
	if (!_setjmp(trapped)) {
		state->ret = enter((long)state->call.nr, state->call.args);
		state->was_trapped = false;
	}
	state->calling = false;
	state->calls++;
	state->traps += state->was_trapped;
	state->unknown += state->expected == ANYTHING;
	state->allowed += (state->expected & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW;
	if (state->expected != ANYTHING && !as_expected())
		state->wrong = true;
}

/* --- Tasks ---------------------------------------------------------------- */

static void __attribute__((noreturn)) task(uint64_t seed, unsigned int depth)
{
	struct rng rng = { seed };

	/* The knobs were for whoever attaches: an ordinary user */
	if (setgroups(0, NULL) || setgid(65534) || setuid(65534) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		_exit(1);
	for (unsigned int i = 0; i < ARRAY_SIZE(identity); i++)
		known[i] = syscall(identity[i]);
	catch_traps();
	attach(depth);
	/*
	 * Without the guard, for want of memory, no call is made. Those that another task
	 * has made before are left out, not their numbers.
	 */
	for (unsigned int i = 0; state->depth && i < CALLS && !state->wrong; i++) {
		if (i < state->next) {
			struct seccomp_data sd;

			choose_call(&sd, &rng);
			continue;
		}
		state->next = i + 1;
		try_call(&rng);
	}
	state->done = true;
	for (;;)	/* no call may be allowed any more, not even to exit */
		;
}

static void complain(const char *what, uint64_t seed)
{
	const struct seccomp_data *sd = &state->call;

	printf("# %s: call %d of %#x, of stack %llu, %u filters, instruction pointer %#llx\n",
	       what, sd->nr, sd->arch, (unsigned long long)seed, state->depth,
	       (unsigned long long)sd->instruction_pointer);
	for (unsigned int i = 0; i < 6; i++)
		printf("#   args[%u] = %#llx\n", i, (unsigned long long)sd->args[i]);
	if (state->was_trapped)
		printf("#   expected %#x, trapped: code %d, errno %d, call %d of %#x\n",
		       state->expected, state->trap.si_code, state->trap.si_errno,
		       state->trap.si_syscall, state->trap.si_arch);
	else
		printf("#   expected %#x, returned %ld\n", state->expected, state->ret);
	for (unsigned int i = 0; i < state->depth; i++) {
		printf("# filter %u:\n", i);
		program_print(stdout, &filter[i]);
	}
}

/* As all actions do that the kernel does not know. */
static bool kills(uint32_t ret)
{
	switch (ret & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return false;
	}
	return true;
}

/* Returns whether the task went on to its end, or died where it had to. */
static bool watch(pid_t pid, uint64_t seed)
{
	const struct timespec tick = { .tv_nsec = 2000000 };
	time_t start = time(NULL);
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		if (state->done || time(NULL) - start > 120) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
		nanosleep(&tick, NULL);
	}
	if (state->wrong) {
		complain("wrong", seed);
		return false;
	}
	if (state->done || (state->calling && kills(state->expected) && WIFSIGNALED(status) &&
			    WTERMSIG(status) == SIGSYS))
		return true;
	complain(state->calling ? "died" : "lost", seed);
	printf("# status %#x\n", status);
	return false;
}

static struct knob {
	const char *path;
	unsigned long value;	/* as it was found */
} knobs[] = {
	{ "/proc/sys/net/core/bpf_jit_enable" },
	{ "/proc/sys/net/core/bpf_jit_harden" },
	{ "/proc/sys/net/core/bpf_jit_limit" },
};

/* A kernel that always compiles refuses some. */
static void set_knob(const struct knob *knob, unsigned long value)
{
	FILE *file = fopen(knob->path, "w");

	if (!file)
		return;
	fprintf(file, "%lu", value);
	fclose(file);
}

static void turn_knobs(struct rng *rng)
{
	set_knob(&knobs[0], rng_below(rng, 4) != 0);
	set_knob(&knobs[1], rng_below(rng, 4) ? 0 : 1 + rng_below(rng, 2));
	set_knob(&knobs[2], rng_below(rng, 3) ? 1 << 26 : 4096 * (1 + rng_below(rng, 16)));
}

static void read_knobs(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(knobs); i++) {
		FILE *file = fopen(knobs[i].path, "r");

		if (!file)
			continue;
		if (fscanf(file, "%lu", &knobs[i].value) != 1)
			knobs[i].value = 0;
		fclose(file);
	}
}

static void restore_knobs(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(knobs); i++)
		set_knob(&knobs[i], knobs[i].value);
}

/* Returns the calls that were made, 0 if something was wrong. */
static uint64_t try_stack(uint64_t seed, unsigned int *deaths)
{
	struct rng rng = { seed };
	unsigned int depth = 1 + rng_below(&rng, DEPTH), lives = 8;
	pid_t pid;

	memset(state, 0, sizeof(*state));
	turn_knobs(&rng);
	make_guard(&filter[0]);
	for (unsigned int i = 1; i < depth; i++)
		make_filter(&filter[i], &rng);
	while (!state->done && lives--) {
		state->depth = 0;
		state->calling = false;
		pid = fork();
		if (pid < 0)
			return 0;
		if (!pid)
			task(seed + 1, depth);
		if (!watch(pid, seed))
			return 0;
		*deaths += !state->done;
	}
	return state->calls + 1;
}

/* Where does syscall() call from? SIGSYS tells. */
static void find_caller(void)
{
	struct sock_filter insns[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
				       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identity[0], 0, 1),
				       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
				       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	const struct sock_fprog prog = { ARRAY_SIZE(insns), insns };
	const __u64 args[6] = { 0 };

	if (!fork()) {
		catch_traps();
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
		if (!_setjmp(trapped))
			enter(identity[0], args);
		_exit(0);
	}
	wait(NULL);
	caller = (uintptr_t)state->trap.si_call_addr;
}

static void read_reals(const char *dir)
{
	struct dirent **entry;
	int nr = scandir(dir, &entry, NULL, alphasort);
	char path[512];

	for (int i = 0; i < nr && nr_reals < REALS; i++) {
		const char *name = entry[i]->d_name;
		size_t len = strlen(name);

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (len > 4 && !strcmp(name + len - 4, ".bpf")) {
			real[nr_reals] = calloc(1, sizeof(*real[0]));
			if (real[nr_reals] && program_read(real[nr_reals], path))
				nr_reals++;
		} else if (*name != '.') {
			read_reals(path);
		}
	}
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

int main(void)
{
	const uint64_t seed = number("SEED", 1), goal = number("CALLS", 20000);
	uint64_t calls = 0, allowed = 0, traps = 0, unknown = 0, made;
	unsigned int stacks, deaths = 0;

	printf("KTAP version 1\n1..1\n");
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (state == MAP_FAILED)
		return 1;
	find_harmless();
	find_caller();
	read_reals(getenv("FILTERS") ?: "/filters");
	read_knobs();
	atexit(restore_knobs);
	for (stacks = 0; calls < goal; stacks++) {
		made = try_stack(seed * 1000003 + stacks, &deaths);
		if (!made) {
			printf("not ok 1 verdicts\n");
			return 1;
		}
		calls += made - 1;
		allowed += state->allowed;
		traps += state->traps;
		unknown += state->unknown;
	}
	printf("# seed %llu: %llu calls, %u stacks: %llu allowed, %llu trapped, %u killed,\n"
	       "# %llu where engines differ; %u harmless numbers, %u real filters\n"
	       "# amount: %llu calls\nok 1 verdicts\n", (unsigned long long)seed,
	       (unsigned long long)calls, stacks, (unsigned long long)allowed,
	       (unsigned long long)traps, deaths, (unsigned long long)unknown, nr_harmless,
	       nr_reals, (unsigned long long)calls);
	return 0;
}

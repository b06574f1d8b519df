/* SPDX-License-Identifier: GPL-2.0-only */
/* What scenes are made of: chance, counts, and filters whose verdicts are known. */
#ifndef RACES_H
#define RACES_H

#include "filter.h"

#define MAX_WORKERS	64

enum counted {
	ATTACHES, CALLS, REFUSED, SCENES, FORKS, EXECS, PINS, STOPS, NOTIFICATIONS, READS,
	NR_COUNTED,
};

/* What all tasks share. */
static struct {
	atomic_ulong count[NR_COUNTED];
	pid_t task[MAX_WORKERS];	/* in whose scene a worker is */
	unsigned int workers;
} *shared;

static inline void share(unsigned int workers)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		exit(1);
	shared->workers = workers < MAX_WORKERS ? workers : MAX_WORKERS;
}

static inline void count(enum counted what)
{
	shared->count[what]++;
}

/* --- Chance ------------------------------------------------------------------ */

static __thread unsigned int chance = 1;

/* Neither the same seed nor its neighbours lead to like scenes. */
static inline void seed(unsigned int number)
{
	chance = (chance ^ (number + 1) * 2654435761U) ?: 1;
}

static inline unsigned int pick(unsigned int below)
{
	chance ^= chance << 13;
	chance ^= chance >> 17;
	chance ^= chance << 5;
	return chance % below;
}

static inline unsigned int first_seed(void)
{
	const char *number = getenv("SEED");

	return number ? atoi(number) : 1;
}

static inline void print_counts(void)
{
	static const char * const names[] = {
		"attaches", "calls", "refused", "scenes", "forks", "execs", "pins", "stops",
		"notifications", "reads",
	};

	printf("# seed %u, %u workers:", first_seed(), shared->workers);
	for (int i = REFUSED; i < NR_COUNTED; i++)
		printf("%s %lu %s", i == REFUSED ? "" : ",", shared->count[i], names[i]);
	printf("\n# amount: %lu attaches, %lu calls\n", shared->count[ATTACHES],
	       shared->count[CALLS]);
}

/* --- Filters ------------------------------------------------------------------ */

/* What they deny getppid() with: anyhow, and with MAGIC; 0 if they do not. */
struct stack {
	int always, by_arg;
};

#define FIRST_ERRNO	200
#define SAME_TEXTS	4	/* that everybody uses */
#define TEXTS		1000

static inline bool denied(long ret)
{
	return ret <= -FIRST_ERRNO && ret > -FIRST_ERRNO - TEXTS;
}

static inline long counted_call(int nr, unsigned long arg)
{
	count(CALLS);
	return call(nr, arg);
}

static __thread struct prog stack_prog;

/* Most texts are those of others; some take long to look at. */
static inline long stack_try(struct stack *stack, unsigned int flags)
{
	unsigned int text = pick(3) ? pick(SAME_TEXTS) : pick(TEXTS);
	const bool by_arg = stack->always && text % 2;
	struct prog *p = &stack_prog;
	long ret;

	p->len = 0;
	rule(p, __NR_getppid, ERRNO(FIRST_ERRNO + text), by_arg);
	for (unsigned int i = 0; text % 4 > 1 && i < 200; i++)
		rule(p, FIRST_NR + i, SECCOMP_RET_ALLOW, i % 8 == 7);
	emit(p, RET(SECCOMP_RET_ALLOW));
	ret = attach(p, flags);
	count(ret ? REFUSED : ATTACHES);
	if (ret)
		return ret;
	stack->by_arg = FIRST_ERRNO + text;
	if (!by_arg)
		stack->always = FIRST_ERRNO + text;
	return 0;
}

static inline void stack_attach(struct stack *stack, unsigned int flags)
{
	CHECK_EQ(0, stack_try(stack, flags));
}

/* Of one that only the calling thread adds to. */
static inline void stack_check(const struct stack *stack)
{
	for (unsigned int turn = 1 + pick(3); turn--;) {
		CHECK_EQ(-stack->by_arg, counted_call(__NR_getppid, MAGIC));
		CHECK_EQ(-stack->always, counted_call(__NR_getppid, 1));
		CHECK_EQ(getgid(), counted_call(NR_GETGID, MAGIC));
	}
}

#endif

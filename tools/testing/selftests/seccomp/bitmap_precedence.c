// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of several filters decides, and with what data: every ordered pair of
 * actions, and random stacks up to 32 deep, each verdict constant or dependent
 * on an argument. The interpreter in bpf_eval.h says what must be seen.
 */
#include "observe.h"

#define MAX_DEPTH	32

static const unsigned int actions[] = {
	SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
	SECCOMP_RET_ERRNO, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE,
	SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
	/* Unknown ones: between KILL_THREAD and TRAP, between TRACE and LOG. */
	0x00010000, 0x7ff10000,
};

#define NACTIONS	((int)ARRAY_SIZE(actions))

struct stack {
	struct prog layer[MAX_DEPTH];
	int depth, listener;	/* listener: index of the layer that has one */
	bool traced;
};

static struct stack stack;

static void add_rule(struct prog *p, int nr, unsigned int verdict, bool by_arg)
{
	stack.traced |= (verdict & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE;
	rule(p, nr, verdict, by_arg);
}

static pid_t attach_stack(void)
{
	pid_t server = 0;

	for (int i = 0; i < stack.depth; i++) {
		bool listener = i == stack.listener;
		long ret = attach(&stack.layer[i], listener ?
				  SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);

		CHECK(ret >= 0, "attach: %ld", ret);
		if (listener)
			server = serve(ret);
	}
	return server;
}

static void check_call(int nr, long ran, unsigned long arg0)
{
	const unsigned long args[6] = { arg0 };
	struct seccomp_data sd = data_of(nr, args);
	struct seen want, got;
	uint32_t verdict;
	int match;

	verdict = eval_stack(stack.layer, stack.depth, &sd, &match);
	want = expected(verdict, ran, stack.traced, match == stack.listener);
	got = observe(nr, args, stack.traced);
	CHECK_SEEN(want, got, "number %d, argument %#lx, depth %d: %#x by filter %d",
		   nr, arg0, stack.depth, verdict, match);
}

static void check_stack(int numbers)
{
	long ran[NCALLS];
	pid_t server;

	if (!in_child()) {
		CHECK_EQ(0, child_status);
		return;
	}
	for (int i = 0; i < numbers; i++)
		ran[i] = baseline(calls[i]);
	server = attach_stack();
	for (int i = 0; i < numbers; i++)
		check_call(calls[i], ran[i], MAGIC);
	/* Where an argument decides, another one must not. */
	check_call(calls[numbers - 1], ran[numbers - 1], ~0UL);
	if (server)
		stop_serving(server);
	finish();
}

/* Four numbers: both verdicts constant, either of them, none. */
static void check_pair(unsigned int older, unsigned int newer, int listener)
{
	memset(&stack, 0, sizeof(stack));
	stack.depth = 2;
	stack.listener = listener;
	for (int i = 0; i < 4; i++) {
		add_rule(&stack.layer[0], calls[i], older | (100 + i), i & 1);
		add_rule(&stack.layer[1], calls[i], newer | (200 + i), i & 2);
	}
	for (int i = 0; i < 2; i++)
		emit(&stack.layer[i], RET(SECCOMP_RET_ALLOW));
	check_stack(4);
}

#define PAIRS_WITH(name, index)						\
TEST(pairs_with_ ## name)						\
{									\
	no_new_privs();							\
	for (int i = 0; i < NACTIONS; i++)				\
		check_pair(actions[index], actions[i], index == 4 ? 0 :	\
			   i == 4 ? 1 : -1);				\
	EXPECT_EQ(0, failures);						\
}

PAIRS_WITH(kill_process, 0)
PAIRS_WITH(kill_thread, 1)
PAIRS_WITH(trap, 2)
PAIRS_WITH(errno, 3)
PAIRS_WITH(user_notif, 4)
PAIRS_WITH(trace, 5)
PAIRS_WITH(log, 6)
PAIRS_WITH(allow, 7)
PAIRS_WITH(unknown, 8)
PAIRS_WITH(other_unknown, 9)

/* Both filters ask for a listener, and the one that decides has none. */
TEST(listener_of_the_other_filter)
{
	no_new_privs();
	check_pair(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_USER_NOTIF, 0);
	check_pair(SECCOMP_RET_USER_NOTIF, SECCOMP_RET_USER_NOTIF, 1);
	EXPECT_EQ(0, failures);
}

/*
 * Each number has a palette of three actions, so that equal actions with
 * different data meet often and a kill does not end every story.
 */
static void random_stack(int depth)
{
	unsigned int palette[NCALLS][3];

	memset(&stack, 0, sizeof(stack));
	stack.depth = depth;
	stack.listener = rnd() % depth;
	for (int i = 0; i < NCALLS * 3; i++)
		palette[i / 3][i % 3] = actions[rnd() % NACTIONS];
	for (int layer = 0; layer < depth; layer++) {
		for (int i = 0; i < NCALLS; i++)
			if (rnd() % 3)
				add_rule(&stack.layer[layer], calls[i],
					 palette[i][rnd() % 3] | (rnd() % 4000),
					 rnd() % 2);
		emit(&stack.layer[layer], RET(SECCOMP_RET_ALLOW));
	}
	check_stack(NCALLS);
}

TEST(random_stacks)
{
	static const int depths[] = { 1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 31, 32 };

	TH_LOG("seed %d", SEED);
	no_new_privs();
	for (int i = 0; i < (int)ARRAY_SIZE(depths); i++)
		random_stack(depths[i]);
	EXPECT_EQ(0, failures);
}

/* 32 filters that agree in the action: the newest one's data. */
TEST(newest_of_equals)
{
	no_new_privs();
	for (int by_arg = 0; by_arg < 2; by_arg++) {
		memset(&stack, 0, sizeof(stack));
		stack.depth = MAX_DEPTH;
		stack.listener = -1;
		for (int layer = 0; layer < MAX_DEPTH; layer++) {
			/* The second number's newest verdict needs an argument. */
			add_rule(&stack.layer[layer], calls[0], ERRNO(1000 + layer),
				 by_arg && layer % 2);
			add_rule(&stack.layer[layer], calls[1], ERRNO(2000 + layer),
				 by_arg == (layer == MAX_DEPTH - 1));
			emit(&stack.layer[layer], RET(SECCOMP_RET_ALLOW));
		}
		check_stack(2);
	}
	EXPECT_EQ(0, failures);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Search for filters that take the most work to attach, against what a stock kernel takes.
 *
 *   worst [-s SEED] [-r ROUNDS] [-w DIR]
 *
 * For each length the worst filter of those that are known to be hard is changed at random,
 * and what is worse stays. That is done for a filter alone and for one on top of a stack.
 * Work is counted in basic blocks, by the compiler's instrumentation, and so is the same on
 * each run. None may take more than the limit for its length. -w leaves the filters as
 * *.bpf, for cost and for guests.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "classify.h"
#include "generate.h"
#include "sides.h"

/*
 * The least that any kernel takes to check and to compile a filter, about: 30,000
 * instructions, and 1,000 for each of the filter's own, 5 to a block.
 */
#define COMMON		6000
#define COMMON_INSN	200

/* The most that ours may take for a filter, in blocks. */
#define LIMIT(len)	(60000 + 160 * (len))

#define DEPTH		128	/* of the stack that a filter is put on */

static uint64_t blocks;

/* What the compiler calls in each block of what is built to be counted. */
void __sanitizer_cov_trace_pc(void);
__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc(void)
{
	blocks++;
}

struct trial {
	struct program p;
	uint64_t ours, stock;
	double ratio;
};

static struct seccomp_filter below[DEPTH];

/* A stack in which each filter asks for an argument of its own. */
static void make_stack(void)
{
	static struct program p[DEPTH], *stack[DEPTH];

	for (unsigned int i = 0; i < DEPTH; i++) {
		p[i] = (struct program) { .len = 4, .insn = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(0)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, i, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		} };
		stack[i] = &p[i];
	}
	cost_ours(below, stack, DEPTH);
}

static void judge(struct trial *trial, struct seccomp_filter *older)
{
	static unsigned long __attribute__((used)) unneeded;
	struct program *p = &trial->p;
	struct seccomp_filter filter;
	uint64_t common = COMMON + COMMON_INSN * p->len;

	blocks = 0;
	if (filter_prepare(&filter, p->insn, p->len, false))
		abort();
	filter_freeze(&filter, older);
	trial->ours = blocks;
	filter_free(&filter);

	/* Where the older filters allow nothing stock has nothing to do. */
	blocks = 0;
	if (!older)
		unneeded = cost_stock(&p, 1);
	trial->stock = blocks;
	trial->ratio = (double)(trial->ours + common) / (trial->stock + common);
}

/* Numbers have one of two rests, in no order: as few leaves are alike as can be. */
static void build_mingled(struct program *p, unsigned int len, struct rng *rng)
{
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr)),
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 4, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1000, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(1)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1001, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	for (p->len = 0; p->len + ARRAY_SIZE(insns) < len; p->len++)
		p->insn[p->len] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0);
	memcpy(p->insn + p->len, insns, sizeof(insns));
	p->len += ARRAY_SIZE(insns);
}

/*
 * Many numbers load an argument in a place of their own, and go on with the same long
 * rest, which each of its comparisons may leave for a chain of loads.
 */
static void build_chains(struct program *p, unsigned int len, struct rng *rng)
{
	const unsigned int nr = min(len / 8, 228U), ops = min(len / 8, 62U);
	const unsigned int common = len / 16 + 3 * nr + 1, chain = common + ops + 1;
	unsigned int i;

	for (p->len = 0; p->len < len / 16; p->len++)
		p->insn[p->len] = (struct sock_filter)
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	for (i = 0; i < nr; i++) {
		struct sock_filter *insn = &p->insn[p->len];

		insn[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, i, 0, 2);
		insn[1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(0));
		p->len += 3;
		insn[2] = (struct sock_filter)
			BPF_STMT(BPF_JMP | BPF_JA, common - p->len);
	}
	p->insn[p->len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	for (i = 0; i < ops; i++, p->len++)
		p->insn[p->len] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, i, chain - p->len - 1, 0);
	p->insn[p->len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	while (p->len < len - 1)
		p->insn[p->len++] = (struct sock_filter)
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG_LO(1));
	p->insn[p->len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
}

/* What each number holds goes from one register to the other, and no set is whole words. */
static void build_copies(struct program *p, unsigned int len, struct rng *rng)
{
	unsigned int i;

	p->len = 0;
	p->insn[p->len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	for (i = 0; i < 8 && p->len < len / 2; i++) {
		p->insn[p->len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 64 * i + 5, 0, 1);
		p->insn[p->len++] = (struct sock_filter)
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	p->insn[p->len++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfe);
	while (p->len < len - 1)
		p->insn[p->len++] = (struct sock_filter)
			BPF_STMT(BPF_MISC | (p->len % 2 ? BPF_TAX : BPF_TXA), 0);
	p->insn[p->len++] = (struct sock_filter)
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1);
}

static void keep_worse(struct trial *worst, struct trial *trial, unsigned int len,
		       struct seccomp_filter *older)
{
	if (trial->p.len < len / 2 || trial->p.len > len || !program_valid(&trial->p))
		return;
	judge(trial, older);
	if (trial->ratio >= worst->ratio)
		*worst = *trial;
}

/* The worst filter of at most @len instructions that is found in @rounds. */
static void search(struct trial *worst, unsigned int len, unsigned int rounds,
		   struct seccomp_filter *older, struct rng *rng)
{
	static void (* const builds[])(struct program *p, unsigned int len, struct rng *rng) = {
		build_mingled, build_chains, build_copies,
	};
	static struct trial trial;
	unsigned int i;

	worst->ratio = 0;
	for (i = 0; i < ARRAY_SIZE(builds); i++) {
		builds[i](&trial.p, len, rng);
		keep_worse(worst, &trial, len, older);
	}
	for (i = 0; i < nr_kinds; i++) {
		kinds[i].build(&trial.p, len, rng);
		keep_worse(worst, &trial, len, older);
	}
	for (i = 0; i < rounds; i++) {
		trial = *worst;
		generate_mutant(&trial.p, rng);
		keep_worse(worst, &trial, len, older);
	}
}

static void leave(const struct program *p, const char *dir, const char *name,
		  unsigned int len)
{
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%u.bpf", dir, name, len);
	file = fopen(path, "wb");
	if (!file || fwrite(p->insn, sizeof(p->insn[0]), p->len, file) != p->len) {
		perror(path);
		exit(1);
	}
	fclose(file);
}

int main(int argc, char **argv)
{
	static const unsigned int usual[] = { 16, 64, 256, 1024, 4096 };
	unsigned int rounds = 200, len, i;
	const char *dir = NULL;
	struct trial worst;
	uint64_t seed = 1;
	bool ok = true;
	int opt;

	while ((opt = getopt(argc, argv, "s:r:w:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'r':
			rounds = atoi(optarg);
			break;
		case 'w':
			dir = optarg;
			break;
		default:
			return 1;
		}
	}

	make_stack();
	printf("# seed %llu, %u rounds\n", (unsigned long long)seed, rounds);
	printf("%-6s%8s%14s%14s%9s\n", "", "length", "blocks", "stock", "ratio");
	for (i = 0; i < 2 * ARRAY_SIZE(usual); i++) {
		struct seccomp_filter *older = i % 2 ? &below[DEPTH - 1] : NULL;
		struct rng rng = { seed };

		len = usual[i / 2];
		search(&worst, len, rounds, older, &rng);
		printf("%-6s%8u%14llu%14llu%9.2f\n", older ? "stack" : "alone", worst.p.len,
		       (unsigned long long)worst.ours, (unsigned long long)worst.stock,
		       worst.ratio);
		fflush(stdout);
		if (worst.ours > LIMIT(worst.p.len)) {
			printf("# more than %u\n", LIMIT(worst.p.len));
			ok = false;
		}
		if (dir)
			leave(&worst.p, dir, older ? "stack" : "alone", len);
	}
	printf("%sok 1 worst\n", ok ? "" : "not ");
	return !ok;
}

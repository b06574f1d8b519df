// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the probe, and so of the two things that an architecture gives
 * it: a flush that reaches this CPU's translations, and an accessed flag.
 */

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>

#include "../classifier.h"
#include "kunit_prog.h"

#define TRIES	100

/* Keep the calling thread on @cpu; false where the probe cannot work. */
static bool probe_on(unsigned int cpu)
{
	bool usable;

	if (set_cpus_allowed_ptr(current, cpumask_of(cpu)))
		return false;
	preempt_disable();
	usable = arch_seccomp_probe_usable();
	preempt_enable();
	return usable;
}

/* The flag stays down when the page is left alone, and rises when touched. */
static void seccomp_probe_test_flag(struct kunit *test)
{
	unsigned int cpu, cpus = 0, i;
	const char *fault;

	for_each_online_cpu(cpu) {
		if (!probe_on(cpu))
			continue;
		cpus++;
		fault = NULL;
		for (i = 0; i < TRIES && !fault; i++)
			fault = seccomp_probe_fault();
		KUNIT_EXPECT_NULL_MSG(test, fault, "CPU %u: %s", cpu, fault);
	}
	if (!cpus)
		kunit_skip(test, "no CPU sets the accessed flag");
}

/* Without the flush the page's cached translation hides an access. */
static void seccomp_probe_test_no_flush(struct kunit *test)
{
	const char *fault = NULL;
	unsigned int i;

	if (!probe_on(raw_smp_processor_id()))
		kunit_skip(test, "this CPU does not set the accessed flag");

	seccomp_probe_flushes = false;
	for (i = 0; i < TRIES && !fault; i++)
		fault = seccomp_probe_fault();
	seccomp_probe_flushes = true;

	KUNIT_EXPECT_STREQ(test, fault ?: "", "accessed flag does not follow an access");
}

static struct bpf_prog *small_program(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(2), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE(3), 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return kunit_prog(test, insns, ARRAY_SIZE(insns));
}

static struct seccomp_results *classify(struct kunit *test,
					const struct seccomp_classifier *classifier,
					const struct bpf_prog *prog)
{
	struct seccomp_results *results = seccomp_results_alloc();

	KUNIT_ASSERT_NOT_NULL(test, results);
	KUNIT_EXPECT_EQ(test, classifier->classify(prog, false, results), 0);
	return results;
}

static bool is_constant(const struct seccomp_results *results, unsigned int row)
{
	u8 id = seccomp_results_row(results, row);

	return results->outcome[id].kind == SECCOMP_CONSTANT;
}

/* Returns how many rows are constant. */
static unsigned int constants(const struct seccomp_results *results)
{
	unsigned int row, n = 0;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++)
		n += is_constant(results, row);
	return n;
}

static void seccomp_probe_test_agrees(struct kunit *test)
{
	struct seccomp_results *symbolic, *probe;
	unsigned int known, row;
	struct bpf_prog *prog;

	if (!probe_on(raw_smp_processor_id()))
		kunit_skip(test, "this CPU does not set the accessed flag");

	prog = small_program(test);
	symbolic = classify(test, &seccomp_symbolic, prog);
	probe = classify(test, &seccomp_probe, prog);
	known = constants(symbolic);
	row = seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(0));

	/* All but number 3 of each ABI; an access by somebody may cost some. */
	KUNIT_EXPECT_GT(test, constants(probe), known / 2);
	KUNIT_EXPECT_LE(test, constants(probe), known);
	KUNIT_EXPECT_TRUE(test, is_constant(symbolic, row + 2));
	/* Before they are intersected, which would hide it. */
	KUNIT_EXPECT_FALSE(test, is_constant(probe, row + 3));
	KUNIT_EXPECT_EQ(test, seccomp_results_intersect(probe, symbolic), -1);

	kfree(probe);
	kfree(symbolic);
	bpf_prog_destroy(prog);
}

/* A flush that does nothing costs speed and no more. */
static void seccomp_probe_test_safe(struct kunit *test)
{
	struct seccomp_results *symbolic, *probe;
	struct bpf_prog *prog;

	if (!probe_on(raw_smp_processor_id()))
		kunit_skip(test, "this CPU does not set the accessed flag");

	prog = small_program(test);
	symbolic = classify(test, &seccomp_symbolic, prog);
	seccomp_probe_flushes = false;
	probe = classify(test, &seccomp_probe, prog);
	seccomp_probe_flushes = true;

	KUNIT_EXPECT_FALSE(test, is_constant(probe, seccomp_row(SECCOMP_ARCH_NATIVE, NATIVE(3))));
	KUNIT_EXPECT_EQ(test, seccomp_results_intersect(probe, symbolic), -1);

	kfree(probe);
	kfree(symbolic);
	bpf_prog_destroy(prog);
}

static struct kunit_case seccomp_probe_cases[] = {
	KUNIT_CASE(seccomp_probe_test_flag),
	KUNIT_CASE(seccomp_probe_test_no_flush),
	KUNIT_CASE(seccomp_probe_test_agrees),
	KUNIT_CASE(seccomp_probe_test_safe),
	{}
};

static struct kunit_suite seccomp_probe_suite = {
	.name = "seccomp_bitmap_probe",
	.test_cases = seccomp_probe_cases,
};

kunit_test_suite(seccomp_probe_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-accessed probe: run a filter for a system call number and watch
 * whether it looks at anything but the number and the architecture.
 *
 * The struct seccomp_data that the filter gets straddles two pages, so that nr
 * and arch end the first page and everything else is in the second. A filter
 * that leaves the second page alone cannot depend on what is there.
 *
 * This is the only file that touches page tables.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/filter.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/seccomp.h>
#include <linux/vmalloc.h>
#include <asm/tlbflush.h>

#include "classifier.h"
#include "internal.h"
#include "results.h"

/* What a filter may read without a trace: nr and arch. */
#define SECCOMP_CONSTANT_PART	offsetof(struct seccomp_data, instruction_pointer)

/* A pair of pages that only one task uses. */
struct seccomp_watch {
	void *pages;
	void *watched;			/* the second page */
	pte_t *pte;			/* its page table entry */
	struct seccomp_data *sd;	/* straddles both */
};

/* What functions on page table entries of the kernel take for a vma */
static struct vm_area_struct seccomp_watch_vma = TLB_FLUSH_VMA(&init_mm, 0);

/* For tests: leave out the flush, as a port that has got it wrong would. */
#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
bool seccomp_probe_flushes = true;
#else
# define seccomp_probe_flushes	true
#endif

static int seccomp_watch_pte(pte_t *pte, unsigned long addr, void *data)
{
	struct seccomp_watch *watch = data;

	watch->pte = pte;
	return 0;
}

/*
 * vmalloc() maps with single pages, whose entries stay until vfree(). It does not take
 * __GFP_NOWARN.
 */
static bool seccomp_watch_open(struct seccomp_watch *watch)
{
	watch->pte = NULL;
	watch->pages = __vmalloc(2 * PAGE_SIZE,
				 (SECCOMP_GFP_OPTIONAL & ~__GFP_NOWARN) | __GFP_ZERO);
	if (!watch->pages)
		return false;

	watch->watched = watch->pages + PAGE_SIZE;
	watch->sd = watch->watched - SECCOMP_CONSTANT_PART;

	if (!apply_to_existing_page_range(&init_mm, (unsigned long)watch->watched,
					  PAGE_SIZE, seccomp_watch_pte, watch) &&
	    watch->pte)
		return true;

	vfree(watch->pages);
	return false;
}

static void seccomp_watch_close(struct seccomp_watch *watch)
{
	vfree(watch->pages);
}

/*
 * Guarantee: until preemption is enabled again, the first access to the watched
 * page makes hardware set the accessed flag. The flag is clear in memory before
 * this CPU's cached translation goes, and a new one is only cached with the
 * flag set. Other CPUs may still hold a translation: they do not matter, since
 * the caller cannot move to one of them.
 *
 * Returns false, with nothing changed, where this CPU's hardware does not set
 * the flag but would fault.
 */
static bool seccomp_watch_arm(struct seccomp_watch *watch)
{
	unsigned long addr = (unsigned long)watch->watched;

	lockdep_assert_preemption_disabled();
	if (!arch_seccomp_probe_usable())
		return false;

	/* Atomically: hardware may be about to set the flag, or the dirty one. */
	ptep_test_and_clear_young(&seccomp_watch_vma, addr, watch->pte);
	if (seccomp_probe_flushes)
		local_flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	return true;
}

/*
 * Has the watched page been accessed since seccomp_watch_arm()? True for a
 * speculative access too, and for one by whoever else reads kernel memory.
 */
static bool seccomp_watch_touched(struct seccomp_watch *watch)
{
	/* Accesses before this call, and their page table walks, come first. */
	mb();
	return pte_young(ptep_get(watch->pte));
}

/*
 * Is the watched page untouched, and does the flag tell the truth here and now?
 * The second half makes each single result safe against a flush that did not
 * reach this CPU and against hardware that does not set the flag.
 */
static bool seccomp_watch_untouched(struct seccomp_watch *watch)
{
	if (seccomp_watch_touched(watch))
		return false;

	READ_ONCE(*(u32 *)watch->watched);
	return seccomp_watch_touched(watch);
}

/*
 * One run is one window with preemption off, as short as the filter. Returns
 * true when the result @ret depends on watch->sd->nr and ->arch alone.
 */
static bool seccomp_probe_run(struct seccomp_watch *watch,
			      const struct bpf_prog *prog, u32 *ret)
{
	bool constant;

	preempt_disable();
	constant = seccomp_watch_arm(watch);
	if (constant) {
		*ret = bpf_prog_run(prog, watch->sd);
		constant = seccomp_watch_untouched(watch);
	}
	preempt_enable();

	return constant;
}

static int seccomp_probe_abi(struct seccomp_watch *watch,
			     const struct seccomp_abi *abi,
			     const struct bpf_prog *prog,
			     struct seccomp_results *results)
{
	unsigned int nr;
	u32 ret;

	watch->sd->arch = abi->arch;
	for (nr = abi->first; nr < seccomp_abi_end(abi); nr++) {
		if (seccomp_killed())
			return -EINTR;

		watch->sd->nr = nr;
		if (seccomp_probe_run(watch, prog, &ret))
			seccomp_results_set_row(results, seccomp_row(abi->arch, nr),
						seccomp_results_id(results,
								   SECCOMP_CONSTANT,
								   ret));
	}
	return 0;
}

/* It does not see where a filter looks: there are no rests. */
static int seccomp_probe_classify(const struct bpf_prog *prog, bool rests,
				  struct seccomp_results *results)
{
	struct seccomp_watch watch;
	unsigned int i;
	int err = 0;

	if (!seccomp_watch_open(&watch))
		return -ENOMEM;

	for (i = 0; i < SECCOMP_NR_ABIS && !err; i++)
		err = seccomp_probe_abi(&watch, &seccomp_abis[i], prog, results);

	seccomp_watch_close(&watch);
	return err;
}

/*
 * The flag must stay down when the page is left alone, and rise when it is
 * touched, also right after an access that left a cached translation behind.
 */
static const char *seccomp_watch_fault(struct seccomp_watch *watch)
{
	const char *fault = NULL;

	preempt_disable();
	READ_ONCE(*(u32 *)watch->watched);
	if (!seccomp_watch_arm(watch))
		fault = "this CPU does not set the accessed flag";
	else if (seccomp_watch_touched(watch))
		fault = "accessed flag is up without an access";
	else if (!seccomp_watch_untouched(watch))
		fault = "accessed flag does not follow an access";
	preempt_enable();

	return fault;
}

/**
 * seccomp_probe_fault() - try out the probe on this CPU
 *
 * Context: process context, may sleep.
 * Return: what is wrong with it, NULL when it works.
 */
const char *seccomp_probe_fault(void)
{
	struct seccomp_watch watch;
	const char *fault;

	if (!seccomp_watch_open(&watch))
		return "no memory";

	fault = seccomp_watch_fault(&watch);
	seccomp_watch_close(&watch);
	return fault;
}

/**
 * seccomp_probe_usable() - does the probe work? Says why when it does not.
 *
 * Context: process context at boot, may sleep.
 * Return: true when the accessed flag works on this machine.
 */
bool seccomp_probe_usable(void)
{
	const char *fault = seccomp_probe_fault();

	if (fault)
		pr_warn("probe: %s\n", fault);
	return !fault;
}

const struct seccomp_classifier seccomp_probe = {
	.name = "probe",
	.usable = seccomp_probe_usable,
	.classify = seccomp_probe_classify,
};

// SPDX-License-Identifier: GPL-2.0-only
/* What one filter does with each system call number, as classifiers find it. */

#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"
#include "results.h"

/**
 * seccomp_results_alloc() - start with a filter of which nothing is known
 *
 * Context: may sleep.
 * Return: results in which all rows run the filter, to be freed with kfree(), or
 * NULL without memory.
 */
struct seccomp_results *seccomp_results_alloc(void)
{
	struct seccomp_results *results;

	results = kmalloc_obj(*results, SECCOMP_GFP_OPTIONAL);
	if (!results)
		return NULL;

	bitmap_zero(results->allow, SECCOMP_TABLE_ROWS);
	memset(results->row, SECCOMP_OUTCOME_RUN, sizeof(results->row));
	memset(results->slot, 0, sizeof(results->slot));
	results->outcome[SECCOMP_OUTCOME_ALLOW] = (struct seccomp_outcome) {
		.kind = SECCOMP_CONSTANT, .value = SECCOMP_RET_ALLOW,
	};
	results->outcome[SECCOMP_OUTCOME_RUN] = (struct seccomp_outcome) {
		.kind = SECCOMP_RUN,
	};
	results->nr_outcomes = SECCOMP_NR_FIXED_OUTCOMES;
	return results;
}

/**
 * seccomp_results_id() - number of an outcome
 * @results: results that may get another outcome
 * @kind: kind of the outcome
 * @value: its value
 *
 * A hash finds it: some filters return something else for each number.
 *
 * Context: any.
 * Return: the outcome, or %SECCOMP_OUTCOME_RUN if there are too many.
 */
u8 seccomp_results_id(struct seccomp_results *results,
		      enum seccomp_outcome_kind kind, u32 value)
{
	struct seccomp_outcome *outcome;
	unsigned int slot;

	/* Running filters drops the data of an ALLOW, and names no filter. */
	if (kind == SECCOMP_CONSTANT && seccomp_action(value) == SECCOMP_RET_ALLOW)
		return SECCOMP_OUTCOME_ALLOW;

	slot = hash_32(value + kind, ilog2(SECCOMP_OUTCOME_SLOTS));
	while (results->slot[slot]) {
		outcome = &results->outcome[results->slot[slot]];
		if (outcome->kind == kind && outcome->value == value)
			return results->slot[slot];
		slot = (slot + 1) % SECCOMP_OUTCOME_SLOTS;
	}

	if (results->nr_outcomes == SECCOMP_MAX_CLASSES)
		return SECCOMP_OUTCOME_RUN;

	outcome = &results->outcome[results->nr_outcomes];
	outcome->kind = kind;
	outcome->value = value;
	results->slot[slot] = results->nr_outcomes;
	return results->nr_outcomes++;
}

/**
 * seccomp_results_set_row() - set the outcome of a row
 * @results: results to change
 * @row: the row
 * @id: the outcome
 *
 * Context: any.
 */
void seccomp_results_set_row(struct seccomp_results *results, unsigned int row,
			     u8 id)
{
	__assign_bit(row, results->allow, id == SECCOMP_OUTCOME_ALLOW);
	results->row[row] = id;
}

/* Where the kinds of packed outcomes are; the runs are behind them. */
static u8 *own_kinds(const struct seccomp_own *own)
{
	return (u8 *)&own->value[own->nr_outcomes];
}

static size_t own_size(unsigned int nr_outcomes, unsigned int nr_runs)
{
	return sizeof(struct seccomp_own) + nr_outcomes * (sizeof(u32) + 1) +
	       nr_runs * 2;
}

/* The end of the rows that have the outcome of @row. */
static unsigned int results_run(const struct seccomp_results *results,
				unsigned int row)
{
	const u8 *id = &results->row[row], *other;
	unsigned int end = min_t(unsigned int, row + 256, SECCOMP_TABLE_ROWS);
	bool allowed = test_bit(row, results->allow);

	/* To look for the end of many short runs would take longer than to compile. */
	if (row + 1 < end && test_bit(row + 1, results->allow) != allowed)
		return row + 1;
	if (allowed)
		return find_next_zero_bit(results->allow, end, row);
	if (row + 1 < end && id[1] != *id)
		return row + 1;
	end = find_next_bit(results->allow, end, row);
	other = memchr_inv(id, *id, end - row);
	return other ? other - results->row : end;
}

/**
 * seccomp_results_pack() - keep results in little memory
 * @results: results
 *
 * Context: process context, may sleep.
 * Return: the results, to be freed with kfree(), or NULL without memory.
 */
struct seccomp_own *seccomp_results_pack(const struct seccomp_results *results)
{
	struct seccomp_own *most, *own;
	unsigned int i, end;
	u8 *kind, *run;

	most = kmalloc(own_size(results->nr_outcomes, SECCOMP_TABLE_ROWS),
		       SECCOMP_GFP_OPTIONAL);
	if (!most)
		return NULL;

	most->nr_outcomes = results->nr_outcomes;
	kind = own_kinds(most);
	for (i = 0; i < results->nr_outcomes; i++) {
		most->value[i] = results->outcome[i].value;
		*kind++ = results->outcome[i].kind;
	}
	run = kind;
	for (i = 0; i < SECCOMP_TABLE_ROWS; i = end) {
		end = results_run(results, i);
		*run++ = end - i - 1;
		*run++ = seccomp_results_row(results, i);
	}
	most->nr_runs = (run - kind) / 2;

	own = kmemdup(most, own_size(most->nr_outcomes, most->nr_runs),
		      SECCOMP_GFP_OPTIONAL | __GFP_ACCOUNT);
	kfree(most);
	return own;
}

/**
 * seccomp_results_unpack() - get at results again
 * @own: what seccomp_results_pack() has made, or NULL if nothing is known
 *
 * Context: process context, may sleep.
 * Return: results that cannot get more outcomes, to be freed with kfree(), or NULL
 * without memory.
 */
struct seccomp_results *seccomp_results_unpack(const struct seccomp_own *own)
{
	struct seccomp_results *results;
	const u8 *kind, *run, *end;
	unsigned int i, row = 0;

	if (!own)
		return seccomp_results_alloc();
	results = kmalloc_obj(*results, SECCOMP_GFP_OPTIONAL);
	if (!results)
		return NULL;

	results->nr_outcomes = own->nr_outcomes;
	kind = own_kinds(own);
	for (i = 0; i < own->nr_outcomes; i++)
		results->outcome[i] = (struct seccomp_outcome) {
			.value = own->value[i], .kind = *kind++,
		};
	bitmap_zero(results->allow, SECCOMP_TABLE_ROWS);
	end = kind + own->nr_runs * 2;
	for (run = kind; run < end; run += 2, row += i) {
		i = run[0] + 1;
		if (run[1] == SECCOMP_OUTCOME_ALLOW)
			bitmap_set(results->allow, row, i);
		if (i == 1)
			results->row[row] = run[1];
		else
			memset(&results->row[row], run[1], i);
	}
	return results;
}

static bool results_constant(const struct seccomp_results *results, u8 id)
{
	return results->outcome[id].kind == SECCOMP_CONSTANT;
}

/**
 * seccomp_results_intersect() - keep what two classifiers agree on
 * @results: results to change
 * @other: what the other one has found about the same filter
 *
 * A row that only one of them calls constant runs the filter.
 *
 * Context: any.
 * Return: the first row for which both have a constant, but not the same one, or
 * -1 when there is none.
 */
int seccomp_results_intersect(struct seccomp_results *results,
			      const struct seccomp_results *other)
{
	unsigned int row;
	int differ = -1;
	u8 mine, theirs;

	for (row = 0; row < SECCOMP_TABLE_ROWS; row++) {
		mine = seccomp_results_row(results, row);
		theirs = seccomp_results_row(other, row);
		if (!results_constant(results, mine))
			continue;
		if (!results_constant(other, theirs)) {
			seccomp_results_set_row(results, row, SECCOMP_OUTCOME_RUN);
			continue;
		}
		if (results->outcome[mine].value == other->outcome[theirs].value)
			continue;
		seccomp_results_set_row(results, row, SECCOMP_OUTCOME_RUN);
		if (differ < 0)
			differ = row;
	}
	return differ;
}

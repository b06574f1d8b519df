// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stdio.h>
#include "actions.h"
#include "compare.h"
#include "coverage.h"
#include "report.h"
#include "trouble.h"

/* Two results of one call, and arguments that lead to them. */
struct pair {
	bool any;
	uint32_t old, new;
	uint32_t words[WAYS_WORDS];
};

/**
 * struct difference - of one call
 * @first: the first pair of results
 * @looser: results of which the new one is less strict
 * @stricter: results of which it is stricter
 * @other: results with the same action, but other data
 * @several: is there more than one pair?
 * @unsure: are there results that are not known?
 */
struct difference {
	unsigned int old_depth, new_depth;
	struct pair first, looser, stricter, other;
	bool old_varies, new_varies, unsure;
};

enum { LOOSER, STRICTER, OTHER, NR_KINDS };

static void note(struct pair *pair, const struct way *way, uint32_t old, uint32_t new)
{
	if (pair->any)
		return;
	*pair = (struct pair) { .any = true, .old = old, .new = new };
	memcpy(pair->words, way->words, sizeof(pair->words));
}

static bool see(const struct way *way, void *data)
{
	struct difference *d = data;
	unsigned int place;
	uint32_t old = ways_result(way->ret, d->old_depth, &place);
	uint32_t new = ways_result(way->ret + d->old_depth, d->new_depth, &place);

	d->unsure |= !way->exact;
	note(&d->first, way, old, new);
	d->old_varies |= old != d->first.old;
	d->new_varies |= new != d->first.new;
	if (ways_stricter(old, new))
		note(&d->looser, way, old, new);
	else if (ways_stricter(new, old))
		note(&d->stricter, way, old, new);
	else if (old != new)
		note(&d->other, way, old, new);
	return true;
}

static void print_arguments(const struct abi *abi, const uint32_t *words)
{
	unsigned int high = abi_big_endian(abi) ? 0 : 1, last = 6;
	unsigned long long arg;

	while (last && !words[2 + 2 * last] && !words[3 + 2 * last])
		last--;
	printf("(");
	for (unsigned int i = 0; i < last; i++) {
		arg = (unsigned long long)words[4 + 2 * i + high] << 32 | words[4 + 2 * i + !high];
		printf(arg > 9 ? "%s%#llx" : "%s%llu", i ? ", " : "", arg);
	}
	printf(")");
}

static void print_pair(const struct abi *abi, const char *name, const struct pair *pair,
		       const char *what, bool varies)
{
	printf("%s %-20s %s: ", abi->name, name, what);
	report_action(stdout, pair->old);
	printf(" -> ");
	report_action(stdout, pair->new);
	if (varies) {
		printf(" for %s", name);
		print_arguments(abi, pair->words);
	}
	printf("\n");
}

static const char *permits(uint32_t ret)
{
	return action_kind(ret) < 2 ? "allowed" : "denied";
}

static void print(const struct abi *abi, const char *name, const struct difference *d)
{
	const bool varies = d->old_varies || d->new_varies;

	if (d->looser.any)
		print_pair(abi, name, &d->looser, varies ? "may do more" :
			   action_kind(d->looser.new) < 2 ? "is now allowed" : "is less strict",
			   varies);
	if (d->stricter.any)
		print_pair(abi, name, &d->stricter, varies ? "may do less" :
			   action_kind(d->stricter.old) < 2 ? "is now denied" : "is stricter",
			   varies);
	if (d->other.any && !d->looser.any && !d->stricter.any)
		print_pair(abi, name, &d->other, "says something else", varies);
	if (!d->old_varies && d->new_varies)
		printf("%s %-20s its arguments are checked now; it was %s\n", abi->name, name,
		       permits(d->first.old));
	if (d->old_varies && !d->new_varies)
		printf("%s %-20s its arguments are not checked any more; it is %s\n", abi->name,
		       name, permits(d->first.new));
	if (d->unsure)
		printf("%s %-20s cannot be told for sure: a filter calculates with arguments\n",
		       abi->name, name);
}

/* All calls, and one behind the table for those that are newer. */
static void print_verdict(const struct abi *abi, const struct subject *old,
			  const struct subject *new, const unsigned int *nr, unsigned int unsure)
{
	printf("%s: %s ", abi->name, new->name);
	if (nr[LOOSER])
		printf("may do more than %s in %u calls", old->name, nr[LOOSER]);
	else if (nr[STRICTER] || nr[OTHER])
		printf("may do nothing that %s may not", old->name);
	else
		printf("does what %s does", old->name);
	if (nr[STRICTER])
		printf("; less in %u", nr[STRICTER]);
	if (nr[OTHER])
		printf("; says something else in %u", nr[OTHER]);
	if (unsure)
		printf("; %u cannot be told for sure", unsure);
	printf("\n");
}

bool compare(const struct subject *old, const struct subject *new, const struct abi *abi,
	     unsigned int kernel, bool quiet)
{
	const struct program *programs[WAYS_LAYERS];
	unsigned int nr[NR_KINDS] = { 0 }, unsure = 0, old_depth, new_depth;

	if (old->report || new->report)
		fail("a kernel's report does not tell of arguments; give the filters");
	if (old->depth + new->depth > WAYS_LAYERS)
		fail("more than %d filters", WAYS_LAYERS);
	old_depth = subject_programs(old, programs);
	new_depth = subject_programs(new, programs + old_depth);

	for (unsigned int i = 0; i <= abi_size(abi, kernel); i++) {
		struct difference d = { .old_depth = old_depth, .new_depth = new_depth };
		bool newer = i == abi_size(abi, kernel);
		/* The last one stands for all that are not in the table yet */
		uint32_t number = newer ? abi->first + 999 : abi->first + i;
		const char *name = newer ? "(newer calls)" : call_name(abi, kernel, number);

		if (!name || call_is_exempt(abi, name))
			continue;
		d.unsure |= !ways_follow(programs, old_depth + new_depth, abi->arch, number, see,
					 &d);
		nr[LOOSER] += d.looser.any;
		nr[STRICTER] += d.stricter.any && !d.looser.any;
		nr[OTHER] += d.other.any && !d.looser.any && !d.stricter.any;
		unsure += d.unsure;
		if (!quiet)
			print(abi, name, &d);
	}
	print_verdict(abi, old, new, nr, unsure);
	return nr[LOOSER] || unsure;
}

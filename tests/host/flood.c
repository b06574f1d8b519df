// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash flooding: texts that are chosen so that all of them end up in one chain of the
 * hash table of programs, or all tables of stacks in one of theirs, by somebody who
 * knows everything but the key.
 */
#include <linux/siphash.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "classify.h"
#include "flood.h"
#include "../../kernel/seccomp/program.h"

#define OBJECTS		3000

/*
 * A chain of 3000 random hashes with at least as many buckets as rhashtable has for
 * them is longer than this once in 3000 keys.
 */
#define LONGEST		8

/* Low bits of a hash that the attacker chooses. */
#define CHOSEN		0xff

static const hsiphash_key_t real_key = { { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } };
static const hsiphash_key_t guessed_key = { { 0x5ec0bea75ec0bea7, 1 } };

static u32 hash[OBJECTS];
static unsigned int nr;

/* Is it the kernel's hash? Of 0 to 3 bytes, from its own tests. */
static bool hash_is_genuine(void)
{
	static const u32 expected[] = { 0x050fc4dc, 0x7d57ca93, 0x4dc7d44d, 0xe7ddf7fb };
	static const u8 in[] = { 0, 1, 2 };
	bool ok = true;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		ok &= hsiphash(in, i, &real_key) == expected[i];
	return ok;
}

/* rhashtable doubles what is full to three quarters, and takes the low bits. */
static unsigned int longest_chain(void)
{
	const unsigned int buckets = roundup_pow_of_two(nr + nr / 3 + 1);
	unsigned int *length = calloc(buckets, sizeof(*length)), longest = 0, i;

	for (i = 0; length && i < nr; i++)
		longest = max(longest, ++length[hash[i] % buckets]);
	free(length);
	return longest;
}

static bool short_chains(const char *what)
{
	const unsigned int longest = longest_chain();

	printf("# %s: %u objects, longest chain %u\n", what, nr, longest);
	return nr && longest <= LONGEST;
}

static void set_key(const hsiphash_key_t *key)
{
	memcpy(shim_random, key, sizeof(*key));
}

/* --- Texts ---------------------------------------------------------------- */

/* A filter with room for a number that makes no difference. */
static void make_text(struct program *p, uint32_t number)
{
	*p = (struct program) { .len = 2, .insn = {
		BPF_STMT(BPF_LD | BPF_IMM, number),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	} };
}

/* All that programs must have in common, of which an attacker knows what it is. */
static struct seccomp_program_key known_key(const struct program *p)
{
	struct seccomp_program_key key;
	struct seccomp_filter filter;

	filter_prepare(&filter, p->insn, p->len, false);
	key = filter.bitmap.program->key;
	filter_free(&filter);
	return key;
}

static u32 guessed_hash(const struct program *p, struct seccomp_program_key *key)
{
	key->text = hsiphash(p->insn, p->len * sizeof(p->insn[0]), &guessed_key);
	return hsiphash(key, sizeof(*key), &guessed_key);
}

/* What the core makes of a text; the attacker does not see that. */
static void attach_text(const struct program *p)
{
	struct seccomp_filter filter;

	filter_prepare(&filter, p->insn, p->len, false);
	hash[nr++] = filter.bitmap.program->shared.hash;
	filter_free(&filter);
}

/* Texts whose hashes agree in their low bits, if the key is the guessed one. */
static void attach_chosen_texts(void)
{
	static struct program p;
	struct seccomp_program_key key;
	uint32_t number = 0;

	make_text(&p, 0);
	key = known_key(&p);
	for (nr = 0; nr < OBJECTS;) {
		make_text(&p, number++);
		if (!(guessed_hash(&p, &key) & CHOSEN))
			attach_text(&p);
	}
}

/* Texts that differ in a bit, in their length, or in a number that is counted. */
static void attach_alike_texts(void)
{
	static struct program p;

	for (nr = 0; nr < 2 * OBJECTS / 3;) {
		make_text(&p, nr % 2 ? nr : nr << 16);
		attach_text(&p);
	}
	p.len = 0;
	while (nr < OBJECTS) {
		p.insn[p.len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, 0);
		p.insn[p.len] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							      SECCOMP_RET_ALLOW);
		p.len++;
		attach_text(&p);
		p.len--;
	}
}

/* --- Stacks --------------------------------------------------------------- */

/* All stacks of two filters that are 1 to 10 deep: a tree. */
static void attach_stacks(void)
{
	static struct seccomp_filter filter[2046];
	static struct program p[2];
	unsigned int i;

	make_text(&p[0], 0);
	make_text(&p[1], 1);
	for (nr = 0, i = 0; i < ARRAY_SIZE(filter); i++) {
		filter_prepare(&filter[i], p[i % 2].insn, p[i % 2].len, false);
		filter_freeze(&filter[i], i < 2 ? NULL : &filter[i / 2 - 1]);
		hash[nr++] = filter[i].bitmap.table->shared.hash;
	}
	while (i--)
		filter_free(&filter[i]);
}

bool test_flooding(const struct test *test, uint64_t seed)
{
	bool ok = hash_is_genuine();

	filters_share = true;
	set_key(&guessed_key);
	attach_chosen_texts();
	/* Who knows the key can do it: this is no matter of luck. */
	ok &= longest_chain() > 10 * LONGEST;
	set_key(&real_key);
	attach_chosen_texts();
	ok &= short_chains("texts chosen for another key");
	attach_alike_texts();
	ok &= short_chains("texts that are almost the same");
	attach_stacks();
	return short_chains("stacks of two texts") && ok;
}

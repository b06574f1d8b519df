/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's C files under test use of the kernel, for a program. */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/audit.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __s32 s32;
typedef __u64 u64;

#define U8_MAX			UINT8_MAX
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(bad)	static_assert(!(bad), #bad)
#define sizeof_field(t, f)	sizeof(((t) { }).f)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(t, a, b)		((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define max_t(t, a, b)		((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

static inline unsigned int array_index_nospec(unsigned int i, unsigned int size)
{
	return i;
}

/* --- Tasks: set to n, the nth question from now finds the task killed --- */

extern unsigned int shim_killed_nth;

#define current			NULL
#define cond_resched()		((void)0)

static inline bool fatal_signal_pending(void *task)
{
	return shim_killed_nth && !--shim_killed_nth;
}

/* --- Memory: set to n, the nth allocation from now fails --- */

extern unsigned int shim_fail_nth;

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define __GFP_NOWARN		0

static inline bool shim_fails(void)
{
	return shim_fail_nth && !--shim_fail_nth;
}

#define array_size(n, size)	((size_t)(n) * (size))

static inline void *kvmalloc(size_t size, int gfp)
{
	return shim_fails() ? NULL : malloc(size);
}

static inline void *kvzalloc(size_t size, int gfp)
{
	return shim_fails() ? NULL : calloc(1, size);
}

#define kzalloc(size, gfp)		kvzalloc(size, gfp)
#define kcalloc(n, size, gfp)		kvzalloc(array_size(n, size), gfp)
#define kvcalloc(n, size, gfp)		kvzalloc(array_size(n, size), gfp)
#define kvmalloc_array(n, size, gfp)	kvmalloc(array_size(n, size), gfp)
#define kfree(p)			free(p)
#define kvfree(p)			free(p)

#define refcount_t			unsigned int
#define refcount_set(refs, n)		((void)(*(refs) = (n)))
#define refcount_inc(refs)		((void)++*(refs))
#define refcount_dec_and_test(refs)	(!--*(refs))

static inline const void *memchr_inv(const void *p, int c, size_t size)
{
	for (const char *at = p; size--; at++)
		if (*at != (char)c)
			return at;
	return NULL;
}

/* --- Bits --- */

#define BITS_PER_LONG		__LONG_WIDTH__
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BIT(n)			(1UL << (n))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]
#define __ffs(word)		((unsigned int)__builtin_ctzl(word))

static inline bool test_bit(unsigned int n, const unsigned long *map)
{
	return map[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned int n, unsigned long *map)
{
	map[n / BITS_PER_LONG] |= BIT(n % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned int n, unsigned long *map)
{
	map[n / BITS_PER_LONG] &= ~BIT(n % BITS_PER_LONG);
}

static inline bool __test_and_set_bit(unsigned int n, unsigned long *map)
{
	bool was = test_bit(n, map);

	__set_bit(n, map);
	return was;
}

static inline bool __test_and_clear_bit(unsigned int n, unsigned long *map)
{
	bool was = test_bit(n, map);

	__clear_bit(n, map);
	return was;
}

/* Bitmaps of whole words: all in use are. */
static inline void bitmap_zero(unsigned long *to, unsigned int n)
{
	memset(to, 0, BITS_TO_LONGS(n) * sizeof(*to));
}

static inline void bitmap_fill(unsigned long *to, unsigned int n)
{
	memset(to, 0xff, BITS_TO_LONGS(n) * sizeof(*to));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from,
			       unsigned int n)
{
	memcpy(to, from, BITS_TO_LONGS(n) * sizeof(*to));
}

static inline void bitmap_or(unsigned long *to, const unsigned long *a,
			     const unsigned long *b, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = a[i] | b[i];
}

static inline bool bitmap_and(unsigned long *to, const unsigned long *a,
			      const unsigned long *b, unsigned int n)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		any |= to[i] = a[i] & b[i];
	return any;
}

static inline bool bitmap_andnot(unsigned long *to, const unsigned long *a,
				 const unsigned long *b, unsigned int n)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		any |= to[i] = a[i] & ~b[i];
	return any;
}

static inline bool bitmap_intersects(const unsigned long *a,
				     const unsigned long *b, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		if (a[i] & b[i])
			return true;
	return false;
}

static inline bool bitmap_subset(const unsigned long *a,
				 const unsigned long *b, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		if (a[i] & ~b[i])
			return false;
	return true;
}

static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b,
				unsigned int n)
{
	return !memcmp(a, b, BITS_TO_LONGS(n) * sizeof(*a));
}

static inline unsigned int find_next_bit(const unsigned long *map,
					 unsigned int n, unsigned int from)
{
	unsigned int i = from / BITS_PER_LONG;
	unsigned long word;

	if (from >= n)
		return n;
	word = map[i] & ~0UL << from % BITS_PER_LONG;
	while (!word && ++i < BITS_TO_LONGS(n))
		word = map[i];
	if (!word)
		return n;
	return min_t(unsigned int, n, i * BITS_PER_LONG + __ffs(word));
}

#define find_first_bit(map, n)	find_next_bit(map, n, 0)
#define for_each_set_bit(bit, map, n) \
	for ((bit) = find_first_bit(map, n); (bit) < (n); \
	     (bit) = find_next_bit(map, n, (bit) + 1))

static inline bool bitmap_empty(const unsigned long *map, unsigned int n)
{
	return find_first_bit(map, n) >= n;
}

static inline bool bitmap_full(const unsigned long *map, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		if (~map[i])
			return false;
	return true;
}

static inline unsigned int bitmap_weight(const unsigned long *map,
					 unsigned int n)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		weight += __builtin_popcountl(map[i]);
	return weight;
}

static inline void bitmap_set(unsigned long *map, unsigned int start,
			      unsigned int n)
{
	unsigned int part;

	for (; n; start += part, n -= part) {
		part = min_t(unsigned int, n, BITS_PER_LONG - start % BITS_PER_LONG);
		map[BIT_WORD(start)] |= ~0UL >> (BITS_PER_LONG - part) <<
					start % BITS_PER_LONG;
	}
}

#endif

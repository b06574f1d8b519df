/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's C files under test use of the kernel, for a program. */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/audit.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __s16 s16;
typedef __u32 u32;
typedef __s32 s32;
typedef __u64 u64;
typedef unsigned int gfp_t;

#define U8_MAX			UINT8_MAX
#define U16_MAX			UINT16_MAX
#define U32_MAX			UINT32_MAX
/* By gcc's <limits.h> one gets at kernel/seccomp/limits.h */
#define UINT_MAX		(~0U)
#define INT_MAX			((int)(UINT_MAX >> 1))
#define INT_MIN			(-INT_MAX - 1)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(bad)	static_assert(!(bad), #bad)
#define sizeof_field(t, f)	sizeof(((t) { }).f)
#define struct_size_t(t, f, n)	(sizeof(t) + (n) * sizeof(*((t) { }).f))
#define min(a, b) \
	({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) \
	({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define ALIGN(n, to)		(((n) + (to) - 1) & ~((typeof(n))(to) - 1))
#define container_of(p, type, f)	((type *)((char *)(p) - offsetof(type, f)))
#define max_t(t, a, b)	((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define swap(a, b)			\
	do { typeof(a) tmp_ = (a); (a) = (b); (b) = tmp_; } while (0)
#define OPTIMIZER_HIDE_VAR(v)	__asm__("" : "+r" (v))
#define __uninitialized
#define is_power_of_2(n)	((n) && !((n) & ((n) - 1)))
#define noinline		__attribute__((noinline))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define __aligned(n)		__attribute__((aligned(n)))

static inline unsigned int array_index_nospec(unsigned int i, unsigned int size)
{
	return i;
}

static inline unsigned long array_index_mask_nospec(unsigned long i, unsigned long size)
{
	return i < size ? ~0UL : 0;
}

/* --- Tasks: set to n, the nth question from now finds the task killed --- */

extern unsigned int shim_killed_nth;

#define current			NULL
#define cond_resched()		((void)0)

static inline bool fatal_signal_pending(void *task)
{
	return shim_killed_nth && !--shim_killed_nth;
}

/*
 * --- Memory: set to n, the nth allocation from now that may fail does, and so do
 * some of those that come after it. Others are as on the stock kernel ---
 */

extern unsigned int shim_fail_nth, shim_fail_more;

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define __GFP_NOWARN		0
#define __GFP_NORETRY		1
#define __GFP_ACCOUNT		0

static inline bool shim_fails(void)
{
	if (!shim_fail_nth || --shim_fail_nth)
		return false;
	if (shim_fail_more) {
		shim_fail_more--;
		shim_fail_nth = 1;
	}
	return true;
}

#define array_size(n, size)	((size_t)(n) * (size))

static inline void *kvmalloc(size_t size, int gfp)
{
	return gfp & __GFP_NORETRY && shim_fails() ? NULL : malloc(size);
}

static inline void *kvzalloc(size_t size, int gfp)
{
	return gfp & __GFP_NORETRY && shim_fails() ? NULL : calloc(1, size);
}

static inline void *kmemdup(const void *from, size_t size, int gfp)
{
	void *to = kvmalloc(size, gfp);

	return to ? memcpy(to, from, size) : NULL;
}

#define kmalloc(size, gfp)		kvmalloc(size, gfp)
#define kzalloc(size, gfp)		kvzalloc(size, gfp)
#define kvmalloc_array(n, size, gfp)	kvmalloc(array_size(n, size), gfp)
#define kmalloc_array(n, size, gfp)	kvmalloc(array_size(n, size), gfp)
#define kfree(p)			free(p)
#define kvfree(p)			free((void *)(p))

#define MAX_ERRNO			4095
#define ERR_PTR(err)			((void *)(long)(err))
#define PTR_ERR(p)			((long)(p))
#define IS_ERR(p)			((unsigned long)(p) >= -(unsigned long)MAX_ERRNO)
#define ERR_CAST(p)			((void *)(p))

#define refcount_t			unsigned int
#define refcount_read(refs)		(*(refs))
#define refcount_inc_not_zero(refs)	(*(refs) && ++*(refs))
#define REFCOUNT_INIT(n)		(n)
#define refcount_set(refs, n)		((void)(*(refs) = (n)))
#define refcount_inc(refs)		((void)++*(refs))
#define refcount_dec_and_test(refs)	(!--*(refs))

#define READ_ONCE(x)			(x)
#define atomic_read(counter)		(*(counter))
#define atomic64_t			u64
#define atomic64_inc_return(counter)	(++*(counter))

/* --- RCU: a grace period is over at once --- */

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *rcu);
};

#define rcu_read_lock()			((void)0)
#define rcu_read_unlock()		((void)0)
#define kfree_rcu(p, field)		free(p)
#define lockdep_assert_irqs_enabled()	((void)0)

/* --- What is done at boot: before main() --- */

#define __init
#define __ro_after_init
#define __read_mostly
/* The same in each run, until a test says otherwise. */
extern u64 shim_random[2];
#define get_random_once(to, size)	memcpy(to, shim_random, size)
#define core_initcall(fn) \
	static void __attribute__((constructor)) shim_##fn(void) { fn(); }
#define MODULE_PARM_DESC(name, text)
#define module_param_named(name, var, type, mode)
#define module_param_cb(name, ops, arg, mode) \
	static const struct kernel_param_ops *shim_param_##name \
		__attribute__((used)) = (ops)

struct kernel_param;

struct kernel_param_ops {
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
};

#define capable(cap)		true
#define sysfs_streq(a, b)	(!strcmp(a, b))
#define sysfs_emit(to, ...)	sprintf(to, __VA_ARGS__)
#define pr_info(...)		((void)0)

#define IS_ENABLED(CONFIG_option)	CONFIG_option

/* There is always room. */
#define scnprintf(to, size, ...)	snprintf(to, size, __VA_ARGS__)

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n > 1 ? 1UL << (64 - __builtin_clzl(n - 1)) : 1;
}

/* --- Bits --- */

#define BITS_PER_LONG		__LONG_WIDTH__
#define BITS_PER_TYPE(type)	(8 * sizeof(type))
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BIT(n)			(1UL << (n))
#define BIT_MASK(n)		(1UL << (n) % BITS_PER_LONG)
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define GENMASK(h, l)		(~0UL << (l) & ~0UL >> (BITS_PER_LONG - 1 - (h)))
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]
#define __ffs(word)		((unsigned int)__builtin_ctzl(word))

static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

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

static inline void __assign_bit(unsigned int n, unsigned long *map, bool value)
{
	if (value)
		__set_bit(n, map);
	else
		__clear_bit(n, map);
}

#define ilog2(n)		(31 - __builtin_clz(n))

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * 0x61c88647 >> (32 - bits);
}

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return value * 0x61c8864680b583eb >> (64 - bits);
}

/* Bitmaps of whole words: all in use are. */
static inline void bitmap_zero(unsigned long *to, unsigned int n)
{
	memset(to, 0, BITS_TO_LONGS(n) * sizeof(*to));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from,
			       unsigned int n)
{
	memcpy(to, from, BITS_TO_LONGS(n) * sizeof(*to));
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

#define BITMAP_FIRST_WORD_MASK(first)	(~0UL << (first) % BITS_PER_LONG)
#define BITMAP_LAST_WORD_MASK(n)	(~0UL >> -(n) % BITS_PER_LONG)

#define hweight_long(word)	__builtin_popcountl(word)

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

/* By words, as in the kernel: what is counted must not be dearer here. */
static inline unsigned long shim_find_next(const unsigned long *bitmap, unsigned long size,
					   unsigned long bit, unsigned long invert)
{
	unsigned long word;

	while (bit < size) {
		word = (bitmap[BIT_WORD(bit)] ^ invert) & BITMAP_FIRST_WORD_MASK(bit);
		if (word)
			return min(BIT_WORD(bit) * BITS_PER_LONG + __ffs(word), size);
		bit = (BIT_WORD(bit) + 1) * BITS_PER_LONG;
	}
	return size;
}

static inline unsigned long find_next_bit(const unsigned long *bitmap,
					  unsigned long size, unsigned long bit)
{
	return shim_find_next(bitmap, size, bit, 0);
}

static inline unsigned long find_next_zero_bit(const unsigned long *bitmap,
					       unsigned long size, unsigned long bit)
{
	return shim_find_next(bitmap, size, bit, ~0UL);
}

/* The first byte that is not @c. */
static inline void *memchr_inv(const void *p, int c, size_t size)
{
	for (const u8 *byte = p; size--; byte++)
		if (*byte != c)
			return (void *)byte;
	return NULL;
}

#endif

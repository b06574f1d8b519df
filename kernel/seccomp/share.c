// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sharing what is equal: thousands of containers attach the same few filters.
 *
 * Programs and tables are immutable once a task can see them, so filters that
 * would have equal ones can have the same. Those in use are in a hash table, which
 * does not count as a user. A hash that agrees is only a hint: the caller has to
 * compare the full contents.
 *
 * An object whose last user is gone stays in the hash table for a moment, where
 * lookups take it for absent: its count never rises from 0 again. It is freed
 * after a grace period, since lookups look at its count under RCU. What it points
 * to is not looked at before a reference has been taken, and can go at once.
 */

#include <linux/cache.h>
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/moduleparam.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/sysfs.h>

#include "share.h"

struct rhashtable seccomp_programs;
struct rhashtable seccomp_tables;

static bool seccomp_share __ro_after_init = true;
module_param_named(share, seccomp_share, bool, 0444);
MODULE_PARM_DESC(share, "share programs and tables of equal filters");

/* What goes on in other containers is not for everybody who is root in one. */
static int seccomp_programs_get(char *buffer, const struct kernel_param *kp)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return sysfs_emit(buffer, "%d\n", atomic_read(&seccomp_programs.nelems));
}

/* The kernel's command line may name it, too. */
static int seccomp_programs_set(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static const struct kernel_param_ops seccomp_programs_ops = {
	.set = seccomp_programs_set,
	.get = seccomp_programs_get,
};

module_param_cb(programs, &seccomp_programs_ops, NULL, 0400);
MODULE_PARM_DESC(programs, "number of programs that filters share or could share");

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
/* Give everything the same hash. */
bool seccomp_share_collides;
#endif

static u32 share_hash_key(const void *key, u32 len, u32 seed)
{
	return *(const u32 *)key;
}

static u32 share_hash_object(const void *object, u32 len, u32 seed)
{
	const struct seccomp_shared *shared = object;

	return shared->hash;
}

/* 0 for an object that has the hash and is still in use. */
static int share_compare(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct seccomp_shared *shared = object;

	return shared->hash != *(const u32 *)arg->key ||
	       !refcount_read(&shared->refs);
}

static const struct rhashtable_params share_params = {
	.key_len = sizeof(u32),
	.head_offset = offsetof(struct seccomp_shared, node),
	.hashfn = share_hash_key,
	.obj_hashfn = share_hash_object,
	.obj_cmpfn = share_compare,
	.automatic_shrinking = true,
};

static int __init seccomp_share_init(void)
{
	if (!seccomp_share)
		return 0;
	seccomp_share = !rhashtable_init(&seccomp_programs, &share_params) &&
			!rhashtable_init(&seccomp_tables, &share_params);
	return 0;
}
core_initcall(seccomp_share_init);

/**
 * seccomp_share_enabled() - is anything shared?
 *
 * Context: any.
 * Return: true unless the boot parameter or a lack of memory at boot forbids it.
 */
bool seccomp_share_enabled(void)
{
	return seccomp_share;
}

/**
 * seccomp_share_hash() - hash of content
 * @data: what equal objects have in common; may come from user space
 * @len: bytes of it
 *
 * The key is secret: nobody can make texts that end up in the same chain.
 *
 * Context: process context.
 * Return: the hash.
 */
u32 seccomp_share_hash(const void *data, size_t len)
{
	static hsiphash_key_t key __read_mostly;

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
	if (seccomp_share_collides)
		return 0;
#endif
	get_random_once(&key, sizeof(key));
	return hsiphash(data, len, &key);
}

/**
 * seccomp_share_get() - find an object
 * @kind: hash table
 * @hash: hash of its content
 *
 * Context: process context.
 * Return: an object with this hash, of which the caller has a reference and has to
 * compare the content; or NULL.
 */
struct seccomp_shared *seccomp_share_get(struct rhashtable *kind, u32 hash)
{
	struct seccomp_shared *shared;

	if (!seccomp_share)
		return NULL;

	rcu_read_lock();
	shared = rhashtable_lookup(kind, &hash, share_params);
	/* Its last user may just be leaving. */
	if (shared && !refcount_inc_not_zero(&shared->refs))
		shared = NULL;
	rcu_read_unlock();
	return shared;
}

/**
 * seccomp_share_add() - let others find an object
 * @kind: hash table
 * @shared: complete object
 *
 * Context: process context.
 * Return: NULL when @shared was added, or when it cannot be, for lack of memory
 * say. Or an object with its hash that somebody else has added meanwhile; the caller has a
 * reference to that one and has to compare the content.
 */
struct seccomp_shared *seccomp_share_add(struct rhashtable *kind,
					 struct seccomp_shared *shared)
{
	struct seccomp_shared *other;

	if (!seccomp_share)
		return NULL;

	rcu_read_lock();
	do {
		other = rhashtable_lookup_get_insert_key(kind, &shared->hash,
							 &shared->node,
							 share_params);
		if (IS_ERR(other))
			other = NULL;
		/* One that has come to its end meanwhile is not found again. */
	} while (other && !refcount_inc_not_zero(&other->refs));
	rcu_read_unlock();
	return other;
}

/**
 * seccomp_share_remove() - let nobody find an object
 * @kind: hash table
 * @shared: object without users; may never have been added
 *
 * Lookups that have begun before may look at @shared until a grace period is over.
 *
 * TSYNC drops references to filters under siglock, where this must not be called
 * (up to Linux 6.2 it enables softirqs). It never drops the last one: a thread whose
 * filter is replaced had one of those that are below the new one, which hold it.
 *
 * Context: process context, interrupts enabled.
 */
void seccomp_share_remove(struct rhashtable *kind, struct seccomp_shared *shared)
{
	lockdep_assert_irqs_enabled();
	if (seccomp_share)
		rhashtable_remove_fast(kind, &shared->node, share_params);
}

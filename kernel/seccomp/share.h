/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects that filters with the same content share: see share.c. */
#ifndef _KERNEL_SECCOMP_SHARE_H
#define _KERNEL_SECCOMP_SHARE_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>

/**
 * struct seccomp_shared - what an object needs to be shared
 * @node: in the hash table of its kind
 * @hash: keyed hash of all that equal objects have in common
 * @refs: number of users. Once it is 0 it stays so.
 */
struct seccomp_shared {
	struct rhash_head node;
	u32 hash;
	refcount_t refs;
};

extern struct rhashtable seccomp_programs;
extern struct rhashtable seccomp_tables;

bool seccomp_share_enabled(void);
u32 seccomp_share_hash(const void *data, size_t len);
struct seccomp_shared *seccomp_share_get(struct rhashtable *kind, u32 hash);
struct seccomp_shared *seccomp_share_add(struct rhashtable *kind,
					 struct seccomp_shared *shared);
void seccomp_share_remove(struct rhashtable *kind, struct seccomp_shared *shared);

#ifdef CONFIG_SECCOMP_BITMAP_KUNIT_TEST
extern bool seccomp_share_collides;
#endif

#endif /* _KERNEL_SECCOMP_SHARE_H */

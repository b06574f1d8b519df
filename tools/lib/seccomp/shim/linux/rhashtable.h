/* SPDX-License-Identifier: GPL-2.0-only */
/* A hash table with a single chain. */
#ifndef SHIM_LINUX_RHASHTABLE_H
#define SHIM_LINUX_RHASHTABLE_H

#include <kernel.h>

struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable_compare_arg {
	const void *key;
};

struct rhashtable_params {
	size_t key_len;
	size_t head_offset;
	bool automatic_shrinking;
	u32 (*hashfn)(const void *key, u32 len, u32 seed);
	u32 (*obj_hashfn)(const void *object, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *object);
};

struct rhashtable {
	struct rhash_head *first;
	int nelems;
};

static inline int rhashtable_init(struct rhashtable *ht,
				  const struct rhashtable_params *params)
{
	return 0;
}

static inline void *rhashtable_lookup(struct rhashtable *ht, const void *key,
				      struct rhashtable_params params)
{
	struct rhashtable_compare_arg arg = { .key = key };
	struct rhash_head *head;
	void *object;

	for (head = ht->first; head; head = head->next) {
		object = (char *)head - params.head_offset;
		if (params.obj_hashfn(object, 0, 0) ==
		    params.hashfn(key, params.key_len, 0) &&
		    !params.obj_cmpfn(&arg, object))
			return object;
	}
	return NULL;
}

static inline void *
rhashtable_lookup_get_insert_key(struct rhashtable *ht, const void *key,
				 struct rhash_head *head,
				 struct rhashtable_params params)
{
	void *other = rhashtable_lookup(ht, key, params);

	if (!other && shim_fails())
		return ERR_PTR(-ENOMEM);
	if (!other) {
		head->next = ht->first;
		ht->first = head;
		ht->nelems++;
	}
	return other;
}

static inline int rhashtable_remove_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	for (struct rhash_head **at = &ht->first; *at; at = &(*at)->next) {
		if (*at == head) {
			*at = head->next;
			ht->nelems--;
			return 0;
		}
	}
	return -ENOENT;
}

#endif

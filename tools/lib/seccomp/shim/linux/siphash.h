/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_SIPHASH_H
#define SHIM_LINUX_SIPHASH_H

#include <kernel.h>

typedef struct { u64 key[2]; } hsiphash_key_t;

/* Does all content have the same hash? */
extern bool shim_hash_collides;

static inline u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key)
{
	u32 hash = 2166136261;

	for (size_t i = 0; !shim_hash_collides && i < len; i++)
		hash = (hash ^ ((const u8 *)data)[i]) * 16777619;
	return hash;
}

#endif

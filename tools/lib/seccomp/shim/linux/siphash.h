/* SPDX-License-Identifier: GPL-2.0-only */
/* hsiphash() as 64-bit kernels have it: SipHash-1-3, of which 32 bits are taken. */
#ifndef SHIM_LINUX_SIPHASH_H
#define SHIM_LINUX_SIPHASH_H

#include <kernel.h>

typedef struct { u64 key[2]; } hsiphash_key_t;

static inline u64 shim_rotate(u64 word, unsigned int by)
{
	return word << by | word >> (64 - by);
}

static inline void shim_sip_round(u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = shim_rotate(v[1], 13) ^ v[0];
	v[3] = shim_rotate(v[3], 16) ^ v[2];
	v[0] = shim_rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[1] = shim_rotate(v[1], 17) ^ v[2];
	v[3] = shim_rotate(v[3], 21) ^ v[0];
	v[2] = shim_rotate(v[2], 32);
}

static inline void shim_sip_word(u64 v[4], u64 word)
{
	v[3] ^= word;
	shim_sip_round(v);
	v[0] ^= word;
}

static inline u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key)
{
	u64 v[] = { 0x736f6d6570736575 ^ key->key[0], 0x646f72616e646f6d ^ key->key[1],
		    0x6c7967656e657261 ^ key->key[0], 0x7465646279746573 ^ key->key[1] };
	u64 word = 0, last = (u64)len << 56;
	size_t left = len;

	for (; left >= sizeof(word); left -= sizeof(word), data += sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		shim_sip_word(v, word);
	}
	word = 0;
	memcpy(&word, data, left);
	shim_sip_word(v, last | word);
	v[2] ^= 0xff;
	for (unsigned int i = 0; i < 3; i++)
		shim_sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif

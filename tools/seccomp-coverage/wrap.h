/* SPDX-License-Identifier: GPL-2.0-only */
/* Where profiles are in what people have at hand: configurations, reports of tools. */
#ifndef WRAP_H
#define WRAP_H

#include "json.h"

enum profile_kind { PROFILE_OCI, PROFILE_FIRECRACKER };

/**
 * struct found - a profile in a file
 * @part: what tells it from others in the file, NULL if it is the only one; allocated
 * @kind: what kind it is
 * @json: the profile
 * @owned: has @json to be freed? Otherwise it is part of the file.
 * @path: NULL, or in place of @json the file that has it
 */
struct found {
	char *part;
	enum profile_kind kind;
	struct json_object *json;
	bool owned;
	const char *path;
};

/**
 * wrap_find() - find all profiles
 * @name: of the file, for messages; if there is none, the program ends
 * @file: what is in it
 * @found: where to put an array of them, to be freed
 *
 * Return: their number.
 */
unsigned int wrap_find(const char *name, struct json_object *file, struct found **found);

#endif

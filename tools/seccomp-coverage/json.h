/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON as strict as the runtimes' readers are; what is wrong ends the program. */
#ifndef JSON_H
#define JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* @name is that of the file, for messages. To be put with json_object_put(). */
struct json_object *json_read(const char *name, const char *text);

/* The member of that name, NULL when it is missing or null. */
struct json_object *json_member(const char *name, struct json_object *in, const char *key,
				enum json_type type);
/* The same, if it is there and of that type; whatever @in is. */
struct json_object *json_maybe(struct json_object *in, const char *key, enum json_type type);

/* A string that must be there; one that may be missing. */
const char *json_text(const char *name, struct json_object *in, const char *key);
const char *json_maybe_text(struct json_object *in, const char *key);

uint64_t json_number(const char *name, struct json_object *in, const char *key,
		     uint64_t missing, uint64_t max);

/* The number of elements; a list that is missing has none. */
size_t json_length(struct json_object *list);
struct json_object *json_element(const char *name, struct json_object *list, size_t i,
				 const char *key, enum json_type type);
const char *json_element_text(const char *name, struct json_object *list, size_t i,
			      const char *key);

/* For messages: the beginning of a value. */
const char *json_show(struct json_object *value);

#endif

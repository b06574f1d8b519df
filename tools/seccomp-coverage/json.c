// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include "json.h"
#include "trouble.h"

static unsigned int line_of(const char *text, size_t offset)
{
	unsigned int line = 1;

	for (size_t i = 0; i < offset && text[i]; i++)
		line += text[i] == '\n';
	return line;
}

/* What people often write that is no JSON, at the place where it ends to be. */
static const char *hint(const char *at, const char *start)
{
	while (at > start && strchr(" \t\r\n/", at[-1]))
		at--;
	if (at[strspn(at, " \t\r\n")] == '/' || (at > start && at[-1] == '/'))
		return "; JSON has no comments";
	if (at > start && strchr("]}", *at) && at[-1] == ',')
		return "; JSON has no comma before the end of a list";
	return "";
}

struct json_object *json_read(const char *name, const char *text)
{
	struct json_tokener *tokener = need(json_tokener_new());
	struct json_object *value;
	enum json_tokener_error err;
	size_t end;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tokener, text, strlen(text) + 1);
	err = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);

	if (err == json_tokener_continue)
		fail("%s: not JSON: it ends too early; is it cut short?", name);
	if (err != json_tokener_success)
		fail("%s: not JSON: line %u: %s%s", name, line_of(text, end),
		     json_tokener_error_desc(err), hint(text + end, text));
	end += strspn(text + end, " \t\r\n");
	if (text[end])
		fail("%s: line %u: there is something behind the end of the JSON%s", name,
		     line_of(text, end), hint(text + end, text + end));
	return value;
}

const char *json_show(struct json_object *value)
{
	const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
	static char start[60];

	snprintf(start, sizeof(start), "%s", text);
	if (strlen(text) >= sizeof(start))
		strcpy(start + sizeof(start) - 4, "...");
	return start;
}

static void check_type(const char *name, struct json_object *value, const char *key,
		       enum json_type type)
{
	if (!json_object_is_type(value, type))
		fail("%s: %s is not of type %s: %s", name, key, json_type_to_name(type),
		     json_show(value));
}

struct json_object *json_member(const char *name, struct json_object *in, const char *key,
				enum json_type type)
{
	struct json_object *value = json_object_object_get(in, key);

	if (value)
		check_type(name, value, key, type);
	return value;
}

struct json_object *json_maybe(struct json_object *in, const char *key, enum json_type type)
{
	struct json_object *value = NULL;

	if (json_object_is_type(in, json_type_object))
		value = json_object_object_get(in, key);
	return json_object_is_type(value, type) ? value : NULL;
}

const char *json_text(const char *name, struct json_object *in, const char *key)
{
	struct json_object *value = json_member(name, in, key, json_type_string);

	if (!value)
		fail("%s: %s is missing in %s", name, key, json_show(in));
	return json_object_get_string(value);
}

const char *json_maybe_text(struct json_object *in, const char *key)
{
	return json_object_get_string(json_maybe(in, key, json_type_string));
}

uint64_t json_number(const char *name, struct json_object *in, const char *key,
		     uint64_t missing, uint64_t max)
{
	struct json_object *value = json_member(name, in, key, json_type_int);

	if (!value)
		return missing;
	if (json_object_get_int64(value) < 0 || json_object_get_uint64(value) > max)
		fail("%s: %s is out of range: %s", name, key, json_object_get_string(value));
	return json_object_get_uint64(value);
}

size_t json_length(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

struct json_object *json_element(const char *name, struct json_object *list, size_t i,
				 const char *key, enum json_type type)
{
	struct json_object *value = json_object_array_get_idx(list, i);

	check_type(name, value, key, type);
	return value;
}

const char *json_element_text(const char *name, struct json_object *list, size_t i,
			      const char *key)
{
	return json_object_get_string(json_element(name, list, i, key, json_type_string));
}

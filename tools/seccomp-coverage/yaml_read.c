// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <yaml.h>
#include "trouble.h"
#include "yaml_read.h"

#define MAX_DEPTH	32

struct reader {
	const char *name;
	yaml_parser_t parser;
};

static void next(struct reader *r, yaml_event_t *event)
{
	if (!yaml_parser_parse(&r->parser, event))
		fail("%s: not YAML: line %zu: %s", r->name, r->parser.problem_mark.line + 1,
		     r->parser.problem ?: "unreadable");
}

/* What a word without quotes is: a number, a truth value, null, or a string. */
static struct json_object *scalar(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	unsigned long long number;
	char *end;

	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return need(json_object_new_string(text));
	if (!*text || !strcmp(text, "~") || !strcmp(text, "null"))
		return NULL;
	if (!strcmp(text, "true") || !strcmp(text, "false"))
		return need(json_object_new_boolean(*text == 't'));
	errno = 0;
	number = strtoull(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
	if (text[strspn(text, "0123456789-")] && strncmp(text, "0x", 2))
		return need(json_object_new_string(text));
	if (*end || errno)
		return need(json_object_new_string(text));
	return need(*text == '-' ? json_object_new_int64(number) : json_object_new_uint64(number));
}

static struct json_object *value(struct reader *r, const yaml_event_t *event, int depth);

static struct json_object *sequence(struct reader *r, int depth)
{
	struct json_object *list = need(json_object_new_array());
	yaml_event_t event;

	for (;;) {
		next(r, &event);
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		json_object_array_add(list, value(r, &event, depth));
		yaml_event_delete(&event);
	}
	yaml_event_delete(&event);
	return list;
}

static struct json_object *mapping(struct reader *r, int depth)
{
	struct json_object *object = need(json_object_new_object());
	yaml_event_t key, event;

	for (;;) {
		next(r, &key);
		if (key.type == YAML_MAPPING_END_EVENT)
			break;
		if (key.type != YAML_SCALAR_EVENT)
			fail("%s: line %zu: a key that is no word", r->name,
			     key.start_mark.line + 1);
		next(r, &event);
		json_object_object_add(object, (const char *)key.data.scalar.value,
				       value(r, &event, depth));
		yaml_event_delete(&event);
		yaml_event_delete(&key);
	}
	yaml_event_delete(&key);
	return object;
}

static struct json_object *value(struct reader *r, const yaml_event_t *event, int depth)
{
	if (depth == MAX_DEPTH)
		fail("%s: line %zu: nested too deeply", r->name, event->start_mark.line + 1);
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return scalar(event);
	case YAML_SEQUENCE_START_EVENT:
		return sequence(r, depth + 1);
	case YAML_MAPPING_START_EVENT:
		return mapping(r, depth + 1);
	default:
		fail("%s: line %zu: aliases (*name) are not followed; write them out",
		     r->name, event->start_mark.line + 1);
	}
}

struct json_object *yaml_read(const char *name, const char *text)
{
	struct json_object *documents = need(json_object_new_array()), *document;
	struct reader r = { .name = name };
	yaml_event_type_t type;
	yaml_event_t event;

	if (!yaml_parser_initialize(&r.parser))
		fail("out of memory");
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, strlen(text));
	do {
		next(&r, &event);
		type = event.type;
		if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
		    type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT) {
			document = value(&r, &event, 0);
			if (document)
				json_object_array_add(documents, document);
		}
		yaml_event_delete(&event);
	} while (type != YAML_STREAM_END_EVENT);
	yaml_parser_delete(&r.parser);
	return documents;
}

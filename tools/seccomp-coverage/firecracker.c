// SPDX-License-Identifier: GPL-2.0-only
#include "firecracker.h"
#include "trouble.h"

bool firecracker_is_thread(struct json_object *json)
{
	return json_maybe(json, "filter", json_type_array) &&
	       json_object_object_get_ex(json, "default_action", NULL) &&
	       json_object_object_get_ex(json, "filter_action", NULL);
}

/* An action is a word, or an object with a word and its number. */
static uint32_t parse_action(const char *name, struct json_object *in, const char *key)
{
	struct json_object *value = json_object_object_get(in, key);
	const char *word = json_object_is_type(value, json_type_string) ?
			   json_object_get_string(value) : "";

	if (!strcmp(word, "allow"))
		return SCMP_ACT_ALLOW;
	if (!strcmp(word, "log"))
		return SCMP_ACT_LOG;
	if (!strcmp(word, "trap"))
		return SCMP_ACT_TRAP;
	if (!strcmp(word, "kill_thread"))
		return SCMP_ACT_KILL_THREAD;
	if (!strcmp(word, "kill_process"))
		return SCMP_ACT_KILL_PROCESS;
	if (json_maybe(value, "errno", json_type_int))
		return SCMP_ACT_ERRNO(json_number(name, value, "errno", 0, UINT16_MAX));
	if (json_maybe(value, "trace", json_type_int))
		return SCMP_ACT_TRACE(json_number(name, value, "trace", 0, UINT16_MAX));
	fail("%s: unknown action: %s", name, json_show(value));
}

static struct scmp_arg_cmp parse_arg(const char *name, struct json_object *arg)
{
	static const struct {
		const char *word;
		enum scmp_compare op;
	} ops[] = {
		{ "eq", SCMP_CMP_EQ }, { "ne", SCMP_CMP_NE }, { "ge", SCMP_CMP_GE },
		{ "gt", SCMP_CMP_GT }, { "le", SCMP_CMP_LE }, { "lt", SCMP_CMP_LT },
	};
	struct scmp_arg_cmp cmp = {
		.arg = json_number(name, arg, "index", 0, MAX_ARGS - 1),
		.datum_a = json_number(name, arg, "val", 0, UINT64_MAX),
	};
	struct json_object *op = json_object_object_get(arg, "op");
	const char *type = json_text(name, arg, "type"), *word;

	if (strcmp(type, "dword") && strcmp(type, "qword"))
		fail("%s: type is neither dword nor qword: %s", name, json_show(arg));
	if (json_maybe(op, "masked_eq", json_type_int)) {
		cmp.op = SCMP_CMP_MASKED_EQ;
		cmp.datum_b = cmp.datum_a;
		cmp.datum_a = json_number(name, op, "masked_eq", 0, UINT64_MAX);
		return cmp;
	}
	word = json_text(name, arg, "op");
	for (unsigned int i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(ops[i].word, word))
			cmp.op = ops[i].op;
	if (cmp.op == _SCMP_CMP_MIN)
		fail("%s: unknown comparison: %s", name, json_show(arg));
	/* As seccompiler does it, of the lower half alone */
	if (cmp.op == SCMP_CMP_EQ && !strcmp(type, "dword")) {
		cmp.op = SCMP_CMP_MASKED_EQ;
		cmp.datum_b = cmp.datum_a;
		cmp.datum_a = UINT32_MAX;
	}
	return cmp;
}

static struct json_object *arg_at(const char *name, struct json_object *args, size_t i)
{
	return json_element(name, args, i, "args", json_type_object);
}

static void parse_rule(struct profile *profile, struct json_object *json, uint32_t action)
{
	struct json_object *args = json_member(profile->name, json, "args", json_type_array);
	struct rule *rule = profile_add_rule(profile, action);

	rule_add_name(rule, json_text(profile->name, json, "syscall"));
	if (json_length(args) > MAX_ARGS)
		fail("%s: more than %d args in a rule", profile->name, MAX_ARGS);
	for (size_t i = 0; i < json_length(args); i++)
		rule->cmp[rule->nr_cmp++] = parse_arg(profile->name,
						      arg_at(profile->name, args, i));
}

struct profile *firecracker_parse(const char *name, struct json_object *json,
				  const struct context *context)
{
	struct json_object *filter = json_member(name, json, "filter", json_type_array);
	uint32_t action = parse_action(name, json, "filter_action");
	struct profile *profile = profile_new(name, context->abi,
					      parse_action(name, json, "default_action"));

	if (action == profile->default_action)
		fail("%s: filter_action is default_action: there is nothing to filter", name);
	for (size_t i = 0; i < json_length(filter); i++)
		parse_rule(profile, json_element(name, filter, i, "filter", json_type_object),
			   action);
	return profile;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <ctype.h>
#include <stdio.h>
#include "actions.h"
#include "caps.h"
#include "oci.h"
#include "trouble.h"

struct reader {
	const char *name;		/* of the file */
	const struct context *context;
	struct profile *profile;
};

/* --- Conditions ------------------------------------------------------------ */

static bool has_cap(const struct reader *r, const char *cap)
{
	return caps_have(r->context->caps, cap);
}

static bool is_arch(const struct reader *r, const char *arch)
{
	return !strcmp(arch, r->context->abi->go) ||
	       (!strcmp(arch, "x86") && !strcmp(r->context->abi->go, "386")) ||
	       (!strcmp(arch, "loongarch64") && !strcmp(r->context->abi->go, "loong64"));
}

static bool has_kernel(const struct reader *r, const char *version)
{
	unsigned int major, minor, our_major, our_minor;
	char more;

	if (sscanf(version, "%u.%u%c", &major, &minor, &more) != 2)
		fail("%s: minKernel is not like 5.11: %.20s", r->name, version);
	if (sscanf(kernel_names[r->context->kernel], "%u.%u", &our_major, &our_minor) != 2)
		return false;
	return major < our_major || (major == our_major && minor <= our_minor);
}

/* How many strings of a list are true here? */
static size_t count(const struct reader *r, struct json_object *list, const char *key,
		    bool (*is_true)(const struct reader *r, const char *string))
{
	size_t n = 0;

	for (size_t i = 0; i < json_length(list); i++)
		n += is_true(r, json_element_text(r->name, list, i, key));
	return n;
}

/* Included is what meets all conditions, excluded what meets one. */
static bool meets(const struct reader *r, struct json_object *rule, const char *key, bool all)
{
	struct json_object *when = json_member(r->name, rule, key, json_type_object);
	struct json_object *arches, *caps;
	bool arch, cap, kernel = all;
	const char *version;

	if (!when)
		return all;
	arches = json_member(r->name, when, "arches", json_type_array);
	caps = json_member(r->name, when, "caps", json_type_array);
	arch = count(r, arches, "arches", is_arch) || (all && !json_length(arches));
	cap = count(r, caps, "caps", has_cap) >= (all ? json_length(caps) : 1);
	if (json_object_object_get(when, "minKernel")) {
		version = json_text(r->name, when, "minKernel");
		kernel = *version ? has_kernel(r, version) : all;
	}
	return all ? arch && cap && kernel : arch || cap || kernel;
}

/* --- Actions --------------------------------------------------------------- */

/* An error's number: a name overrides it, which newer profiles give. */
static unsigned int parse_errno(const struct reader *r, struct json_object *in,
				const char *name_key, const char *number_key)
{
	unsigned int number = json_number(r->name, in, number_key, EPERM, UINT16_MAX);
	struct json_object *value = json_member(r->name, in, name_key, json_type_string);
	const char *text = json_object_get_string(value);
	unsigned int named;
	char more;

	if (!text || !*text)
		return number;
	if (sscanf(text, "%u%c", &named, &more) == 1 && named <= UINT16_MAX)
		return named;
	named = errno_find(text);
	if (!named)
		fail("%s: %s names no error: %.40s", r->name, name_key, text);
	return named;
}

/* The action of a rule, or the default one, with its data. */
static uint32_t parse_action(const struct reader *r, struct json_object *in, const char *key,
			     const char *name_key, const char *number_key)
{
	const char *name = json_text(r->name, in, key);
	unsigned int data = parse_errno(r, in, name_key, number_key);
	uint32_t ret;

	if (strncmp(name, "SCMP_ACT_", 9) || !action_find(name + 9, &ret))
		fail("%s: unknown action %.40s", r->name, name);
	return ret == SCMP_ACT_ERRNO(0) || ret == SCMP_ACT_TRACE(0) ? ret | data : ret;
}

/* --- Rules ----------------------------------------------------------------- */

static enum scmp_compare parse_operator(const struct reader *r, const char *name)
{
	static const char * const names[] = {
		[SCMP_CMP_NE] = "NE", [SCMP_CMP_LT] = "LT", [SCMP_CMP_LE] = "LE",
		[SCMP_CMP_EQ] = "EQ", [SCMP_CMP_GE] = "GE", [SCMP_CMP_GT] = "GT",
		[SCMP_CMP_MASKED_EQ] = "MASKED_EQ",
	};

	if (!strncmp(name, "SCMP_CMP_", 9))
		for (int op = SCMP_CMP_NE; op <= SCMP_CMP_MASKED_EQ; op++)
			if (!strcmp(name + 9, names[op]))
				return op;
	fail("%s: unknown comparison %.40s", r->name, name);
}

static void parse_args(const struct reader *r, struct json_object *json, struct rule *rule)
{
	struct json_object *arg, *args = json_member(r->name, json, "args", json_type_array);
	size_t i;

	if (json_length(args) > MAX_ARGS)
		fail("%s: more than %d args in a rule", r->name, MAX_ARGS);
	for (i = 0; i < json_length(args); i++) {
		arg = json_element(r->name, args, i, "args", json_type_object);
		rule->cmp[i].arg = json_number(r->name, arg, "index", 0, MAX_ARGS - 1);
		rule->cmp[i].op = parse_operator(r, json_text(r->name, arg, "op"));
		rule->cmp[i].datum_a = json_number(r->name, arg, "value", 0, UINT64_MAX);
		rule->cmp[i].datum_b = json_number(r->name, arg, "valueTwo", 0, UINT64_MAX);
	}
	rule->nr_cmp = i;
}

static void parse_names(const struct reader *r, struct json_object *json, struct rule *rule)
{
	struct json_object *names = json_member(r->name, json, "names", json_type_array);
	struct json_object *single = json_member(r->name, json, "name", json_type_string);
	const char *name = json_object_get_string(single);

	if (name && *name && json_length(names))
		fail("%s: a rule has both 'name' and 'names', which runtimes refuse: %s", r->name,
		     json_show(json));
	if (!json_object_object_get_ex(json, "names", NULL) && !(name && *name))
		fail("%s: a rule without names: %s", r->name, json_show(json));
	if (name && *name)
		rule_add_name(rule, name);
	for (size_t i = 0; i < json_length(names); i++) {
		name = json_element_text(r->name, names, i, "names");
		if (!*name)
			fail("%s: a system call without a name: %s", r->name, json_show(json));
		rule_add_name(rule, name);
	}
}

static void check_notify(const struct reader *r, const struct rule *rule)
{
	if (rule->action != SCMP_ACT_NOTIFY)
		return;
	for (unsigned int i = 0; i < rule->nr_names; i++)
		if (!strcmp(rule->name[i], "write"))
			fail("%s: SCMP_ACT_NOTIFY for write: runtimes could not start",
			     r->name);
}

/* What is wrong in a rule is so even where the rule does not apply. */
static void parse_rule(struct reader *r, struct json_object *json, unsigned int number)
{
	uint32_t action = parse_action(r, json, "action", "errno", "errnoRet");
	struct rule *rule = profile_add_rule(r->profile, action);

	rule->number = number;
	parse_args(r, json, rule);
	parse_names(r, json, rule);
	if (!meets(r, json, "includes", true) || meets(r, json, "excludes", false)) {
		while (rule->nr_names)
			free(rule->name[--rule->nr_names]);
		free(rule->name);
		r->profile->nr_rules--;
		return;
	}
	check_notify(r, rule);
}

/* --- Architectures and flags ------------------------------------------------ */

static uint32_t arch_find(const char *name)
{
	char lower[32];
	size_t i;

	if (strncmp(name, "SCMP_ARCH_", 10))
		return 0;
	name += 10;
	for (i = 0; name[i] && i < sizeof(lower) - 1; i++)
		lower[i] = tolower((unsigned char)name[i]);
	lower[i] = 0;
	if (!strcmp(lower, "x32"))
		return SCMP_ARCH_X32;
	return abi_find(lower) ? abi_find(lower)->arch : seccomp_arch_resolve_name(lower);
}

static void add_arches(struct reader *r, struct json_object *arches, const char *key)
{
	for (size_t i = 0; i < json_length(arches); i++) {
		const char *name = json_element_text(r->name, arches, i, key);
		uint32_t arch = arch_find(name);

		if (!arch)
			fail("%s: unknown architecture %.40s; names are like SCMP_ARCH_X86_64",
			     r->name, name);
		profile_add_arch(r->profile, arch);
	}
}

static void parse_arches(struct reader *r, struct json_object *json)
{
	struct json_object *list = json_member(r->name, json, "architectures", json_type_array);
	struct json_object *map = json_member(r->name, json, "archMap", json_type_array), *entry;

	if (json_length(list) && json_length(map))
		fail("%s: has both 'architectures' and 'archMap', which runtimes refuse",
		     r->name);
	add_arches(r, list, "architectures");
	for (size_t i = 0; i < json_length(map); i++) {
		entry = json_element(r->name, map, i, "archMap", json_type_object);
		if (arch_find(json_text(r->name, entry, "architecture")) != r->context->abi->arch)
			continue;
		add_arches(r, json_member(r->name, entry, "subArchitectures", json_type_array),
			   "subArchitectures");
		return;
	}
}

static void check_flags(const struct reader *r, struct json_object *json)
{
	static const char * const known[] = { "TSYNC", "LOG", "SPEC_ALLOW", "WAIT_KILLABLE_RECV" };
	struct json_object *flags = json_member(r->name, json, "flags", json_type_array);
	const char *flag;
	bool found;

	for (size_t i = 0; i < json_length(flags); i++) {
		flag = json_element_text(r->name, flags, i, "flags");
		found = false;
		for (unsigned int k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			found |= !strncmp(flag, "SECCOMP_FILTER_FLAG_", 20) &&
				 !strcmp(flag + 20, known[k]);
		if (!found)
			fail("%s: unknown flag %.60s, which runtimes refuse", r->name, flag);
	}
}

struct profile *oci_parse(const char *name, struct json_object *json,
			  const struct context *context)
{
	struct json_object *rules = json_member(name, json, "syscalls", json_type_array);
	struct reader r = { .name = name, .context = context };
	uint32_t action = parse_action(&r, json, "defaultAction", "defaultErrno",
				       "defaultErrnoRet");

	if (action == SCMP_ACT_NOTIFY)
		fail("%s: SCMP_ACT_NOTIFY as defaultAction: runtimes could not start",
		     name);
	r.profile = profile_new(name, context->abi, action);
	parse_arches(&r, json);
	check_flags(&r, json);
	for (size_t i = 0; i < json_length(rules); i++)
		parse_rule(&r, json_element(name, rules, i, "syscalls", json_type_object), i);
	return r.profile;
}

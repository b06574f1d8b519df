// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>
#include "filter.h"
#include "oci.h"

#define MAX_ARGS	6

struct profile {
	const char *name;		/* of the file */
	const struct abi *abi;
	const char *caps;
	scmp_filter_ctx ctx;
	uint32_t default_action;
};

/* --- JSON ----------------------------------------------------------------- */

static void check_type(const struct profile *p, struct json_object *value,
		       const char *key, enum json_type type)
{
	if (!json_object_is_type(value, type))
		fail("%s: %s is not of type %s: %.60s", p->name, key,
		     json_type_to_name(type), json_object_to_json_string(value));
}

/* The member of that name, or NULL when it is missing or null. */
static struct json_object *member(const struct profile *p, struct json_object *in,
				  const char *key, enum json_type type)
{
	struct json_object *value = json_object_object_get(in, key);

	if (value)
		check_type(p, value, key, type);
	return value;
}

static const char *string(const struct profile *p, struct json_object *in,
			  const char *key)
{
	struct json_object *value = member(p, in, key, json_type_string);

	if (!value)
		fail("%s: %s is missing in %.60s", p->name, key,
		     json_object_to_json_string(in));
	return json_object_get_string(value);
}

static uint64_t number(const struct profile *p, struct json_object *in,
		       const char *key, uint64_t missing, uint64_t max)
{
	struct json_object *value = member(p, in, key, json_type_int);

	if (!value)
		return missing;
	if (json_object_get_int64(value) < 0 || json_object_get_uint64(value) > max)
		fail("%s: %s is out of range: %s", p->name, key,
		     json_object_get_string(value));
	return json_object_get_uint64(value);
}

/* The number of elements; a list that is missing has none. */
static size_t length(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

static const char *element(const struct profile *p, struct json_object *list,
			   size_t i, const char *key)
{
	struct json_object *value = json_object_array_get_idx(list, i);

	check_type(p, value, key, json_type_string);
	return json_object_get_string(value);
}

/* --- Conditions ------------------------------------------------------------ */

/* Capabilities may be written with or without "CAP_", in any case. */
static bool has_cap(const struct profile *p, const char *cap)
{
	const char *word = p->caps;
	size_t len;

	cap += strncasecmp(cap, "CAP_", 4) ? 0 : 4;
	for (; *word; word += strspn(word, ",")) {
		word += strncasecmp(word, "CAP_", 4) ? 0 : 4;
		len = strcspn(word, ",");
		if (len == strlen(cap) && !strncasecmp(word, cap, len))
			return true;
		word += len;
	}
	return false;
}

static bool is_arch(const struct profile *p, const char *arch)
{
	return !strcmp(arch, p->abi->profile);
}

static bool has_kernel(const struct profile *p, const char *version)
{
	unsigned int major, minor;

	if (sscanf(version, "%u.%u", &major, &minor) != 2)
		fail("%s: minKernel is not like 5.11: %.20s", p->name, version);
	return major < KERNEL_MAJOR || (major == KERNEL_MAJOR && minor <= KERNEL_MINOR);
}

/* How many strings of a list are true here? */
static size_t count(const struct profile *p, struct json_object *list, const char *key,
		    bool (*is_true)(const struct profile *p, const char *string))
{
	size_t n = 0;

	for (size_t i = 0; i < length(list); i++)
		n += is_true(p, element(p, list, i, key));
	return n;
}

/* Included is what meets all conditions, excluded what meets one. */
static bool meets(const struct profile *p, struct json_object *rule, const char *key,
		  bool all)
{
	struct json_object *when = member(p, rule, key, json_type_object);
	struct json_object *arches, *caps;
	bool arch, cap, kernel = all;

	if (!when)
		return all;
	arches = member(p, when, "arches", json_type_array);
	caps = member(p, when, "caps", json_type_array);
	arch = count(p, arches, "arches", is_arch) || (all && !length(arches));
	cap = count(p, caps, "caps", has_cap) >= (all ? length(caps) : 1);
	if (json_object_object_get(when, "minKernel"))
		kernel = has_kernel(p, string(p, when, "minKernel"));
	return all ? arch && cap && kernel : arch || cap || kernel;
}

/* --- Rules ----------------------------------------------------------------- */

/* The action of a rule, or the default one, with its errno. */
static uint32_t parse_action(const struct profile *p, struct json_object *in,
			     const char *key, const char *errno_key)
{
	const char *name = string(p, in, key);
	uint64_t data = number(p, in, errno_key, EPERM, UINT16_MAX);
	uint32_t ret;

	if (strncmp(name, "SCMP_ACT_", 9) || !action_find(name + 9, &ret))
		fail("%s: unknown action %s", p->name, name);
	return ret == SCMP_ACT_ERRNO(0) || ret == SCMP_ACT_TRACE(0) ? ret | data : ret;
}

static enum scmp_compare parse_operator(const struct profile *p, const char *name)
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
	fail("%s: unknown comparison %s", p->name, name);
}

/* Returns the number of comparisons. */
static unsigned int comparisons(const struct profile *p, struct json_object *rule,
				struct scmp_arg_cmp *cmp)
{
	struct json_object *arg, *args = member(p, rule, "args", json_type_array);
	size_t i;

	if (length(args) > MAX_ARGS)
		fail("%s: more than %d args in a rule", p->name, MAX_ARGS);
	for (i = 0; i < length(args); i++) {
		arg = json_object_array_get_idx(args, i);
		check_type(p, arg, "args", json_type_object);
		cmp[i].arg = number(p, arg, "index", 0, MAX_ARGS - 1);
		cmp[i].op = parse_operator(p, string(p, arg, "op"));
		cmp[i].datum_a = number(p, arg, "value", 0, UINT64_MAX);
		cmp[i].datum_b = number(p, arg, "valueTwo", 0, UINT64_MAX);
	}
	return i;
}

static bool repeats(const struct scmp_arg_cmp *cmp, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++)
			if (cmp[i].arg == cmp[j].arg)
				return true;
	return false;
}

static void add(const struct profile *p, uint32_t action, const char *call,
		const struct scmp_arg_cmp *cmp, unsigned int n)
{
	int nr = seccomp_syscall_resolve_name(call);
	int err;

	/* Runtimes skip calls that their libseccomp is too old for, too. */
	if (nr == __NR_SCMP_ERROR)
		return;
	err = seccomp_rule_add_array(p->ctx, action, nr, n, cmp);
	if (err)
		fail("%s: libseccomp does not take the rule for %s: %s",
		     p->name, call, strerror(-err));
}

static void add_rule(const struct profile *p, struct json_object *rule)
{
	struct json_object *names = member(p, rule, "names", json_type_array);
	uint32_t act = parse_action(p, rule, "action", "errnoRet");
	struct scmp_arg_cmp cmp[MAX_ARGS];
	unsigned int i, n = comparisons(p, rule, cmp);
	size_t name;

	if (!names)
		fail("%s: a rule without names: %.60s", p->name,
		     json_object_to_json_string(rule));
	if (act == p->default_action || !meets(p, rule, "includes", true) ||
	    meets(p, rule, "excludes", false))
		return;

	for (name = 0; name < length(names); name++) {
		const char *call = element(p, names, name, "names");

		/* Comparisons of one argument are alternatives in runtimes. */
		if (!repeats(cmp, n))
			add(p, act, call, cmp, n);
		else
			for (i = 0; i < n; i++)
				add(p, act, call, &cmp[i], 1);
	}
}

/* --- Profiles -------------------------------------------------------------- */

static uint32_t arch_find(const char *name)
{
	char lower[32];
	size_t i;

	name += strncmp(name, "SCMP_ARCH_", 10) ? 0 : 10;
	for (i = 0; name[i] && i < sizeof(lower) - 1; i++)
		lower[i] = tolower((unsigned char)name[i]);
	lower[i] = 0;
	return seccomp_arch_resolve_name(lower);
}

static void add_arches(const struct profile *p, struct json_object *arches,
		       const char *key)
{
	for (size_t i = 0; i < length(arches); i++) {
		const char *name = element(p, arches, i, key);
		uint32_t arch = arch_find(name);
		int err = arch ? seccomp_arch_add(p->ctx, arch) : -EINVAL;

		if (err && err != -EEXIST)
			fail("%s: libseccomp does not take %s beside %s: %s",
			     p->name, name, p->abi->name, strerror(-err));
	}
}

/* The ABIs of the machine: what the profile says, at least its own. */
static void choose_arches(const struct profile *p, struct json_object *profile)
{
	struct json_object *map = member(p, profile, "archMap", json_type_array);
	struct json_object *entry;

	if (seccomp_arch_exist(p->ctx, p->abi->arch) &&
	    (seccomp_arch_remove(p->ctx, SCMP_ARCH_NATIVE) ||
	     seccomp_arch_add(p->ctx, p->abi->arch)))
		fail("libseccomp does not know %s", p->abi->name);

	add_arches(p, member(p, profile, "architectures", json_type_array),
		   "architectures");
	for (size_t i = 0; i < length(map); i++) {
		entry = json_object_array_get_idx(map, i);
		check_type(p, entry, "archMap", json_type_object);
		if (arch_find(string(p, entry, "architecture")) == p->abi->arch)
			add_arches(p, member(p, entry, "subArchitectures",
					     json_type_array), "subArchitectures");
	}
}

static void fill(struct profile *p, struct json_object *profile)
{
	struct json_object *rules = member(p, profile, "syscalls", json_type_array);
	struct json_object *rule;

	/* What the kernel of this machine has does not matter */
	seccomp_api_set(6);
	p->default_action = parse_action(p, profile, "defaultAction", "defaultErrnoRet");
	p->ctx = seccomp_init(p->default_action);
	if (!p->ctx)
		fail("%s: libseccomp does not take %s as default",
		     p->name, string(p, profile, "defaultAction"));

	choose_arches(p, profile);
	for (size_t i = 0; i < length(rules); i++) {
		rule = json_object_array_get_idx(rules, i);
		check_type(p, rule, "syscalls", json_type_object);
		add_rule(p, rule);
	}
}

/* The profile in the file: all of it, or linux.seccomp. */
static struct json_object *find_profile(const struct profile *p,
					struct json_object *file)
{
	struct json_object *found;

	check_type(p, file, "the file", json_type_object);
	if (json_object_object_get(file, "defaultAction"))
		return file;

	found = member(p, file, "linux", json_type_object);
	found = found ? member(p, found, "seccomp", json_type_object) : NULL;
	if (!found)
		fail("%s: has neither linux.seccomp (config.json) nor defaultAction (profile)",
		     p->name);
	return found;
}

static bool is_result(uint32_t ret)
{
	bool known = strcmp(action_name(ret), "KILL_PROCESS") || ret == SCMP_ACT_KILL_PROCESS;

	return known && (ret & ~UINT16_MAX || !ret);
}

/*
 * Of long filters for the other byte order, libseccomp 2.5 leaves some results
 * in this machine's: those that are none of its own when taken as they are.
 */
static void repair_results(struct program *filter)
{
	for (unsigned int pc = 0; pc < filter->len; pc++) {
		struct sock_filter *insn = &filter->insn[pc];

		if (insn->code == (BPF_RET | BPF_K) && !is_result(insn->k))
			insn->k = __builtin_bswap32(insn->k);
	}
}

static void export_filter(const struct profile *p, struct program *filter)
{
	static char bytes[sizeof(filter->insn) + 1];
	int fd = memfd_create(p->name, 0);
	int err = fd < 0 ? -errno : seccomp_export_bpf(p->ctx, fd);
	ssize_t size = err ? 0 : pread(fd, bytes, sizeof(bytes), 0);

	if (err || size < 0)
		fail("%s: libseccomp does not export the filter: %s",
		     p->name, strerror(err ? -err : errno));
	close(fd);
	filter_read(filter, p->name, bytes, size, abi_big_endian(p->abi));
	repair_results(filter);
}

void oci_compile(struct program *filter, const char *name, const char *text,
		 const struct abi *abi, const char *caps)
{
	struct profile profile = { .name = name, .abi = abi, .caps = caps };
	enum json_tokener_error err;
	struct json_object *file = json_tokener_parse_verbose(text, &err);

	if (!file)
		fail("%s: not JSON: %s", name, json_tokener_error_desc(err));

	fill(&profile, find_profile(&profile, file));
	export_filter(&profile, filter);
	seccomp_release(profile.ctx);
	json_object_put(file);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "actions.h"
#include "compile.h"
#include "process.h"
#include "trouble.h"
#include "unit.h"
#include "unit_rules.h"

static bool is_yes(const char *value)
{
	return !strcmp(value, "yes") || !strcmp(value, "true") || !strcmp(value, "1") ||
	       !strcmp(value, "on");
}

static bool is_no(const char *value)
{
	return !strcmp(value, "no") || !strcmp(value, "false") || !strcmp(value, "0") ||
	       !strcmp(value, "off");
}

/* --- Values of settings -------------------------------------------------------------- */

static void remove_word(char **words, const char *word)
{
	size_t len = strcspn(word, ":");

	for (char **at = words; *at;) {
		if (strncmp(*at, word, len) || ((*at)[len] && (*at)[len] != ':')) {
			at++;
			continue;
		}
		free(*at);
		for (char **next = at; *next; next++)
			next[0] = next[1];
	}
}

/*
 * One call or group, to be added to a list or taken from it. What libseccomp does not know,
 * systemd ignores.
 */
static char **change(char **list, const char *word, bool add)
{
	char **calls = *word == '@' ? unit_group(word) : words_split(word);

	for (char **call = calls; *call; call++) {
		char *name = need(strndup(*call, strcspn(*call, ":")));

		if (unit_knows_call(name)) {
			remove_word(list, *call);
			if (add)
				list = words_add(list, *call);
		} else {
			warnx("system call unknown to libseccomp, ignored as by systemd: %s", name);
		}
		free(name);
	}
	words_free(calls);
	return list;
}

/*
 * The first line says whether the list is of the calls that are meant, or of all others;
 * an empty one makes the list forget everything. INITIAL is in each list of the first kind.
 */
static void set_calls(char ***list, bool *is_set, bool *others, const char *value,
		      const char *initial)
{
	const bool invert = *value == '~';
	char **words = words_split(value + invert);

	if (!*value) {
		words_free(*list);
		*list = NULL;
		*is_set = false;
	} else if (!*is_set) {
		*is_set = true;
		*others = invert;
		*list = need(calloc(1, sizeof(**list)));
		if (!invert && initial)
			*list = change(*list, initial, true);
	}
	for (char **word = words; *word; word++)
		*list = change(*list, *word, invert == *others);
	words_free(words);
}

static const struct {
	const char *name;
	int family;
} families[] = {
	{ "AF_UNIX", AF_UNIX }, { "AF_LOCAL", AF_UNIX }, { "AF_INET", AF_INET },
	{ "AF_AX25", AF_AX25 }, { "AF_IPX", AF_IPX }, { "AF_APPLETALK", AF_APPLETALK },
	{ "AF_X25", AF_X25 }, { "AF_INET6", AF_INET6 }, { "AF_DECnet", AF_DECnet },
	{ "AF_KEY", AF_KEY }, { "AF_NETLINK", AF_NETLINK }, { "AF_PACKET", AF_PACKET },
	{ "AF_RDS", AF_RDS }, { "AF_PPPOX", AF_PPPOX }, { "AF_LLC", AF_LLC }, { "AF_IB", AF_IB },
	{ "AF_MPLS", AF_MPLS }, { "AF_CAN", AF_CAN }, { "AF_TIPC", AF_TIPC },
	{ "AF_BLUETOOTH", AF_BLUETOOTH }, { "AF_ALG", AF_ALG }, { "AF_NFC", AF_NFC },
	{ "AF_VSOCK", AF_VSOCK }, { "AF_KCM", AF_KCM }, { "AF_QIPCRTR", AF_QIPCRTR },
	{ "AF_SMC", AF_SMC }, { "AF_XDP", AF_XDP },
};

static void set_families(struct settings *s, const char *name, const char *value)
{
	char **words = words_split(value + (*value == '~')), number[16];
	unsigned int i;

	if (!*words) {
		words_free(s->families);
		s->families = NULL;
		s->families_set = false;
	} else if (!s->families_set) {
		s->families = need(calloc(1, sizeof(*s->families)));
		s->families_deny = *value == '~';
		s->families_set = true;
	}
	for (char **word = words; *word && strcmp(*word, "none"); word++) {
		for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
			if (!strcmp(families[i].name, *word))
				break;
		if (i == sizeof(families) / sizeof(families[0]))
			fail("%s: RestrictAddressFamilies=%s is not known", name, *word);
		snprintf(number, sizeof(number), "%d", families[i].family);
		remove_word(s->families, number);
		if ((*value == '~') == s->families_deny)
			s->families = words_add(s->families, number);
	}
	words_free(words);
}

static void set_namespaces(struct settings *s, const char *name, const char *value)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} kinds[] = {
		{ "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC }, { "net", CLONE_NEWNET },
		{ "mnt", CLONE_NEWNS }, { "pid", CLONE_NEWPID }, { "user", CLONE_NEWUSER },
		{ "uts", CLONE_NEWUTS }, { "time", CLONE_NEWTIME },
	};
	char **words = words_split(value + (*value == '~'));
	unsigned long flags = 0, found;

	for (char **word = words; *word; word++) {
		found = 0;
		for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (!strcmp(kinds[i].name, *word))
				found = kinds[i].flag;
		if (!found && !is_yes(value) && !is_no(value))
			fail("%s: RestrictNamespaces=%s is not known", name, *word);
		flags |= found;
	}
	if (!*value)
		s->namespaces = NAMESPACES_UNSET;
	else if (is_yes(value))
		s->namespaces = 0;
	else if (is_no(value))
		s->namespaces = NAMESPACES_ALL;
	else if (s->namespaces == NAMESPACES_UNSET)
		s->namespaces = *value == '~' ? NAMESPACES_ALL & ~flags : flags;
	else
		s->namespaces = *value == '~' ? s->namespaces & ~flags : s->namespaces | flags;
	words_free(words);
}

static void set_error(struct settings *s, const char *name, const char *value)
{
	s->error = errno_find(value) ?: (unsigned int)atoi(value);
	if (!s->error && *value && strcmp(value, "kill"))
		fail("%s: SystemCallErrorNumber=%s names no error", name, value);
}

/* "native" is there without being named. */
static void set_arches(struct settings *s, const char *name, const char *value)
{
	char **words = words_split(value);

	for (char **word = words; *word; word++)
		if (strcmp(*word, "native") && strcmp(*word, "x32") && strcmp(*word, "x86-64") &&
		    !abi_find(*word))
			fail("%s: SystemCallArchitectures=%s is not known", name, *word);
	if (!*words) {
		words_free(s->arches);
		s->arches = NULL;
	}
	for (char **word = words; *word; word++)
		s->arches = words_add(s->arches, *word);
	words_free(words);
}

/* --- The file -------------------------------------------------------------------------- */

static void set(struct settings *s, const char *name, const char *key, const char *value)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "ProtectHostname", &s->protect_hostname },
		{ "MemoryDenyWriteExecute", &s->memory_deny }, { "RestrictRealtime", &s->realtime },
		{ "RestrictSUIDSGID", &s->suid_sgid }, { "DynamicUser", &s->suid_sgid },
		{ "ProtectKernelTunables", &s->tunables }, { "ProtectKernelModules", &s->modules },
		{ "ProtectKernelLogs", &s->logs }, { "ProtectClock", &s->clock },
		{ "PrivateDevices", &s->devices }, { "LockPersonality", &s->personality },
	};

	for (unsigned int i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (!strcmp(flags[i].key, key))
			*flags[i].flag = is_yes(value) ||
					 (flags[i].flag == &s->suid_sgid && *flags[i].flag &&
					  !strcmp(key, "DynamicUser"));
	if (!strcmp(key, "RestrictAddressFamilies"))
		set_families(s, name, value);
	else if (!strcmp(key, "RestrictNamespaces"))
		set_namespaces(s, name, value);
	else if (!strcmp(key, "SystemCallFilter"))
		set_calls(&s->filter, &s->filter_set, &s->filter_deny, value, "@default");
	else if (!strcmp(key, "SystemCallErrorNumber"))
		set_error(s, name, value);
	else if (!strcmp(key, "SystemCallArchitectures"))
		set_arches(s, name, value);
	else if (!strcmp(key, "SystemCallLog"))
		set_calls(&s->log, &s->log_set, &s->log_but, value, NULL);
}

/* A line, and those that a backslash at its end joins to it; NULL behind the last one. */
static char *next_line(const char **text)
{
	char *line = need(strdup("")), *longer;
	bool more = **text;

	if (!more) {
		free(line);
		return NULL;
	}
	while (more) {
		size_t len = strcspn(*text, "\n");

		more = len && (*text)[len - 1] == '\\' && (*text)[len];
		longer = format("%s%.*s%s", line, (int)(len - more), *text, more ? " " : "");
		free(line);
		line = longer;
		*text += len + ((*text)[len] == '\n');
	}
	return line;
}

static void parse(struct settings *s, const char *name, const char *text)
{
	char *line, *key, *value, *end;

	while ((line = next_line(&text))) {
		key = line + strspn(line, " \t");
		value = strchr(key, '=');
		if (value && *key != '#' && *key != ';') {
			for (end = value; end > key && strchr(" \t", end[-1]); end--)
				;
			*end = 0;
			value++;
			value += strspn(value, " \t");
			for (end = value + strlen(value); end > value && strchr(" \t\r", end[-1]);)
				*--end = 0;
			set(s, name, key, value);
		}
		free(line);
	}
}

/* --- The stack --------------------------------------------------------------------------- */

/* In systemd's order: the others of the machine, then its own. */
static void local_abis(struct settings *s, const struct abi *own)
{
	if (own->compat >= 0)
		s->local[s->nr_local++] = abis[own->compat].arch;
	if (own->arch == AUDIT_ARCH_X86_64)
		s->local[s->nr_local++] = SCMP_ARCH_X32;
	s->local[s->nr_local++] = own->arch;
}

static void add_filter(struct subject *subject, const struct settings *s, unsigned int which,
		       uint32_t arch, const struct context *context)
{
	struct profile *profile = profile_new(subject->name, context->abi, SCMP_ACT_ALLOW);
	struct layer *layer;
	const char *what;
	char *name;

	profile->own = arch;
	profile->other_abis = SCMP_ACT_ALLOW;
	if (!unit_rules(s, which, profile, &what)) {
		profile_free(profile);
		return;
	}
	name = format("%s, ABI %#x", what, arch);
	layer = subject_add(subject, name);
	free(name);
	profile->name = layer->name;
	layer->profile = profile;
	profile_compile(profile, context, layer->program, &layer->pfc);
}

struct subject *unit_read(const char *name, const char *text, const struct context *context)
{
	struct settings s = { .namespaces = NAMESPACES_UNSET };
	struct subject *subject = subject_new(name);
	struct context plain = *context;

	local_abis(&s, context->abi);
	plain.runtime = RUNTIME_CRUN;
	parse(&s, name, text);
	for (unsigned int which = 0; which < NR_SETTINGS; which++) {
		if (unit_is_for_all(which)) {
			add_filter(subject, &s, which, context->abi->arch, &plain);
			unit_block_arches(&s);
			continue;
		}
		for (unsigned int i = 0; i < s.nr_local; i++)
			add_filter(subject, &s, which, s.local[i], &plain);
	}
	words_free(s.families);
	words_free(s.filter);
	words_free(s.arches);
	words_free(s.log);
	if (!subject->depth)
		fail("%s: has no setting that becomes a filter", name);
	return subject;
}

/* --- By name -------------------------------------------------------------------------------- */

static const char * const folders[] = {
	"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

static char *append_file(char *text, const char *path)
{
	FILE *file = fopen(path, "re");
	char *longer, line[4096];

	while (file && fgets(line, sizeof(line), file)) {
		longer = format("%s%s", text, line);
		free(text);
		text = longer;
	}
	if (file)
		fclose(file);
	longer = format("%s\n", text);
	free(text);
	return longer;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

static char *append_folder(char *text, const char *folder)
{
	struct dirent **entry;
	int nr = scandir(folder, &entry, is_conf, alphasort);

	for (int i = 0; i < nr; i++) {
		char *path = format("%s/%s", folder, entry[i]->d_name);

		text = append_file(text, path);
		free(path);
		free(entry[i]);
	}
	if (nr >= 0)
		free(entry);
	return text;
}

/* Is the unit running here? Then the process to look at. */
static char *main_pid(const char *name)
{
	char *command = format("systemctl show -p MainPID --value '%s' 2>/dev/null", name);
	char line[32] = "";
	FILE *from = popen(command, "re");

	free(command);
	if (from && !fgets(line, sizeof(line), from))
		*line = 0;
	if (from)
		pclose(from);
	line[strspn(line, "0123456789")] = 0;
	return *line && strcmp(line, "0") ? need(strdup(line)) : NULL;
}

struct subject *unit_find(const char *given, const struct context *context)
{
	char *name = strchr(given, '.') ? need(strdup(given)) : format("%s.service", given);
	char *text = NULL, *path, *pid;
	struct subject *subject;

	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr(":-_.\\@", *at))
			fail("'%s' is no name of a unit", given);
	pid = abi_native() == context->abi ? main_pid(name) : NULL;
	if (pid) {
		subject = process_read(pid, context);
		free(pid);
		free(name);
		return subject;
	}
	for (unsigned int i = 0; i < sizeof(folders) / sizeof(folders[0]) && !text; i++) {
		path = format("%s/%s", folders[i], name);
		if (!access(path, R_OK))
			text = append_file(need(strdup("")), path);
		free(path);
	}
	if (!text)
		fail("there is no unit %s", name);
	for (unsigned int i = sizeof(folders) / sizeof(folders[0]) - 1; i--;) {
		path = format("%s/%s.d", folders[i], name);
		text = append_folder(text, path);
		free(path);
	}
	subject = unit_read(name, text, context);
	free(text);
	free(name);
	return subject;
}

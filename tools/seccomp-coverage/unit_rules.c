// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "actions.h"
#include "trouble.h"
#include "unit_rules.h"

#define PROT_WRITE_EXEC	6
#define PROT_EXEC	4
#define SHM_EXEC	0100000
#define O_CREAT		0100
#define MAX_FAMILY	46	/* AF_MAX of Linux 5.11 on */

/* --- Words ------------------------------------------------------------------------- */

char **words_add(char **words, const char *word)
{
	unsigned int nr = 0;

	while (words && words[nr])
		nr++;
	words = need(realloc(words, (nr + 2) * sizeof(*words)));
	words[nr] = need(strdup(word));
	words[nr + 1] = NULL;
	return words;
}

void words_free(char **words)
{
	for (unsigned int i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

char **words_split(const char *text)
{
	char *copy = need(strdup(text)), *next = copy, *word;
	char **words = need(calloc(1, sizeof(*words)));

	while ((word = strsep(&next, " \t")))
		if (*word)
			words = words_add(words, word);
	free(copy);
	return words;
}

/* --- Groups of calls, as the systemd of this machine has them ------------------------- */

bool unit_knows_call(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

static const char *known_groups(void)
{
	static char *text;
	size_t size = 0, got;
	FILE *from;

	if (text)
		return text;
	text = need(calloc(1, 1));
	from = popen("systemd-analyze syscall-filter 2>/dev/null", "re");
	if (!from)
		fail("systemd-analyze cannot be started");
	do {
		text = need(realloc(text, size + 4096 + 1));
		got = fread(text + size, 1, 4096, from);
		size += got;
		text[size] = 0;
	} while (got);
	if (pclose(from) || !size)
		fail("what a @name stands for is up to systemd-analyze, which is not there");
	return text;
}

static char **add_group(char **words, const char *group, int depth)
{
	char *head = format("\n%s\n", group), line[128];
	const char *at = strstr(known_groups(), head);

	if (!strncmp(known_groups(), head + 1, strlen(head + 1)))
		at = known_groups() - 1;
	if (!at || depth > 8)
		fail("systemd has no group of calls %s", group);
	for (at += strlen(head); *at == ' '; at += strcspn(at, "\n"), at += *at == '\n') {
		if (sscanf(at, " %127s", line) != 1 || *line == '#')
			continue;
		if (*line == '@')
			words = add_group(words, line, depth + 1);
		else if (unit_knows_call(line))
			words = words_add(words, line);
	}
	free(head);
	return words;
}

char **unit_group(const char *group)
{
	return add_group(need(calloc(1, sizeof(char *))), group, 0);
}

/* --- Rules ----------------------------------------------------------------------------- */

static struct rule *deny(struct profile *profile, unsigned int error, const char *call)
{
	struct rule *rule = profile_add_rule(profile, SCMP_ACT_ERRNO(error));

	rule_add_name(rule, call);
	return rule;
}

static void when(struct rule *rule, unsigned int arg, enum scmp_compare op, uint64_t value)
{
	rule->cmp[rule->nr_cmp++] = (struct scmp_arg_cmp) {
		arg, op, value, op == SCMP_CMP_MASKED_EQ ? value : 0,
	};
}

static void deny_bits(struct profile *profile, const char *call, unsigned int arg, uint64_t bits)
{
	when(deny(profile, EPERM, call), arg, SCMP_CMP_MASKED_EQ, bits);
}

static void deny_group(struct profile *profile, const char *group)
{
	char **calls = unit_group(group);

	for (unsigned int i = 0; calls[i]; i++)
		deny(profile, EPERM, calls[i]);
	words_free(calls);
}

/* Those whose socket() has its arguments in registers, as far as systemd knows. */
static bool has_socket(uint32_t arch)
{
	return arch == SCMP_ARCH_X86_64 || arch == SCMP_ARCH_X32 || arch == SCMP_ARCH_ARM ||
	       arch == SCMP_ARCH_AARCH64 || arch == SCMP_ARCH_RISCV64 ||
	       arch == SCMP_ARCH_MIPS64 || arch == SCMP_ARCH_MIPSEL64 ||
	       arch == SCMP_ARCH_MIPS64N32 || arch == SCMP_ARCH_MIPSEL64N32;
}

/* What is below, above and between the permitted ones: in this order, though they overlap. */
static void permit_families(const bool *in, struct profile *profile)
{
	unsigned int first = 0, last = 0;

	for (unsigned int family = 1; family < MAX_FAMILY; family++) {
		first = first || !in[family] ? first : family;
		last = in[family] ? family : last;
	}
	if (!first) {
		deny(profile, EAFNOSUPPORT, "socket");
		return;
	}
	when(deny(profile, EAFNOSUPPORT, "socket"), 0, SCMP_CMP_LT, first);
	when(deny(profile, EAFNOSUPPORT, "socket"), 0, SCMP_CMP_GT, last);
	for (unsigned int family = 1; family < MAX_FAMILY; family++)
		if (!in[family])
			when(deny(profile, EAFNOSUPPORT, "socket"), 0, SCMP_CMP_EQ, family);
}

static bool restrict_families(const struct settings *s, struct profile *profile)
{
	bool in[MAX_FAMILY] = { false };

	if (!s->families_set || (s->families_deny && !*s->families) || !has_socket(profile->own))
		return false;
	for (char **word = s->families; *word; word++)
		in[atoi(*word)] = true;
	if (!s->families_deny)
		permit_families(in, profile);
	for (unsigned int family = 1; family < MAX_FAMILY; family++)
		if (s->families_deny && in[family])
			when(deny(profile, EAFNOSUPPORT, "socket"), 0, SCMP_CMP_EQ, family);
	return true;
}

/* How an ABI maps memory, as far as systemd knows; NULL: not at all. */
static const char *mmap_of(uint32_t arch)
{
	switch (arch) {
	case SCMP_ARCH_X86:
	case SCMP_ARCH_S390:
	case SCMP_ARCH_ARM:
		return "mmap2";
	case SCMP_ARCH_PPC:
	case SCMP_ARCH_PPC64LE:
	case SCMP_ARCH_S390X:
	case SCMP_ARCH_X86_64:
	case SCMP_ARCH_X32:
	case SCMP_ARCH_AARCH64:
	case SCMP_ARCH_RISCV64:
		return "mmap";
	}
	return NULL;
}

static bool deny_write_execute(struct profile *profile)
{
	const uint32_t arch = profile->own;

	if (!mmap_of(arch))
		return false;
	deny_bits(profile, mmap_of(arch), 2, PROT_WRITE_EXEC);
	/* The arguments of this one are in memory */
	if (arch == SCMP_ARCH_X86 || arch == SCMP_ARCH_S390)
		deny(profile, EPERM, "mmap");
	deny_bits(profile, "mprotect", 2, PROT_EXEC);
	deny_bits(profile, "pkey_mprotect", 2, PROT_EXEC);
	if (arch == SCMP_ARCH_X86_64 || arch == SCMP_ARCH_X32 || arch == SCMP_ARCH_ARM ||
	    arch == SCMP_ARCH_AARCH64 || arch == SCMP_ARCH_RISCV64)
		deny_bits(profile, "shmat", 2, SHM_EXEC);
	return true;
}

/* SCHED_OTHER, _BATCH and _IDLE stay: 0, 3, 5 */
static bool deny_realtime(struct profile *profile)
{
	static const unsigned int denied[] = { 1, 2, 4 };

	for (unsigned int i = 0; i < 3; i++)
		when(deny(profile, EPERM, "sched_setscheduler"), 1, SCMP_CMP_EQ, denied[i]);
	when(deny(profile, EPERM, "sched_setscheduler"), 1, SCMP_CMP_GT, 5);
	return true;
}

/* What libseccomp does not know, and flags in memory, are denied as if there were no such call. */
static void deny_mode_bit(struct profile *profile, unsigned int bit)
{
	static const struct {
		const char *call;
		unsigned int mode;
		bool creates;
	} calls[] = {
		{ "chmod", 1 }, { "fchmod", 1 }, { "fchmodat", 2 }, { "fchmodat2", 2 },
		{ "mkdir", 1 }, { "mkdirat", 2 }, { "mknod", 1 }, { "mknodat", 2 },
		{ "open", 2, true }, { "openat", 3, true },
		{ "openat2" },
		{ "creat", 1 },
	};

	for (unsigned int i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const char *call = calls[i].call;
		struct rule *rule;

		if (!calls[i].mode || !unit_knows_call(call)) {
			deny(profile, ENOSYS, call);
			continue;
		}
		rule = deny(profile, EPERM, call);
		if (calls[i].creates)
			when(rule, calls[i].mode - 1, SCMP_CMP_MASKED_EQ, O_CREAT);
		when(rule, calls[i].mode, SCMP_CMP_MASKED_EQ, bit);
	}
}

static bool deny_suid_sgid(struct profile *profile)
{
	deny_mode_bit(profile, S_ISUID);
	deny_mode_bit(profile, S_ISGID);
	return true;
}

static bool restrict_namespaces(const struct settings *s, struct profile *profile)
{
	/* In systemd's order. That of time has no place in "all" */
	static const unsigned long kinds[] = {
		CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID,
		CLONE_NEWUSER, CLONE_NEWUTS, CLONE_NEWTIME,
	};
	const bool swapped = profile->own == SCMP_ARCH_S390 || profile->own == SCMP_ARCH_S390X;
	const bool all = !(s->namespaces & NAMESPACES_ALL);

	if ((s->namespaces & NAMESPACES_ALL) == NAMESPACES_ALL)
		return false;
	/* Its flags are in memory */
	deny(profile, ENOSYS, "clone3");
	if (all)
		deny(profile, EPERM, "setns");
	else
		when(deny(profile, EPERM, "setns"), 1, SCMP_CMP_EQ, 0);
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (s->namespaces & kinds[i])
			continue;
		deny_bits(profile, "unshare", 0, kinds[i]);
		deny_bits(profile, "clone", swapped, kinds[i]);
		if (!all)
			deny_bits(profile, "setns", 1, kinds[i]);
	}
	return true;
}

/* Does SystemCallArchitectures= leave this one of the machine's ABIs? Its own always. */
static bool is_permitted(const struct settings *s, uint32_t arch)
{
	const struct abi *abi;

	if (!s->arches || arch == s->local[s->nr_local - 1])
		return true;
	for (char **word = s->arches; *word; word++) {
		abi = abi_find(!strcmp(*word, "x86-64") ? "x86_64" : *word);
		if (arch == SCMP_ARCH_X32 ? !strcmp(*word, "x32") : abi && abi->arch == arch)
			return true;
	}
	return false;
}

static bool restrict_arches(const struct settings *s, struct profile *profile)
{
	bool blocks = false;

	profile->other_abis = SCMP_ACT_KILL;
	for (unsigned int i = 0; i < s->nr_local; i++) {
		if (!is_permitted(s, s->local[i]))
			blocks = true;
		else if (s->local[i] != profile->own)
			profile_add_arch(profile, s->local[i]);
	}
	return blocks;
}

void unit_block_arches(struct settings *s)
{
	uint32_t permitted[3];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < s->nr_local; i++)
		if (is_permitted(s, s->local[i]))
			permitted[nr++] = s->local[i];
	memcpy(s->local, permitted, sizeof(permitted));
	s->nr_local = nr;
}

static bool filter_calls(const struct settings *s, struct profile *profile)
{
	const uint32_t denied = s->error ? SCMP_ACT_ERRNO(s->error) : SCMP_ACT_KILL_PROCESS;

	if (!s->filter_set || (s->filter_deny && !*s->filter))
		return false;
	profile->default_action = s->filter_deny ? SCMP_ACT_ALLOW : denied;
	for (char **word = s->filter; *word; word++) {
		char *call = need(strdup(*word)), *error = strchr(call, ':');
		uint32_t action = s->filter_deny ? denied : SCMP_ACT_ALLOW;

		if (error) {
			*error++ = 0;
			action = SCMP_ACT_KILL_PROCESS;
			if (strcmp(error, "kill"))
				action = SCMP_ACT_ERRNO(errno_find(error) ?:
							(unsigned int)atoi(error));
		}
		rule_add_name(profile_add_rule(profile, action), call);
		free(call);
	}
	return true;
}

static bool log_calls(const struct settings *s, struct profile *profile)
{
	if (!s->log_set || (!s->log_but && !*s->log))
		return false;
	profile->default_action = s->log_but ? SCMP_ACT_LOG : SCMP_ACT_ALLOW;
	for (char **word = s->log; *word; word++)
		rule_add_name(profile_add_rule(profile, s->log_but ? SCMP_ACT_ALLOW : SCMP_ACT_LOG),
			      *word);
	return true;
}

/* --- Which setting ------------------------------------------------------------------------ */

static const char * const names[NR_SETTINGS] = {
	"ProtectHostname", "RestrictAddressFamilies", "MemoryDenyWriteExecute",
	"RestrictRealtime", "RestrictSUIDSGID", "RestrictNamespaces", "ProtectKernelTunables",
	"ProtectKernelModules", "ProtectKernelLogs", "ProtectClock", "PrivateDevices",
	"SystemCallArchitectures", "LockPersonality", "SystemCallLog", "SystemCallFilter",
};

bool unit_is_for_all(unsigned int which)
{
	return !strcmp(names[which], "SystemCallArchitectures");
}

static bool has_sysctl(uint32_t arch)
{
	return arch != SCMP_ARCH_AARCH64 && arch != SCMP_ARCH_RISCV64 && arch != SCMP_ARCH_X32;
}

static bool only(bool set, struct profile *profile, const char *call, const char *more)
{
	if (!set)
		return false;
	deny(profile, EPERM, call);
	if (more)
		deny(profile, EPERM, more);
	return true;
}

static bool only_group(bool set, struct profile *profile, const char *group)
{
	if (set)
		deny_group(profile, group);
	return set;
}

bool unit_rules(const struct settings *s, unsigned int which, struct profile *profile,
		const char **what)
{
	*what = names[which];
	switch (which) {
	case 0:
		return only(s->protect_hostname, profile, "sethostname", "setdomainname");
	case 1:
		return restrict_families(s, profile);
	case 2:
		return s->memory_deny && deny_write_execute(profile);
	case 3:
		return s->realtime && deny_realtime(profile);
	case 4:
		return s->suid_sgid && deny_suid_sgid(profile);
	case 5:
		return restrict_namespaces(s, profile);
	case 6:
		return only(s->tunables && has_sysctl(profile->own), profile, "_sysctl", NULL);
	case 7:
		return only_group(s->modules, profile, "@module");
	case 8:
		return only(s->logs, profile, "syslog", NULL);
	case 9:
		return only_group(s->clock, profile, "@clock");
	case 10:
		return only_group(s->devices, profile, "@raw-io");
	case 11:
		return restrict_arches(s, profile);
	case 12:
		if (s->personality)
			when(deny(profile, EPERM, "personality"), 0, SCMP_CMP_NE, 0);
		return s->personality;
	case 13:
		return log_calls(s, profile);
	default:
		return filter_calls(s, profile);
	}
}

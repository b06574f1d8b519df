/* SPDX-License-Identifier: GPL-2.0-only */
/* What systemd makes of the settings of a unit: filters, one for each ABI. */
#ifndef UNIT_RULES_H
#define UNIT_RULES_H

#include "profile.h"

/**
 * struct settings - those of a unit that become filters
 * @families: RestrictAddressFamilies=, in words; NULL for none; @families_deny: after a "~"
 * @namespaces: CLONE_NEW* that stay permitted, NAMESPACES_UNSET for no filter
 * @filter: SystemCallFilter=: the calls, each perhaps with ":" and an errno
 * @filter_deny: are these the ones that are denied?
 * @error: SystemCallErrorNumber=, 0 for KILL_PROCESS
 * @log: SystemCallLog=: the calls; @log_but: are these the ones that are not logged?
 * @arches: SystemCallArchitectures=, in words; NULL for none
 * @local: the ABIs of the machine that a process can still use, its own as the last one
 */
struct settings {
	bool protect_hostname, memory_deny, realtime, suid_sgid, tunables, modules, logs, clock,
	     devices, personality;
	char **families, **filter, **arches, **log;
	bool families_set, families_deny, filter_set, filter_deny, log_set, log_but;
	unsigned long namespaces;
	unsigned int error;
	uint32_t local[3];
	unsigned int nr_local;
};

/* What systemd takes for all of them */
#define NAMESPACES_ALL		0x7e020000UL
#define NAMESPACES_UNSET	(~0UL)

/* The settings that become filters, in the order in which systemd attaches them. */
#define NR_SETTINGS	15

/**
 * unit_rules() - the rules of one setting for one ABI
 * @settings: all settings
 * @which: from 0 on
 * @profile: where to add them; its own ABI is that one
 * @what: what the setting is called
 *
 * Return: false if there is no such filter.
 */
bool unit_rules(const struct settings *settings, unsigned int which, struct profile *profile,
		const char **what);

/* Is a filter for all ABIs together, not one for each? */
bool unit_is_for_all(unsigned int which);

/* What SystemCallArchitectures= does not name gets no filters any more. */
void unit_block_arches(struct settings *settings);

/* Does libseccomp know it? If not, systemd ignores what a unit says of it. */
bool unit_knows_call(const char *name);

/* The calls of a @group, ended by NULL, with those of the groups in it; to be freed. */
char **unit_group(const char *group);
void words_free(char **words);
char **words_add(char **words, const char *word);
char **words_split(const char *text);

#endif

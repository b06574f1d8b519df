/* SPDX-License-Identifier: GPL-2.0-only */
/* What systemd makes of the settings of a unit: filters, one for each ABI. */
#ifndef UNIT_RULES_H
#define UNIT_RULES_H

#include "profile.h"

/**
 * struct settings - those of a unit that become filters
 * @families: RestrictAddressFamilies=, in words; NULL for none; @families_deny: after a "~"
 * @namespaces: CLONE_NEW* that stay permitted
 * @filter: SystemCallFilter=: the calls, each perhaps with ":" and an errno
 * @filter_deny: are these the ones that are denied?
 * @error: SystemCallErrorNumber=, 0 for KILL_PROCESS
 * @arches: SystemCallArchitectures=, in words; NULL for none
 */
struct settings {
	bool protect_hostname, memory_deny, realtime, suid_sgid, tunables, modules, logs, clock,
	     devices, personality;
	char **families, **filter, **arches, **log;
	bool families_set, families_deny, filter_set, filter_deny;
	unsigned long namespaces;
	unsigned int error;
};

#define NAMESPACES_ALL	0x7e020080UL

/* The settings that become filters, in the order in which systemd attaches them. */
#define NR_SETTINGS	14

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

/* The calls of a @group, ended by NULL, with those of the groups in it; to be freed. */
char **unit_group(const char *group);
void words_free(char **words);
char **words_add(char **words, const char *word);
char **words_split(const char *text);

#endif

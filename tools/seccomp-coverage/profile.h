/* SPDX-License-Identifier: GPL-2.0-only */
/* Profiles: rules with names of system calls, before a compiler sees them. */
#ifndef PROFILE_H
#define PROFILE_H

#include <abi.h>
#include <seccomp.h>

#define MAX_ARGS	6

/**
 * struct rule - what becomes of some calls
 * @number: which rule of the file it is, from 0 on
 * @action: what a filter returns for them
 * @name: the calls
 * @nr_names: their number
 * @cmp: conditions, all of which must hold
 * @nr_cmp: their number
 */
struct rule {
	unsigned int number;
	uint32_t action;
	char **name;
	unsigned int nr_names;
	struct scmp_arg_cmp cmp[MAX_ARGS];
	unsigned int nr_cmp;
};

/**
 * struct profile - the rules of a file that apply
 * @name: of the file, for messages
 * @abi: the machine's own
 * @own: the first ABI that it is about, AUDIT_ARCH value or SCMP_ARCH_X32
 * @default_action: for calls without a rule
 * @other_abis: what becomes of calls of ABIs that are not listed
 * @arch: AUDIT_ARCH values, or SCMP_ARCH_X32, besides @own
 * @nr_arches: their number
 * @rule: rules, in the order in which they are added
 * @nr_rules: their number
 */
struct profile {
	const char *name;
	const struct abi *abi;
	uint32_t own;
	uint32_t default_action;
	uint32_t other_abis;
	uint32_t *arch;
	unsigned int nr_arches;
	struct rule *rule;
	unsigned int nr_rules;
};

struct profile *profile_new(const char *name, const struct abi *abi, uint32_t default_action);
struct rule *profile_add_rule(struct profile *profile, uint32_t action);
void rule_add_name(struct rule *rule, const char *name);
void profile_add_arch(struct profile *profile, uint32_t arch);
void profile_free(struct profile *profile);

#endif

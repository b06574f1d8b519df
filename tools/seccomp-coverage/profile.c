// SPDX-License-Identifier: GPL-2.0-only
#include "profile.h"
#include "trouble.h"

struct profile *profile_new(const char *name, const struct abi *abi, uint32_t default_action)
{
	struct profile *profile = need_new(struct profile);

	profile->name = name;
	profile->abi = abi;
	profile->own = abi->arch;
	profile->default_action = default_action;
	profile->other_abis = SCMP_ACT_KILL;	/* as libseccomp has it */
	return profile;
}

struct rule *profile_add_rule(struct profile *profile, uint32_t action)
{
	struct rule *rule;

	profile->rule = grow(profile->rule, profile->nr_rules);
	rule = &profile->rule[profile->nr_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->number = profile->nr_rules - 1;
	rule->action = action;
	return rule;
}

void rule_add_name(struct rule *rule, const char *name)
{
	rule->name = grow(rule->name, rule->nr_names);
	rule->name[rule->nr_names++] = need(strdup(name));
}

void profile_add_arch(struct profile *profile, uint32_t arch)
{
	profile->arch = grow(profile->arch, profile->nr_arches);
	profile->arch[profile->nr_arches++] = arch;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (unsigned int i = 0; i < profile->nr_rules; i++) {
		while (profile->rule[i].nr_names)
			free(profile->rule[i].name[--profile->rule[i].nr_names]);
		free(profile->rule[i].name);
	}
	free(profile->rule);
	free(profile->arch);
	free(profile);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include "actions.h"

#define MAX_ERRNO	4095

static const struct action {
	const char *name, *alias;
	uint32_t ret;
	bool has_data;
} actions[NR_ACTIONS] = {
	{ "ALLOW", "", SECCOMP_RET_ALLOW },
	{ "LOG", "", SECCOMP_RET_LOG },
	{ "TRACE", "", SECCOMP_RET_TRACE, true },
	{ "USER_NOTIF", "NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ "ERRNO", "", SECCOMP_RET_ERRNO, true },
	{ "TRAP", "", SECCOMP_RET_TRAP, true },
	{ "KILL_THREAD", "KILL", SECCOMP_RET_KILL_THREAD },
	/* The last one: what the kernel does with unknown actions */
	{ "KILL_PROCESS", "", SECCOMP_RET_KILL_PROCESS },
};

bool action_find(const char *name, uint32_t *ret)
{
	for (unsigned int i = 0; i < NR_ACTIONS; i++) {
		if (!strcmp(actions[i].name, name) ||
		    (*name && !strcmp(actions[i].alias, name))) {
			*ret = actions[i].ret;
			return true;
		}
	}
	return false;
}

unsigned int action_kind(uint32_t ret)
{
	unsigned int kind = 0;

	while (kind < NR_ACTIONS - 1 && actions[kind].ret != (ret & SECCOMP_RET_ACTION_FULL))
		kind++;
	return kind;
}

const char *action_kind_name(unsigned int kind)
{
	return actions[kind].name;
}

const char *action_name(uint32_t ret)
{
	return actions[action_kind(ret)].name;
}

bool action_has_data(uint32_t ret)
{
	return actions[action_kind(ret)].has_data;
}

unsigned int errno_find(const char *name)
{
	static const struct {
		const char *name;
		unsigned int value;
	} aliases[] = {
		{ "EWOULDBLOCK", EWOULDBLOCK }, { "EDEADLOCK", EDEADLOCK }, { "ENOTSUP", ENOTSUP },
	};
	const char *known;

	for (unsigned int i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (!strcmp(aliases[i].name, name))
			return aliases[i].value;
	for (unsigned int value = 1; value <= MAX_ERRNO; value++) {
		known = strerrorname_np(value);
		if (known && !strcmp(known, name))
			return value;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include "coverage.h"

/* Returns false for what is not a line of seccomp_cache. */
static bool parse_line(struct coverage **coverages, const char *line)
{
	char name[16], status[16], more;
	unsigned int nr, fields, data = 0;
	struct call *call;
	size_t i;

	fields = sscanf(line, "%15s %u %15s %u %c", name, &nr, status, &data, &more);
	if ((fields != 3 && fields != 4) || data > SECCOMP_RET_DATA)
		return false;
	if (nr >= ABI_SIZE)	/* of a newer kernel */
		return true;

	i = abi_find(name) - abis;
	if (!coverages[i])
		coverages[i] = coverage_new(&abis[i]);
	call = &coverages[i]->call[nr];
	if (!strcmp(status, "FILTER"))
		return true;
	call->constant = action_find(status, &call->ret);
	call->allowed = call->ret == SECCOMP_RET_ALLOW;
	call->ret |= data;
	return call->constant;
}

void coverage_parse(struct coverage **coverages, const char *name, char *text)
{
	unsigned int nr = 0;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		nr++;
		if (*line && !parse_line(coverages, line))
			fail("%s: neither raw BPF nor JSON, and line %u is none of seccomp_cache",
			     name, nr);
	}
}

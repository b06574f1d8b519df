// SPDX-License-Identifier: GPL-2.0-only
#include <linux/seccomp.h>
#include <stdio.h>
#include "actions.h"
#include "report_read.h"
#include "trouble.h"

/* Returns false for what is not a line of either file. */
static bool parse(struct report *report, const char *line)
{
	char name[16], range[24], status[16], more;
	unsigned int first, last, fields, data = 0;
	const struct abi *abi;
	uint32_t ret = 0, *rets;
	bool is_constant;
	uint8_t *says;
	int end = 0;

	if (*line == '#')
		return true;
	fields = sscanf(line, "%15s %23s %15s %u %c", name, range, status, &data, &more);
	if ((fields != 3 && fields != 4) || data > SECCOMP_RET_DATA)
		return false;
	abi = abi_find(name);
	if (!abi || strcmp(abi->name, name))
		return false;
	if (sscanf(range, "%u%n", &first, &end) != 1)
		return false;
	last = first;
	if (range[end] && (sscanf(range + end, "-%u%c", &last, &more) != 1 || last < first))
		return false;
	is_constant = strcmp(status, "FILTER");
	if (is_constant && !action_find(status, &ret))
		return false;

	report->has[abi - abis] = true;
	says = report->says[abi - abis];
	rets = report->ret[abi - abis];
	for (unsigned int nr = first; nr <= last && nr < ABI_MAX + abi->first; nr++) {
		if (nr < abi->first)	/* of a kernel that counts otherwise */
			return false;
		says[nr - abi->first] = is_constant ? REPORT_CONSTANT : REPORT_FILTER;
		rets[nr - abi->first] = is_constant ? ret | data : 0;
	}
	return true;
}

static char *line_at(const char *text)
{
	return need(strndup(text, strcspn(text, "\n")));
}

bool report_is_one(const char *text)
{
	char *line = line_at(text);
	struct report *report = need_new(struct report);
	bool is_one = !strncmp(line, "# ", 2) ? strstr(line, " filters, table of ") ||
						!strcmp(line, "# no table") :
						parse(report, line);

	free(report);
	free(line);
	return is_one;
}

struct report *report_read(const char *name, const char *text)
{
	struct report *report = need_new(struct report);
	unsigned int nr = 0;
	char *line;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		line = line_at(text);
		nr++;
		if (*line && !parse(report, line))
			fail("%s: line %u is none of a kernel's report: %.40s", name, nr, line);
		free(line);
	}
	return report;
}

void report_free(struct report *report)
{
	free(report);
}

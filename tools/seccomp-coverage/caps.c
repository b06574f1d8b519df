// SPDX-License-Identifier: GPL-2.0-only
#include <strings.h>
#include "caps.h"
#include "trouble.h"

#define DEFAULTS "CHOWN,FOWNER,FSETID,KILL,SETFCAP,SETGID,SETPCAP,SETUID,SYS_CHROOT"

const char *const caps_default = DEFAULTS ",DAC_OVERRIDE,NET_BIND_SERVICE";

/* By number */
static const char * const names[] = {
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID",
	"SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
	"NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
	"SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
	"AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};

#define NR_CAPS		(sizeof(names) / sizeof(names[0]))
#define ALL		((1ULL << NR_CAPS) - 1)

/* The capability's bit, or 0. */
static uint64_t find(const char *name)
{
	name += strncasecmp(name, "CAP_", 4) ? 0 : 4;
	for (unsigned int i = 0; i < NR_CAPS; i++)
		if (!strcasecmp(names[i], name))
			return 1ULL << i;
	return 0;
}

uint64_t caps_parse(const char *list)
{
	char *copy = need(strdup(list)), *next = copy, *word;
	uint64_t caps = 0, cap;

	while ((word = strsep(&next, ","))) {
		cap = strcasecmp(word, "ALL") ? find(word) : ALL;
		if (!cap && strcasecmp(word, "NONE"))
			fail("--caps: no capability '%s'; see capabilities(7), or say ALL or NONE",
			     word);
		caps |= cap;
	}
	free(copy);
	return caps;
}

bool caps_have(uint64_t caps, const char *name)
{
	return caps & find(name);
}

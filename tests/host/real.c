// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "classify.h"
#include "real.h"

#define MAX_REALS	256

static void *need(void *memory)
{
	if (!memory) {
		perror("memory");
		exit(1);
	}
	return memory;
}

static bool ends_in_bpf(const char *name)
{
	size_t len = strlen(name);

	return len >= 4 && !strcmp(name + len - 4, ".bpf");
}

static void add_filter(struct real *real, const char *path)
{
	struct program *p = need(malloc(sizeof(*p)));

	if (real->depth < MAX_STACK && program_read(p, path)) {
		real->filter[real->depth++] = p;
		return;
	}
	fprintf(stderr, "# %s: not a filter, or one too many\n", path);
	free(p);
}

static int is_filter(const struct dirent *entry)
{
	return ends_in_bpf(entry->d_name);
}

static void read_stack(struct real *real, const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, is_filter, alphasort);
	char file[1024];

	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entry[i]->d_name);
		add_filter(real, file);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
}

/* The last two parts of a path. */
static const char *name_of(const char *path)
{
	const char *at = path + strlen(path);
	int slashes = 2;

	while (at > path && (at[-1] != '/' || --slashes))
		at--;
	return at;
}

bool real_read(struct real *real, const char *path)
{
	struct stat status;

	memset(real, 0, sizeof(*real));
	if (!stat(path, &status) && S_ISDIR(status.st_mode))
		read_stack(real, path);
	else if (ends_in_bpf(path))
		add_filter(real, path);
	if (real->depth)
		real->name = need(strdup(name_of(path)));
	return real->depth;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static unsigned int read_dir(struct real *reals, unsigned int max, const char *dir)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_visible, alphasort);
	unsigned int found = 0;
	char path[1024];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name);
		if (found < max && real_read(&reals[found], path))
			found++;
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return found;
}

unsigned int real_read_all(struct real **reals, const char *dirs)
{
	char *list = need(strdup(dirs)), *next = list, *dir;
	unsigned int n = 0;

	*reals = need(calloc(MAX_REALS, sizeof(**reals)));
	while ((dir = strsep(&next, " ")))
		if (*dir)
			n += read_dir(*reals + n, MAX_REALS - n, dir);
	free(list);
	return n;
}

static uint32_t arch_of(const char *name)
{
	static const struct {
		const char *name;
		uint32_t arch;
	} archs[] = {
		{ "x86_64", AUDIT_ARCH_X86_64 }, { "ia32", AUDIT_ARCH_I386 },
		{ "aarch64", AUDIT_ARCH_AARCH64 }, { "arm64", AUDIT_ARCH_AARCH64 },
		{ "arm", AUDIT_ARCH_ARM },
		{ "riscv64", AUDIT_ARCH_RISCV64 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(archs); i++)
		if (!strcmp(archs[i].name, name))
			return archs[i].arch;
	return 0;
}

void real_set_abis(const struct real *real)
{
	char *name = need(strdup(real->name)), *next = name, *word;
	unsigned int n = 0, i;

	seccomp_abis[0].arch = AUDIT_ARCH_X86_64;
	seccomp_abis[1].arch = AUDIT_ARCH_I386;
	for (i = 0; i < SECCOMP_NR_ABIS; i++) {
		seccomp_abis[i].first = 0;
		seccomp_abis[i].size = 463;
	}
	while ((word = strsep(&next, "/.+")) && n < SECCOMP_NR_ABIS)
		if (arch_of(word))
			seccomp_abis[n++].arch = arch_of(word);
	if (n == 1 && seccomp_abis[0].arch == AUDIT_ARCH_AARCH64)
		seccomp_abis[1].arch = AUDIT_ARCH_ARM;
	free(name);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Start a program under filters: filtered FILTER... PROGRAM [ARGUMENT...], FILTER is *.bpf */
#include <err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void attach(const char *path)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	struct sock_fprog prog = { .filter = insns };
	FILE *file = fopen(path, "re");

	if (!file)
		err(2, "%s", path);
	prog.len = fread(insns, sizeof(*insns), BPF_MAXINSNS, file);
	fclose(file);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		err(2, "attaching %s", path);
}

int main(int argc, char **argv)
{
	int i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(2, "no_new_privs");
	for (i = 1; i < argc; i++) {
		const char *dot = strrchr(argv[i], '.');

		if (!dot || strcmp(dot, ".bpf"))
			break;
		attach(argv[i]);
	}
	if (i >= argc)
		errx(2, "usage: filtered FILTER... PROGRAM [ARGUMENT...]");
	execvp(argv[i], &argv[i]);
	err(2, "%s", argv[i]);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel says of itself to those who ask it by system calls: a line "NAME
 * TEXT" for each fact, for test-this-kernel.sh.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"

#define SECCOMP_PIN_ARCHITECTURE	4
/* klogctl() has no names for these */
#define READ_ALL	3
#define SIZE_BUFFER	10

/* The kernel knows an operation if it looks at the argument. */
static const char *operation(unsigned int op)
{
	if (syscall(SYS_seccomp, op, 0, (void *)8) == -1 && errno == EFAULT)
		return "yes";
	return "no";
}

static void print_counters(void)
{
	for (int i = 0; i < COUNTERS; i++) {
		int fd = counter_open(i, 0);

		printf("%s %s\n", counter_names[i],
		       fd < 0 ? counter_refusal(errno) : "yes");
		if (fd >= 0)
			close(fd);
	}
}

/* Those lines of the kernel's log that are about us */
static void print_log(void)
{
	static const char prefix[] = "seccomp_bitmap: ";
	int size = klogctl(SIZE_BUFFER, NULL, 0), len = -1;
	char *text = size < 0 ? NULL : malloc(size + 1), *line;

	if (text)
		len = klogctl(READ_ALL, text, size);
	if (len < 0) {
		printf("log-refused %s\n", strerror(errno));
		return;
	}
	text[len] = '\0';
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		line = strstr(line, prefix);
		if (line)
			printf("log %s\n", line + strlen(prefix));
	}
}

int main(void)
{
	struct utsname kernel;
	time_t now = time(NULL);
	char date[32];

	uname(&kernel);
	printf("kernel %s %s %s, %s\n", kernel.sysname, kernel.release, kernel.machine,
	       kernel.version);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M", localtime(&now));
	printf("date %s\n", date);
	printf("release %s\n", kernel.release);
	printf("user %u\n", geteuid());
	printf("processors %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	printf("filters %s\n", operation(SECCOMP_SET_MODE_FILTER));
	printf("pins %s\n", operation(SECCOMP_PIN_ARCHITECTURE));
	print_counters();
	print_log();
	return 0;
}

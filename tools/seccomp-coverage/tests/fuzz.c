// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer on what reads files. What is wrong with an input ends the program; here it
 * ends this input only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include "caps.h"
#include "coverage.h"
#include "input.h"
#include "trouble.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static jmp_buf end;

/* In place of the program's */
void fail(const char *text, ...)
{
	longjmp(end, 1);
}

char *format(const char *text, ...)
{
	va_list args;
	char *made;

	va_start(args, text);
	if (vasprintf(&made, text, args) < 0)
		abort();
	va_end(args);
	return made;
}

/* In place of the C library's */
void warnx(const char *text, ...)
{
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	struct context context = {
		.abi = abi_find("x86_64"), .kernel = KERNEL_7_3, .caps = caps_parse("ALL"),
	};
	struct subjects subjects = { 0 };
	FILE *file;

	snprintf(path, sizeof(path), "/dev/shm/fuzz-%d", getpid());
	file = fopen(path, "w");
	if (!file)
		return 0;
	fwrite(data, 1, size, file);
	fclose(file);
	if (setjmp(end))
		return 0;
	input_read(path, &context, &subjects);
	/* Most inputs are for what reads them: this takes long */
	for (unsigned int i = 0; i < subjects.nr && size % 16 == 8; i++)
		free(coverage_of(subjects.subject[i], context.abi, context.abi, context.kernel));
	subjects_free(&subjects);
	return 0;
}

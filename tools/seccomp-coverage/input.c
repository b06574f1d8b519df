// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compile.h"
#include "firecracker.h"
#include "input.h"
#include "oci.h"
#include "report_read.h"
#include "trouble.h"
#include "unit.h"
#include "wrap.h"
#include "yaml_read.h"

#define MAX_INPUT	(16 << 20)	/* bytes */
#define BOM		"\xef\xbb\xbf"

/**
 * struct input - a file that has been read
 * @name: for messages
 * @part: the part of it that is wanted, or NULL
 * @text: what is in it, with a NUL behind it
 * @size: without the NUL
 */
struct input {
	const char *name;
	const char *part;
	char *text;
	size_t size;
};

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

static bool is_directory(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static bool has_config(const char *path)
{
	char *config = format("%s/config.json", path);
	bool has = exists(config);

	free(config);
	return has;
}

bool input_is_folder(const char *path)
{
	return is_directory(path) && !has_config(path);
}

static void load(struct input *input, const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;

	input->text = need(malloc(MAX_INPUT + 2));
	if (file)
		input->size = fread(input->text, 1, MAX_INPUT + 1, file);
	if (!file || ferror(file))
		fail("%s: %s", input->name, strerror(errno));
	if (input->size > MAX_INPUT)
		fail("%s: longer than any filter or profile", input->name);
	input->text[input->size] = 0;
	input->text = need(realloc(input->text, input->size + 1));
	if (file != stdin)
		fclose(file);
}

/* --- What it looks like ------------------------------------------------------- */

/*
 * An instruction has a zero byte in its operation, in both byte orders; text has none
 * anywhere.
 */
static bool is_text(const struct input *input)
{
	return input->size && !memchr(input->text, 0, input->size);
}

static const char *start_of(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

/* Is there a line that begins with that? */
static bool has_line(const char *text, const char *begin)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (!strncmp(text, begin, strlen(begin)))
			return true;
	return false;
}

static bool is_yaml(const char *text)
{
	return has_line(text, "apiVersion:") || has_line(text, "kind:") ||
	       has_line(text, "defaultAction:");
}

/* [Unit], [Service]: a list in JSON never begins so. */
static bool is_unit(const char *text)
{
	return has_line(text, "[Service]") || has_line(text, "[Unit]") ||
	       has_line(text, "[Socket]") || has_line(text, "[Scope]");
}

static void refuse(const struct input *input)
{
	const char *start = start_of(input->text);
	int len;

	if (!strncmp(input->text, BOM, 3))
		fail("%s: starts with a byte-order mark; save it as UTF-8 without one",
		     input->name);
	if (*start == '/')
		fail("%s: starts with a comment, which JSON does not have", input->name);
	if (!strncmp(start, "<", 1))
		fail("%s: looks like HTML or XML; is it a page about the file?", input->name);
	len = strcspn(start, "\r\n");
	fail("%s: text, but no profile, no unit, and no report of the kernel; it begins with: %.*s",
	     input->name, len > 20 ? 20 : len, start);
}

/* --- What it is ----------------------------------------------------------------- */

static bool is_wanted(const struct input *input, const char *part)
{
	return !input->part || (part && !strcmp(input->part, part));
}

static void add_profile(const char *name, const struct found *found,
			const struct context *context, struct subjects *subjects)
{
	struct subject *subject = subject_new(name);
	struct layer *layer = subject_add(subject, name);

	layer->profile = found->kind == PROFILE_OCI ?
			 oci_parse(layer->name, found->json, context) :
			 firecracker_parse(layer->name, found->json, context);
	profile_compile(layer->profile, context, layer->program, &layer->pfc);
	subjects_add(subjects, subject);
}

static void read_profiles(const struct input *input, struct json_object *json,
			  const struct context *context, struct subjects *subjects)
{
	struct found *found;
	unsigned int nr = wrap_find(input->name, json, &found), before = subjects->nr;

	for (unsigned int i = 0; i < nr; i++) {
		char *name = found[i].part ? format("%s#%s", input->name, found[i].part) :
					     need(strdup(input->name));

		if (is_wanted(input, found[i].part) && found[i].path)
			input_read(found[i].path, context, subjects);
		else if (is_wanted(input, found[i].part))
			add_profile(name, &found[i], context, subjects);
		free(name);
		free(found[i].part);
		if (found[i].owned)
			json_object_put(found[i].json);
	}
	free(found);
	json_object_put(json);
	if (subjects->nr == before)
		fail("%s: has no part %s", input->name, input->part);
}

static void read_raw(const struct input *input, const struct context *context,
		     struct subjects *subjects)
{
	struct subject *subject = subject_new(input->name);
	struct layer *layer = subject_add(subject, input->name);
	struct program_fault fault = program_load(layer->program, input->text, input->size,
						  abi_big_endian(context->abi));
	const struct sock_filter *insn = &layer->program->insn[fault.pc];

	if (fault.what && !fault.has_pc)
		fail("%s: %s", input->name, fault.what);
	if (fault.what)
		fail("%s: as raw BPF, instruction %u (code %#x, k %#x): %s%s", input->name,
		     fault.pc, insn->code, insn->k, fault.what,
		     insn->code & 0xff ? "" : " Name the machine's --abi");
	subjects_add(subjects, subject);
}

static void read_report(const struct input *input, struct subjects *subjects)
{
	struct subject *subject = subject_new(input->name);

	subject->report = report_read(input->name, input->text);
	subjects_add(subjects, subject);
}

static void read_text(const struct input *input, const struct context *context,
		      struct subjects *subjects)
{
	const char *start = start_of(input->text);

	if (report_is_one(start))
		read_report(input, subjects);
	else if (*start == '{' || (*start == '[' && !is_unit(start)))
		read_profiles(input, json_read(input->name, input->text), context, subjects);
	else if (is_unit(input->text))
		subjects_add(subjects, unit_read(input->name, input->text, context));
	else if (is_yaml(input->text))
		read_profiles(input, yaml_read(input->name, input->text), context, subjects);
	else
		refuse(input);
}

void input_read(const char *path, const struct context *context, struct subjects *subjects)
{
	struct input input = { .name = strcmp(path, "-") ? path : "standard input" };
	char *file = need(strdup(path)), *part = exists(path) ? NULL : strrchr(file, '#'), *config;

	if (part) {
		*part = 0;
		input.part = part + 1;
		input.name = file;
	}
	if (is_directory(file) && has_config(file)) {
		config = format("%s/config.json", file);
		free(file);
		file = config;
	}
	load(&input, file);
	if (is_text(&input))
		read_text(&input, context, subjects);
	else
		read_raw(&input, context, subjects);
	free(input.text);
	free(file);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "report_read.h"
#include "subject.h"
#include "trouble.h"

struct subject *subject_new(const char *name)
{
	struct subject *subject = need_new(struct subject);

	subject->name = need(strdup(name));
	return subject;
}

struct layer *subject_add(struct subject *subject, const char *name)
{
	struct layer *layer = &subject->layer[subject->depth];

	if (subject->depth == WAYS_LAYERS)
		fail("%s: more than %d filters", subject->name, WAYS_LAYERS);
	subject->depth++;
	layer->name = need(strdup(name));
	layer->program = need_new(struct program);
	return layer;
}

void subjects_add(struct subjects *subjects, struct subject *subject)
{
	subjects->subject = grow(subjects->subject, subjects->nr);
	subjects->subject[subjects->nr++] = subject;
}

static void free_subject(struct subject *subject)
{
	for (unsigned int i = 0; i < subject->depth; i++) {
		free(subject->layer[i].name);
		free(subject->layer[i].program);
		profile_free(subject->layer[i].profile);
		free(subject->layer[i].pfc);
	}
	report_free(subject->report);
	free(subject->name);
	free(subject);
}

void subjects_free(struct subjects *subjects)
{
	for (unsigned int i = 0; i < subjects->nr; i++)
		free_subject(subjects->subject[i]);
	free(subjects->subject);
}

void subjects_stack(struct subjects *subjects)
{
	struct subject *stack, *from;

	if (subjects->nr < 2)
		return;
	stack = subject_new("stack");
	for (unsigned int i = 0; i < subjects->nr; i++) {
		from = subjects->subject[i];
		if (from->report)
			fail("%s: a kernel's report of a whole stack, not one of several filters",
			     from->name);
		if (stack->depth + from->depth > WAYS_LAYERS)
			fail("more than %d filters", WAYS_LAYERS);
		memcpy(&stack->layer[stack->depth], from->layer,
		       from->depth * sizeof(from->layer[0]));
		stack->depth += from->depth;
		from->depth = 0;
		free_subject(from);
	}
	subjects->nr = 1;
	subjects->subject[0] = stack;
}

unsigned int subject_programs(const struct subject *subject, const struct program **programs)
{
	for (unsigned int i = 0; i < subject->depth; i++)
		programs[i] = subject->layer[i].program;
	return subject->depth;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The states of the symbolic classifier by the instruction they have come to. */
#ifndef _KERNEL_SECCOMP_WORKLIST_H
#define _KERNEL_SECCOMP_WORKLIST_H

#include <linux/bitmap.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "limits.h"
#include "state.h"

#define WORKLIST_CHUNK	16	/* states in one piece of memory: less than a page */

/**
 * struct worklist - states that wait for their turn
 * @head: for each instruction the number of the first state there, or 0
 * @end: behind the last instruction where any is
 * @free: number of a state that has been released, or 0
 * @nr_states: states that have ever been used
 * @chunk: memory for them
 */
struct worklist {
	u16 *head;
	unsigned int end;
	u16 free;
	unsigned int nr_states;
	struct symbolic_state *chunk[SYMBOLIC_MAX_STATES / WORKLIST_CHUNK];
};

static inline void worklist_destroy(struct worklist *list)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(list->chunk) && list->chunk[i]; i++)
		kfree(list->chunk[i]);
}

/* NULL for 0, which stands for no state. */
static inline struct symbolic_state *worklist_state(const struct worklist *list,
						    unsigned int id)
{
	if (!id)
		return NULL;
	id--;
	return &list->chunk[id / WORKLIST_CHUNK][id % WORKLIST_CHUNK];
}

/* A state of which only the number is set; NULL for want of room or memory. */
static inline struct symbolic_state *worklist_alloc(struct worklist *list)
{
	struct symbolic_state *state = worklist_state(list, list->free);
	struct symbolic_state **chunk;

	if (state) {
		list->free = state->next;
		return state;
	}
	if (list->nr_states == SYMBOLIC_MAX_STATES)
		return NULL;

	chunk = &list->chunk[list->nr_states / WORKLIST_CHUNK];
	if (!*chunk)
		*chunk = kmalloc_array(WORKLIST_CHUNK, sizeof(**chunk),
				       SECCOMP_GFP_OPTIONAL);
	if (!*chunk)
		return NULL;

	state = &(*chunk)[list->nr_states++ % WORKLIST_CHUNK];
	state->id = list->nr_states;
	return state;
}

/* A state with the registers of another one and the numbers in @set, or NULL. */
static inline struct symbolic_state *
worklist_copy(struct worklist *list, const struct symbolic_state *state,
	      const unsigned long *set)
{
	struct symbolic_state *copy = worklist_alloc(list);
	u16 id;

	if (!copy)
		return NULL;

	id = copy->id;
	*copy = *state;
	copy->id = id;
	bitmap_copy(copy->set, set, SECCOMP_ABI_ROWS);
	return copy;
}

static inline void worklist_release(struct worklist *list,
				    struct symbolic_state *state)
{
	state->next = list->free;
	list->free = state->id;
}

static inline struct symbolic_state *worklist_first(const struct worklist *list,
						    unsigned int pc)
{
	return worklist_state(list, list->head[pc]);
}

static inline struct symbolic_state *
worklist_next(const struct worklist *list, const struct symbolic_state *state)
{
	return worklist_state(list, state->next);
}

/* The state at @pc whose registers in @live are those of @state, or NULL. */
static inline struct symbolic_state *
worklist_find(const struct worklist *list, unsigned int pc,
	      const struct symbolic_state *state, u32 live)
{
	struct symbolic_state *there = worklist_first(list, pc);

	while (there && !symbolic_equal(there, state, live))
		there = worklist_next(list, there);
	return there;
}

/* Have a state wait at @pc. False, and it stays the caller's, in a crowd. */
static inline bool worklist_enqueue(struct worklist *list,
				    struct symbolic_state *state,
				    unsigned int pc)
{
	const struct symbolic_state *there = worklist_first(list, pc);
	unsigned int enqueued;

	for (enqueued = 0; there; there = worklist_next(list, there))
		enqueued++;
	if (enqueued >= SYMBOLIC_MAX_ENQUEUED)
		return false;

	state->next = list->head[pc];
	list->head[pc] = state->id;
	if (list->end <= pc)
		list->end = pc + 1;
	return true;
}

/* Take a state from @pc; NULL when none is left. */
static inline struct symbolic_state *worklist_dequeue(struct worklist *list,
						      unsigned int pc)
{
	struct symbolic_state *state = worklist_first(list, pc);

	if (state)
		list->head[pc] = state->next;
	return state;
}

#endif /* _KERNEL_SECCOMP_WORKLIST_H */

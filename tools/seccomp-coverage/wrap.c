// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include "firecracker.h"
#include "trouble.h"
#include "wrap.h"

struct finder {
	const char *name;
	struct found *found;
	unsigned int nr;
	char *why;		/* why there was none, if something is known */
};

static void add(struct finder *f, const char *part, enum profile_kind kind,
		struct json_object *json, const char *path)
{
	f->found = grow(f->found, f->nr);
	f->found[f->nr++] = (struct found) {
		part ? need(strdup(part)) : NULL, kind, json, false, path,
	};
}

static void explain(struct finder *f, char *why)
{
	free(f->why);
	f->why = why;
}

/* linux.seccomp of an OCI configuration, wherever that is. */
static bool find_spec(struct finder *f, struct json_object *spec, const char *part)
{
	struct json_object *system = json_maybe(spec, "linux", json_type_object);
	struct json_object *seccomp = json_maybe(system, "seccomp", json_type_object);

	if (seccomp)
		add(f, part, PROFILE_OCI, seccomp, NULL);
	else if (system)
		explain(f, format("linux.seccomp is missing: the container is unconfined"));
	return system;
}

/* A custom resource, or what refers to one. */
static bool find_kubernetes(struct finder *f, struct json_object *json)
{
	const char *kind = json_maybe_text(json, "kind");
	struct json_object *spec = json_maybe(json, "spec", json_type_object);
	struct json_object *meta = json_maybe(json, "metadata", json_type_object);

	if (!kind || !json_maybe_text(json, "apiVersion"))
		return false;
	if (strcmp(kind, "SeccompProfile")) {
		explain(f, format("a Kubernetes %.40s, which at most names a profile; give that",
				  kind));
		return true;
	}
	if (json_maybe_text(spec, "baseProfileName"))
		warnx("%s: baseProfileName %s is not followed: its rules are missing", f->name,
		      json_maybe_text(spec, "baseProfileName"));
	if (spec)
		add(f, json_maybe_text(meta, "name"), PROFILE_OCI, spec, NULL);
	return true;
}

/* "seccomp=..." of Docker: the profile itself, once Docker has read it. */
static void find_option(struct finder *f, const char *option, const char *part)
{
	option += 8;
	if (*option == '{') {
		add(f, part, PROFILE_OCI, json_read(f->name, option), NULL);
		f->found[f->nr - 1].owned = true;
	} else if (!strcmp(option, "unconfined")) {
		explain(f, format("container %s is unconfined: no filter", part));
	} else {
		explain(f, format("container %s has the profile in %s; give that", part, option));
	}
}

/* docker inspect, podman inspect */
static bool find_inspected(struct finder *f, struct json_object *json)
{
	struct json_object *host = json_maybe(json, "HostConfig", json_type_object);
	struct json_object *options = json_maybe(host, "SecurityOpt", json_type_array);
	const char *part = json_maybe_text(json, "Name") ?: "?", *path, *option;
	unsigned int before = f->nr;

	if (!host)
		return false;
	part += *part == '/';
	path = json_maybe_text(json, "OCIConfigPath");
	if (path && *path) {
		add(f, part, PROFILE_OCI, NULL, path);
		return true;
	}
	explain(f, format("container %s has the default profile of the engine; give that", part));
	for (size_t i = 0; i < json_length(options); i++) {
		option = json_object_get_string(json_object_array_get_idx(options, i));
		if (option && !strncmp(option, "seccomp=", 8))
			find_option(f, option, part);
	}
	return f->nr > before || f->why;
}

static bool find_firecracker(struct finder *f, struct json_object *json)
{
	unsigned int before = f->nr;

	json_object_object_foreach(json, key, value)
		if (firecracker_is_thread(value))
			add(f, key, PROFILE_FIRECRACKER, value, NULL);
	return f->nr > before;
}

static void find(struct finder *f, struct json_object *json, const char *part)
{
	struct json_object *info;

	if (json_object_is_type(json, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(json); i++) {
			char number[24];

			snprintf(number, sizeof(number), "%zu", i);
			find(f, json_object_array_get_idx(json, i),
			     json_object_array_length(json) > 1 ? number : part);
		}
		return;
	}
	if (!json_object_is_type(json, json_type_object))
		return;
	if (json_object_object_get_ex(json, "defaultAction", NULL)) {
		add(f, part, PROFILE_OCI, json, NULL);
		return;
	}
	if (find_spec(f, json, part) || find_kubernetes(f, json) || find_inspected(f, json) ||
	    find_firecracker(f, json))
		return;
	/* ctr container info, crictl inspect */
	if (find_spec(f, json_maybe(json, "Spec", json_type_object), part))
		return;
	info = json_maybe(json, "info", json_type_object);
	find_spec(f, json_maybe(info, "runtimeSpec", json_type_object), part);
	if (json_maybe(json, "items", json_type_array))
		find(f, json_maybe(json, "items", json_type_array), part);
}

unsigned int wrap_find(const char *name, struct json_object *file, struct found **found)
{
	struct finder f = { .name = name };

	find(&f, file, NULL);
	if (!f.nr && f.why)
		fail("%s: %s", name, f.why);
	if (!f.nr)
		fail("%s: has no profile: no defaultAction, no linux.seccomp, ...", name);
	free(f.why);
	if (f.nr == 1) {
		free(f.found->part);
		f.found->part = NULL;
	}
	*found = f.found;
	return f.nr;
}

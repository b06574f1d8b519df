// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait() for the kernel's seccomp_bpf, linked with --wrap=wait. Its tracer runs
 * "while (tracer_running) wait();" until a signal ends that. A signal that comes
 * between the two leaves it waiting for ever: seen on busy machines.
 */
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

extern bool tracer_running;

pid_t __wrap_wait(int *status);

pid_t __wrap_wait(int *status)
{
	static bool is_tracer;
	pid_t pid;

	if (tracer_running)
		is_tracer = true;
	while (!(pid = waitpid(-1, status, WNOHANG))) {
		if (is_tracer && !tracer_running)
			return -1;
		usleep(100);
	}
	return pid;
}

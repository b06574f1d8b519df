// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's own seccomp_bpf takes from the C library otherwise than it
 * means to; linked with --wrap.
 */
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern bool tracer_running;

pid_t __wrap_wait(int *status);
int __wrap_nanosleep(const struct timespec *request, struct timespec *left);
int __wrap_poll(struct pollfd *fds, nfds_t nfds, int timeout);
int __real_poll(struct pollfd *fds, nfds_t nfds, int timeout);
int __wrap_setitimer(int which, const struct itimerval *value, struct itimerval *old);
int __real_setitimer(int which, const struct itimerval *value, struct itimerval *old);

/*
 * Its tracer runs "while (tracer_running) wait();" until a signal ends that. A
 * signal that comes between the two leaves it waiting for ever: seen on busy
 * machines.
 */
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

/*
 * On 32-bit Arm, which shows a restarted call by its first number, it expects
 * that of nanosleep, where the C library makes clock_nanosleep of it.
 */
int __wrap_nanosleep(const struct timespec *request, struct timespec *left)
{
	return syscall(SYS_nanosleep, request, left);
}

/*
 * From 7.3 on, one of its tests makes 100,000 calls that each wait for a supervisor,
 * and sends a signal every millisecond meanwhile. An emulated processor may need longer
 * for a call, and gets nowhere then; it also needs more than the 30 s after which the
 * harness, which waits by poll(), ends a test. It takes longest to wake the other
 * processor, so that the task and its supervisor share one.
 */
int __wrap_poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
	return __real_poll(fds, nfds, 10 * timeout);
}

int __wrap_setitimer(int which, const struct itimerval *value, struct itimerval *old)
{
	struct itimerval slower = *value;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	sched_setaffinity(getppid(), sizeof(cpus), &cpus);
	slower.it_interval.tv_usec *= 100;
	return __real_setitimer(which, &slower, old);
}

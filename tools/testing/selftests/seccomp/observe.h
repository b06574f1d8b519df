/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make a call under the caller's filters, in a thread of a child process, and
 * say what became of it. The thread tells KILL_THREAD from KILL_PROCESS, a
 * SIGSYS handler sees TRAP, the parent is the tracer where one is wanted, and
 * serve() answers for a listener.
 */
#ifndef OBSERVE_H
#define OBSERVE_H

#include <poll.h>
#include <pthread.h>

#include "bpf_eval.h"

enum how { RETURNED, TRAPPED, TRACED, THREAD_DIED, PROCESS_DIED, LOST };

/* @data: the result, TRAP's si_errno, the tracer's event message. */
struct seen {
	enum how how;
	long data;
};

struct observation {
	long (*make)(int nr, const unsigned long args[6]);
	int nr;
	const unsigned long *args;
	atomic_int returned, trapped;
	long ret;
	siginfo_t info;
};

static struct observation *observation;

/* What the listener's server answers. */
#define SERVED	0x5eed

static inline pid_t serve(int listener)
{
	struct seccomp_notif req;
	pid_t pid = start_child();

	if (pid)
		return pid;
	for (;;) {
		struct seccomp_notif_resp resp = { .val = SERVED };

		memset(&req, 0, sizeof(req));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &req))
			continue;
		resp.id = req.id;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
	}
}

static inline void stop_serving(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static inline void on_sigsys(int sig __attribute__((unused)), siginfo_t *info,
			     void *context __attribute__((unused)))
{
	observation->info = *info;
	observation->trapped = 1;
}

static inline void catch_sigsys(void)
{
	struct sigaction sa = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &sa, NULL);
}

static inline void *make_call(void *unused)
{
	observation->ret = observation->make(observation->nr, observation->args);
	observation->returned = 1;
	return unused;
}

static inline void observed_child(bool traced)
{
	pthread_t thread;

	catch_sigsys();
	if (traced) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		kill(getpid(), SIGSTOP);
	}
	if (pthread_create(&thread, NULL, make_call, NULL))
		_exit(98);
	pthread_join(thread, NULL);
	_exit(0);
}

/* Returns the wait status; *message gets the event's message, or stays. */
static inline int trace(pid_t pid, long *message)
{
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE |
			     PTRACE_O_EXITKILL;
	int status, sig;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			if (tid == pid)
				return status;
			continue;
		}
		sig = WSTOPSIG(status);
		if (status >> 16 == PTRACE_EVENT_SECCOMP)
			ptrace(PTRACE_GETEVENTMSG, tid, 0, message);
		else if (tid == pid && sig == SIGSTOP)
			ptrace(PTRACE_SETOPTIONS, tid, 0, options);
		if (status >> 16 || sig == SIGSTOP || sig == SIGTRAP)
			sig = 0;
		ptrace(PTRACE_CONT, tid, 0, (long)sig);
	}
	return -1;
}

static inline struct seen observe_by(long (*make)(int, const unsigned long *),
				     int nr, const unsigned long args[6],
				     bool traced)
{
	unsigned long message = -1UL;
	int status;
	pid_t pid;

	if (!observation)
		observation = mmap(NULL, sizeof(*observation),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*observation = (struct observation){
		.make = make, .nr = nr, .args = args,
	};
	pid = start_child();
	if (!pid)
		observed_child(traced);
	status = traced ? trace(pid, (long *)&message) : wait_child(pid);

	if (killed_by(status, SIGSYS))
		return (struct seen){ PROCESS_DIED, 0 };
	if (status)
		return (struct seen){ LOST, status };
	if (!observation->returned)
		return (struct seen){ THREAD_DIED, 0 };
	if (observation->trapped)
		return (struct seen){ TRAPPED, observation->info.si_errno };
	if (message != -1UL)
		return (struct seen){ TRACED, message };
	return (struct seen){ RETURNED, observation->ret };
}

static inline struct seen observe(int nr, const unsigned long args[6], bool traced)
{
	return observe_by(call6, nr, args, traced);
}

/* What stock shows for a filter result. @ran: what the call itself returns. */
static inline struct seen expected(uint32_t verdict, long ran, bool traced,
				   bool served)
{
	long data = verdict & SECCOMP_RET_DATA;

	switch (verdict & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return (struct seen){ RETURNED, ran };
	case SECCOMP_RET_ERRNO:
		return (struct seen){ RETURNED, data > 4095 ? -4095 : -data };
	case SECCOMP_RET_TRAP:
		return (struct seen){ TRAPPED, data };
	case SECCOMP_RET_TRACE:
		return traced ? (struct seen){ TRACED, data } :
				(struct seen){ RETURNED, -ENOSYS };
	case SECCOMP_RET_USER_NOTIF:
		return (struct seen){ RETURNED, served ? SERVED : -ENOSYS };
	case SECCOMP_RET_KILL_THREAD:
		return (struct seen){ THREAD_DIED, 0 };
	default:
		return (struct seen){ PROCESS_DIED, 0 };
	}
}

static inline const char *show(struct seen s)
{
	static const char * const how[] = {
		"returned", "trapped", "traced", "thread died", "process died", "lost",
	};
	static char text[4][40];
	static unsigned int turn;

	snprintf(text[++turn % 4], sizeof(text[0]), "%s %ld", how[s.how], s.data);
	return text[turn % 4];
}

#define CHECK_SEEN(want, got, fmt, ...) do {				\
	struct seen w_ = (want), g_ = (got);				\
									\
	CHECK(w_.how == g_.how && w_.data == g_.data, "%s, not %s: " fmt, \
	      show(g_), show(w_), ##__VA_ARGS__);			\
} while (0)

#endif

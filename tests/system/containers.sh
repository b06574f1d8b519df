# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# Containers, of an image that is busybox and our own programs
PODMAN="podman --log-level=error --cgroup-manager=cgroupfs --events-backend=none"
RUN="$PODMAN run --rm --network=none"

root() {
	[ ! -d /tmp/box/bin ] || return 0
	mkdir -p /tmp/box/bin /tmp/box/checks /tmp/box/usr /tmp/box/proc /tmp/box/tmp /tmp/box/etc
	cp /bin/busybox /tmp/box/bin/
	for name in sh sleep echo true cat grep; do
		ln -sf busybox /tmp/box/bin/$name
	done
	cp -r /checks/bin /checks/common.sh /tmp/box/checks/
	printf 'root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' >/tmp/box/etc/passwd
}

image() {
	root
	$PODMAN image exists box || tar -C /tmp/box -c . | $PODMAN import -q - box >/dev/null
}

inside='status=0; for try in /checks/bin/try*; do $try "$@" || status=1; done; exit $status'

check_nspawn() {
	root
	# Allowed are what is on its list, without the capabilities that are not there
	systemd-nspawn -q --register=no --keep-unit -D /tmp/box /bin/sh -c "$inside" sh \
		keyctl,5=EPERM add_key=EPERM bpf=EPERM perf_event_open=EPERM userfaultfd,99=allowed \
		getpid=allowed uname=allowed
}

check_nspawn_system_call_filter() {
	root
	systemd-nspawn -q --register=no --keep-unit -D /tmp/box \
		--system-call-filter=add_key --system-call-filter=~getppid /bin/sh -c "$inside" sh \
		add_key=allowed keyctl,5=EPERM getppid=EPERM getpid=allowed
}

check_podman_default_profile() {
	image
	$RUN box /bin/sh -c "$inside" sh $CONTAINED
}

check_podman_as_user() {
	image
	$RUN --user user box /bin/sh -c "$inside" sh $CONTAINED
}

check_podman_all_capabilities() {
	image
	# As the profile has it for those who have them
	$RUN --cap-add=all box /bin/sh -c "$inside" sh mount=allowed bpf=allowed \
		reboot=allowed add_key=ENOSYS getpid=allowed
}

check_podman_own_profile() {
	image
	echo '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{ "names": [ "uname", "sync" ], "action": "SCMP_ACT_ERRNO", "errnoRet": 40 },
		{ "names": [ "getppid" ], "action": "SCMP_ACT_KILL_PROCESS" },
		{ "names": [ "personality" ], "action": "SCMP_ACT_ERRNO",
		  "args": [ { "index": 0, "value": 8, "op": "SCMP_CMP_EQ" } ] } ] }' >/tmp/profile.json
	$RUN --security-opt seccomp=/tmp/profile.json box /checks/bin/try uname=ELOOP sync=ELOOP \
		getppid=SIGSYS personality,8=EPERM personality,0=allowed getpid=allowed mount=allowed
}

check_podman_unconfined() {
	image
	$RUN --security-opt seccomp=unconfined box /bin/sh -c "grep -q '^Seccomp:.*0' /proc/self/status || exit
		$inside" sh add_key=allowed userfaultfd,99=allowed getpid=allowed
}

check_podman_exec() {
	image
	$RUN -d --name executed box sleep 1000 >/dev/null
	constant 'podman container' "$($PODMAN inspect -f '{{.State.Pid}}' executed)"
	$PODMAN exec executed /bin/sh -c "$inside" sh $CONTAINED
	$PODMAN rm -f -t 0 executed >/dev/null
}

# api CONTAINER-OR-VERB [BODY]: ask podman's service, one process for all
api() {
	curl -sSf --unix-socket /run/check.sock -H 'Content-Type: application/json' -X POST \
		-d "${2:-}" "http://podman/v4.0.0/libpod/containers/$1"
}

alive() {
	[ "$(pgrep -x -c -f 'sleep 1008')" -eq "$1" ]
}

# Each stays alive if its calls end as expected
check_podman_20_at_once() {
	image
	$PODMAN system service --time=0 unix:///run/check.sock &
	until_true curl -sf --unix-socket /run/check.sock http://podman/_ping
	for i in $(seq 20); do
		(
			api create "{ \"name\": \"many-$i\", \"image\": \"box\",
				\"netns\": { \"nsmode\": \"none\" }, \"command\": [ \"/bin/sh\", \"-c\",
				\"/checks/bin/try ${CONTAINED//[$'\n\t']/ } && exec sleep 1008\" ] }" >/dev/null
			api many-$i/start
		) &
	done
	until_true alive 20
	constant '20 containers' $(pgrep -x -f 'sleep 1008')
	$PODMAN rm -f -a -t 0 >/dev/null
	pkill -f 'podman .*system service'
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# Programs that put others into a sandbox
BWRAP="bwrap --ro-bind / / --dev /dev --proc /proc --unshare-all"

as_user() {
	runuser -u user -- "$@"
}

check_bubblewrap() {
	as_user $BWRAP --seccomp 3 try $CONTAINED 3</checks/filters/container.bpf
}

check_bubblewrap_two_filters() {
	# The newer one decides on add_key
	as_user $BWRAP --add-seccomp-fd 3 --add-seccomp-fd 4 try ${CONTAINED/ENOSYS/EPERM} \
		3</checks/filters/container.bpf 4</checks/filters/trivial.bpf
}

check_bubblewrap_task() {
	as_user $BWRAP --seccomp 3 sleep 1003 3</checks/filters/container.bpf &
	constant_soon bubblewrap -n -x -f 'sleep 1003'
	pkill -x -f 'sleep 1003'
}

# A runtime and an application are made of busybox and our program, and installed
flatpak_install() {
	local arch
	arch=$(flatpak --default-arch)
	[ ! -d /tmp/flatpak/repo/objects ] || return 0
	mkdir -p /tmp/flatpak/runtime/usr/bin /tmp/flatpak/runtime/files /tmp/flatpak/app/files/bin /tmp/flatpak/app/export
	cp /bin/busybox /tmp/flatpak/runtime/usr/bin/sh
	cp /bin/busybox /tmp/flatpak/runtime/usr/bin/sleep
	cp /checks/bin/try* /tmp/flatpak/app/files/bin/
	printf '[Runtime]\nname=org.example.Platform\nruntime=%s\nsdk=%s\n' \
		"org.example.Platform/$arch/stable" "org.example.Platform/$arch/stable" \
		>/tmp/flatpak/runtime/metadata
	printf '[Application]\nname=org.example.App\nruntime=%s\nsdk=%s\ncommand=try\n' \
		"org.example.Platform/$arch/stable" "org.example.Platform/$arch/stable" \
		>/tmp/flatpak/app/metadata
	flatpak build-export --runtime /tmp/flatpak/repo /tmp/flatpak/runtime stable
	flatpak build-export /tmp/flatpak/repo /tmp/flatpak/app stable
	flatpak remote-add --no-gpg-verify local /tmp/flatpak/repo
	flatpak install -y --noninteractive local org.example.App
}

# As someone who has logged in
flatpak_run() {
	runuser -l user -c "flatpak run $*"
}

FLATPAK="mount=EPERM unshare,0x10000000=EPERM add_key=EPERM keyctl,5=EPERM syslog,10=EPERM
	ptrace,99=EPERM perf_event_open=EPERM personality,8=EPERM socket,17,3=EAFNOSUPPORT
	socket,1,1=allowed socket,2,1=allowed getpid=allowed uname=allowed"

check_flatpak() {
	flatpak_install
	flatpak_run org.example.App $FLATPAK
}

check_flatpak_multiarch() {
	[ "$OTHERS" ] || skip "no programs of other ABIs"
	flatpak_install
	# Families of sockets: as for systemd
	flatpak_run --allow=multiarch --command=try32 org.example.App \
		${FLATPAK/socket,17,3=EAFNOSUPPORT/}
}

check_flatpak_task() {
	flatpak_install
	flatpak_run --command=sleep org.example.App 1004 &
	constant_soon flatpak -n -x -f 'sleep 1004'
	pkill -x -f 'sleep 1004'
}

FIREJAIL="firejail --quiet --noprofile"

# Debian's knows calls by their names only on x86: elsewhere it makes empty lists
check_firejail() {
	[ "$X86" ] || skip "its lists of calls are empty"
	as_user $FIREJAIL --seccomp /checks/bin/try mount=EPERM umount2=EPERM add_key=EPERM \
		keyctl,5=EPERM ptrace,99=EPERM getpid=allowed uname=allowed
}

check_firejail_protocol() {
	as_user $FIREJAIL --seccomp --protocol=unix,inet --nonewprivs /checks/bin/try \
		socket,1,1=allowed socket,2,1=allowed socket,10,1=EOPNOTSUPP ${X86:+mount=EPERM}
}

check_firejail_task() {
	as_user $FIREJAIL --seccomp --protocol=unix --memory-deny-write-execute \
		--restrict-namespaces sleep 1005 &
	constant_soon firejail -n -x -f 'sleep 1005'
	pkill -x -f 'sleep 1005'
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# Servers and tools that put themselves into a sandbox, or are put into one by Debian

check_sshd() {
	mkdir -p /root/.ssh
	[ -f /root/.ssh/id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
	cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
	[ "$(ssh -o StrictHostKeyChecking=no root@localhost echo logged in)" = 'logged in' ]
}

# One that waits for a client to say more than its version
check_sshd_preauth() {
	exec 3<>/dev/tcp/127.0.0.1/22
	printf 'SSH-2.0-check\r\n' >&3
	constant_soon 'sshd, preauth' -u sshd
	exec 3<&-
}

check_chrony() {
	until_true systemctl is-active chrony
	constant chronyd $(pgrep -x chronyd)
	chronyc -n tracking
	chronyc -n sourcestats
}

check_nginx() {
	mkdir -p /run/systemd/system/nginx.service.d
	printf '[Service]\nSystemCallFilter=%s\nSystemCallErrorNumber=EPERM\n%s\n' '@system-service' \
		'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native' >/run/systemd/system/nginx.service.d/hardened.conf
	systemctl daemon-reload
	systemctl restart nginx
	constant nginx $(pgrep -x nginx)
	for i in 1 2 3 4 5; do
		curl -sf http://localhost/ | grep -q 'Welcome to nginx'
	done
}

check_redis() {
	until_true redis-cli ping
	constant redis $(pgrep -x redis-server)
	[ "$(redis-cli set key value)" = OK ]
	[ "$(redis-cli get key)" = value ]
	redis-benchmark -q -n 200 -c 4 -t get,set >/tmp/bench
}

check_man() {
	MANWIDTH=80 man -P cat bash | grep -q 'GNU Bourne-Again'
}

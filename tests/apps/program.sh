#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# program NAME AMOUNT: one of the programs that are measured. For each AMOUNT it takes a
# third of a billion instructions or so. This is run in the root of the kit; /tmp is empty
# the first time, and what is left there stays.
set -e
name=$1 amount=$2

# until_there FILE PID: then a server is, too. In the end it is waited for, as its time counts
until_there() {
	until [ -e "$1" ]; do
		kill -0 "$2"
		sleep 0.01
	done
}

# repeat COUNT COMMAND...
repeat() {
	left=$(($1 * amount))
	shift
	while [ $left -gt 0 ]; do
		"$@"
		left=$((left - 1))
	done
}

sqlite() {
	rm -f /tmp/sqlite.db
	{
		echo 'CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);'
		repeat 2000 echo "INSERT INTO t (name) VALUES (hex(randomblob(20)));"
		repeat 2000 echo 'SELECT name FROM t WHERE id = abs(random()) % 2000;'
	} | sqlite3 /tmp/sqlite.db
}

# The same commit each time, made by one thread
git_repository() {
	export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
	rm -rf /tmp/git
	git init -q -b main /tmp/git/one
	cd /tmp/git/one
	cp /usr/lib/python3.11/[a-c]*.py .
	git add .
	git commit -q -m 'a commit'
	git clone -q . ../two
	cd ../two
	git log --stat
}

shell() {
	repeat 20000 [ "$amount" -gt 0 ]
	repeat 200 /bin/true
}

redis() {
	rm -f /tmp/redis
	redis-server --port 0 --unixsocket /tmp/redis --save '' --ignore-warnings ARM64-COW-BUG &
	until_there /tmp/redis $!
	redis-benchmark -s /tmp/redis -q -c 1 -n $((amount * 3000)) -t set,get
	redis-cli -s /tmp/redis shutdown
	wait $!
}

nginx_page() {
	rm -f /tmp/nginx.pid
	user=''
	[ "$(id -u)" -ne 0 ] || user='user root root;'
	nginx -e stderr -g "daemon off; $user" -c /etc/nginx/page.conf &
	until_there /tmp/nginx.pid $!
	said=$(ab -q -k -c 1 -n $((amount * 3000)) http://127.0.0.1:8080/keyword.py)
	kill -QUIT $!
	wait $!
	case $said in
	*Non-2xx*) exit 1 ;;
	esac
}

hash() {
	[ -f /tmp/hash ] || dd if=/dev/zero of=/tmp/hash bs=1M count=16 status=none
	repeat 1 openssl dgst -sha256 /tmp/hash
}

case $name in
dd) dd if=/dev/zero of=/dev/null bs=1 count=$((amount * 200000)) status=none ;;
find) repeat 25 find /usr -xdev -size +100k ;;
sqlite) sqlite ;;
git) repeat 2 git_repository ;;
python) PYTHONHASHSEED=0 PYTHONPYCACHEPREFIX=/tmp/python repeat 6 python3 -c pass ;;
shell) shell ;;
tar) repeat 10 tar -cf - -C /usr/lib python3.11 | cat ;;
redis) redis ;;
nginx) nginx_page ;;
openssl) hash ;;
*)
	echo "program: there is no $name" >&2
	exit 2
	;;
esac

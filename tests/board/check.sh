#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the script of a board kit makes of programs that fail, hang or say odd things,
# of machines that lack something, and of wrong use: TAP. The kit is made up, and runs
# on this machine.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
kit="$tmp/a kit"
. tests/says.sh

# program NAME: a program of the kit, from standard input
program() {
	cat >"$kit/bin/$1"
	chmod +x "$kit/bin/$1"
}

runs=0
# kit PROGRAM: the script, where all of the kit are this one and one that passes
# shellcheck disable=SC2317 # says() calls it
kit() {
	printf 'ktap bin/passes\n%s\n' "$1" >"$kit/programs"
	runs=$((runs + 1))
	(cd "$tmp" && "$kit/test-this-kernel.sh" -t 1 "results $runs")
}

# judged PROGRAM: what a kernel's own parser makes of the results
# shellcheck disable=SC2317 # says() calls it
judged() {
	kit "$1" >/dev/null
	{
		cat "$tmp/results $runs/results.ktap"
		echo 'guest: end, status 0'
	} >"$tmp/good"
	scripts/judge.py row "$tmp/judged" kit board --console "$tmp/console" --tree "$tree" -- \
		cp "$tmp/good" "$tmp/console"
}

mkdir -p "$kit/bin"
cp tests/board/test-this-kernel.sh "$kit"
echo 'a kit' >"$kit/VERSION"
for name in "run-ktap tests/guest/ktap.c" "facts tests/board/counters.c"; do
	gcc -O2 -Wall -Wextra -Werror -o "$kit/bin/${name% *}" "tests/board/${name% *}.c" \
		"${name#* }" || exit
done
cp "$kit/bin/facts" "$tmp/facts"
tree=$(find build -maxdepth 1 -name 'linux-*' | sort | head -n 1)

program passes <<'END'
#!/bin/sh
printf 'TAP version 13\n1..2\nok 1 one\nok 2 two # SKIP not here\n'
END
program fails <<'END'
#!/bin/sh
printf 'TAP version 13\n1..1\n# a.c:1:three:Expected 1 == 2\nnot ok 1 three\n'
exit 1
END
program skips <<'END'
#!/bin/sh
printf 'TAP version 13\n1..0 # SKIP no bitmaps\n'
exit 4
END
program hangs <<'END'
#!/bin/sh
printf '1..2\nok 1 one\n'
setsid sleep 1234 &
exec sleep 1234
END
program dies <<'END'
#!/bin/sh
kill -SEGV $$
END
program figures <<'END'
#!/bin/sh
echo 'measure: none allowed ns 205 1.5 204 207'
echo 'measure: none allowed cycles - - - -'
echo 'measure: none allowed cache-misses 0.5 0.1 0.4 0.6'
echo 'measure: none attach ns 1234567 1234 1234000 1235000'
echo "not ok 1 1 denied ≈ 4 denied"
exit "$1"
END

says "all passes" 0 "2 passed, 0 failed, 1 skipped" kit 'plain bin/figures 0'
says "... and is KTAP" 0 ": 2 passed, 0 failed" judged 'plain bin/figures 0'
says "nanoseconds" 0 "none                  205 +-1.5             -             -    1234 +-1.2" \
	kit 'plain bin/figures 0'
says "counts" 0 "none                             -/0.5" kit 'plain bin/figures 0'
says "figures that fail" 1 "figures 2: exit status 2: not ok 1" kit 'plain bin/figures 2'
says "... and is KTAP" 1 "FAILED figures 2" judged 'plain bin/figures 2'
says "expected times that are not met" 0 "not ok 1 1 denied ≈ 4 denied" kit 'timing bin/figures 1'
says "... if that is all" 1 "1 passed, 1 failed" kit 'timing bin/figures 2'
says "test that fails" 1 "not ok 1 three" kit 'ktap bin/fails'
says "... is counted once" 1 "1 passed, 1 failed, 1 skipped" kit 'ktap bin/fails'
says "... and is KTAP" 1 "FAILED fails/three: a.c:1:three:Expected 1 == 2" judged 'ktap bin/fails'
says "program that skips" 0 "  no bitmaps:" kit 'ktap bin/skips'
says "program that hangs" 1 "hangs: killed: no end after 1 s" kit 'ktap bin/hangs'
says "... and is KTAP" 1 "FAILED " judged 'ktap bin/hangs'
says "... and nothing of it is left" 1 "" pgrep -f '^sleep 1234$'
says "program that dies" 1 "dies: killed by signal 11" kit 'ktap bin/dies'
says "program that is not there" 1 "none: exit status 127: cannot run bin/none" kit 'plain bin/none'
says "list that is none" 1 "no kind and command: 'what'" kit 'what bin/passes'

says "results are kept" 2 "has a facts, of another run?" "$kit/test-this-kernel.sh" "$tmp/results 1"
mkdir "$tmp/mine"
echo mine >"$tmp/mine/report.txt"
says "... and a person's file" 2 "has a report.txt" "$kit/test-this-kernel.sh" "$tmp/mine"
says "... which is as it was" 0 "mine" cat "$tmp/mine/report.txt"
says "wrong option" 2 "usage: " "$kit/test-this-kernel.sh" -x
says "wrong number of seconds" 2 "-t 1h: a number of seconds" "$kit/test-this-kernel.sh" -t 1h
says "two directories" 2 "usage: " "$kit/test-this-kernel.sh" one two
says "directory that cannot be" 2 "cannot be made; name another" "$kit/test-this-kernel.sh" /proc/none
# shellcheck disable=SC2016 # the shell that runs this expands it
says "beside the script" 0 "Results go to $kit/seccomp-results-1:" \
	sh -c 'printf "ktap bin/passes\n" >"$1/programs" && cd "$1" && sh test-this-kernel.sh' sh "$kit"
# As a full disk would be
# shellcheck disable=SC2016 # the shell that runs this expands it
full='{ trap "" XFSZ; ulimit -f 1; "$0" "$1"; echo "status $?"; } 2>&1 | cat'
says "no room" 0 "results are not complete" sh -c "$full" "$kit/test-this-kernel.sh" "$tmp/full"
says "... is a failure" 0 "status 1" sh -c "$full" "$kit/test-this-kernel.sh" "$tmp/full 2"
# shellcheck disable=SC2016 # the shell that runs this expands it
says "stopped by hand" 1 "SKIP stopped by a signal" sh -c \
	'cd "$1" && printf "ktap bin/hangs\nktap bin/passes\n" >programs
	bin/run-ktap programs "$2" & pid=$!; sleep 1; kill $pid; wait $pid' sh "$kit" "$tmp/stopped"

program facts <<END
#!/bin/sh
"$tmp/facts" | sed -e 's/^filters .*/filters no/' -e '/^log/d'
END
says "kernel without filters" 1 "build the kernel with CONFIG_SECCOMP_FILTER=y" kit 'ktap bin/passes'
program facts <<END
#!/bin/sh
exit 126
END
says "kit for another machine" 2 "is that this machine's architecture?" kit 'ktap bin/passes'
rm "$kit/VERSION"
says "kit that is not whole" 2 "is not a board kit" kit 'ktap bin/passes'

echo "1..$nr"
exit $failed

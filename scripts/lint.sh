#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lint.sh CHECK STOCK PATCHED [OBJ OBJECT...]: one of the checks below, on our code; of the
# kernel's files that we edit, only what is said of our lines counts.
# OBJ, for "compile", is a build directory of PATCHED, configured, and kept for this
# purpose; of its OBJECTs some are made of what we edit.
# shellcheck disable=SC2086 # words are meant to be split
set -e
check=$1 stock=$2 patched=$3 obj=${4-}
[ $# -lt 4 ] || shift 4
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# What we have of the kernel: files of our own, and files that we edit
code=$(find kernel include arch fs mm net -name '*.[ch]' 2>/dev/null | sort)
edited=$(find series -name '*.patch' |
	sed -E 's,^series/[^/]*/,,; s/(\.[0-9]+\.[0-9]+)?\.patch$//' | sort -u |
	while read -r f; do [ ! -f "$stock/$f" ] || echo "$f"; done)
tests=$(find tests tools -name '*.[ch]' | sort)

# Print those messages of LOG, as compilers write them (path:line:text), that
# speak of our lines, and that are not said of the kernel's lines beside them as
# well; fails if there are any.
about_us() {
	for f in $code $edited; do
		old=$stock/$f
		[ -f "$old" ] || old=/dev/null
		diff --old-line-format= --unchanged-line-format= \
			--new-line-format="$f:%dn
" "$old" "$patched/$f" || :
	done >"$tmp/ours"
	echo "--- about our lines:"
	awk -v root="$(realpath "$patched")/" '
		FNR == NR { ours[$0]; next }
		index($0, root) == 1 { $0 = substr($0, length(root) + 1) }
		!match($0, /^[^: ]+:[0-9]+:/) || / note: / { next }
		{
			where = substr($0, 1, RLENGTH - 1)
			text = substr($0, RLENGTH + 1)
			sub(/^[-0-9]*: ?/, "", text)
			path = substr(where, 1, index(where, ":") - 1)
		}
		# Sparse goes on in further lines; they belong to the message
		text ~ /^   / && n { message[n] = message[n] text; next }
		{ n++; at[n] = where; of[n] = path; message[n] = text }
		END {
			for (i = 1; i <= n; i++)
				if (!(at[i] in ours))
					known[of[i] message[i]]
			for (i = 1; i <= n; i++)
				if (at[i] in ours && !((of[i] message[i]) in known)) {
					print at[i] ": " message[i]
					bad = 1
				}
			exit bad
		}' "$tmp/ours" "$1"
}

# scripts/checkpatch.pl --strict, on whole files and on our edits
checkpatch() {
	pl="$stock/scripts/checkpatch.pl --no-tree --strict --terse --show-types --no-summary"
	not_for_programs=$(sed '/^#/d' scripts/checkpatch-programs | xargs | tr ' ' ,)
	status=0
	# Numbers of MIPS are the kernel's own names
	mips=$(grep -l '__NR_[A-Z0-9]*_Linux' $code)
	others=$(echo "$code" | grep -vxF "$mips")
	$pl --ignore CAMELCASE -f $mips || status=1
	$pl -f $others || status=1
	$pl --ignore $not_for_programs -f $tests || status=1
	for f in $edited; do
		ignore=COMMIT_MESSAGE
		[ "${f#tools/}" = "$f" ] || ignore=$ignore,$not_for_programs
		diff -u --label "a/$f" --label "b/$f" "$stock/$f" "$patched/$f" >"$tmp/diff" ||
			$pl --showfile --no-signoff --ignore "$ignore" "$tmp/diff" || status=1
	done
	return $status
}

# Compile with W=1 and with sparse what we have or edit, of a configured kernel
compile() {
	(cd "$obj" && rm -f "$@" kernel/seccomp/*.o kernel/seccomp/tests/*.o)
	scripts/kernel.sh build "$patched" "$obj" W=1 C=2 CHECK="$PWD/scripts/sparse.sh" "$@" kernel/seccomp/ \
		>"$tmp/log" 2>&1 || { cat "$tmp/log"; return 1; }
	cat "$tmp/log"
	about_us "$tmp/log"
}

# What semantic patches look at, in a tree of its own: spatch drops files where
# it runs. Of the edited files only seccomp.c: the others are large, and take
# many minutes.
sources="$code kernel/seccomp.c"
copy_sources() {
	for f in $sources; do
		mkdir -p "$tmp/tree/${f%/*}"
		cp "$patched/$f" "$tmp/tree/$f"
	done
}

# The kernel's own semantic patches, but those that need an OCaml compiler
coccicheck() {
	root=$(realpath "$patched")
	copy_sources
	cd "$tmp"
	# shellcheck disable=SC2013 # names without blanks
	for rule in $(grep -rL ocaml "$root/scripts/coccinelle" --include='*.cocci' | sort); do
		env -u C -u V MODE=report COCCI="$rule" J="$(nproc)" srctree="$root" \
			KBUILD_EXTMOD="$tmp/tree" LINUXINCLUDE="-I$root/include" \
			bash "$root/scripts/coccicheck" || return
	done >"$tmp/log" 2>&1 || { cat "$tmp/log"; return 1; }
	sed -i "s,^$tmp/tree/,," "$tmp/log"
	cat "$tmp/log"
	cd "$OLDPWD"
	about_us "$tmp/log"
}

# Our own semantic patches: nothing in the code, and in the bad example of each
# the lines that are marked. What spatch cannot parse it passes over in silence.
rules() {
	dir=$(realpath scripts/coccinelle)
	copy_sources
	cd "$tmp/tree"
	spatch --parse-c $sources "$dir"/bad/*.c >"$tmp/log" 2>&1
	if ! grep -q 'nb bad = 0 ' "$tmp/log"; then
		cat "$tmp/log"
		echo "spatch cannot parse all of this"
		return 1
	fi
	status=0
	for rule in "$dir"/*.cocci; do
		name=$(basename "$rule" .cocci)
		bad=$dir/bad/$name.c
		spatch="spatch --very-quiet -D report --cocci-file $rule
			$(sed -n 's,^// Options: ,,p' "$rule")"
		$spatch --dir . >"$tmp/log"
		if [ -s "$tmp/log" ]; then
			sed 's,^\./,,' "$tmp/log" | sort -u
			echo "rule $name objects to our code"
			status=1
		fi
		grep -n '/\* bad \*/' "$bad" | cut -d: -f1 >"$tmp/marked"
		$spatch "$bad" | sed -n "s,^$bad:\([0-9]*\).*,\1,p" | sort -nu >"$tmp/caught"
		if [ ! -s "$tmp/marked" ] || ! cmp -s "$tmp/caught" "$tmp/marked"; then
			echo "rule $name does not catch its bad example"
			status=1
		fi
	done
	return $status
}

# Our own shell and Python
scripts() {
	shellcheck -x .ci/run scripts/*.sh tests/*.sh tests/*/*.sh packaging/*.sh \
		tools/seccomp-coverage/tests/*.sh tools/seccomp-coverage/completion/bash
	PYTHONPYCACHEPREFIX=$tmp /usr/bin/python3 -m py_compile scripts/*.py tests/*.py tests/*/*.py tools/*/*/*.py
}

$check "$@"

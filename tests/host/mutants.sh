#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh SRC OUT FILTERS [NAME]: build the core with each of the mistakes in the
# file "mutants" and see which test notices it first. NAME is a shell pattern of
# those to try.
src=$1 out=$2 filters=$3 only=${4:-*}
tree=$out/mutant
caught=0 failed=0

build() {
	rm -rf "$tree/build"
	make -s -j2 SRC="$tree" OUT="$tree/build" WARN=-w "$tree/build/$1" \
		>"$out/mutant.log" 2>&1
}

# The first test that fails, of a program and an amount
failing() {
	build "$1" || { cat "$out/mutant.log" >&2; return; }
	"$tree/build/$1" -x -n "$2" -f "$filters" >"$out/mutant.log" 2>&1
	sed -n 's/^not ok [0-9]* \([^ ]*\).*/\1/p' "$out/mutant.log" | tr '\n' ' '
}

while read -r name file script; do
	# shellcheck disable=SC2254 # a pattern
	case $name in
	"" | "#"*) continue ;;
	$only) ;;
	*) continue ;;
	esac
	rm -rf "$tree"
	mkdir -p "$tree"
	(cd "$src" && find include/linux include/asm-generic kernel/seccomp \
		-name '*.[ch]' | tar c -T -) | tar x -C "$tree"
	sed -i "$script" "$tree/$file"

	start=$(date +%s)
	tests=
	if cmp -s "$src/$file" "$tree/$file"; then
		echo "# $name: nothing in $file to change: update tests/host/mutants"
	else
		tests=$(failing tests 2)
		[ -n "$tests" ] || tests=$(failing tests-asan 1)
		[ -n "$tests" ] || tests=$(failing tests 10)
	fi
	took=$(($(date +%s) - start))

	if [ -n "$tests" ]; then
		caught=$((caught + 1))
		echo "ok $((caught + failed)) $name # $took s, caught by $tests"
	else
		failed=$((failed + 1))
		echo "not ok $((caught + failed)) $name # $took s, not noticed"
	fi
done <mutants
echo "$caught passed, $failed failed"
[ "$failed" -eq 0 ]

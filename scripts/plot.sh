#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# plot.sh SVG: draw the gnuplot script on standard input; of what gnuplot writes,
# a third is groups of nothing.
set -e
gnuplot >"$1.new"
sed -z 's,<g [^>]*>\n</g>\n,,g
	s,[ \t]*\n,\n,g
	s,\n*$,\n,
	s,\n,\n<!-- SPDX-License-Identifier: GPL-2.0-only -->\n,' "$1.new" >"$1"
rm "$1.new"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# Browsers draw a page that is here, in their own sandboxes

page() {
	echo '<!DOCTYPE html><title>page</title><p>a</p>
		<script>document.title = 6 * 7 + " drawn"</script>' >/tmp/page.html
}

# As someone who has logged in
browse() {
	runuser -l user -c "$*" >/tmp/said.browser 2>&1
}

drawn() {
	curl -s http://127.0.0.1:9222/json | grep '42 drawn'
}

check_chromium() {
	page
	browse chromium --headless --disable-gpu --disable-software-rasterizer --no-first-run \
		--disable-extensions --disable-background-networking --disable-component-update \
		--disable-sync --disable-gpu-watchdog --disable-hang-monitor \
		--user-data-dir=/home/user/chromium --remote-debugging-port=9222 file:///tmp/page.html &
	constant_soon 'Chromium renderer' -f type=renderer || { tail -n 20 /tmp/said.browser; return 1; }
	until_true drawn || { tail -n 20 /tmp/said.browser; return 1; }
	pkill chromium
}

check_firefox() {
	page
	browse firefox-esr --headless --no-remote --screenshot /home/user/page.png \
		file:///tmp/page.html &
	constant_soon 'Firefox tab' -o -f 'contentproc.* tab$'
	wait
	file /home/user/page.png | grep 'PNG image'
}

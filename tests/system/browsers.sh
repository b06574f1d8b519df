# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2046,SC2086 # words are meant to be split
# Browsers draw a page that is here, in their own sandboxes

page() {
	echo '<!DOCTYPE html><title>page</title><p id=p>a</p>
		<script>document.getElementById("p").textContent = 6 * 7 + " drawn"</script>' \
		>/tmp/page.html
}

# As someone who has logged in
browse() {
	runuser -l user -c "$*"
}

CHROMIUM="chromium --headless --disable-gpu --no-first-run --disable-background-networking
	--disable-component-update --disable-sync --user-data-dir=/home/user/chromium"

check_chromium() {
	page
	browse "$CHROMIUM --dump-dom --timeout=200000 file:///tmp/page.html" >/tmp/dom
	grep '42 drawn' /tmp/dom
}

check_chromium_renderer() {
	page
	browse "$CHROMIUM --remote-debugging-port=9222 file:///tmp/page.html" >/tmp/said.chromium 2>&1 &
	constant_soon 'Chromium renderer' -f type=renderer
	pkill chromium
}

check_firefox() {
	page
	browse "firefox-esr --headless --no-remote --screenshot /home/user/page.png file:///tmp/page.html"
	file /home/user/page.png | grep 'PNG image'
}

check_firefox_tab() {
	page
	browse "firefox-esr --headless --no-remote file:///tmp/page.html" >/tmp/said.firefox 2>&1 &
	constant_soon 'Firefox tab' -o -f 'contentproc.* tab$'
	pkill firefox
}

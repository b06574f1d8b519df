#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Edits of files, as series/ has them: diffs whose hunks must fit without a doubt."""

import re

HUNK = re.compile(r"^@@ -\d.*?@@ ?(.*)$", re.M)
NOWHERE = "does not fit"


class Misfit(Exception):
    """An edit does not fit"""


class Hunk:
    """What an edit makes of some lines, and the function that they are in"""

    def __init__(self, heading, body, undo):
        lines = body.split("\n")[1:-1]
        before, after = ([at[1:] for at in lines if at[:1] in kept] for kept in ("- ", "+ "))
        self.heading = heading
        self.old, self.new = (after, before) if undo else (before, after)

    def elsewhere(self, text):
        """The function that is not at its end behind TEXT, if it is not the heading's"""
        last = next((line for line in reversed(text) if line[:1] == "}" or owner(line)), "")
        return owner(last) != owner(self.heading) and owner(self.heading) and owner(last)


def owner(line):
    """The name of what begins in a LINE: a function, or a symbol of Kconfig"""
    match = re.match(r"config (\w+)$|[a-zA-Z_][^;=]*?(\w+)\(.*(?<!;)$", line)
    return match and (match[1] or match[2])


def hunks(path, undo=False):
    parts = HUNK.split(path.read_text())[1:]
    return [Hunk(*part, undo) for part in zip(parts[::2], parts[1::2])]


def places(text, lines):
    """Where LINES are in TEXT"""
    return [at for at in range(len(text) - len(lines) + 1)
            if text[at] == lines[0] and text[at:at + len(lines)] == lines]


def applied(content, path, undo=False):
    """
    CONTENT with the edit PATH in it, and (hunk, why) for those that do not fit. patch
    and git apply take the place that is nearest to a line number; here there must be
    as many places as the edit has hunks for it, in the order of the edit and in the
    function of the heading, so that none can land in another function.
    """
    text, start, misfits = content.split("\n"), 0, []
    # Headings are those of the content without the edit
    plain, grown = text if undo else list(text), 0
    todo = hunks(path, undo)
    for nr, hunk in enumerate(todo):
        found = places(text, hunk.old)
        left = [at for at in found if at >= start]
        above = plain[:left[0] - grown] if left else []
        if not found:
            misfits.append((hunk, NOWHERE))
        elif not left:
            misfits.append((hunk, f"fits line {found[-1] + 1}, above what it should follow"))
        elif len(left) != sum(other.old == hunk.old for other in todo[nr:]):
            misfits.append((hunk, f"fits {len(left)} places"))
        elif hunk.elsewhere(above):
            misfits.append((hunk, f"fits {hunk.elsewhere(above)}, line {len(above) + 1}"))
        else:
            text[left[0]:left[0] + len(hunk.old)] = hunk.new
            start = left[0] + len(hunk.new)
            grown += 0 if undo else len(hunk.new) - len(hunk.old)
    return "\n".join(text), misfits


def edited(content, path, undo=False):
    """The same, for an edit that has to fit"""
    content, misfits = applied(content, path, undo)
    for misfit in misfits:
        raise Misfit(explained(None, path, *misfit))
    return content


def explained(path, edit, hunk, why):
    if not hunk:
        return f"{path} {why}"
    where = hunk.heading or "the file"
    return "\n    ".join([f"{edit} {why}; {where} should hold this:", *hunk.old])

"""What keeps Entente from starting, told in one sentence instead of a traceback."""

import errno
import json
import re


class Trouble(Exception):
    """One clear sentence for the person at the terminal; the process ends with status 1."""


_REASON = re.compile(r'"reason": "((?:[^"\\]|\\.)*)"')
_ADVICE = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The disk quota is used up",
    errno.EROFS: "The file system is read-only",
    errno.EACCES: "The permission is missing",
    errno.EPERM: "The permission is missing",
    errno.EMFILE: "Too many files are open",
    errno.ENOTDIR: "A file is in the place of a folder",
    errno.EEXIST: "A file is in the place of a folder",
    errno.ENAMETOOLONG: "The path is too long",
}


def told(error: OSError, doing: str) -> Trouble:
    """Return the sentence for an error of the operating system while `doing` something."""
    why = _ADVICE.get(error.errno or 0, error.strerror or type(error).__name__)
    where = f" ({error.filename})" if error.filename else ""
    return Trouble(f"{why}: could not {doing}{where}.")


def sentence_in(output: str) -> str:
    """Return the line of a program's output that best says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if lines and (reason := _REASON.search(lines[-1])):
        return str(json.loads(f'"{reason.group(1)}"'))
    for mark in ("FATAL:", "PANIC:", "No space left", "ERROR:", "error:", "Error:"):
        for line in reversed(lines):
            if mark in line:
                return line[:300]
    return lines[-1][:300] if lines else "it said nothing"

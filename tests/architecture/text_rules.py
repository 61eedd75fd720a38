"""Rules about all text of the repository: paths that exist, nothing about where it was made."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from .source import ROOT, files

_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"\.{0,2}/?[\w.@{},*<>-]+(/[\w.@{},*<>-]*)+|[\w-]+\.(md|toml|py|yml)|Makefile")
_SUFFIXES = (".py", ".md", ".toml", ".sql", ".yml", ".yaml", ".csv", ".sh")
_MADE_LATER = (".local/", ".venv/", ".bench/")
_TOP = {
    "..",
    "src",
    "data",
    "services",
    "gateway",
    "shared",
    "deploy",
    "tests",
    "docs",
    "requirements",
    ".ci",
}
# Words are written in two halves, so that this file does not contain what it looks for.
_PLACES = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/Us" + "ers/",
    "/opt/py" + "pi",
    "/opt/wh" + "eels",
)
_REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--trusted" + "-host",
    "--find" + "-links",
    "gh" + "cr.io",
    "quay" + ".io",
)
_MAKERS = (
    r"\bcl" + "aude",
    r"\banthr" + "opic",
    r"\bchat" + "gpt",
    r"\bopen" + r"ai\b",
    r"\bcopi" + "lot",
    r"language mod" + "el",
    r"\bl" + r"lms?\b",
    r"\bsub" + "agent",
    r"\b(coding|ai) age" + "nts?",
    r"\b(coding|working|an earlier|a previous) ses" + r"sion\b",
    r"\bas an a" + r"i\b",
    r"ai-gen" + "erated",
)
# What a pattern cannot match without: to look for a plain word first takes a tenth of the time.
_WITHIN = {pattern: max(re.split(r"\(.*?\)|\\b|.\?", pattern), key=len) for pattern in _MAKERS}


def missing_paths(markdown: str, folder: Path) -> Iterator[str]:
    """Code spans and links that look like repository paths but lead nowhere.

    A path may start at the page, at any folder above it, or, as `api/wire.py`, anywhere.
    """
    prose = _FENCE.sub("", markdown)
    for span in _SPAN.findall(prose):
        if _looks_like_a_path(span) and not _exists(span, folder):
            yield span
    for target in _LINK.findall(prose):
        if (
            "://" not in target
            and not target.startswith(("mailto:", "/"))
            and not _exists(target, folder)
        ):
            yield target


def _looks_like_a_path(span: str) -> bool:
    if not _PATH.fullmatch(span) or set(span) & set("{}<>*") or span.startswith(_MADE_LATER):
        return False
    top = span.removeprefix("./").split("/")[0]
    return "/" not in span or top in _TOP or span.endswith(_SUFFIXES)


def _exists(path: str, folder: Path) -> bool:
    starts = (folder, ROOT, *folder.parents)
    near = (start for start in starts if start.is_relative_to(ROOT) or start == folder)
    if any((start / path).exists() for start in near):
        return True
    return any(file.as_posix().endswith(f"/{path}") for file in files())


def machine_words(text: str, *, registries: Iterable[str] = ()) -> Iterator[str]:
    """Places on the machine of whoever wrote it, package hosts, and who or what wrote it."""
    for word in (*_PLACES, *_REGISTRIES, *registries):
        if word in text:
            yield word
    folded = text.casefold()
    for pattern, within in _WITHIN.items():
        if within in folded and (found := re.search(pattern, text, re.IGNORECASE)):
            yield found.group()


def configured_registries() -> set[str]:
    """Hosts this machine installs packages from: none of them belongs into the repository."""
    words = " ".join(os.environ.get(f"PIP_{name}", "") for name in ("INDEX_URL", "EXTRA_INDEX_URL"))
    hosts = {urlsplit(word).hostname for word in words.split()}
    return {host for host in hosts if host and host != "localhost"}

"""All text of the repository: its paths exist, and it says nothing about where it was made."""

import ast
from pathlib import Path

import pytest

from . import text_rules
from .code_rules import excuses_have_reasons
from .source import ROOT, Module, files

MARKDOWN = [file for file in files() if file.suffix == ".md"]
_BINARY = {".png", ".ico", ".gz", ".zip", ".woff2"}


def _shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "text",
    [
        "Read `services/training/README.txt` first.",
        "Read [this](no-such-page.md).",
        "Read `nowhere.md`.",
        "See `tests/architecture/test_nothing.py`.",
        "See `commands/nowhere.py`.",
    ],
)
def test_path_when_it_leads_nowhere_is_found(text):
    assert list(text_rules.missing_paths(text, ROOT))


@pytest.mark.parametrize(
    "text",
    [
        "`.local/run.json` comes later, `run.json` too.",
        "Read `pyproject.toml` and `tests/architecture/`.",
        "`GET /api/v1/programmes/{code}` answers `application/problem+json`; `fact/cause`.",
        "`services/<name>/README.md` is a pattern; [elsewhere](https://example.org/x.md).",
        "```\nservices/nothing/here.py\n```",
    ],
)
def test_path_when_it_exists_or_is_none_is_left_alone(text):
    assert not list(text_rules.missing_paths(text, ROOT))


@pytest.mark.parametrize(
    "text",
    [
        "cd /wo" + "rk/main",
        "--index" + "-url https://example.org/simple",
        "pip from files.python" + "hosted.org",
        "written by a Cod" + "ing Agent",
        "in an Earlier ses" + "sion we",
    ],
)
def test_words_when_they_tell_of_the_machine_are_found(text):
    assert list(text_rules.machine_words(text))


def test_words_when_they_are_ours_are_left_alone():
    assert not list(
        text_rules.machine_words("User-Agent, travel agency, this training session, /tmp")
    )


@pytest.mark.parametrize("file", MARKDOWN, ids=_shown)
def test_markdown_when_it_names_a_path_names_one_that_exists(file):
    text = file.read_text(encoding="utf-8")
    assert list(text_rules.missing_paths(text, file.parent)) == []


def test_text_when_read_whole_says_nothing_about_the_machine_that_made_it():
    registries = text_rules.configured_registries()
    found = [
        f"{_shown(file)}: {word}"
        for file in files()
        if file.suffix not in _BINARY
        for word in text_rules.machine_words(
            file.read_text(encoding="utf-8", errors="replace"), registries=registries
        )
    ]
    assert found == []


def test_tests_when_they_silence_a_tool_say_which_rule():
    tests = [file for file in files() if file.suffix == ".py" and "tests" in file.parts]
    nothing = ast.Module(body=[], type_ignores=[])  # the rule looks at lines alone
    said = (Module(_shown(file), file.read_text(encoding="utf-8"), nothing) for file in tests)
    assert [str(found) for module in said for found in excuses_have_reasons(module)] == []

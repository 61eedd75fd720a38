"""Who knows one service finds the way in the other two: the same files under the same names."""

import pytest

from .source import ROOT, SERVICES, SOURCES

_FILES = (
    "README.md",
    "pyproject.toml",
    "openapi.json",
    "src/{name}/__main__.py",
    "src/{name}/main.py",
    "src/{name}/config.py",
    "src/{name}/context.py",
    "src/{name}/domain/errors.py",
    "src/{name}/storage/tables.py",
    "src/{name}/storage/constraints.py",
    "src/{name}/api/wire.py",
    "src/{name}/migrations/env.py",
    "tests/conftest.py",
    "tests/test_migrations.py",
)
_FOLDERS = {"api", "commands", "consumers", "data", "domain", "migrations", "queries", "storage"}
_TOP = {
    "services", "gateway", "shared", "deploy", "tests", "docs", "requirements",
    "docker-compose.yml", "Makefile", "README.md", "pyproject.toml",
}  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_opened_has_the_files_every_service_has(name):
    top = ROOT / "services" / name
    wanted = [file.format(name=name) for file in _FILES]
    assert [file for file in wanted if not (top / file).is_file()] == []


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_opened_has_no_other_folders(name):
    folders = {each.name for each in SOURCES[name].iterdir() if each.is_dir()}
    assert folders - {"__pycache__"} <= _FOLDERS


@pytest.mark.parametrize("name", SERVICES)
def test_migration_when_named_says_whether_it_expands_or_contracts(name):
    versions = SOURCES[name] / "migrations" / "versions"
    files = [file.stem for file in versions.glob("*.py") if file.stem != "__init__"]
    assert files
    assert [file for file in files if not {"expand", "contract"} & set(file.split("_"))] == []


def test_top_level_when_listed_holds_what_was_agreed():
    found = {each.name for each in ROOT.iterdir() if not each.name.startswith(".")}
    assert found == _TOP

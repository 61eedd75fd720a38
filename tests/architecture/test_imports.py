"""The import contracts of pyproject.toml: kept by the tree, and each broken when it should be."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .source import ROOT, SERVICES

_LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
_LAYERS = ("main", "api", "consumers", "commands", "queries", "storage", "domain")
_PLANTED = {
    "programmes/commands/planted.py": "import training.domain",
    "programmes/domain/planted.py": "import fastapi\nimport programmes.storage",
    "programmes/api/planted.py": "import sqlalchemy\nimport programmes.storage",
    "kit/planted.py": "import contracts",
    "contracts/training/planted.py": "import contracts.participants",
}


def _settings() -> str:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text[text.index("[tool.importlinter]") :]


def _skeleton(folder: Path, extra: dict[str, str]) -> Path:
    packages = [f"{service}/{layer}" for service in SERVICES for layer in _LAYERS]
    packages += [*SERVICES, "gateway", "kit", "kit/db", "kit/feed", "kit/web", "kit/http"]
    packages += ["contracts", *(f"contracts/{service}" for service in SERVICES)]
    files = {f"{package}/__init__.py": "" for package in packages} | extra
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text(_settings(), encoding="utf-8")
    return folder


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_LINT, cwd=folder, capture_output=True, text=True, check=False)


def _contracts() -> list[str]:
    linter = tomllib.loads(_settings())["tool"]["importlinter"]
    return [contract["name"] for contract in linter["contracts"]]


def test_import_rules_when_run_on_the_tree_are_kept():
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_rules_when_the_skeleton_is_clean_are_silent(tmp_path):
    done = _lint(_skeleton(tmp_path, {}))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> str:
    return _lint(_skeleton(tmp_path_factory.mktemp("planted"), _PLANTED)).stdout


@pytest.mark.parametrize("name", _contracts())
def test_import_rule_when_a_violation_is_planted_is_broken(name, planted):
    assert f"{name} BROKEN" in " ".join(planted.split())

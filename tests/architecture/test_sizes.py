"""The budgets of the architecture: how long, how many."""

import pytest

from . import sizes
from .source import ROOT, SERVICES, Module, files, modules


def _planted(lines: int, *, count: int = 1) -> list[Module]:
    text = "\n".join(f"def f{n}():\n" + "    x = 1\n" * lines for n in range(count))
    return [Module.parse("training/commands/seats.py", text)]


def test_lines_of_a_package_when_over_budget_are_found():
    assert sizes.too_many_lines("training", [Module.parse("training/x.py", "x = 1\n" * 18001)])


def test_functions_when_long_in_general_are_found():
    assert len(sizes.long_in_general("training", _planted(26, count=10))) == 2
    assert len(sizes.long_in_general("training", _planted(9, count=10))) == 1
    assert not sizes.long_in_general("training", _planted(8, count=10))


def test_dependencies_when_too_many_are_found(tmp_path):
    file = tmp_path / "pyproject.toml"
    names = ", ".join(f'"one-{n}[extra]>=1"' for n in range(9))
    file.write_text(f"[project]\ndependencies = [{names}]\n", encoding="utf-8")
    assert sizes.too_many_dependencies(file)


@pytest.mark.parametrize("package", sizes.LINES)
def test_package_when_counted_is_within_its_lines(package):
    found = sizes.part(package, modules(package.split("/")[0]))
    assert found
    assert sizes.too_many_lines(package, found) == []


@pytest.mark.parametrize("package", [*SERVICES, "gateway", "kit", "contracts", "local"])
def test_functions_of_a_package_when_measured_are_mostly_short(package):
    assert sizes.long_in_general(package, modules(package)) == []


@pytest.mark.parametrize("service", SERVICES)
def test_service_when_installed_asks_for_few_packages(service):
    assert sizes.too_many_dependencies(ROOT / "services" / service / "pyproject.toml") == []


def test_python_files_when_counted_are_at_most_400_lines():
    lines = {
        str(file.relative_to(ROOT)): file.read_text("utf-8").count("\n")
        for file in files()
        if file.suffix == ".py"
    }
    assert {name: count for name, count in lines.items() if count > 400} == {}

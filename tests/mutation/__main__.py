"""`python -m tests.mutation [MODULE…]`: does a test fail for every change of the per-diem engine?

Each mutant of each module runs the engine's tests in a process of its own, forked from one that has
loaded everything else. What survives is compared with `survivors.txt`, which says why a survivor
changes nothing that a rule could forbid; any other survivor makes the run fail. mutmut and
cosmic-ray do not fit: the one changes functions only, where half of our rules are tables, the other
writes into the files that are being worked on, and both start an interpreter for every mutant.
"""

import os
import resource
import signal
import sys
import time
import types
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import hypothesis
import pytest
from tests.mutation.mutants import Mutant, mutants_of

HERE = Path(__file__).parent
SERVICE = HERE.parents[1] / "services/participants"
DOMAIN = SERVICE / "src/participants/domain"
MODULES = (
    "checks", "distance_bands", "eu_experts", "eu_external", "explained", "local_time", "per_diem",
    "pl_domestic", "pl_foreign", "pl_foreign_checks", "pl_foreign_costs", "pl_foreign_diet",
    "pl_foreign_rules", "pl_foreign_tariff", "pl_foreign_time", "pl_legs", "pl_travel", "rates",
    "us_gsa", "us_gsa_nights",
)  # fmt: skip
_SEEN = ("test_published_examples", "test_published_settlements", "test_boundaries")
_POLISH = (*_SEEN, "test_pl_domestic", "test_rules", "test_explanations")
_ABROAD = (
    "test_pl_foreign",
    "test_foreign_transport",
    "test_boundaries_abroad",
    "test_rules",
    "test_explanations",
    *_SEEN,
)
_OTHERS = ("test_experts_and_distance", "test_eu_external", "test_explanations", "test_edges")
# The tests most likely to fail go first; all of a line run before a mutant is said to survive.
TESTS = {
    "pl_foreign": (*_ABROAD, "test_foreign_properties", "test_editions"),
    "pl_legs": (*_ABROAD, "test_foreign_properties", "test_editions"),
    "pl_": (*_POLISH, "test_edges", *_ABROAD, "test_editions"),
    "": (*_OTHERS, *_POLISH, *_ABROAD, "test_properties", "test_editions"),
}
LIMIT_S = 120
LIMIT_BYTES = 2 << 30  # a mutant may lengthen a list without end


class _Changed(MetaPathFinder, Loader):
    """Gives one module the source of a mutant."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        del path, target
        return spec_from_loader(name, self) if name == self._name else None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(compile(self._source, self._name, "exec"), module.__dict__)  # noqa: S102 (a mutant)


def _rates_alone() -> None:
    """Stand in for participants.load, which brings the whole service with it."""
    files = __import__("participants.domain.rate_files", fromlist=["rates_in"])
    data = SERVICE / "src/participants/data"

    def rows(name: str) -> list[str]:
        return (data / name).read_text(encoding="utf-8").splitlines(keepends=True)

    module = module_from_spec(ModuleSpec("participants.load", None))
    module.rate_sets = lambda: files.rate_sets_in(rows("rate_sets.csv"))
    module.rates = lambda: [
        each
        for name in ("rates.csv", "rates_with_parts.csv")
        for each in files.rates_in(rows(name))
    ]
    sys.modules["participants.load"] = module


class _PropertiesLast:
    """Runs what finds its own examples after everything quick: most mutants never get there."""

    @staticmethod
    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: hasattr(getattr(item, "function", None), "hypothesis"))


def _tested(module: str) -> int:
    """Run the tests of the engine that know a module until one fails."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    hypothesis.settings.register_profile(
        "mutants", max_examples=12, derandomize=True, database=None, deadline=None
    )
    hypothesis.settings.load_profile("mutants")
    folder = SERVICE / "tests/domain"
    tests = next(found for prefix, found in TESTS.items() if module.startswith(prefix))
    files = [str(folder / f"{name}.py") for name in dict.fromkeys(tests)]
    quiet = [
        "-x",
        "-q",
        "--assert=plain",
        "--noconftest",
        "-c",
        os.devnull,
        "--rootdir",
        str(SERVICE),
    ]
    quiet += ["-p", "no:cacheprovider", "-p", "no:faulthandler", "--import-mode=importlib"]
    return int(pytest.main([*quiet, *files], plugins=[_PropertiesLast()]))


def _started(name: str, source: str | None) -> int:
    """Fork a process that tests a mutant, or the module as it is; return its id."""
    child = os.fork()
    if child:
        return child
    signal.alarm(LIMIT_S)
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        if source is not None:
            sys.meta_path.insert(0, _Changed(f"participants.domain.{name}", source))
        _rates_alone()
        code = _tested(name)
    except BaseException:  # whatever it is, the mutant did not get through
        code = 1
    os._exit(code)


def _survivors(modules: list[str]) -> Iterator[tuple[str, Mutant]]:
    running: dict[int, tuple[str, Mutant]] = {}
    waiting = [(name, mutant) for name in modules for mutant in mutants_of(_source(name))]
    print(f"{len(waiting)} mutants of {len(modules)} modules", flush=True)
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            name, mutant = waiting.pop(0)
            running[_started(name, mutant.source)] = (name, mutant)
        child, status = os.wait()
        found = running.pop(child)
        if status == 0:
            print(f"survived: {described(*found)}", flush=True)
            yield found


def _source(name: str) -> str:
    return (DOMAIN / f"{name}.py").read_text(encoding="utf-8")


def described(name: str, mutant: Mutant) -> str:
    """Name a mutant by its line of code, so that it is known again when lines move."""
    line = _source(name).splitlines()[mutant.line - 1].strip()
    return f"{name}: {mutant.what}: {line}"


def main(modules: list[str]) -> int:
    """Test every mutant of some modules, or of all."""
    sys.path.insert(0, str(SERVICE / "tests"))
    known = (HERE / "survivors.txt").read_text(encoding="utf-8").splitlines()
    started = time.monotonic()
    clean = os.waitpid(_started("rates", None), 0)[1]
    if clean:
        print("the tests fail without any mutant")
        return 1
    print(f"the tests take {time.monotonic() - started:.1f} s without a mutant", flush=True)
    found = {described(*each) for each in _survivors(modules or list(MODULES))}
    unknown = sorted(found - set(known))
    print(f"{len(found)} survived, {len(unknown)} of them without a known reason")
    print("\n".join(unknown))
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

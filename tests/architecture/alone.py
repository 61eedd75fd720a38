"""Run by test_service_alone in a process of its own: import one package with little around it.

Arguments: the package, the source folders it may use, the folder of installed libraries, and the
libraries it must do without. Prints how many modules were imported.
"""

import gc
import importlib
import json
import pkgutil
import sys
from importlib.abc import MetaPathFinder


class Absent(MetaPathFinder):
    """Pretends that libraries the package did not ask for are not installed."""

    def __init__(self, names: list[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, fullname: str, *_where: object) -> None:
        if fullname.split(".", 1)[0] in self._names:
            raise ModuleNotFoundError(f"{fullname} was not asked for", name=fullname)


def import_whole(name: str) -> int:
    """Import every module of the package except what only runs under a tool."""
    package = importlib.import_module(name)
    found = pkgutil.walk_packages(package.__path__, f"{name}.")
    wanted = [each.name for each in found if ".migrations." not in f"{each.name}."]
    for each in wanted:
        if not each.endswith(".__main__"):
            importlib.import_module(each)
    return len(wanted)


if __name__ == "__main__":
    gc.disable()  # all of it stays
    order = json.loads(sys.argv[1])
    sys.path[:] = [*order["sources"], *sys.path, order["libraries"]]
    sys.meta_path.insert(0, Absent(order["absent"]))
    print(import_whole(order["package"]))

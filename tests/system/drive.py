"""Runs the real supervisor over stand-ins of services and gateway: `python drive.py <folder>`."""

import sys
from pathlib import Path

import standin

from local import __main__, stack, startup, supervise


def main() -> int:
    folder = Path(sys.argv[1])
    for name in standin.NAMES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "__init__.py").touch()
        text = f"import standin\n\nstandin.main({name!r})\n"
        (folder / name / "__main__.py").write_text(text, encoding="utf-8")
    found_first = f"{folder}:{Path(__file__).parent}"
    real = stack.clean_environment
    stack.clean_environment = lambda environment: {**real(environment), "PYTHONPATH": found_first}
    # Stand-ins have no libraries in common, tell no facts, and are looked at often.
    startup.load_what_is_common = lambda: None
    startup._CALM_S = 0.1
    supervise._WATCH_S = 0.05
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())

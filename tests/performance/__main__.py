"""`python -m tests.performance`: the bench, as a module, for `make bench`."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
runpy.run_path(str(Path(__file__).with_name("bench.py")), run_name="__main__")

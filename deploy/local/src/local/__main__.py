"""`python -m local`: run Entente on this machine until Ctrl-C."""

import os
import sys

from local.children import die_with_make
from local.progress import Progress, complain
from local.settings import Settings
from local.supervise import run
from local.trouble import Trouble, told


def main() -> int:
    """Run; return 1 after one clear sentence when something is in the way."""
    die_with_make(os.environ)
    try:
        run(Settings.read(os.environ), Progress())
    except Trouble as trouble:
        complain(str(trouble))
    except OSError as error:
        complain(str(told(error, "go on")))
    except KeyboardInterrupt:
        complain("stopped before anything was started.")
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""What makes `.venv`, as far as it can be tried without making one."""

import re

import pytest

from local.prepare import dealt
from local.settings import ROOT


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_lock_when_dealt_out_then_every_pin_has_all_its_hashes_once(kind):
    lock = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    said = [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]
    first, second = dealt(lock, 2)
    kept = [line for line in (first + second).splitlines() if not line.lstrip().startswith("#")]
    assert sorted(kept) == sorted(said)
    for part in (first, second):
        assert re.match(r"[a-z0-9.-]+==", part), "a part begins with a pin"
        assert all(
            "--hash=" in pin for pin in re.split(r"^(?=\S)", part, flags=re.MULTILINE) if pin
        )
    assert abs(first.count("==") - second.count("==")) <= 1

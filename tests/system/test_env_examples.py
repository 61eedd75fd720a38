"""The example files of deploy/env say what the configuration classes say."""

from local.env_examples import FOLDER, examples
from local.settings import SERVICES


def test_env_examples_when_written_anew_are_the_committed_ones():
    committed = {path: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed == examples()


def test_env_examples_when_read_hold_no_secret():
    for name in (*SERVICES, "gateway"):
        text = (FOLDER / f"{name}.env.example").read_text(encoding="utf-8")
        assigned = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert all(line.endswith("=") for line in assigned)

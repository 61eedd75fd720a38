"""Logs: a closed list of fields, and no value that a person typed."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import datetime, logging, os, structlog, sys
from kit import log
log.configure("toy")
say = structlog.get_logger()
say.info("seen", code="toy.x", name="canary-1", request="r-1")
try:
    raise ValueError("canary-2")
except ValueError:
    say.exception("failed", status=500)
logging.getLogger("library").error("said %s", "canary-3")
log.request_line(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), status=200, route="/x")
"""


def test_lines_are_json_with_known_fields_and_without_values() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert "canary" not in done.stdout + done.stderr
    assert [line["event"] for line in lines] == ["seen", "failed", "library", "request"]
    assert {line["service"] for line in lines} == {"toy"}
    assert lines[1]["error"] == "ValueError"
    assert lines[1]["stack"]
    assert lines[3]["timestamp"] == "2026-01-01T00:00:00+00:00"


def test_line_when_the_disk_is_full_then_it_is_left_out_and_the_work_goes_on() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", f"{PROGRAM}\nos.write(2, b'went on')\nos._exit(0)"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
    assert done.stderr == "went on"

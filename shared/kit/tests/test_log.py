"""Logs: a closed list of fields, and no value that a person typed."""

import json
import subprocess
import sys

PROGRAM = """
import datetime, logging, structlog
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

"""Logs: one JSON line per thing that happened, from a closed list of fields, no personal data."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic_core import to_json
from typing_extensions import override

from kit.errors import DomainError

_FIELDS: Final = frozenset(
    {
        "event", "level", "timestamp", "service", "request", "caller", "client", "method", "route",
        "status", "ms", "code", "kind", "queries", "command", "fact", "fact_type", "subject",
        "source", "position", "stamped", "attempts", "parked", "error", "stack", "bytes", "parts",
        "upstream", "head", "lag", "port", "revision", "delay_s", "signal", "part", "trace",
        "statement", "reason", "cause",
    }
)  # fmt: skip


_bound: Final[dict[str, str]] = {}


def _only_known_fields(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in _FIELDS}


def _exception_without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Name exception types and places, never messages: those may quote what a person typed."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info
    if isinstance(error, BaseException):
        event["error"] = error.code if isinstance(error, DomainError) else type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)
        event["stack"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def request_line(at: datetime, **fields: object) -> None:
    """Write the one line of a request, in the shape of every other line but without its detours.

    It is written for each request, so it costs a tenth of what a general log line costs.
    """
    line = {"event": "request", "level": "info", "timestamp": at.isoformat(), **_bound, **fields}
    _written(to_json(line) + b"\n")


def _written(line: bytes) -> None:
    """Write a line, or leave it out where there is no room for it: the work it tells of goes on."""
    with suppress(OSError):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


class _Lines:
    """What structlog writes a line to."""

    def msg(self, line: str) -> None:
        _written(line.encode() + b"\n")

    info = warning = error = exception = msg


def stopped(why: str) -> None:
    """Say in one sentence, which holds no value from a request, why this process cannot go on."""
    structlog.get_logger().error("stopped", reason=why)


def configure(service: str) -> None:
    """Send every log of this process to standard output as JSON lines."""
    _bound["service"] = service
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_values,
            _only_known_fields,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(handlers=[_Bridge(logging.WARNING)], level=logging.WARNING, force=True)


class _Bridge(logging.Handler):
    """Libraries that log the old way say only that something happened, and where."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Write the logger's name and level; its message may hold values, so it stays out."""
        log = structlog.get_logger()
        log.warning("library", source=record.name, error=record.levelname, exc_info=record.exc_info)

"""Routes that take a file as its publisher offers it instead of JSON."""

import asyncio
import hashlib
from typing import Final

from fastapi import Request
from typing_extensions import override

from kit.errors import Violation
from kit.problems import BodyTooLate, TooLarge, UnsupportedContent
from kit.route import StrictRoute
from programmes.domain.rate_files import LARGEST

MEDIA: Final = frozenset({"application/json", "application/xml", "text/xml", "text/csv"})
_BODY_S: Final = 30.0


class FileRoute(StrictRoute):
    """A strict route with a bounded body of another kind; the file counts in its fingerprint."""

    body_bytes = LARGEST

    @override
    async def _read_body(self, request: Request, *, takes_body: bool) -> list[Violation]:
        if media_of(request) not in MEDIA:
            raise UnsupportedContent(f"this operation reads {', '.join(sorted(MEDIA))}")
        body = await _bounded(request)
        request._body = body  # noqa: SLF001 (as Starlette keeps it)
        request._json = hashlib.sha256(body).hexdigest()  # noqa: SLF001 (what Once compares)
        return []


def media_of(request: Request) -> str:
    """Return the media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _bounded(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        raise TooLarge(f"this operation accepts at most {LARGEST} bytes")
    found = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for chunk in request.stream():
                found += chunk
                if len(found) > LARGEST:
                    raise TooLarge(f"this operation accepts at most {LARGEST} bytes")
    except TimeoutError:
        raise BodyTooLate("the file did not arrive within thirty seconds") from None
    return bytes(found)

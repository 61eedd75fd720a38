"""Answers from JSON that the database or a calculation made ready."""

import hashlib
import json

from fastapi import Request, Response

from kit.db.paging import Page
from kit.reply import unless_known

_JSON = "application/json"


def ready(body: str | bytes) -> Response:
    """Return JSON text as it is."""
    return Response(body, media_type=_JSON)


def listing(page: Page[str]) -> Response:
    """Return a page of records that are JSON text already."""
    return ready(f'{{"items":[{",".join(page.items)}],"next":{json.dumps(page.next)}}}')


def part(request: Request, body: str) -> Response:
    """Return a part of a view, with an ETag made of its bytes, or 304 if it is known."""
    content = body.encode()
    tag = hashlib.sha256(content).hexdigest()[:24]
    return unless_known(request, content, f'"{tag}"')

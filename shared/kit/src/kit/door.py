"""What every door refuses before it looks inside a request; knows no framework."""

from collections.abc import Mapping
from typing import Any, Final

from kit.errors import Unauthenticated
from kit.problems import HeadersTooLarge, UrlTooLong

API_VERSION: Final = "1.0.0"
_URL_BYTES: Final = 8 * 1024
_HEADER_BYTES: Final = 16 * 1024
_HEADERS: Final = 100


def refuse_oversize(scope: Mapping[str, Any]) -> None:
    """Refuse a URL over 8 KiB, more than 100 headers or more than 16 KiB of them."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > _URL_BYTES:
        raise UrlTooLong("the URL is longer than 8 KiB")
    headers = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > _HEADERS or size > _HEADER_BYTES:
        raise HeadersTooLarge("more than 100 headers or 16 KiB of them")


def is_known(tag: str, given: str) -> bool:
    """Tell whether If-None-Match names this ETag; weak or strong, it is the same answer.

    RFC 9110, 13.1.2. What stands between may have weakened a tag by compressing its answer.
    """
    names = {each.strip().removeprefix("W/") for each in given.split(",")}
    return bool(names & {"*", tag.removeprefix("W/")})


def bearer(headers: dict[bytes, bytes]) -> str:
    """Return the bearer token of a request, or raise Unauthenticated."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer" or not token or not token.isascii():
        raise Unauthenticated("the request carries no bearer token")
    return token.decode()

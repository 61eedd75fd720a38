"""HTTP/1.1 at the edge: what is too long, too slow or ambiguous is refused before it is held.

uvicorn's parser keeps whole header blocks in memory and answers bad requests with plain text;
here the block is bounded while it arrives, and every refusal is a problem document.
"""

import asyncio
import re
from http import HTTPStatus
from typing import Final

import structlog
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.errors import HeadersTooLate, MalformedRequest
from gateway.exchange import Reply
from gateway.front import dressed
from kit.clock import SystemClock
from kit.errors import DomainError
from kit.ids import uuid7
from kit.problems import HeadersTooLarge, UrlTooLong, render

_URL_BYTES: Final = 8 * 1024
_HEADER_BYTES: Final = 16 * 1024
_HEADERS: Final = 100
_CHUNK_SLACK: Final = 256 * 1024
_HEADER_S: Final = 10.0
_LINGER_S: Final = 1.0
_VERSIONS: Final = frozenset({"1.0", "1.1"})
_HOST: Final = re.compile(rb"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#@]+)([/?].*)?", re.IGNORECASE | re.DOTALL)

_log = structlog.get_logger()


class EdgeProtocol(HttpToolsProtocol):
    """One connection."""

    _refusal: DomainError | None = None
    _timer: asyncio.TimerHandle | None = None
    _in_headers = True
    _whole = False
    _unread = 0
    _held = 0
    _refused = False
    _unanswered = 0
    _later: DomainError | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(_HEADER_S, self._too_late)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self._refused or self.transport.is_closing():
            return
        super().data_received(data)
        if self.transport.is_closing() or self._refused:
            return
        self._unread += len(data)
        if self._unread > _HEADER_BYTES + _URL_BYTES + _CHUNK_SLACK:
            self._refuse(HeadersTooLarge("more than 100 headers or 16 KiB of them"))
        else:
            self._mind_the_time()

    def _mind_the_time(self) -> None:
        """Give what is still to come its time; while a request is answered, its own counts.

        The bytes that came have ended the wait for the next request, even if they began none.
        """
        if self._in_headers or not (self._whole or self._unanswered):
            if self._timer is None:
                self._timer = self.loop.call_later(_HEADER_S, self._too_late)
        elif not self._unanswered:
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        self._whole = False
        self._unread = 0
        self._held = 0

    @override
    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > _URL_BYTES:
            self._stop_parsing(UrlTooLong("the URL is longer than 8 KiB"))

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_headers:
            self._stop_parsing(MalformedRequest("headers cannot follow the body"))
        super().on_header(name, value.strip(b" \t"))
        self._held += len(name) + len(value)
        if len(self.headers) > _HEADERS or self._held > _HEADER_BYTES:
            self._stop_parsing(HeadersTooLarge("more than 100 headers or 16 KiB of them"))

    @override
    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._stop_timer()
        if self.parser.get_http_version() not in _VERSIONS:
            self._stop_parsing(MalformedRequest("this server speaks HTTP/1.1"))
        if not self._addressed():
            self._stop_parsing(MalformedRequest("the request does not say clearly whom it is for"))
        if not self._framed():
            self._stop_parsing(MalformedRequest("the request does not say clearly where it ends"))
        super().on_headers_complete()
        self._unanswered += 1
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # the parser reads nothing that follows

    @override
    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._whole = True
        self._unread = 0
        self._stop_timer()
        super().on_message_complete()

    @override
    def on_response_complete(self) -> None:
        self._unanswered -= 1
        super().on_response_complete()
        if self._later is not None and self._unanswered == 0 and not self.transport.is_closing():
            self._speak(self._later, silent=True)

    def _addressed(self) -> bool:
        """Tell whether the request names one host, and its target no other (RFC 9112, 3.2)."""
        hosts = [value for name, value in self.headers if name == b"host"]
        old = self.parser.get_http_version() == "1.0"
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return old and not hosts and self.url.startswith(b"/") and b"#" not in self.url
        if b"#" in self.url:
            return False
        if self.url.startswith(b"/") or self.url == b"*":
            return True
        absolute = _ABSOLUTE.fullmatch(self.url)
        return absolute is not None and absolute[1].lower() == hosts[0].lower()

    def _framed(self) -> bool:
        """Tell whether the body comes as it is or chunked: nothing else is decoded here."""
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        return codings in ([], [b"chunked"] * (self.parser.get_http_version() == "1.1"))

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal or MalformedRequest("the request cannot be understood"))

    def _stop_parsing(self, error: DomainError) -> None:
        self._refusal = error
        raise ValueError(error.code)

    def _refuse(self, error: DomainError) -> None:
        """Answer once, after what was asked before on this line: that may have been carried out."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._stop_timer()
        cut = self._cut_short()
        if self._unanswered:
            self._later = error
            return
        silent = cut is None or not cut.response_started
        if cut is not None:
            cut.disconnected = True
            cut.message_event.set()
        self._speak(error, silent=silent)

    def _cut_short(self) -> RequestResponseCycle | None:
        """Return the request whose body will never be whole; it waits for no answer any more."""
        begun: RequestResponseCycle | None = getattr(self, "cycle", None)
        if begun is None or begun.response_complete or not begun.more_body:
            return None
        self._unanswered -= 1
        if self.pipeline and self.pipeline[0][0] is begun:
            self.pipeline.popleft()
        return begun

    def _speak(self, error: DomainError, *, silent: bool) -> None:
        """Write the refusal, then read what still comes and forget it, for a second at most.

        A connection closed over unread bytes is reset, and the client would lose the answer.
        """
        if silent:
            self.transport.write(_answer(error))
            self.transport.write_eof()
        self.loop.call_later(_LINGER_S if silent else 0, self.transport.close)

    def _too_late(self) -> None:
        self._timer = None
        if self._in_headers:
            self._refuse(HeadersTooLate("the request line and headers came too slowly"))
        else:
            self.transport.close()  # the rest of a body whose request is answered

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _answer(error: DomainError) -> bytes:
    """Return a whole HTTP response for a refusal outside the application, and log it."""
    request_id = uuid7(SystemClock().now())
    reply = Reply.problem(render(error, request_id), error.code)
    reply.headers.append((b"connection", b"close"))
    _log.info("request", request=str(request_id), status=reply.status, code=reply.code)
    headers = dict(dressed(reply, str(request_id), hsts=False))
    lines = [b"%s: %s" % header for header in headers.items()]
    start = b"HTTP/1.1 %d %s" % (reply.status, HTTPStatus(reply.status).phrase.encode())
    return b"\r\n".join([start, *lines, b"", reply.body])

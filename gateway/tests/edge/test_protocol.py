"""Raw sockets: what is too long, too slow or ambiguous gets one clean refusal and a closed line."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from uvicorn.server import ServerState

from gateway import protocol
from gateway.protocol import EdgeProtocol

from .stage import Stage, staged

HOST = b"Host: gateway\r\n"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Stage, int]]:
    async with staged(tmp_path) as stage:
        config = uvicorn.Config(
            stage.app, ws="none", access_log=False, log_config=None, timeout_keep_alive=1
        )
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: EdgeProtocol(config, state, {}), "127.0.0.1", 0
        )
        async with server:
            yield stage, server.sockets[0].getsockname()[1]
        while state.tasks:
            await asyncio.wait(set(state.tasks))


async def say(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send bytes, return everything answered until the line is closed or silent for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        while chunk := await asyncio.wait_for(reader.read(65_536), 0.8):
            answer += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(start.split(" ")[1]), {k.lower(): v for k, v in headers.items()}, body


def assert_refused(answer: bytes, status: int) -> None:
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    found, headers, body = parsed(answer)
    assert found == status, answer
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["api-version"] == "1.0.0"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["entente-error-origin"] == "gateway"
    assert "server" not in headers
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["instance"] == f"urn:uuid:{headers['entente-request-id']}"


AMBIGUOUS = {
    "length and chunked": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "same length twice": b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "length list": b"Content-Length: 5, 5\r\n\r\nhello",
    "negative length": b"Content-Length: -5\r\n\r\n",
    "signed length": b"Content-Length: +5\r\n\r\nhello",
    "hex length": b"Content-Length: 0x5\r\n\r\nhello",
    "endless length": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "not chunked": b"Transfer-Encoding: gzip\r\n\r\n",
    "chunked not last": b"Transfer-Encoding: chunked, gzip\r\n\r\n",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "packed, then chunked": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "nothing, then chunked": b"Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n",
    "a field after the body": b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: 1\r\n\r\n",
    "bad chunk size": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
    "folded header": b"X-A: 1\r\n folded\r\n\r\n",
    "bare LF": b"X-A: 1\nX-B: 2\r\n\r\n",
    "bare CR": b"X-A: 1\rX-B: 2\r\n\r\n",
    "NUL in value": b"X-A: 1\x002\r\n\r\n",
    "space before colon": b"Content-Length : 5\r\n\r\nhello",
    "space in name": b"X A: 1\r\n\r\n",
    "no colon": b"nonsense\r\n\r\n",
}


@pytest.mark.parametrize("what", AMBIGUOUS)
async def test_request_when_ambiguous_then_one_400_and_closed(
    served: tuple[Stage, int], what: str
) -> None:
    smuggled = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
    request = b"POST /oauth/token HTTP/1.1\r\n" + HOST + AMBIGUOUS[what] + smuggled
    assert_refused(await say(served[1], request), 400)


@pytest.mark.parametrize(
    "after",
    [
        b"garbage\r\n\r\n",
        b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Content-Length: 1, 2\r\n\r\n",
        b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"GET /livez HTTP/1.1\r\nHost: elsewhere, gateway\r\n\r\n",
    ],
)
async def test_request_when_malformed_bytes_follow_it_then_answered_before_they_are(
    served: tuple[Stage, int], after: bytes
) -> None:
    good = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
    answer = await say(served[1], good + good + after + good)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"400"]
    assert answer.count(b"gateway.malformed_request") == 2


@pytest.mark.parametrize(
    "line",
    [
        b"GET /livez HTTP/9.9\r\n",
        b"GET /livez\r\n",
        b"get /livez HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
        b"GET /a b HTTP/1.1\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\n",
        b"PRI * HTTP/2.0\r\n",
    ],
)
async def test_request_line_when_not_http_then_400(served: tuple[Stage, int], line: bytes) -> None:
    assert_refused(await say(served[1], line + HOST + b"\r\n"), 400)


LIVE = b"GET /livez HTTP/1.1\r\n"
MISADDRESSED = {
    "no host": LIVE + b"\r\n",
    "two hosts": LIVE + HOST + HOST + b"\r\n",
    "empty host": LIVE + b"Host:\r\n\r\n",
    "host is a path": LIVE + b"Host: gateway/../x\r\n\r\n",
    "host is a list": LIVE + b"Host: gateway, evil.example\r\n\r\n",
    "host with a user": LIVE + b"Host: a@gateway\r\n\r\n",
    "target of another host": b"GET http://evil.example/livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "target with a user": b"GET http://a:b@gateway/livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "target of another scheme": b"GET gopher://gateway/livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "target with a fragment": b"GET /livez#x HTTP/1.1\r\n" + HOST + b"\r\n",
    "old without host, absolute": b"GET http://gateway/livez HTTP/1.0\r\n\r\n",
    "identity encoding": b"POST /livez HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: identity\r\n\r\n",
    "bare LF throughout": b"GET /livez HTTP/1.1\nHost: gateway\n\n",
    "backslash": b"GET \\livez HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("what", MISADDRESSED)
async def test_request_when_not_clear_whom_it_is_for_then_400_and_closed(
    served: tuple[Stage, int], what: str
) -> None:
    assert_refused(await say(served[1], MISADDRESSED[what] + LIVE + HOST + b"\r\n"), 400)


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET http://gateway/livez HTTP/1.1\r\n",
        b"GET HTTP://GATEWAY/livez HTTP/1.1\r\n",
        b"GET /livez HTTP/1.0\r\n",
    ],
)
async def test_target_when_absolute_or_old_then_served(
    served: tuple[Stage, int], request_line: bytes
) -> None:
    answer = await say(served[1], request_line + HOST + b"Connection: close\r\n\r\n")
    assert parsed(answer)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [b"X-HTTP-Method-Override: DELETE\r\n", b"X-Method: PUT\r\nX-Original-URL: /metrics\r\n"],
)
async def test_method_when_a_header_would_override_it_then_ignored(
    served: tuple[Stage, int], headers: bytes
) -> None:
    answer = await say(served[1], LIVE + HOST + headers + b"Connection: close\r\n\r\n")
    assert parsed(answer)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        b"//livez", b"/./livez", b"/api/../livez", b"/api/%2e%2e/livez", b"/livez;x=1",
        b"/%6civez", b"/livez%00", b"/livez%zz", b"/api%2fv1%2fprogrammes", b"//gateway/livez",
        b"/api/%c0%ae%c0%ae/livez",
    ],
)  # fmt: skip
async def test_path_when_it_plays_tricks_over_a_socket_then_404(
    served: tuple[Stage, int], path: bytes
) -> None:
    request = b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    assert parsed(await say(served[1], request))[0] == 404


async def test_request_when_for_the_whole_server_then_404(served: tuple[Stage, int]) -> None:
    request = b"GET * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    assert parsed(await say(served[1], request))[0] == 404


async def test_query_when_not_encoded_then_400(served: tuple[Stage, int]) -> None:
    stage, port = served
    token = b"Authorization: Bearer " + stage.token().encode() + b"\r\n"
    line = b"GET /api/v1/programmes?q=\xc5\x82 HTTP/1.1\r\n"
    answer = await say(port, line + HOST + token + b"Connection: close\r\n\r\n")
    assert parsed(answer)[0] == 400
    assert not stage.neighbours["programmes"].seen


async def test_url_when_over_8_kib_then_414(served: tuple[Stage, int]) -> None:
    line = b"GET /livez?" + b"a" * 9_000 + b" HTTP/1.1\r\n"
    assert_refused(await say(served[1], line + HOST + b"\r\n"), 414)


@pytest.mark.parametrize(
    "headers",
    [
        b"".join(b"X-%d: 1\r\n" % i for i in range(101)),
        b"X-A: " + b"a" * 17_000 + b"\r\n",
        b"".join(b"X-%d: " % i + b"a" * 1_000 + b"\r\n" for i in range(20)),
    ],
)
async def test_headers_when_too_many_or_large_then_431(
    served: tuple[Stage, int], headers: bytes
) -> None:
    request = b"GET /livez HTTP/1.1\r\n" + HOST + headers + b"\r\n"
    assert_refused(await say(served[1], request), 431)


async def test_header_when_endless_then_431_while_it_arrives(served: tuple[Stage, int]) -> None:
    pieces = [b"GET /livez HTTP/1.1\r\nX-A: "] + [b"a" * 65_536] * 40
    assert_refused(await say(served[1], *pieces), 431)


CHUNKED = LIVE + HOST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("begun", [b"0\r\nX-A: ", b"0\r\n", b"5;", b"0\r\n\r\n" + b"\r\n"])
async def test_body_when_what_is_around_it_is_endless_then_cut(
    served: tuple[Stage, int], begun: bytes
) -> None:
    endless = b"\r\n" * 32_768 if begun.endswith(b"\r\n\r\n") else b"a" * 65_536
    answer = await say(served[1], CHUNKED + begun, *[endless] * 40)
    assert b"HTTP/1.1 431" in answer


async def test_token_when_sent_after_the_body_then_nobody_is_asked(
    served: tuple[Stage, int],
) -> None:
    stage, port = served
    asked = b"GET /api/v1/programmes HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    token = b"Authorization: Bearer " + stage.token().encode() + b"\r\n\r\n"
    assert_refused(await say(port, asked + b"0\r\n" + token), 400)
    assert not stage.neighbours["programmes"].seen


@pytest.mark.parametrize("left", [b"0\r\nX-A: 1", b"5\r\nhe", b"5;a", b"0\r\n\r\n\r\n"])
async def test_connection_when_bytes_trickle_after_the_answer_then_closed_soon(
    served: tuple[Stage, int], monkeypatch: pytest.MonkeyPatch, left: bytes
) -> None:
    monkeypatch.setattr(protocol, "_HEADER_S", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", served[1])
    writer.write(CHUNKED)
    assert (await reader.readuntil(b'{"status":"UP"}')).startswith(b"HTTP/1.1 200")
    for piece in (left[:-1], left[-1:]):
        writer.write(piece)
        await asyncio.sleep(0.05)
    assert await asyncio.wait_for(reader.read(), 2) == b""
    writer.close()


async def test_body_when_it_comes_after_the_answer_then_the_line_serves_again(
    served: tuple[Stage, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "_HEADER_S", 0.2)
    late = LIVE + HOST + b"Content-Length: 4\r\n\r\n"
    last = LIVE + HOST + b"Connection: close\r\n\r\n"
    answer = await say(served[1], late, b"la", b"te", b"", b"", last, pause=0.09)
    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def test_length_when_spaces_follow_it_then_still_a_length(served: tuple[Stage, int]) -> None:
    head = b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Content-Length: 5 \t\r\n"
    answer = await say(served[1], head + b"Connection: close\r\n\r\nhello")
    assert parsed(answer)[0] == 415


async def test_headers_when_at_the_limit_then_served(served: tuple[Stage, int]) -> None:
    headers = b"".join(b"X-%02d: " % i + b"a" * 140 + b"\r\n" for i in range(98))
    request = b"GET /livez HTTP/1.1\r\n" + HOST + headers + b"Connection: close\r\n\r\n"
    assert parsed(await say(served[1], request))[0] == 200


async def test_headers_when_slow_then_408(
    served: tuple[Stage, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "_HEADER_S", 0.2)
    assert_refused(await say(served[1], b"GET /livez HTTP/1.1\r\nX-"), 408)
    assert_refused(await say(served[1], b""), 408)


async def test_body_when_slow_then_408(
    served: tuple[Stage, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.exchange._BODY_S", 0.2)
    head = b"POST /oauth/token HTTP/1.1\r\n" + HOST
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
    assert_refused(await say(served[1], head + kind + b"grant"), 408)


async def test_body_when_larger_than_allowed_then_413_and_closed(
    served: tuple[Stage, int],
) -> None:
    for length, sent in ((1_000_000_000, 100_000), (5_000_000, 5_000_000)):
        head = b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % length
        assert_refused(await say(served[1], head + b"x" * sent), 413)


async def test_connection_when_kept_then_serves_again(served: tuple[Stage, int]) -> None:
    one = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
    last = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    answer = await say(served[1], one, one, one + last, pause=0.02)
    assert answer.count(b"HTTP/1.1 200 OK") == 4
    assert b"server:" not in answer.lower()


async def test_head_when_asked_over_a_socket_then_length_without_body(
    served: tuple[Stage, int],
) -> None:
    request = b"HEAD /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    status, headers, body = parsed(await say(served[1], request))
    assert (status, headers["content-length"], body) == (200, "15", b"")


async def test_upgrade_when_asked_then_plain_answer(served: tuple[Stage, int]) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    async with asyncio.timeout(0.7):  # what follows would never be read: the line is closed
        answer = await say(served[1], b"GET /livez HTTP/1.1\r\n" + HOST + upgrade)
    assert parsed(answer)[0] in {200, 400}


async def test_client_when_it_leaves_before_the_answer_then_later_requests_are_served(
    served: tuple[Stage, int],
) -> None:
    stage, port = served
    stage.neighbours["programmes"].delay = 0.3
    request = b"GET /api/v1/programmes HTTP/1.1\r\n" + HOST
    request += b"Authorization: Bearer " + stage.token().encode() + b"\r\n\r\n"
    for _ in range(40):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await writer.drain()
        writer.close()
    await asyncio.sleep(0.05)
    stage.neighbours["programmes"].delay = 0
    live = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    assert parsed(await say(port, live))[0] == 200

"""One plain HTTP GET on this machine: a whole HTTP library would cost memory for nothing."""

import json
import socket
from typing import Any, Final
from urllib.parse import urlsplit

OK: Final = 200


def get(url: str, *, token: str = "", seconds: float = 2.0) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object; status 0 when nobody answers, {} when it is no object."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return _ask("GET", url, bearer, "", seconds)


def post_form(url: str, form: str, *, seconds: float = 5.0) -> tuple[int, dict[str, Any]]:
    """Send an encoded form; return the same as `get`."""
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return _ask("POST", url, f"{kind}Content-Length: {len(form)}\r\n", form, seconds)


def _ask(
    method: str, url: str, headers: str, content: str, seconds: float
) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    start = f"{method} {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: */*\r\n"
    request = f"{start}{headers}\r\n{content}".encode()
    try:
        answer = _exchange((parts.hostname or "", parts.port or 80), request, seconds)
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
    except (OSError, ValueError, IndexError):
        return 0, {}
    return status, _object(body)


def _exchange(address: tuple[str, int], request: bytes, seconds: float) -> bytes:
    with socket.create_connection(address, timeout=seconds) as connection:
        connection.sendall(request)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def free_port() -> int:
    """Return a port of this machine that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def refusal(port: int) -> str | None:
    """Return why nobody can listen on the port, or None when it is free."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError:
            return f"Port {port} may not be used by this user"
        except OSError:
            return f"Port {port} is in use by another program"
    return None

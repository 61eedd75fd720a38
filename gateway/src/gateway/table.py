"""The table of everything the gateway serves. What is not in it is not there."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from gateway.exchange import Ask, Reply
from kit.problems import MethodNotAllowed, NoSuchPath

Handler = Callable[[Ask], Awaitable[Reply]]
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._~-]*")
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~:@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_DOTS: Final = frozenset({".", ".."})
_ANY: Final = "{}"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. Every scope in `scopes` is needed; none means anyone may ask.

    `optional_caller`: a token, when sent, is verified and tells more.
    """

    method: str
    path: str
    handler: Handler
    scopes: frozenset[str] = frozenset()
    optional_caller: bool = False


class _Node:
    __slots__ = ("children", "routes")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.routes: dict[str, Route] = {}


class Table:
    """Finds the route of a method and a raw path; a literal segment wins over a parameter."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self.routes = tuple(routes)
        for route in self.routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.strip("/").split("/"):
            name = _ANY if segment.startswith("{") else segment
            node = node.children.setdefault(name, _Node())
        if route.method in node.routes:
            raise ValueError(f"{route.method} {route.path} is in the table twice")
        node.routes[route.method] = route

    def find(self, method: str, raw_path: bytes) -> tuple[Route, tuple[str, ...]]:
        """Return the route and its path parameters, or raise NoSuchPath or MethodNotAllowed."""
        text = raw_path.decode("latin-1")
        found = _walk(self._root, text[1:].split("/"), 0, ()) if text[:1] == "/" else None
        if found is None:
            raise NoSuchPath("nothing is served at this path")
        node, params = found
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None:
            allow = _allowed(node)
            raise MethodNotAllowed(f"this path takes {allow}", allow=allow)
        return route, params


def _walk(
    node: _Node, segments: list[str], at: int, params: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]] | None:
    if at == len(segments):
        return (node, params) if node.routes else None
    child = node.children.get(segments[at])
    if child is not None and segments[at] != _ANY:
        found = _walk(child, segments, at + 1, params)
        if found is not None:
            return found
    value = _parameter(segments[at]) if _ANY in node.children else None
    if value is None:
        return None
    return _walk(node.children[_ANY], segments, at + 1, (*params, value))


def _parameter(segment: str) -> str | None:
    """Return the text of one path segment, or None if it is none that a name could have."""
    if _PLAIN.fullmatch(segment):
        return segment
    if not _SEGMENT.fullmatch(segment):
        return None
    try:
        text = unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        return None
    refused = text in _DOTS or "/" in text or "\\" in text or not text.isprintable()
    return None if refused else text


def _allowed(node: _Node) -> str:
    methods = set(node.routes) | ({"HEAD"} if "GET" in node.routes else set())
    return ", ".join(sorted(methods))

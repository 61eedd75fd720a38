"""Which texts of a service's requests are open: neither scanned for personal data nor of a form."""

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from kit.personal import impersonal
from kit.wire import Request


def open_texts(package: str) -> frozenset[str]:
    """Name every text that a request of a package may hold and INV-41 does not guard.

    The package's routers are imported by then, and with them the models of all requests.
    """
    return frozenset(
        f"{model.__name__}.{name}"
        for model in _models(package)
        for name, field in model.model_fields.items()
        for metadata in _texts(field.annotation, tuple(field.metadata))
        if not _guarded(metadata)
    )


def _models(package: str) -> list[type[BaseModel]]:
    waiting: list[type[BaseModel]] = [Request]
    found = set()
    while waiting:
        for model in waiting.pop().__subclasses__():
            found.add(model)
            waiting.append(model)
    return sorted((each for each in found if each.__module__.startswith(f"{package}.")), key=str)


def _texts(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 (any type)
    """Yield what is said of each text within a type: the constraints and validators on it."""
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        yield from _texts(inner, (*metadata, *_flat(more)))
    elif annotation is str:
        yield metadata
    else:
        for inner in typing.get_args(annotation):
            yield from _texts(inner)


def _flat(metadata: list[Any]) -> Iterator[Any]:
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def _guarded(metadata: tuple[Any, ...]) -> bool:
    scanned = any(getattr(each, "func", None) is impersonal for each in metadata)
    closed = any(isinstance(each, StringConstraints) and each.pattern for each in metadata)
    return scanned or closed

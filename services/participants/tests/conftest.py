"""Which database and which application the tests of this service work on."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import pytest

from kit.testing.cluster import Schema
from participants.main import SERVICE
from participants.storage.constraints import CONSTRAINTS
from participants.storage.safe import Safe

_keys = itertools.count(1)


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("participants", "participants", CONSTRAINTS)


@pytest.fixture(scope="session")
def application():
    return SERVICE.app()


@pytest.fixture
def app(application):
    return application


@pytest.fixture
def safe():
    return Safe(current="1", keys={"1": b"k" * 32}, index=b"i" * 32)


@pytest.fixture
def process(process, safe):
    return replace(process, config=SimpleNamespace(safe=safe))


@pytest.fixture
def ask(client, signed):
    """Send a request as a caller: `await ask(OFFICER, "GET", "/v1/trips")`."""

    async def asking(caller, method, path, *, body=None, match=None, key=None, case=None, **query):
        headers = signed(caller)
        if case is not None:
            headers["entente-case-ref"] = case
        if method == "POST":
            headers["idempotency-key"] = key or f"key-{next(_keys)}"
        if match is not None:
            headers["if-match"] = match
        return await client.request(method, path, json=body, params=query, headers=headers)

    return asking

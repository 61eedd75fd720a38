"""What the gateway makes of what the services say of themselves."""

from typing import Any

import pytest

from gateway.troubles import parts_of, troubles_of


def service(*, seen_s: float | None = 0.4, head: int = 100, **more: Any) -> dict[str, Any]:
    return {
        "status": "UP",
        "parts": {"database": "UP"},
        "feed": {"head": head, "untold": 0, "settled": head - 10},
        "worker": {"seen_s": seen_s},
        **more,
    }


def follower(position: int, parked: int = 0) -> dict[str, int]:
    return {"position": position, "parked": parked}


def test_troubles_when_all_is_well_then_none():
    said = {"training": service(), "participants": service(follows_training=follower(90))}
    assert troubles_of(said) == []
    assert parts_of(said) == dict.fromkeys(
        ("training", "participants", "training_worker", "participants_worker"), "UP"
    )


@pytest.mark.parametrize(
    ("participants", "words"),
    [
        ({}, ["participants does not answer"]),
        (
            {"status": "DOWN", "parts": {"database": "DOWN"}},
            ["participants cannot reach its database"],
        ),
        ({"status": "DOWN", "code": "kit.unexpected"}, ["participants is not ready"]),
        (service() | {"status": "DOWN"}, ["participants is not ready"]),
        (service(seen_s=None), ["The worker of participants is gone or stands still"]),
        (service(seen_s=20.0), ["The worker of participants is gone or stands still"]),
        (service(follows_training=follower(89)), ["participants is 11 fact(s) of training behind"]),
        (
            service(follows_training=follower(100, 2)),
            ["participants has put 2 fact(s) of training"],
        ),
        (service(follows_programmes=follower(0)), []),
        ({"status": "UP", "from": "a stand-in"}, []),
    ],
)
def test_troubles_when_something_is_wrong_then_it_is_named(
    participants: dict[str, Any], words: list[str]
) -> None:
    found = troubles_of({"training": service(), "participants": participants})
    assert len(found) == len(words)
    assert all(said.startswith(word) for said, word in zip(found, words, strict=True))

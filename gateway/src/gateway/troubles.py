"""What is wrong with Entente and what to do about it, from what its services say of themselves.

A service that says nothing of its worker or its feed, because its version is another, is not
blamed for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Said = Mapping[str, Mapping[str, Any]]
_SILENT_S: Final = 15
_FOLLOWS: Final = "follows_"


def parts_of(said: Said) -> dict[str, str]:
    """Return UP or DOWN for every service, and for the worker of each that knows of one."""
    parts = {name: _word(is_up=_is_up(answer)) for name, answer in said.items()}
    workers = {
        f"{name}_worker": _word(is_up=_works(answer))
        for name, answer in said.items()
        if "worker" in answer
    }
    return parts | workers


def troubles_of(said: Said) -> list[str]:
    """Return one sentence for each thing that is wrong, the cause of others first."""
    return [
        *(sentence for name, answer in said.items() for sentence in _of_service(name, answer)),
        *(sentence for name in said for sentence in _of_following(name, said)),
    ]


def _of_service(name: str, answer: Mapping[str, Any]) -> Iterator[str]:
    if not answer:
        yield f"{name} does not answer: is it running? Its log says why not."
        return
    away = [part for part, state in answer.get("parts", {}).items() if state != "UP"]
    for part in away:
        yield f"{name} cannot reach its {part}: {name} answers 503 until it can."
    if not away and not _is_up(answer):
        yield f"{name} is not ready: it is stopping, or it failed and its log says why."
    if "worker" in answer and not _works(answer):
        untold = answer.get("feed", {}).get("untold", 0)
        yield (
            f"The worker of {name} is gone or stands still: loop_failed in its log says why, if it"
            f" runs; else start it again."
            f" {untold} change(s) wait to be told to the others, and nothing of theirs is followed."
        )


def _of_following(name: str, said: Said) -> Iterator[str]:
    for key, follower in said[name].items():
        if not key.startswith(_FOLLOWS):
            continue
        source = key.removeprefix(_FOLLOWS)
        feed = said.get(source, {}).get("feed", {})
        if follower["position"] < feed.get("settled", 0):
            behind = feed["head"] - follower["position"]
            yield (
                f"{name} is {behind} fact(s) of {source} behind, some older than a minute:"
                f" see feed_not_followed and fact_failed in the log of the worker of {name}."
            )
        if follower["parked"]:
            yield (
                f"{name} has put {follower['parked']} fact(s) of {source} aside:"
                " see the runbook on parked facts."
            )


def _is_up(answer: Mapping[str, Any]) -> bool:
    return answer.get("status") == "UP"


def _works(answer: Mapping[str, Any]) -> bool:
    seen_s = answer["worker"].get("seen_s")
    return seen_s is not None and seen_s < _SILENT_S


def _word(*, is_up: bool) -> str:
    return "UP" if is_up else "DOWN"

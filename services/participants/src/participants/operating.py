"""What an operator asks the service for: `python -m participants <task>`."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from kit.auth import SEES_ALL, Caller
from kit.db.unit import Unit
from kit.service import Task
from participants.commands.protection import erase_again
from participants.commands.rekeying import close_index, keys_in_use, reindex, rewrap_keys
from participants.config import Config
from participants.domain.chain import Head
from participants.domain.erasure import Erased, ErasureGround
from participants.load_claims import load_claims
from participants.queries.chain import anchors_of, inspect_chain
from participants.queries.protection import journal

_OPERATOR: Final = Caller("operator", "operator", "", "", frozenset({SEES_ALL}))
_DONE: Final = 0
_BROKEN: Final = 1


async def verify_access_log(unit: Unit, config: Config, arguments: Sequence[str]) -> int:
    """Say whether the access log is whole, or where it breaks; 0 if whole."""
    parser = argparse.ArgumentParser(prog="participants verify-access-log")
    parser.add_argument("--since", type=int, default=1, help="the first place that must be there")
    parser.add_argument("--head", type=Head.parse, help="a head noted earlier: place:hash")
    parser.add_argument("--anchors", type=Path, help="statements kept elsewhere, one per line")
    asked = parser.parse_args(arguments)
    since = max(1, asked.since)
    kept = () if asked.anchors is None else asked.anchors.read_text(encoding="utf-8").split()
    try:
        anchors = await anchors_of(unit, config.notary, kept, since=since)
    except ValueError as error:
        return _broken(str(error))
    heads = [each.head for each in anchors] + ([] if asked.head is None else [asked.head])
    found = await inspect_chain(unit, since=since, noted=heads)
    if found.broken is not None:
        return _broken(found.broken)
    signed = (
        f"{len(anchors)} heads signed, up to place {max([0, *(a.head.place for a in anchors)])}"
    )
    _say(f"{signed}\nwhole: {found.looks} looks, head {found.head}")
    return _DONE


def _broken(where: str) -> int:
    _say(f"broken: {where}")
    return _BROKEN


async def rewrap(unit: Unit, config: Config, arguments: Sequence[str]) -> int:
    """Wrap every person's key with the current version; 0 if no other version is needed."""
    parser = argparse.ArgumentParser(prog="participants rewrap-keys")
    parser.add_argument("--batch", type=int, default=500, help="keys per transaction")
    asked = parser.parse_args(arguments)
    safe, done = config.safe, 0
    while some := await rewrap_keys(unit, safe, most=max(1, asked.batch)):
        done += some
        _say(f"{done} keys wrapped with version {safe.current}")
    return _told(await keys_in_use(unit), safe.current, safe.versions)


async def rekey_index(unit: Unit, config: Config, arguments: Sequence[str]) -> int:
    """Make every blind index with the current key of the index; 0 if no other is needed."""
    parser = argparse.ArgumentParser(prog="participants rekey-index")
    parser.add_argument("--batch", type=int, default=200, help="persons per transaction")
    asked = parser.parse_args(arguments)
    safe, done = config.safe, 0
    while some := await reindex(unit, safe, most=max(1, asked.batch)):
        done += some
        _say(f"{done} persons indexed with version {safe.index.current}")
    left = await close_index(unit, safe)
    for version, number in sorted(left.items()):
        _say(f"{number} persons are still indexed with version {version}")
    _say_needless(safe.index.versions - {safe.index.current} - set(left), "index ")
    return _BROKEN if left else _DONE


def _told(used: Mapping[str, int], current: str, at_hand: frozenset[str]) -> int:
    _say_needless(at_hand - {current} - set(used))
    left = {version: number for version, number in used.items() if version != current}
    for version, number in sorted(left.items()):
        missing = "" if version in at_hand else ", which is not in the key file"
        _say(f"{number} keys are still wrapped with version {version}{missing}")
    return _BROKEN if left else _DONE


def _say_needless(versions: frozenset[str], of: str = "") -> None:
    for version in sorted(versions):
        _say(f"{of}version {version} is not needed any more: remove it from the key file")


async def erasures(unit: Unit, _config: Config, _arguments: Sequence[str]) -> int:
    """Print the journal of erasures, a JSON object per line."""
    for each in await journal(unit):
        line = {"person_id": str(each.person_id), "ground": each.ground, "at": each.at.isoformat()}
        _say(json.dumps(line))
    return _DONE


async def again(unit: Unit, _config: Config, arguments: Sequence[str]) -> int:
    """Erase again whom a journal names and the database still knows, as after a restore."""
    parser = argparse.ArgumentParser(prog="participants erase-again")
    parser.add_argument("journal", type=Path, help="what `erasures` printed")
    lines = parser.parse_args(arguments).journal.read_text(encoding="utf-8").splitlines()
    try:
        named = [_erased(json.loads(line)) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError):
        _say("the file is no journal of erasures; nobody was erased")
        return _BROKEN
    done = [each for each in named if await erase_again(unit, each, _OPERATOR)]
    _say(f"{len(named)} in the journal, {len(done)} erased again")
    return _DONE


def _erased(line: Mapping[str, str]) -> Erased:
    at = datetime.fromisoformat(line["at"])
    return Erased(UUID(line["person_id"]), ErasureGround(line["ground"]), at)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


TASKS: Final[Mapping[str, Task]] = {
    "verify-access-log": verify_access_log,
    "rewrap-keys": rewrap,
    "rekey-index": rekey_index,
    "erasures": erasures,
    "erase-again": again,
    "load-claims": load_claims,
}

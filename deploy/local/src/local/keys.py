"""Makes the keys of a new installation: `python -m local.keys <folder>`, in its own process.

One key per process for inward tokens, one for access tokens, one per demo caller, and the keys
under which participants keeps people. What is there is kept; to change a key of a process or a
caller, remove its file and start again. Without `encryption.json` people can never be read again.
"""

import base64
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kit.auth import new_key
from local.files import folder, read_json, write_private
from local.progress import complain
from local.trouble import Trouble

PROCESSES: Final = ("programmes", "training", "participants", "gateway")
OFFICER_SCOPES: Final = (
    "programmes:read programmes:write training:read training:host training:nominate"
    " participants:read participants:write participants:protect identity:read"
    " changes:read records:all"
)
APPROVER_SCOPES: Final = (
    "programmes:read programmes:write training:read participants:read participants:verify"
    " changes:read records:all"
)
MINISTRY_SCOPES: Final = (
    "programmes:read training:read training:nominate participants:read changes:read"
)
CALLERS: Final[dict[str, dict[str, Any]]] = {
    "officer": {
        "client": "demo-officer",
        "organisation": "PL-MOI",
        "country": "PL",
        "scopes": OFFICER_SCOPES.split(),
    },
    "ministry": {
        "client": "demo-ministry-md",
        "organisation": "MD-MIA",
        "country": "MD",
        "scopes": MINISTRY_SCOPES.split(),
    },
    "approver": {
        "client": "demo-approver",
        "organisation": "PL-MOI",
        "country": "PL",
        "scopes": APPROVER_SCOPES.split(),
    },
    "verifier": {
        "client": "demo-verifier",
        "organisation": "PL-MOI",
        "country": "PL",
        "scopes": ["participants:read", "participants:verify", "records:all"],
    },
    "payer": {
        "client": "demo-payer",
        "organisation": "PL-MOI",
        "country": "PL",
        "scopes": ["participants:read", "participants:pay", "records:all"],
    },
    "ops": {
        "client": "demo-ops",
        "organisation": "PL-MOI",
        "country": "PL",
        "scopes": ["ops:health"],
    },
}


def make(into: Path) -> None:
    """Make every key that is missing and the public sets drawn from them."""
    public = [_pair(into / f"{name}.json", name) for name in PROCESSES]
    _retire(into, public)
    write_private(folder(into) / "trusted.json", {"keys": public})
    _pair(into / "issuer.json", "issuer")
    _encryption(into / "encryption.json")
    _register(into / "callers.json", _registry(folder(into / "callers")))


def _register(path: Path, demo: dict[str, Any]) -> None:
    """Write the demo callers anew and keep every other client: partners are added by hand."""
    known = read_json(path)
    if path.exists() and not known:
        raise Trouble(
            f"{path} is no JSON object, and may hold clients that were added: put it right."
        )
    write_private(path, known | demo)


def _retire(into: Path, public: Sequence[dict[str, Any]]) -> None:
    """Keep the public halves participants had before: with them it signed its access log."""
    kept = read_json(into / "retired.json").get("keys", [])
    before = read_json(into / "trusted.json").get("keys", [])
    signed = [each for each in before if each["kid"] == "participants"]
    gone = [each for each in signed if each not in (*public, *kept)]
    write_private(into / "retired.json", {"keys": [*kept, *gone]})


def _registry(private: Path) -> dict[str, Any]:
    """Return what the gateway knows of each demo caller: rights and public key."""
    registry = {}
    for name, caller in CALLERS.items():
        client = str(caller["client"])
        jwk = _pair(private / f"{name}.json", client)
        rights = {key: caller[key] for key in ("organisation", "country", "scopes")}
        registry[client] = {**rights, "jwk": jwk}
    return registry


def _encryption(path: Path) -> None:
    """Make the key that wraps the keys of persons, and the key of the search index."""
    if not read_json(path):
        keys = {"current": "1", "keys": {"1": _random()}, "index": _random()}
        write_private(path, keys)


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _pair(path: Path, name: str) -> dict[str, Any]:
    """Return the public half of the key in `path`, made now if there is none."""
    private = read_json(path)
    if not private:
        folder(path.parent)
        private, _ = new_key(name)
        write_private(path, private)
    return {key: value for key, value in private.items() if key != "d"}


def main() -> int:
    """Make the keys in the folder named on the command line."""
    os.umask(0o077)
    try:
        make(Path(sys.argv[1]))
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Asks the gateway's issuer for the demo callers' tokens, as any client does.

`python -m local.tokens <gateway-url> <keys-folder> <out-file>`, in its own process.
"""

import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import OKPKey

from kit.clock import SystemClock
from kit.ids import uuid7
from local import probe
from local.files import read_json, write_private
from local.keys import CALLERS
from local.progress import complain

_ISSUER: Final = "urn:entente:issuer"
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE_S: Final = 60
_TRIES: Final = 300
_PAUSE_S: Final = 0.2
_NOT_YET: Final = (0, 503)


def token_for(gateway: str, client: str, private: dict[str, Any]) -> str:
    """Return an access token for `client`, which proves itself with its private key."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION,
        "client_assertion": _assertion(client, OKPKey.import_key(private)),
    }
    status, answer = probe.post_form(f"{gateway}/oauth/token", urlencode(form))
    if status in _NOT_YET:
        raise ConnectionError(gateway)
    if status != probe.OK:
        raise SystemExit(f"the issuer refused {client}: HTTP {status} {answer.get('detail', '')}")
    return str(answer["access_token"])


def _assertion(client: str, key: OKPKey) -> str:
    now = SystemClock().now()
    issued = int(now.timestamp())
    claims = {
        "iss": client,
        "sub": client,
        "aud": _ISSUER,
        "jti": str(uuid7(now)),
        "iat": issued,
        "exp": issued + _LIFE_S,
    }
    header = {"alg": "Ed25519", "kid": client, "typ": "jwt"}
    return jwt.encode(header, claims, key, algorithms=["Ed25519"])


def patiently(gateway: str, client: str, private: dict[str, Any]) -> str:
    """Return a token; while nobody answers at the gateway, ask again for up to a minute."""
    for _ in range(_TRIES):
        try:
            return token_for(gateway, client, private)
        except ConnectionError:
            time.sleep(_PAUSE_S)
    raise SystemExit(f"nobody answers at {gateway}")


def main() -> int:
    """Write the tokens of all demo callers to the file named on the command line."""
    gateway, keys, out = sys.argv[1:4]
    try:
        tokens = {}
        for name, caller in CALLERS.items():
            private = read_json(Path(keys, "callers", f"{name}.json"))
            tokens[name] = patiently(gateway, caller["client"], private)
        write_private(Path(out), tokens)
    except ValueError as error:
        complain(f"tokens: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

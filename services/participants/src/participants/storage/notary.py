"""Heads of the access log's chain, signed with the key of this process.

Whoever can rewrite the tables cannot sign. What was signed and kept elsewhere shows that they were
replaced as a whole.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from kit.auth import StatementVerifier, TokenSigner
from participants.domain.chain import Anchor, Head

_KIND: Final = "access-log-head"


class Notary:
    """Signs heads, and reads what it signed: also with keys that were replaced since."""

    def __init__(self, signer: TokenSigner, verifier: StatementVerifier) -> None:
        self._signer = signer
        self._verifier = verifier

    @classmethod
    def from_files(cls, key_file: Path, *public: Path) -> "Notary":
        """Read the private key of this process, and sets of public ones."""
        return cls(TokenSigner.from_file(key_file), StatementVerifier.from_files(*public))

    def sign(self, number: int, head: Head, at: datetime) -> Anchor:
        """Sign where the chain ends."""
        claims = {"number": number, "head": str(head), "at": at.isoformat()}
        return Anchor(number=number, head=head, at=at, statement=self._signer.state(_KIND, claims))

    def read(self, statement: str) -> Anchor:
        """Return what was signed, or raise ValueError."""
        claims = self._verifier.read(_KIND, statement, issuer=self._signer.issuer)
        return Anchor(
            number=int(claims["number"]),
            head=Head.parse(claims["head"]),
            at=datetime.fromisoformat(claims["at"]),
            statement=statement,
        )

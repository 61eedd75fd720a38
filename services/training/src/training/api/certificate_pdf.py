"""Certificates as PDF, made by a short-lived process so that this one stays small."""

import asyncio
import json
import sys
from typing import Final
from weakref import WeakKeyDictionary

import structlog

from kit.errors import Unavailable
from training.api.wire_certificates import Document, Language
from training.domain.certificate import Certificate, printable_name, spaced
from training.domain.event_kind import LABELS

_AT_ONCE: Final = 2
_VERIFIED_AT: Final = "/api/v1/certificate-verifications/"
_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]] = WeakKeyDictionary()
_log = structlog.get_logger()


async def certificate_pdf(certificate: Certificate, wanted: Document, public_url: str) -> bytes:
    """Return the document, or raise CertificateRevoked, NameNotPrintable or Unavailable.

    The name goes to the other process through a pipe: it is in no argument, file or log.
    """
    certificate.must_count()
    address = verified_at(certificate, public_url)
    said = json.dumps(_said(certificate, wanted) | {"verify": address}).encode()
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    async with turn:
        return await _rendered(said)


def verified_at(certificate: Certificate, public_url: str) -> str:
    """Return the address at which anybody may ask whether the certificate is valid."""
    return f"{public_url}{_VERIFIED_AT}{spaced(certificate.code)}"


async def _rendered(said: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "training.api.render_certificate",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        pdf, _ = await process.communicate(said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        _log.error("certificate_not_rendered", status=process.returncode)
        raise Unavailable("the document could not be made")
    return pdf


def _said(certificate: Certificate, wanted: Document) -> dict[str, object]:
    stated = certificate.attested
    english, polish = LABELS[stated.kind]
    return {
        "form": wanted.form,
        "language": wanted.language,
        "name": None if wanted.name is None else printable_name(wanted.name),
        "kind": polish if wanted.language is Language.POLISH else english,
        "title": stated.title,
        "first": stated.first and stated.first.isoformat(),
        "last": stated.last and stated.last.isoformat(),
        "date_text": stated.date_text,
        "city": stated.city,
        "country": stated.country,
        "minutes": stated.minutes,
        "programme_title": stated.programme_title,
        "programme_code": stated.programme_code,
        "host": stated.host,
        "organisation": certificate.organisation,
        "issued_on": certificate.issued_at.date().isoformat(),
        "issued": int(certificate.issued_at.timestamp()),
        "reference": stated.reference,
        "code": spaced(certificate.code),
        "synthetic": certificate.synthetic,
    }

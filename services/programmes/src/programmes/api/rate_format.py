"""Which reader fits a file of exchange rates: by publisher, media type, and what it holds."""

import re
from typing import Final

from kit.errors import InvalidInput, Violation
from kit.problems import UnsupportedContent
from programmes.domain import rate_files
from programmes.domain.exchange_rates import Publisher, Rate

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_JSON: Final = "application/json"
_CSV: Final = "text/csv"
_XML: Final = frozenset({"application/xml", "text/xml"})


def read(publisher: Publisher, media: str, content: bytes, month: str | None) -> tuple[Rate, ...]:
    """Return the rates of a file; raises RateFileInvalid, RateFileTooLarge, UnsupportedContent.

    The monthly file of InforEuro does not name its month: `month` does.
    """
    if publisher is Publisher.INFOREURO and media == _JSON:
        return _inforeuro(content, month)
    if publisher is Publisher.ECB and media in _XML:
        return rate_files.read_ecb_xml(content)
    if publisher is Publisher.ECB and media == _CSV:
        return rate_files.read_ecb_csv(content)
    if publisher is Publisher.NBP and media == _JSON:
        return rate_files.read_nbp_json(content)
    if publisher is Publisher.NBP and media in _XML:
        return rate_files.read_nbp_xml(content)
    raise UnsupportedContent(f"{publisher} does not publish {media}")


def _inforeuro(content: bytes, month: str | None) -> tuple[Rate, ...]:
    if month is None:
        return rate_files.read_inforeuro_history(content)
    found = _MONTH.fullmatch(month)
    if found is None or int(found[1]) == 0:
        violation = Violation("/query/month", "kit.format", "must be a month such as 2015-03")
        raise InvalidInput("the month cannot be read", errors=[violation])
    return rate_files.read_inforeuro_month(content, int(found[1]), int(found[2]))

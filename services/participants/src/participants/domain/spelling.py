"""One name in many spellings: folded for exact search, and told by sound for possible duplicates.

Diacritics are folded, Cyrillic, Georgian and Armenian letters transliterated. Two people may well
share a key: it is a reason to ask somebody, never to merge.
"""

import re
import unicodedata
from typing import Final

# Each word is a letter and what it is in Latin script, which may be nothing.
_TABLE: Final = """
łl đd øo ßss ıi æae œoe ðd þth əa
аa бb вv гh ґg дd еe ёe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu ўu фf хkh
цts чch шsh щshch ъ ыy ь эe юiu яia ћc ђd љlj њnj џdz јj ѓg ќk ѕdz
აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყq შsh ჩch ცts
ძdz წts ჭch ხkh ჯj ჰh
աa բb գg դd եe զz էe ըy թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճch մm յy նn շsh ոo չch պp
ջj ռr սs վv տt րr ցts ւu փp քk օo ֆf ևev
"""  # noqa: RUF001 (letters that look like others are the point)
_LETTERS: Final = str.maketrans({word[0]: word[1:] for word in _TABLE.split()})
_WORD: Final = re.compile(r"[a-z0-9]+")
# In this order: a longer spelling before its parts.
_SOUNDS: Final = (
    ("shch", "s"), ("szcz", "s"), ("sch", "s"), ("sh", "s"), ("sz", "s"), ("tch", "c"),
    ("ch", "c"), ("cz", "c"), ("ts", "c"), ("tz", "c"), ("dz", "c"), ("zh", "z"), ("rz", "z"),
    ("th", "t"), ("ph", "f"), ("x", "ks"), ("kh", "k"), ("gh", "k"), ("ck", "k"), ("h", "k"),
    ("g", "k"), ("q", "k"), ("w", "v"),
)  # fmt: skip
_SILENT: Final = re.compile(r"[aeiouyj]")
_TWICE: Final = re.compile(r"(.)\1+")


def folded(text: str) -> str:
    """Return a text in plain small Latin letters, words apart by one space."""
    lower = text.casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", lower)
    return " ".join(_WORD.findall("".join(c for c in parts if not unicodedata.combining(c))))


def spelled(*names: str) -> str:
    """Return how names are spelled, whatever their order."""
    return " ".join(sorted(folded(" ".join(names)).split()))


def sounds(*names: str) -> str:
    """Return roughly how names sound, whatever their order and alphabet."""
    return " ".join(sorted(_sound(word) for word in folded(" ".join(names)).split()))


def _sound(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    first = "a" if _SILENT.match(word) else ""
    return first + _TWICE.sub(r"\1", _SILENT.sub("", word))


def normal_email(text: str) -> str:
    """Return an address as it is searched for."""
    return text.strip().casefold()


def normal_number(text: str) -> str:
    """Return the number of a document or an account without spaces and dashes."""
    return re.sub(r"[\s-]", "", text).upper()

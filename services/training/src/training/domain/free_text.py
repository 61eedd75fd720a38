"""Personal data in free text (INV-41): what looks like it is refused before it is stored."""

from kit.personal import personal_data_in
from training.domain.errors_evidence import PersonalDataInText


def without_personal_data(text: str) -> str:
    """Return the text, or raise PersonalDataInText."""
    found = personal_data_in(text)
    if found is not None:
        raise PersonalDataInText("the text seems to hold personal data", found=found.value)
    return text

"""Types of free text in requests: short or long, and never with personal data in it (INV-41)."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from kit.wire import Line, Text
from training.domain.free_text import personal_data_in


def impersonal(text: str) -> str:
    """Return the text, or refuse it because it seems to hold personal data."""
    found = personal_data_in(text)
    if found is not None:
        message = f"seems to hold personal data ({found.value}); refer to people by their id"
        raise PydanticCustomError("pii_in_free_text", "{message}", {"message": message})
    return text


Words = Annotated[Line, AfterValidator(impersonal)]
Prose = Annotated[Text, AfterValidator(impersonal)]

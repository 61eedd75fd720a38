"""Types of free text in requests: short or long, and never with personal data in it (INV-41)."""

from typing import Annotated

from pydantic import AfterValidator

from kit.personal import impersonal
from kit.wire import Line, Text

Words = Annotated[Line, AfterValidator(impersonal)]
Prose = Annotated[Text, AfterValidator(impersonal)]

"""Types of free text in requests: never with personal data in it (INV-41)."""

from typing import Annotated

from pydantic import AfterValidator

from kit import wire
from kit.personal import impersonal

Line = Annotated[wire.Line, AfterValidator(impersonal)]
Text = Annotated[wire.Text, AfterValidator(impersonal)]
Verbatim = Annotated[wire.Verbatim, AfterValidator(impersonal)]

"""What is refused when rate sets are imported, published or corrected."""

from kit.errors import DomainError, Kind


class RateSetCannotMove(DomainError):
    """Only a draft can be published, and only a published set can be corrected."""

    kind = Kind.CONFLICT
    code = "participants.rate_set_cannot_move"
    title = "The rate set cannot take this step in its present status"
    advice = "Read the rate set; import the correction as a new draft that names it."


class RateSetInvalid(DomainError):
    """The rate set contradicts itself or what is on record; every violation is listed."""

    kind = Kind.INVALID
    code = "participants.rate_set_invalid"
    title = "The rate set cannot be kept like this"
    advice = "Correct every field listed in `errors`."

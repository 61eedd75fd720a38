"""Refusals about secret addresses of calendars."""

from kit.errors import DomainError, Kind


class NoSuchCalendar(DomainError):
    """No calendar has this address: it never had, was revoked, ran out, or shows nothing now."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_calendar"
    title = "There is no calendar at this address"
    advice = "Subscribe again at /api/v1/calendar-subscriptions and use the new address."


class NoSuchSubscription(DomainError):
    """No subscription of the caller has this id."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_subscription"
    title = "There is no such calendar subscription"
    advice = "Check the id; list your own at /api/v1/calendar-subscriptions."


class SubscriptionInvalid(DomainError):
    """A programme and an organisation have a code, an event an id."""

    kind = Kind.INVALID
    code = "training.subscription_invalid"
    title = "This is not something that has a calendar"
    advice = "Send a code for `programme` and `organisation`, and an id for `event`."


class TooManySubscriptions(DomainError):
    """A caller needs a handful of calendars; more are a mistake."""

    kind = Kind.CONFLICT
    code = "training.too_many_subscriptions"
    title = "You have too many calendar subscriptions"
    advice = "Revoke one that you no longer use."

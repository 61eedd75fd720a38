"""What the gateway itself refuses, and how it names the part that failed."""

from http import HTTPStatus

from kit.errors import DomainError, InvalidInput, Kind, TimedOut, Unauthenticated, Unavailable
from kit.http import BrokenAnswer
from kit.problems import EdgeError, NoSuchPath


class BackendDown(Unavailable):
    """A service behind the gateway cannot be reached, or says it cannot work right now."""

    code = "gateway.backend_down"
    title = "A part of Entente is not available right now"
    advice = "Wait as long as Retry-After says and try again; views also take ?partial=true."


class BackendSlow(TimedOut):
    """A service behind the gateway did not answer within the time allowed for the request."""

    code = "gateway.backend_slow"
    title = "A part of Entente did not answer in time"
    advice = "Try again, or allow more time with Entente-Timeout-Ms (at most 30000)."


class BackendBroken(EdgeError):
    """A service behind the gateway failed, or gave an answer that cannot be used."""

    kind = Kind.UNAVAILABLE
    status = 502
    code = "gateway.backend_broken"
    title = "A part of Entente failed"
    advice = "Try again later; tell the operator the id in `instance` if it stays."


class Overloaded(Unavailable):
    """The gateway already works on as many requests as it can carry."""

    code = "gateway.overloaded"
    title = "Entente is busy"
    advice = "Wait as long as Retry-After says, then send the same request again."


class TokenRefused(Unauthenticated):
    """The client asked for an access token without proving who it is (RFC 6749, 5.2)."""

    code = "gateway.invalid_client"
    title = "The client could not be authenticated"
    advice = "Send a fresh client assertion signed with the registered key (private_key_jwt)."


class TokenRequestInvalid(InvalidInput):
    """The token request is not one this issuer serves (RFC 6749, 5.2)."""

    code = "gateway.invalid_token_request"
    title = "The token request is not valid"
    advice = "Use grant_type=client_credentials with a client assertion; see /docs."


class HeadersTooLate(EdgeError):
    """The request line and headers did not arrive within ten seconds."""

    status = 408
    code = "gateway.headers_too_late"
    title = "The request did not arrive in time"
    advice = "Send the request line and all headers within ten seconds."


class MalformedRequest(InvalidInput):
    """The bytes are not one unambiguous HTTP/1.1 request."""

    code = "gateway.malformed_request"
    title = "The request is not valid HTTP/1.1"
    advice = "Send one Content-Length or one chunked body, and headers as RFC 9112 wants them."


class NoSuchProblem(NoSuchPath):
    """No problem of Entente has this code."""

    code = "gateway.no_such_problem"
    title = "There is no problem with this code"
    advice = "See the list of codes at /problems."


def backend_error(service: str, error: DomainError, *, part: str | None = None) -> DomainError:
    """Return the gateway's own error for trouble with a service; nothing inside is told."""
    if isinstance(error, TimedOut):
        return about(BackendSlow(f"{service} did not answer in time"), service, part)
    if isinstance(error, BrokenAnswer):
        return about(BackendBroken(f"{service} gave no usable answer"), service, part)
    down = BackendDown(f"{service} is not available")
    down.facts["retry_after_s"] = error.facts.get("retry_after_s", 1)
    return about(down, service, part)


def refused_by_status(service: str, status: int, *, part: str | None = None) -> DomainError:
    """Return the gateway's error for a status that a service should not have answered."""
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return about(BackendDown(f"{service} is not available"), service, part)
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return about(BackendSlow(f"{service} did not answer in time"), service, part)
    return about(BackendBroken(f"{service} failed"), service, part)


def about(error: DomainError, service: str, part: str | None) -> DomainError:
    """Name in a problem the service it is about, and the part of the view if there is one."""
    error.facts["service"] = service
    if part is not None:
        error.facts["part"] = part
    return error

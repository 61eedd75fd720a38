"""Explained results as canonical JSON: sorted members, no spaces, the same bytes every time.

It is written piece by piece: what many lines share is put into JSON once (see Worth).
"""

from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Final, NamedTuple

from kit.money import Money
from participants.domain.choices import Choice
from participants.domain.explained import Deduction, Line, Result, Rule, Worth
from participants.domain.moments import Known, Moment, local
from participants.domain.phrases import NEWEST, Said, Words, joined
from participants.domain.rates import Rate

_NULL: Final = "null"


def result_text(result: Result, form: int = NEWEST) -> str:
    """Return the explained result as canonical JSON, in one of the forms of results.

    Forms 1 and 2 leave out the members that came later and use the words they had, so that what
    was stored stays as it was.
    """
    return result_json(result, form).decode()


def result_json(result: Result, form: int = NEWEST) -> bytes:
    """Return the text of the result as it goes over the wire, in UTF-8."""
    rates = ",".join([_rate(rate, form) for rate in result.rates])
    totals = ",".join([_money(total) for total in result.totals])
    choices = remarks = ""
    if form > 1:
        choices = f'"choices":[{",".join([_choice(each) for each in result.choices])}],'
        remarks = f'"remarks":{_sentences(result.remarks, form)},'
    before = f'{{"assumptions":{_sentences(result.assumptions, form)},{choices}"lines":['
    after = (
        f'],"rates":[{rates}],{remarks}"ruleset":{_text(result.ruleset)},'
        f'"totals":[{totals}],"version":{_text(result.version)}}}'
    )
    lines = b",".join([_line(line, form) for line in result.lines])
    return b"".join((before.encode(), lines, after.encode()))


class _Pieces(NamedTuple):
    """The JSON of a worth, in the pieces between which the members of a line stand."""

    head: bytes
    middle: bytes
    tail: bytes
    rules: bytes
    english: bytes
    polish: bytes


@lru_cache(maxsize=4096)
def _line(line: Line, form: int) -> bytes:
    """Return the JSON of a line: the same while a form is filled in around it."""
    worth, number, begins, ends, on, _ = line
    head, middle, tail, rules, english, polish = _pieces(worth, form)
    day = "null" if on is None else f'"{on.isoformat()}"'
    first = joined(tuple([opening(line) for opening in worth.opening]), form)
    members = (
        *(head, _time(begins), middle, _time(ends), tail, f'{number},"on":{day}'.encode(), rules),
        *(_text(first.en)[:-1].encode(), english, _text(first.pl)[:-1].encode(), polish),
    )
    return b"".join(members)


@lru_cache(maxsize=1024)
def _time(moment: Moment | Known | None) -> bytes:
    return b"null" if moment is None else f'"{local(moment).isoformat()}"'.encode()


@lru_cache(maxsize=8192)
def _pieces(worth: Worth, form: int) -> _Pieces:
    country = "" if form == 1 else f',"country":{_optional(worth.country)}'
    deductions = ",".join([_deduction(each, form) for each in worth.deductions])
    rules = ",".join([_rule(rule, form) for rule in worth.rules])
    factor, said = worth.factor, joined(worth.said, form)
    parted = " " if worth.opening and worth.said else ""
    pieces = (
        f'{{"amount":{_money(worth.amount)},"base":{_number(worth.base)},"begins_at":',
        f'{country},"deductions":[{deductions}],"ends_at":',
        f',"factor":"{factor.numerator}/{factor.denominator}","kind":"{worth.kind.value}","number":',
        f',"rules":[{rules}],"text":{{"en":',
        f'{parted}{_text(said.en)[1:]},"pl":',
        f"{parted}{_text(said.pl)[1:]}}}}}",
    )
    return _Pieces(*[piece.encode() for piece in pieces])


def _deduction(taken: Deduction, form: int) -> str:
    return (
        f'{{"amount":{_number(taken.amount)},"percent":{taken.percent},'
        f'"rule":{_rule(taken.rule, form)},"what":{_text(taken.what)}}}'
    )


def _rule(rule: Rule, form: int) -> str:
    polish = f',"reference_pl":{_text(rule.reference_pl)}' if form >= NEWEST else ""
    return f'{{"id":{_text(rule.id)},"reference":{_text(rule.reference)}{polish}}}'


@lru_cache(maxsize=2048)
def _rate(rate: Rate, form: int) -> str:
    parts = ",".join([f"[{_text(name)},{_number(value)}]" for name, value in rate.parts])
    numbers = "" if form == 1 else f'"parts":[{parts}],'
    limit = _NULL if rate.lodging_limit is None else _number(rate.lodging_limit)
    return (
        f'{{"allowance":{_number(rate.allowance)},"confidence":{_text(rate.confidence)},'
        f'"country":{_text(rate.country)},"currency":{_text(rate.currency)},'
        f'"lodging_limit":{limit},{numbers}"place":{_optional(rate.place)},'
        f'"rate_set":{_text(rate.rate_set)},"source":{_text(rate.source)},'
        f'"valid_from":"{rate.valid_from.isoformat()}"}}'
    )


def _choice(choice: Choice) -> str:
    return f'{{"name":{_text(choice.name)},"value":{_optional(choice.value)}}}'


def _sentences(said: tuple[Said, ...], form: int) -> str:
    words = [each.words(form) for each in said]
    return f"[{','.join([_words(each) for each in words])}]"


def _words(words: Words) -> str:
    return f'{{"en":{_text(words.en)},"pl":{_text(words.pl)}}}'


def _money(money: Money) -> str:
    return f'{{"amount":{_number(money.amount)},"currency":{_text(money.currency)}}}'


def _number(value: Decimal) -> str:
    return f'"{value:f}"'


def _optional(value: str | None) -> str:
    return _NULL if value is None else _text(value)


_text: Final = encode_basestring

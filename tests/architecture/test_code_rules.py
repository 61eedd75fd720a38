"""Every rule of code_rules bites on its planted violation and is kept by the whole tree."""

import pytest

from . import code_rules as rules
from .source import Module, modules

LONG = "def long():\n" + "    x = 1\n" * 51
DEEP = "def deep(a):\n if a:\n  for b in a:\n   while b:\n    try: b()\n    finally: pass\n"
HANDLER = '@router.post("/x")\nasync def x(unit):\n    """Doc."""\n' + "    y = 1\n" * 6

BREAKS = [
    (rules.transactions_open_in_commands, "training/api/seats.py", "async with unit.begin(): pass"),
    (rules.transactions_open_in_commands, "training/commands/seats.py", "session.commit()"),
    (rules.transactions_open_in_commands, "training/commands/seats.py", "engine.begin()"),
    (rules.transactions_open_in_commands, "kit/web.py", "connection.begin()"),
    (rules.one_clock, "training/commands/seats.py", "now = datetime.now(UTC)"),
    (rules.transactions_open_in_commands, "kit/feed/follow.py", "await connection.commit()"),
    (rules.one_clock, "gateway/main.py", "import time\nnow = time.time()"),
    (rules.one_clock, "training/domain/event.py", "today = datetime.date.today()"),
    (rules.one_clock, "training/storage/tables.py", "server_default=func.now()"),
    (rules.no_float_in_domain, "participants/domain/rate.py", "def f(x: float) -> None: ..."),
    (rules.no_float_in_domain, "participants/domain/rate.py", "share = 0.25"),
    (rules.no_float_in_domain, "participants/domain/rate.py", "share = round(amount, 2)"),
    (rules.no_select_star, "training/queries/seats.py", 'q = text("select * from seat")'),
    (rules.no_select_star, "kit/db/stamper.py", 'Q = "SELECT c.* FROM change c"'),
    (rules.no_composed_sql, "training/queries/seats.py", 'text(f"SELECT a FROM {table}")'),
    (rules.no_composed_sql, "training/queries/seats.py", 'text("SELECT a WHERE b = %s" % b)'),
    (rules.no_composed_sql, "training/queries/seats.py", 'text("SELECT a WHERE b = " + b)'),
    (rules.no_composed_sql, "training/queries/seats.py", 'text("SELECT {}".format(a))'),
    (rules.no_composed_sql, "kit/db/engine.py", 'sql = f"UPDATE {table} SET a = 1"'),
    (rules.http_at_the_edge, "training/api/seats.py", "from fastapi import HTTPException"),
    (rules.http_at_the_edge, "training/domain/seat.py", "raise fastapi.HTTPException(404)"),
    (
        rules.network_errors_stay_in_kit_http,
        "gateway/main.py",
        "try: f()\nexcept (OSError, httpx.HTTPError): raise X",
    ),
    (rules.nothing_made_at_import, "training/context.py", "settings = Settings()"),
    (rules.nothing_made_at_import, "kit/http.py", "client = httpx.AsyncClient()"),
    (rules.nothing_made_at_import, "training/main.py", "app: FastAPI = create_app(c)"),
    (rules.nothing_made_at_import, "training/main.py", "config = TrainingConfig.load()"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept Exception: pass"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept: log.error('x')"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept (OSError, Exception): x = 1"),
    (rules.imports_at_the_top, "kit/web.py", "def f():\n    import os"),
    (rules.imports_at_the_top, "kit/web.py", "async def f():\n    from os import path"),
    (rules.handlers_are_short, "training/api/seats.py", HANDLER),
    (rules.few_parameters, "training/commands/seats.py", "def f(a, b, c, d, e, f): ..."),
    (rules.shallow, "training/commands/seats.py", DEEP),
    (rules.excuses_have_reasons, "kit/web.py", "x = 1  # no" + "qa"),
    (rules.excuses_have_reasons, "kit/web.py", "x = 1  # type:" + " ignore"),
    (rules.excuses_have_reasons, "kit/web.py", "# ru" + "ff: noqa: E501"),
    (rules.plain_names, "training/utils.py", ""),
    (rules.plain_names, "training/commands/base_seat.py", ""),
    (rules.plain_names, "training/commands/seats.py", "class SeatManager: ..."),
    (rules.files_are_short, "training/commands/seats.py", "x = 1\n" * 401),
    (rules.functions_are_short, "training/commands/seats.py", LONG),
]

KEEPS = [
    (rules.transactions_open_in_commands, "training/commands/seats.py", "unit.begin()"),
    (rules.transactions_open_in_commands, "kit/db/unit.py", "connection.begin()"),
    (rules.transactions_open_in_commands, "local/startup.py", "self._tails.begin()"),
    (rules.one_clock, "kit/clock.py", "datetime.now(UTC)"),
    (rules.one_clock, "gateway/main.py", "started = time.monotonic()"),
    (rules.no_float_in_domain, "participants/domain/rate.py", 'share = Decimal("0.25")'),
    (rules.no_float_in_domain, "participants/queries/rate.py", "timeout = 0.25"),
    (rules.no_select_star, "training/queries/seats.py", 'text("SELECT count(*) FROM seat")'),
    (rules.no_composed_sql, "training/queries/seats.py", 'text("SELECT a WHERE b = :b")'),
    (rules.no_composed_sql, "training/domain/seat.py", 'words = f"Select one of {names}"'),
    (rules.http_at_the_edge, "gateway/main.py", "from fastapi import HTTPException"),
    (
        rules.network_errors_stay_in_kit_http,
        "kit/http.py",
        "try: f()\nexcept httpx.HTTPError: raise X",
    ),
    (rules.nothing_made_at_import, "training/context.py", "make = lambda: Settings()"),
    (rules.nothing_made_at_import, "training/main.py", "def main():\n    app = create_app()"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept Exception: log.exception('x')"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept Exception as e: raise X from e"),
    (rules.broad_except_speaks, "kit/web.py", "try: f()\nexcept OSError: pass"),
    (rules.handlers_are_short, "training/api/seats.py", HANDLER.rsplit("    y", 1)[0]),
    (rules.few_parameters, "training/commands/seats.py", "def f(self, a, b, c, d, e, *, g): ..."),
    (rules.shallow, "training/commands/seats.py", "def f(a):\n if a: pass\n elif b: pass\n" * 3),
    (
        rules.shallow,
        "training/commands/seats.py",
        DEEP.replace("    finally: pass\n", "").replace("try", "with b"),
    ),
    (rules.excuses_have_reasons, "kit/web.py", "x = 1  # type: ignore[arg-type]"),
    (rules.plain_names, "training/commands/database.py", "class Baseline: ..."),
    (rules.functions_are_short, "training/commands/seats.py", LONG.removesuffix("    x = 1\n")),
]


def _name(rule: rules.Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize(("rule", "path", "text"), BREAKS)
def test_rule_bites_when_a_violation_is_planted(rule, path, text):
    assert list(rule(Module.parse(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), KEEPS)
def test_rule_is_silent_when_the_code_is_right(rule, path, text):
    assert not list(rule(Module.parse(path, text)))


def test_rules_when_counted_all_have_an_example_that_breaks_them():
    assert {rule for rule, _, _ in BREAKS} == set(rules.RULES)


@pytest.mark.parametrize("rule", rules.RULES, ids=_name)
def test_rule_is_kept_by_the_whole_tree(rule):
    assert [str(found) for module in modules() for found in rule(module)] == []

"""Rules about what code may say, and where. Each takes one module and yields what breaks it."""

import ast
import re
from collections.abc import Callable, Iterator

from .source import Finding, Findings, Module, body, calls, dotted, functions, nodes

Rule = Callable[[Module], Findings]
_CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|gmtime|localtime)"
    r"|func\.(now|current_timestamp|clock_timestamp))$"
)
_RUNS_SQL = re.compile(
    r"(^|\.)(text|execute|executemany|exec_driver_sql|fetch|fetchrow|fetchval|scalar|scalars)$"
)
_SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|GRANT)\b")
_STAR = re.compile(r"\bSELECT\s+(\w+\.)?\*", re.IGNORECASE)
_EXCUSE = re.compile(r"#\s*(noqa(?!:\s*[A-Z]+\d)|type:\s*ignore(?!\[)|(ruff|mypy|flake8):)")
_VAGUE_FILE = re.compile(r"(^|_)(utils?|helpers?|common|base|managers?|core|misc|stuff)($|_)")
_VAGUE_CLASS = re.compile(r"(Utils?|Helper|Manager|Base)$")
_PROCESS_OBJECTS = re.compile(
    r"(^|\.)(create_async_engine|create_engine|create_pool|(Async)?Client|ClientSession|"
    r"(Base)?Settings|\w*Config(\.load)?|get_settings|Database|FastAPI|create_app|service_app)$"
)
_HTTP_VERBS = re.compile(r"\.(get|post|put|patch|delete|head|api_route)$")


def transactions_open_in_commands(module: Module) -> Findings:
    """`.commit(` is written in kit.db alone; `unit.begin()` besides only in commands.

    A follower moves its own cursor, and is to the tables of the feed what a command is to those of
    a service. The supervisor has no database library: what begins there is no transaction.
    """
    if module.within("kit/db", "kit/testing") or module.package == "local":
        return
    for call in calls(module.tree):
        name = dotted(call.func)
        opens = name.removeprefix("self._") == "unit.begin"
        allowed = opens and module.within("*/commands", "kit/feed")
        if name.endswith((".begin", ".commit", ".begin_nested")) and not allowed:
            yield Finding(module.path, call.lineno, f"{name}() outside a command")


def one_clock(module: Module) -> Findings:
    """Nobody but kit.clock asks what time it is; durations (monotonic) are no dates."""
    if module.path == "kit/clock.py":
        return
    for call in calls(module.tree):
        if _CLOCKS.search(dotted(call.func)):
            yield Finding(module.path, call.lineno, f"{dotted(call.func)}(): ask the Clock")


def no_float_in_domain(module: Module) -> Findings:
    """Money and shares are Decimal: no float name, no float literal, no bare round()."""
    if not module.within("*/domain"):
        return
    for node in nodes(module.tree):
        if isinstance(node, ast.Name) and node.id in {"float", "round"}:
            yield Finding(module.path, node.lineno, f"{node.id} in domain")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield Finding(module.path, node.lineno, f"float literal {node.value}")


def no_select_star(module: Module) -> Findings:
    """A query names its columns, so that a new column changes no answer by itself."""
    for node in nodes(module.tree):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and _STAR.search(said):
            yield Finding(module.path, node.lineno, "SELECT *")


def no_composed_sql(module: Module) -> Findings:
    """SQL text is a literal: no f-string, %, + or .format() where a value could slip in."""
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and _RUNS_SQL.search(dotted(node.func)) and node.args:
            if _is_composed(node.args[0]):
                yield Finding(module.path, node.lineno, f"{dotted(node.func)}() of composed text")
        elif _is_composed(node) and _SQL.match(_start(node)):
            yield Finding(module.path, getattr(node, "lineno", 0), "composed SQL")


def _is_composed(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.Call) and dotted(node.func) == "?.format"


def _is_text(node: ast.AST) -> bool:
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return literal or isinstance(node, ast.JoinedStr) or _is_composed(node)


def _start(node: ast.AST) -> str:
    """The first literal piece of composed text."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return part.value
    return ""


def http_at_the_edge(module: Module) -> Findings:
    """Rules and commands raise DomainErrors; HTTP is decided in kit and the gateway."""
    if module.package in {"gateway", "kit"}:
        return
    for node in nodes(module.tree):
        named = getattr(node, "id", getattr(node, "attr", getattr(node, "name", "")))
        if named == "HTTPException":
            yield Finding(module.path, getattr(node, "lineno", 0), "HTTPException")


def network_errors_stay_in_kit_http(module: Module) -> Findings:
    """Trouble of the network has one name each outside kit.http: Unavailable, TimedOut."""
    if module.path in {"kit/http.py", "kit/http_stream.py"}:
        return
    for node in nodes(module.tree):
        caught = node.type if isinstance(node, ast.ExceptHandler) else None
        for part in ast.walk(caught) if caught else ():
            if dotted(part).startswith(("httpx.", "httpcore.", "aiohttp.")):
                yield Finding(module.path, node.lineno, f"{dotted(part)} is caught here")


def nothing_made_at_import(module: Module) -> Findings:
    """Engines, clients, settings and apps are made in main, never while a module loads."""
    for statement in module.tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        for call in _evaluated(statement.value):
            if _PROCESS_OBJECTS.search(dotted(call.func)):
                says = f"{dotted(call.func)}() while the module loads"
                yield Finding(module.path, call.lineno, says)


def _evaluated(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that run at once; the body of a lambda runs later."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _evaluated(child)


def broad_except_speaks(module: Module) -> Findings:
    """Whoever catches everything raises again or logs the exception."""
    for node in nodes(module.tree):
        if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type):
            continue
        raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        logs = any(dotted(call.func).endswith("exception") for call in calls(node))
        if not raises and not logs:
            yield Finding(module.path, node.lineno, "broad except is silent")


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    parts = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(dotted(part) in {"Exception", "BaseException"} for part in parts)


def imports_at_the_top(module: Module) -> Findings:
    """An import inside a function hides a dependency and often a cycle."""
    imports = [each for each in nodes(module.tree) if isinstance(each, ast.Import | ast.ImportFrom)]
    for function in functions(module.tree):
        for node in imports:
            if function.lineno <= node.lineno <= (function.end_lineno or 0):
                yield Finding(module.path, node.lineno, f"import inside {function.name}()")


def handlers_are_short(module: Module) -> Findings:
    """A door translates: at most five statements, counted at any depth."""
    for function in functions(module.tree):
        names = [dotted(d.func) for d in function.decorator_list if isinstance(d, ast.Call)]
        if not any(_HTTP_VERBS.search(name) for name in names):
            continue
        inner = [n for part in body(function) for n in ast.walk(part) if isinstance(n, ast.stmt)]
        if len(inner) > 5:
            says = f"handler {function.name}() has {len(inner)} statements"
            yield Finding(module.path, function.lineno, says)


def few_parameters(module: Module) -> Findings:
    """At most five positional parameters; more are keyword-only, so that calls can be read."""
    for function in functions(module.tree):
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        if len([name for name in names if name not in {"self", "cls"}]) > 5:
            yield Finding(module.path, function.lineno, f"{function.name}() takes too many")


def shallow(module: Module) -> Findings:
    """Branches and loops nest three deep at most; a `with` decides nothing and is not counted."""
    for function in functions(module.tree):
        if (depth := _depth(function, 0)) > 3:
            yield Finding(module.path, function.lineno, f"{function.name}() nests {depth} deep")


def _depth(node: ast.AST, depth: int) -> int:
    block = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)
    deepest = depth
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, part, ()):
            otherwise = isinstance(node, ast.If) and node.orelse == [child]
            deeper = isinstance(child, block) and not (otherwise and isinstance(child, ast.If))
            deepest = max(deepest, _depth(child, depth + deeper))
    return deepest


def excuses_have_reasons(module: Module) -> Findings:
    """A silenced tool says which rule it silences: no bare noqa, no bare type: ignore."""
    for number, line in enumerate(module.text.splitlines(), start=1):
        if _EXCUSE.search(line):
            yield Finding(module.path, number, line.strip())


def plain_names(module: Module) -> Findings:
    """Names that say nothing are refused, of files and of classes alike."""
    for part in module.path.removesuffix(".py").split("/"):
        if _VAGUE_FILE.search(part):
            yield Finding(module.path, 1, f"the name {part!r} says nothing")
    for node in nodes(module.tree):
        if isinstance(node, ast.ClassDef) and _VAGUE_CLASS.search(node.name):
            yield Finding(module.path, node.lineno, f"the name {node.name!r} says nothing")


def files_are_short(module: Module) -> Findings:
    """A file is at most 400 lines."""
    if (length := len(module.text.splitlines())) > 400:
        yield Finding(module.path, 1, f"{length} lines")


def functions_are_short(module: Module) -> Findings:
    """A function body is at most 50 lines, docstring not counted."""
    for function in functions(module.tree):
        if (length := body_lines(function)) > 50:
            yield Finding(module.path, function.lineno, f"{function.name}() has {length} lines")


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the last."""
    statements = body(function)
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


RULES: tuple[Rule, ...] = (
    transactions_open_in_commands,
    one_clock,
    no_float_in_domain,
    no_select_star,
    no_composed_sql,
    http_at_the_edge,
    network_errors_stay_in_kit_http,
    nothing_made_at_import,
    broad_except_speaks,
    imports_at_the_top,
    handlers_are_short,
    few_parameters,
    shallow,
    excuses_have_reasons,
    plain_names,
    files_are_short,
    functions_are_short,
)

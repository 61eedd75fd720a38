"""From nothing to ready: each phase says what it does, and skips what was done before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local import probe
from local.children import Child, Program
from local.crew import Crew
from local.files import digest, read_json, write_private
from local.following import Following
from local.forked import load_what_is_common
from local.logs import Tails, last_line
from local.postgres import SQL
from local.progress import Progress
from local.settings import ROOT, SERVICES, Settings
from local.stack import Stack
from local.trouble import Trouble

_DOOR_S = 60.0
_CATCH_UP_S = 600.0
_CALM_S = 2.0
_LOOK_S = 0.2
_LOAD_ORDER = ("participants", "programmes", "training")


class Startup:
    """Brings one installation up. Every failure is a Trouble in one sentence."""

    def __init__(
        self, settings: Settings, stack: Stack, crew: Crew, tails: Tails, progress: Progress
    ) -> None:
        self._settings = settings
        self._stack = stack
        self._crew = crew
        self._tails = tails
        self._progress = progress
        self._cluster = stack.cluster
        self._state = self._cluster.state_file
        self._loaded = False

    def run(self, *, meanwhile: Callable[[], None]) -> None:
        """Do every phase in order; returns when all answer and all feeds are caught up.

        `meanwhile` is called when the doors are about to open, for work that may run beside it.
        """
        for note in self._cluster.prepare():
            self._progress.say(f"  {note}")
        load_what_is_common()
        self._make_keys()
        self._start_postgres()
        self._define_databases()
        self._migrate()
        meanwhile()
        self._open_doors()
        self._load()
        self._load_claims()
        self._catch_up()
        self._analyze()

    def _make_keys(self) -> None:
        """Make what is missing: a newer Entente may know more keys than the one that began here."""
        kept = self._settings.keys / "encryption.json"
        if read_json(self._state).get("keys") and not self._cluster.is_new and not kept.exists():
            raise Trouble(
                f"{kept} is gone, and who the people in the data are was kept under it: put the"
                " file back, or forget everything with `make clean`."
            )
        with self._unless_done("keys", [Path(__file__).with_name("keys.py")]) as due:
            if due or not (self._settings.keys / "callers.json").exists():
                with self._progress.step("making keys"):
                    self._do([self._stack.tool("keys", "local.keys", str(self._settings.keys))])

    def _start_postgres(self) -> None:
        if self._cluster.is_new:
            with self._progress.step("making an empty PostgreSQL 18 data folder"):
                self._do([self._cluster.init()])
                self._cluster.accept()
        with self._progress.step("starting PostgreSQL 18"):
            self._cluster.end_orphan()
            self._keep(self._cluster.server())
            self._crew.until(self._cluster.is_ready, seconds=60, what="Starting PostgreSQL")

    def _define_databases(self) -> None:
        with self._unless_done("databases", SQL) as due:
            if due:
                with self._progress.step("making three databases with two roles each"):
                    for name in SERVICES:  # one by one: all touch the same shared catalogue
                        self._do([self._cluster.define(name)])

    def _migrate(self) -> None:
        sources = [ROOT / "shared/kit/src/kit/db", *(_source(n) / "migrations" for n in SERVICES)]
        with self._unless_done("migrations", sources) as due:
            if due:
                with self._progress.step("migrating " + ", ".join(SERVICES)):
                    self._do(self._stack.job(name, "migrate") for name in SERVICES)

    def _open_doors(self) -> None:
        with self._progress.step("starting three services and the gateway"):
            for name in SERVICES:
                self._keep(self._stack.service(name))
            self._keep(self._stack.gateway())
            waiting = [*SERVICES, "gateway"]
            self._crew.until(lambda: self._all_open(waiting), seconds=_DOOR_S, what="Starting")

    def _all_open(self, waiting: list[str]) -> bool:
        """Ask who has not answered yet; forget who has."""
        for name in list(waiting):
            if probe.get(f"{self._stack.url(name)}/readyz")[0] == probe.OK:
                waiting.remove(name)
        return not waiting

    def _load(self) -> None:
        """Load what is new; rates and programmes come before the trainings that need them."""
        for name in _LOAD_ORDER:
            sources = sorted(path for path in _source(name).glob("[dl]*") if _is_load(path))
            with self._unless_done(f"{name} data", sources) as due:
                if due:
                    self._load_one(name)

    def _load_claims(self) -> None:
        """Have synthetic trips claimed and paid; it waits until they have their money."""
        with self._unless_done("claims", [_source("participants") / "load_claims.py"]) as due:
            if due:
                self._load_one("participants", "load-claims", "claims of synthetic trips")

    def _load_one(self, name: str, task: str = "load", what: str = "data") -> None:
        with self._progress.step(f"loading the {what} of {name}"):
            job = self._crew.job(self._stack.job(name, task))
            self._crew.finish([job], self._saying_new_lines_of(job))
            self._loaded = True

    def _saying_new_lines_of(self, job: Child) -> Callable[[], None]:
        said = [last_line(job.log)]

        def look() -> None:
            line = last_line(job.log)
            if line and line != said[0] and not line.startswith("{"):
                said[0] = line
                self._progress.say(f"    {line}")

        return look

    def _catch_up(self) -> None:
        """Wait until every fact has had its effect."""
        following = Following(
            urls=[self._stack.url(name) for name in SERVICES],
            calm_s=_CALM_S if self._loaded else 0.0,
            say=lambda line: self._progress.say(f"    {line}"),
        )
        with self._progress.step("waiting until the services have followed one another's facts"):
            what = "Following the facts"
            self._crew.until(following.done, seconds=_CATCH_UP_S, what=what, pause=_LOOK_S)

    def _analyze(self) -> None:
        if self._loaded:
            with self._progress.step("analysing the loaded tables"):
                self._do([self._cluster.analyze()])

    def _keep(self, program: Program) -> None:
        self._tails.begin(program.name)
        self._crew.keep(program)

    def _do(self, programs: Iterable[Program]) -> None:
        """Run one-shots side by side until all have ended well."""
        self._crew.finish([self._crew.job(program) for program in programs])

    @contextmanager
    def _unless_done(self, what: str, sources: Sequence[Path]) -> Iterator[bool]:
        """Say whether `what` is due: it was never done, or its sources have changed since.

        What was done is kept beside the data: who deletes one deletes the other.
        """
        wanted = digest(sources)
        due = read_json(self._state).get(what) != wanted
        yield due
        if due:
            write_private(self._state, {**read_json(self._state), what: wanted})


def _source(service: str) -> Path:
    return ROOT / "services" / service / "src" / service


def _is_load(path: Path) -> bool:
    """Say whether it is the data files, or the code that reads them."""
    return path.name == "data" or path.stem == "load"

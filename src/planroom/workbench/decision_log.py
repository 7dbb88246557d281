"""The decision log joined with the design: what its records claim, what is known of the claims, and what is due."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.adr.claims import CheckClaim, affected, checks_of
from planroom.adr.evidence import Evidence, Outcome, Result, State, digest, state_of
from planroom.adr.log import DecisionLog
from planroom.adr.rules import Surroundings, lint_log
from planroom.adr.settings import RecordSettings, record_settings
from planroom.adr.store import read_log
from planroom.architecture import names
from planroom.display import Displayable, card, html_table, text_table
from planroom.errors import PlanroomError
from planroom.files import write_whole
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planroom.adr.record import Record
    from planroom.architecture import System
    from planroom.comparison import Difference
    from planroom.engines import Engine
    from planroom.experiments.adr_checks import Ground
    from planroom.findings import Finding
    from planroom.linting.reporting import Report
    from planroom.model import Model

__all__ = ["Claim", "Decisions", "Touched", "check_decisions", "decisions", "touched", "touched_by"]

EVIDENCE = "evidence.json"


@dataclass(frozen=True)
class Claim:
    """A check of a record, and what is known of it.

    Attributes:
        record: The record.
        check: What it claims.
        state: What is known now, without running anything.
        outcome: What it said last; None when it was never run.
    """

    record: Record
    check: CheckClaim
    state: State
    outcome: Outcome | None = None

    def __str__(self) -> str:
        words = f": {self.outcome.words}" if self.outcome is not None and self.state is not State.CHANGED else ""
        return f"{self.state.glyph} {self.record.id} {self.check.id}: {self.state}{words}"


@dataclass(frozen=True, repr=False)
class Decisions(Displayable):
    """A decision log, with what is known of its claims.

    Attributes:
        log: The records.
        claims: Their checks.
        findings: What is wrong with the log.
    """

    log: DecisionLog
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def by_record(self) -> Mapping[str, tuple[Claim, ...]]:
        """The claims of each record, by its name."""
        found: dict[str, tuple[Claim, ...]] = {}
        for claim in self.claims:
            found[claim.record.name] = (*found.get(claim.record.name, ()), claim)
        return found

    @property
    def red(self) -> tuple[Claim, ...]:
        """The claims of decisions in force that are not known to be true."""
        in_force = {each.name for each in self.log.in_force()}
        return tuple(each for each in self.claims if each.record.name in in_force and each.state is not State.TRUE)

    def _rows(self) -> list[tuple[str, ...]]:
        return [(each.id, each.status or "none", each.date, each.title, self._state(each)) for each in self.log.records]

    def _state(self, record: Record) -> str:
        """Return the worst that is known of a record's claims."""
        order = (State.FALSE, State.CANNOT_TELL, State.CHANGED, State.UNTRIED, State.TRUE)
        states = {each.state for each in self.by_record.get(record.name, ())}
        worst = next((each for each in order if each in states), None)
        return f"{worst.glyph} {worst}" if worst is not None else ""

    @property
    def headline(self) -> str:
        """How many decisions and checks there are, and how many are not known to be true."""
        count, red = len(self.claims), len(self.red)
        checks = f"{count} check{'s' * (count != 1)}"
        return " · ".join([self.log.headline, checks, *([f"{red} not known to be true"] if red else [])])

    def __str__(self) -> str:
        lines = [self.headline, text_table(("id", "status", "date", "decision", "checks"), self._rows())]
        lines += [str(claim) for claim in self.claims if claim.state is not State.TRUE]
        lines += [str(finding) for finding in self.findings]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _html(self) -> str:
        table = html_table(("id", "status", "date", "decision", "checks"), self._rows())
        rows = [(f"{each.severity.glyph} {each.code}", str(each.location), each.message) for each in self.findings]
        return card(self.headline, table, html_table(("finding", "where", "what"), rows) if rows else "")


def decisions(
    folder: str | Path | None = None, *, model: Any = None, system: System | None = None, today: str = ""
) -> Decisions:
    """Return the decision log of a folder with what is known of its claims; nothing that a record names is run.

    Args:
        folder: The folder; by default that of the settings, or the usual ones.
        model: The design that selectors and limits are about: anything that `read` takes; by default that of the
            settings.
        system: The system around the design, in which selectors such as ``container:billing`` are looked up; without
            it nothing is said of them.
        today: The date by which decisions are due, as ISO 8601 writes it; today by default.

    Raises:
        SourceError: The folder, or the design, cannot be read.
    """
    settings = _settings(folder)
    log = read_log(settings.folder)
    design = _design(model, settings)
    known = names(system) if system is not None else None
    around = Surroundings(log, design, today=today or datetime.now(tz=UTC).date().isoformat(), names=known)
    evidence = _evidence(settings)
    ground = _ground(settings)
    claims = tuple(_known(record, check, evidence, ground) for record, check in _claims(log))
    return Decisions(log, claims, lint_log(around))


def check_decisions(
    folder: str | Path | None = None,
    *,
    only: str = "",
    model: Any = None,
    today: str = "",
    save: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Decisions:
    """Run the checks of a log's decisions, and keep what they say beside the records.

    This is the one call that runs what a record names: SQL on databases of planroom's own, or read-only on those that
    are named; functions of the modules that ``[tool.planroom.adr] allow`` names, and of no others.

    Args:
        folder: The folder; by default that of the settings, or the usual ones.
        only: One decision, by number, id or name; all that are in force or proposed by default.
        model: The design, as for `decisions`.
        today: The date, as for `decisions`.
        save: Write the outcomes to ``evidence.json`` in the folder.
        progress: Called with each check before it is run, and with an empty text at the end.

    Raises:
        SourceError: The folder, or the design, cannot be read, or the evidence not written.
        UnknownNameError: There is no such decision.
    """
    from planroom.errors import UnknownNameError

    settings = _settings(folder)
    log = read_log(settings.folder)
    wanted = log.find(only) if only else None
    if only and wanted is None:
        raise UnknownNameError.of("decision", only, [each.id for each in log.records], listing="planroom adr list")
    ground, evidence, every = _ground(settings), _evidence(settings), tuple(_claims(log))
    outcomes = []
    try:
        for record, check in every:
            if (wanted is None and record.status in {"accepted", "proposed"}) or record == wanted:
                if progress is not None:
                    progress(f"{record.id} {check.id}")
                outcomes.append(_run(record, check, ground, today or datetime.now(tz=UTC).date().isoformat()))
    finally:  # what has been found out before an interrupt is kept
        if progress is not None:
            progress("")
        kept = evidence.with_outcomes(outcomes).only((record.name, check.id) for record, check in every)
        if save and kept != evidence:
            write_whole(settings.folder / EVIDENCE, kept.text())
    around = Surroundings(log, _design(model, settings), today=today or datetime.now(tz=UTC).date().isoformat())
    return Decisions(log, tuple(_known(*each, kept, ground) for each in every), lint_log(around))


def touched(log: DecisionLog, changed: frozenset[str], *models: Model) -> tuple[tuple[Record, tuple[str, ...]], ...]:
    """Return the decisions in force whose selectors name a changed object, each with those selectors.

    Args:
        log: The records.
        changed: The ids of objects that a change adds, drops or alters.
        models: The design before and after it.
    """
    found = []
    for record in log.in_force():
        selectors = tuple(dict.fromkeys(each for model in models for each in affected(model, record, changed)))
        if selectors:
            found.append((record, selectors))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Touched:
    """A decision in force that a change touches.

    Attributes:
        record: The decision.
        selectors: Those of its selectors that name what changes.
    """

    record: Record
    selectors: tuple[str, ...]

    def __str__(self) -> str:
        return f"touches {self.record.id} {self.record.title} ({', '.join(self.selectors)})"

    def plain(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "id": self.record.id,
            "title": self.record.title,
            "file": self.record.source,
            "affects": list(self.selectors),
        }


def touched_by(found: Difference | Report, *models: Model) -> tuple[Touched, ...]:
    """Return the decisions of the project's log that a difference between two designs, or findings, touch.

    A project without a log has none; a log that cannot be read is said by `planroom adr`, and not here.

    Args:
        found: A difference, whose two designs are known, or a report of the linter.
        models: The designs that the findings are about.
    """
    settings = record_settings()
    if not settings.folder.is_dir():
        return ()
    try:
        log = read_log(settings.folder)
    except PlanroomError:
        return ()
    changed, known = _changed(found)
    return tuple(Touched(*each) for each in touched(log, changed, *models, *known))


def _changed(found: Difference | Report) -> tuple[frozenset[str], tuple[Model, ...]]:
    """Return the ids of what changes, or of what findings are about."""
    from planroom.comparison import Difference

    if isinstance(found, Difference):
        ids = {name for each in found.changes for name in (each.subject, each.former) if name}
        return frozenset(ids), (found.old, found.new)
    names = [name for each in found.findings for name in (each.subject, *_listed(each.facts.get("relations")))]
    return frozenset(filter(None, names)), ()


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _settings(folder: str | Path | None) -> RecordSettings:
    from dataclasses import replace

    found = record_settings(Path(folder) if folder is not None and Path(folder).is_dir() else None)
    return found if folder is None else replace(found, folder=Path(folder))


def _design(model: Any, settings: RecordSettings) -> Model | None:
    if model is not None:
        return read(model)
    return read(str(settings.root / settings.model)) if settings.model else None


def _claims(log: DecisionLog) -> Iterator[tuple[Record, CheckClaim]]:
    """Yield every check that can be understood; the others are findings."""
    for record in log.records:
        try:
            checks = checks_of(record)
        except PlanroomError:
            continue
        yield from ((record, check) for check in checks)


def _evidence(settings: RecordSettings) -> Evidence:
    path = settings.folder / EVIDENCE
    return Evidence.read(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else Evidence()


def _inputs(check: CheckClaim, ground: Ground) -> str:
    """Return the hash of what a check is about; empty where it cannot be read."""
    from planroom.experiments.adr_checks import CHECK_KINDS

    if check.kind not in CHECK_KINDS:
        return ""
    try:
        return digest(CHECK_KINDS[check.kind].inputs(check, ground))
    except (OSError, PlanroomError):
        return ""


def _known(record: Record, check: CheckClaim, evidence: Evidence, ground: Ground) -> Claim:
    outcome = evidence.of(record.name, check.id)
    return Claim(record, check, state_of(outcome, _inputs(check, ground)), outcome)


def _run(record: Record, check: CheckClaim, ground: Ground, today: str) -> Outcome:
    from planroom.experiments.adr_checks import CHECK_KINDS, Verdict

    try:
        verdict = CHECK_KINDS[check.kind].run(check, ground)
    except (PlanroomError, OSError) as error:
        why = " ".join(filter(None, (getattr(error, "what", str(error)), getattr(error, "why", ""))))
        verdict = Verdict(Result.CANNOT_TELL, " ".join(why.split())[:300])
    inputs = _inputs(check, ground)
    return Outcome(record.name, check.id, str(verdict.result), verdict.words, inputs, verdict.engine, today)


def _ground(settings: RecordSettings) -> Ground:
    from planroom.experiments.adr_checks import Ground

    return Ground(
        root=settings.root,
        allow=settings.allow,
        default=settings.model,
        read=read,
        opened=_opened,
        judge=_judged,
        judge_system=_system_judged,
        explain=_explained,
    )


@contextmanager
def _opened(source: str, engine: str) -> Iterator[Engine]:
    """Give a database that holds a source: the user's own, only read, or one of planroom's with the design in it."""
    from planroom.engines import ENGINES
    from planroom.workbench.asking import engine_on
    from planroom.workbench.databases import database

    if any(kind.recognises(source) for kind in ENGINES):
        with engine_on(source, existing=True) as theirs:
            yield theirs
    else:
        with database(source, on=engine) as ours:
            yield ours


def _judged(source: str, rule: str, model: str) -> tuple[Finding, ...]:
    from planroom.workbench.judging import lint

    return lint(Path(source), model=model or None, select=[rule]).findings


def _system_judged(system: System, rule: str) -> tuple[Finding, ...]:
    from planroom.workbench.judging import lint

    return lint(system, select=[rule]).findings


def _explained(sql: str, engine: Engine) -> str:
    from planroom.workbench.explaining import explain

    return "\n".join(map(str, explain(sql, on=engine).nodes))

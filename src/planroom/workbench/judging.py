"""Linting: whatever it is given, sorted out by what it is, judged, and held against what the sources let pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError, UnknownNameError
from planroom.findings import Effect, Severity
from planroom.linting import Judged, Subject, Target, lint_migrations, lint_schema
from planroom.linting.allowances import allowances_in, let_pass
from planroom.linting.reporting import Report, Taken
from planroom.linting.taking import subject_of
from planroom.model import Model
from planroom.workbench.judgeable import Given, given
from planroom.workbench.lint_configuration import settings_for
from planroom.workbench.lint_settings import Settings
from planroom.workbench.sources import read
from planroom.workbench.unread import finding_of, findings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.findings import Finding
    from planroom.model import Unread

__all__ = ["lint"]

_VERSIONS = range(12, 19)
_MISSING = "there is no "


def lint(
    source: Any,
    *,
    model: Any = None,
    rows: Mapping[str, float] | None = None,
    judge_as: str = "",
    dialect: str = "",
    version: int | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | Path | None = None,
) -> Report:
    """Return what is wrong with a design, with the steps that change one, or with the queries that use one.

    What a source means is decided by ``judge_as``, else by the configuration, else by what stands in it; the report
    says which. With a model, what defines is a migration on it; without, a folder starts from an empty database.

    Args:
        source: A model, SQL text, or the path of a file, a folder or a notebook (its ``%%sql`` cells); or a list of
            such. A path may name a git revision, ``main:migrations``.
        model: What is there before a migration, and what queries use: anything that `read` takes.
        rows: Rows by table, such as ``{"sales.orders": 4e8}``, beside what annotations say.
        judge_as: ``schema``, ``queries`` or ``migrations``.
        dialect: The SQL dialect of queries, as sqlglot names it.
        version: PostgreSQL's major version, 12 to 18, that migrations will run on; 18 by default.
        select: The rules to apply, by code, slug or letters (``MIG``); all by default.
        ignore: Those to leave out.
        config: A file with settings; by default the nearest ``planroom.toml`` or ``pyproject.toml`` with
            ``[tool.planroom.lint]``.

    Raises:
        SourceError: A source cannot be read.
        UnknownNameError: There is no such rule, table or way to judge.

    Example:
        >>> print(lint("alter table t add column c int default 0", model="create table t (id int primary key)"))
        <text>: taken as migrations: it changes the model that was given
        nothing found
    """
    settings = settings_for(config).overridden(
        select=tuple(select), ignore=tuple(ignore), version=version, rows=dict(rows or {}), dialect=dialect
    )
    if judge_as and judge_as not in set(Subject):
        raise UnknownNameError.of("way to judge", judge_as, [str(each) for each in Subject])
    if settings.version not in _VERSIONS:
        raise PlanroomError(
            f"PostgreSQL {settings.version} is none that planroom knows the locks of.",
            why=f"it knows {_VERSIONS[0]} to {_VERSIONS[-1]}.",
        )
    settings.check()
    base = _base(model if model is not None else settings.model)
    sources = source if isinstance(source, (list, tuple)) else [source]
    everything = (each for one in sources for each in given(one, dialect=settings.dialect))
    judged = [_judge(each, base, settings, judge_as) for each in everything]
    return _report(judged, settings, known=base is not None)


@dataclass(frozen=True)
class _Judgement:
    """One source, judged."""

    given: Given
    subject: Subject
    why: str
    judged: Judged


def _base(model: Any) -> Model | None:
    return None if model is None or model == "" else read(model)


def _judge(each: Given, base: Model | None, settings: Settings, judge_as: str) -> _Judgement:
    subject, why = _subject(each, base, settings, judge_as)
    if subject is Subject.SCHEMA:
        return _Judgement(each, subject, why, _schema(each, settings))
    rows = settings.rows_of(base)
    if subject is Subject.MIGRATIONS:
        target = Target(version=settings.version, rows=rows, one_transaction=settings.one_transaction)
        return _Judgement(each, subject, why, lint_migrations(each.scripts, model=base, target=target))
    from planroom.linting.queries import lint_queries

    dialect = settings.dialect or "postgres"
    return _Judgement(each, subject, why, lint_queries(each.scripts, model=base, dialect=dialect, rows=rows))


def _subject(each: Given, base: Model | None, settings: Settings, judge_as: str) -> tuple[Subject, str]:
    if each.model is not None:
        return Subject.SCHEMA, "it is a model"
    if judge_as:
        return Subject(judge_as), "the call says so"
    configured = settings.judge_as(each.name)
    if configured:
        return Subject(configured), f"{settings.source} says so"
    if not each.scripts:
        return Subject.SCHEMA, "it is no SQL"
    return subject_of(each.scripts, with_model=base is not None)


def _schema(each: Given, settings: Settings) -> Judged:
    model = each.model if each.model is not None else each.read()
    judged = lint_schema(model, rows=settings.rows_of(model))
    broken = {unread.location for unread in model.unread if unread.kind == "broken"}
    noticed = tuple(finding for finding in findings_of(model) if finding.location not in broken)
    return Judged((*noticed, *judged.findings), model.unread)


def _report(judgements: Sequence[_Judgement], settings: Settings, *, known: bool) -> Report:
    found = [finding for each in judgements for finding in _found(each, known=known or _makes_all(each))]
    texts = {source: text for each in judgements for source, text in each.given.scripts}
    standing, passed = _heeded([each for each in found if settings.wants(each)], texts, settings)
    findings = sorted((settings.weighed(each) for each in standing), key=_place)
    return Report(
        findings=tuple(findings),
        taken=tuple(Taken(each.given.name, str(each.subject), each.why) for each in judgements),
        unread=tuple(unread for each in judgements for unread in each.judged.unread),
        allowed=passed,
        lines=_lines((*findings, *passed), texts),
    )


def _makes_all(each: _Judgement) -> bool:
    """Whether a source is to make all that it names: a schema, or migrations that start from an empty database."""
    return each.subject is Subject.SCHEMA or len(each.given.scripts) > 1


def _found(each: _Judgement, *, known: bool) -> Iterable[Finding]:
    """Yield the findings of one source, and its broken statements.

    Args:
        each: The source, judged.
        known: What the statements meet is known, so that one which names something else is broken.
    """
    yield from each.judged.findings
    code = any(unread.what.startswith("DO") for unread in each.judged.unread)
    for unread in each.judged.unread:
        missing = unread.reason.startswith(_MISSING)
        if unread.kind == "broken" and (known or not missing):
            found = _broken(unread)
            yield replace(found, severity=Severity.WARNING) if missing and code else found  # the code may make it


def _broken(unread: Unread) -> Finding:
    what = "the statement" if unread.what == "broken" else unread.what
    why = "What cannot be understood is not judged; the statements around it are."
    return replace(
        finding_of(unread), message=f"{what} was not judged: {unread.reason}", why=why, severity=Severity.ERROR,
        effect=Effect.FAILS,
    )  # fmt: skip


def _place(finding: Finding) -> tuple[Any, ...]:
    return finding.location, -finding.severity, finding.code, finding.subject, finding.message


def _heeded(
    found: Sequence[Finding], texts: Mapping[str, str], settings: Settings
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    allowances = [each for source, text in texts.items() for each in allowances_in(text, source)]
    if not allowances:
        return tuple(found), ()
    from planroom.linting.rulebook import known_names

    # a comment for a rule that is not asked now is not unused
    allowances = [each for each in allowances if each.problem or any(map(settings.applies, each.rules))]
    return let_pass(found, allowances, known_names())


def _lines(findings: Iterable[Finding], texts: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Return the lines that findings point at."""
    wanted: dict[str, set[int]] = {}
    for each in findings:
        wanted.setdefault(each.location.source, set()).add(each.location.line)
    lines: dict[tuple[str, int], str] = {}
    for source, numbers in wanted.items():
        if source in texts:
            split = texts[source].split("\n")
            lines |= {(source, at): split[at - 1] for at in numbers if 0 < at <= len(split)}
    return lines

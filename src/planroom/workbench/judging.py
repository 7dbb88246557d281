"""Linting: whatever it is given, judged, and held against what the sources let pass."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.changing import replace
from planroom.ddl.catalog import NOR_SCHEMA
from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.findings import Effect, Severity
from planroom.linting.allowances import allowances_in, let_pass
from planroom.linting.base import Subject
from planroom.linting.reporting import Report, Taken
from planroom.linting.reporting.report import spanned
from planroom.workbench.choosing import dialect_called
from planroom.workbench.judge import Judge, Judgement
from planroom.workbench.judgeable import all_given, given
from planroom.workbench.lint_configuration import settings_for
from planroom.workbench.lint_settings import Settings
from planroom.workbench.sources import read
from planroom.workbench.templated import templates_told
from planroom.workbench.unread import finding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from planroom.engines import Engine
    from planroom.findings import Finding, Location
    from planroom.model import Facts, Model, Unread

__all__ = ["lint"]

_VERSIONS = range(12, 19)
_MISSING = "there is no "
_WAYS = (Subject.SCHEMA, Subject.QUERIES, Subject.MIGRATIONS)  # a script can be taken for


def lint(
    source: Any,
    *,
    model: Any = None,
    rows: Mapping[str, float] | None = None,
    queries: Any = None,
    on: Engine | str | Path | None = None,
    judge_as: str = "",
    dialect: str = "",
    version: int | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Return what is wrong with a design, the steps that change one, the queries that use one, or a system around it.

    What a script means is decided by ``judge_as``, else by the configuration, else by what stands in it; the report
    says which. With a model, what defines is a migration on it; without, a folder starts from an empty database, and
    its queries meet what its other files make. A SELECT or a routine among what defines is judged as a query too.

    Comments that let findings pass are heeded in scripts; of a model, which is no text, give the path.

    Args:
        source: A model, a system, SQL text, or the path of a file, a folder or a notebook (its ``%%sql`` cells); or a
            list of such, of which the script files are judged together, in that order, unless each is a design of its
            own. A path may name a git revision, ``main:migrations``.
        model: What is there before a migration, and what queries use: anything that `read` takes.
        rows: Rows by table, such as ``{"sales.orders": 4e8}``, beside what annotations say.
        queries: The queries of the application that runs while a migration is rolled out: SQL text, or the path of a
            file or folder. A migration is judged by which of them fail after each step.
        on: A database that holds the data of a design: an engine, or its URL or path. It is only read: for row counts,
            and for a sample of each column that could hold personal data, of which nothing but counts is kept.
        judge_as: ``schema``, ``queries`` or ``migrations``.
        dialect: The SQL dialect of queries, as sqlglot names it.
        version: PostgreSQL's major version, 12 to 18, that migrations will run on; 18 by default.
        select: The rules to apply, by code, slug or letters (``MIG``); all by default.
        ignore: Those to leave out.
        config: A file with settings; by default the nearest ``planroom.toml`` or ``pyproject.toml`` with
            ``[tool.planroom.lint]``.
        progress: Called with the name of each script before it is judged, and with an empty one at the end.

    Raises:
        SourceError: A source cannot be read.
        ServerUnavailableError: ``on`` cannot be reached.
        UnknownNameError: There is no such rule, table, dialect or way to judge.

    Example:
        >>> print(lint("alter table t add column c int default 0", model="create table t (id int primary key)"))
        <text>: taken as migrations: it changes the model that was given
        nothing found
    """
    settings = _settled(
        settings_for(config).overridden(
            select=tuple(select), ignore=tuple(ignore), version=version, rows=rows, dialect=dialect
        )
    )
    if judge_as and judge_as not in _WAYS:
        raise UnknownNameError.of("way to judge", judge_as, map(str, _WAYS))
    base = _base(model if model is not None else settings.model)
    sources = source if isinstance(source, (list, tuple)) else [source]
    application = _application(queries if queries is not None else settings.queries)
    strict = len(sources) == 1
    try:
        with _observing(on, progress) as observe:
            judge = Judge(base, settings, judge_as, progress, strict=strict, observe=observe, application=application)
            return _report([judged for one in all_given(sources) for judged in judge.judge(one)], settings)
    finally:
        if progress is not None:
            progress("")


def _settled(settings: Settings) -> Settings:
    """Return settings that can be followed, with the dialect by the name that it goes by here.

    Raises:
        PlanroomError: They ask for what planroom does not know.
    """
    if settings.dialect:
        settings = replace(settings, dialect=dialect_called(settings.dialect))
    if settings.version not in _VERSIONS:
        raise PlanroomError(
            f"PostgreSQL {settings.version} is none that planroom knows the locks of.",
            why=f"it knows {_VERSIONS[0]} to {_VERSIONS[-1]}.",
        )
    settings.check()
    return settings


def _base(model: Any) -> Model | None:
    return None if model is None or model == "" else read(model)


@contextmanager
def _observing(
    on: Engine | str | Path | None, progress: Callable[[str], None] | None
) -> Iterator[Callable[[Model], Facts] | None]:
    """Give what asks a database for the facts of a design's data."""
    if on is None:
        yield None
        return
    from planroom.experiments.observed_facts import observed_facts
    from planroom.workbench.asking import engine_on

    def told(done: int, of: int) -> None:
        if progress is not None:
            progress(f"column {done + 1} of {of}")

    with engine_on(on, existing=True) as engine:
        yield lambda model: observed_facts(model, engine, progress=told)


def _application(queries: Any) -> tuple[tuple[str, str], ...]:
    """Return the queries of an application as scripts.

    Raises:
        SourceError: They cannot be read, or are no SQL.
    """
    if queries is None or queries == "":
        return ()
    found = [given(each) for each in (queries if isinstance(queries, (list, tuple)) else [queries])]
    for each in found:
        if each.model is not None:
            raise SourceError(f"{each.name} holds a design, and no queries.", fix="give SQL text, or its path.")
    return tuple(script for each in found for script in each.scripts)


def _report(judgements: Sequence[Judgement], settings: Settings) -> Report:
    found = [finding for each in judgements for finding in _found(each)]
    texts = {source: text for each in judgements for source, text in each.scripts}
    found = [*templates_told(found, texts)]
    standing, passed = _heeded([each for each in found if settings.wants(each)], texts, settings)
    findings = sorted((settings.weighed(each) for each in standing), key=_place)
    return Report(
        findings=tuple(findings),
        taken=tuple(Taken(each.name, str(each.subject), each.why) for each in judgements),
        unread=tuple(unread for each in judgements for unread in each.judged.unread),
        allowed=passed,
        lines=_lines((*findings, *passed), texts),
        sources=tuple(texts),
        texts=texts,
    )


def _found(each: Judgement) -> Iterable[Finding]:
    """Yield the findings of what was judged together, and its broken statements."""
    yield from each.judged.findings
    code = any(unread.what.startswith("DO") for unread in each.judged.unread)
    for unread in each.judged.unread:
        missing = unread.reason.startswith(_MISSING)
        if unread.kind == "broken" and (each.known or not missing):
            found = _broken(unread)
            if NOR_SCHEMA in unread.reason and not unread.subject:  # others keep it
                found = replace(found, severity=Severity.NOTE, effect=Effect.ADVICE)
            yield replace(found, severity=min(found.severity, Severity.WARNING)) if missing and code else found


def _broken(unread: Unread) -> Finding:
    what = "the statement" if unread.what == "broken" else unread.what
    why = "What cannot be understood is not judged; the statements around it are."
    found = replace(finding_of(unread), message=f"{what} was not judged: {unread.reason}", why=why)
    return found if unread.subject else replace(found, severity=Severity.ERROR, effect=Effect.FAILS)


def _place(finding: Finding) -> tuple[Any, ...]:
    return finding.location, -finding.severity, finding.code, finding.subject, finding.message


def _heeded(
    found: Sequence[Finding], texts: Mapping[str, str], settings: Settings
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    allowances = [each for source, text in texts.items() for each in allowances_in(text, source)]
    if not allowances:
        return tuple(found), ()
    from planroom.linting.rulebook import known_names

    # a rule that is not asked now is not unused
    asked = [replace(each, rules=tuple(filter(settings.applies, each.rules))) for each in allowances]
    allowances = [each for each in asked if each.problem or each.rules]
    return let_pass(found, allowances, known_names())


def _lines(findings: Iterable[Finding], texts: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Return the lines that findings point at."""
    by_source: dict[str, list[Location]] = {}
    for each in findings:
        if each.location.source in texts and each.location.line:
            by_source.setdefault(each.location.source, []).append(each.location)
    lines: dict[tuple[str, int], str] = {}
    for source, places in by_source.items():
        text = texts[source].split("\n")
        for place in places:
            if (source, place.line) in lines and place.length <= len(lines[source, place.line]):
                continue
            found = spanned(place, lambda number, text=text: text[number - 1] if number <= len(text) else None)  # type: ignore[misc]
            lines |= {(source, at): line for at, (line, _, _) in enumerate(found, place.line)}
    return lines

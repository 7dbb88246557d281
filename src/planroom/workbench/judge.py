"""One source after the other, sorted out by what it is, and each part judged by the rules for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from planroom.collector import put_off
from planroom.findings import Effect, Finding, Fix, Location, Severity
from planroom.linting.base import Judged, Subject
from planroom.linting.mixing import Between, lint_between
from planroom.linting.taking import Part, sorted_out
from planroom.sqltext import holds_routines
from planroom.values import dataclass
from planroom.workbench.unread import findings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.linting.bodies import Code
    from planroom.linting.compatibility import Application
    from planroom.model import Facts, Model
    from planroom.workbench.judgeable import Given
    from planroom.workbench.lint_settings import Settings

__all__ = ["Judge", "Judgement"]

_POSTGRES = frozenset({"", "postgres"})


@dataclass(frozen=True)
class Judgement:
    """What came of scripts that were judged together, or of a model.

    Attributes:
        name: What they are called.
        subject: What they were taken for.
        why: For what reason.
        scripts: The source and the text of each.
        known: What their statements meet is known, so that one which names something else is broken.
    """

    name: str
    subject: Subject
    why: str
    judged: Judged
    scripts: tuple[tuple[str, str], ...] = ()
    known: bool = True


@dataclass(frozen=True)
class Judge:
    """What sources are judged with.

    Attributes:
        base: What is there before a migration, and what queries use; None where nobody said.
        judge_as: What every source is; empty where the settings or the content tell.
        progress: Called with the name of each script before it is judged.
        strict: Rows are given for tables of what is judged, and for no others.
        observe: Asks a database for the facts of a design's data; None where none is given.
        application: The queries that migrations are to leave working, as sources and texts.
    """

    base: Model | None
    settings: Settings
    judge_as: str = ""
    progress: Callable[[str], None] | None = None
    strict: bool = True
    observe: Callable[[Model], Facts] | None = None
    application: tuple[tuple[str, str], ...] = ()

    def judge(self, given: Given) -> Iterator[Judgement]:
        """Yield what comes of each part of a source."""
        if given.system is not None:
            from planroom.linting.architectures import lint_architecture

            yield Judgement(given.name, Subject.ARCHITECTURE, "it is a system", lint_architecture(given.system))
            return
        if given.model is not None:
            yield Judgement(given.name, Subject.SCHEMA, "it is a model", self._model(given.model))
            return
        parts, found = self._parts(given), self.base
        for part in parts:
            if self.progress is not None:
                self.progress(_named(part))
            whole = part.subject is Subject.SCHEMA or (len(part.scripts) > 1 and given.whole)
            if part.subject is Subject.SCHEMA:
                made = given.read(part.scripts, self.settings.dialect)
                judged, found = self._schema(part, made), found or made
            elif part.subject is Subject.MIGRATIONS:
                judged = self._migrations(part, whole=whole)
                if found is None and whole and part is not parts[-1]:
                    found = given.read(part.scripts, "postgres")
            else:
                judged = self._queries(part, found)
            name = given.name if len(parts) == 1 else _named(part)
            yield Judgement(name, part.subject, part.why, judged, part.scripts, known=self.base is not None or whole)

    def _parts(self, given: Given) -> tuple[Part, ...]:
        if self.judge_as:
            return (Part(Subject(self.judge_as), "the call says so", given.scripts),)
        settings, with_model = self.settings, self.base is not None
        parts = sorted_out(given.scripts, with_model=with_model, said=settings.judge_as, said_by=settings.source)
        return parts or (Part(Subject.QUERIES, "it holds no SQL", ()),)

    def _told(self, part: Part) -> Iterator[tuple[str, str]]:
        """Yield the scripts, each after it was told."""
        for at, (source, text) in enumerate(part.scripts, 1):
            if self.progress is not None:
                self.progress(f"{source} ({at} of {len(part.scripts)})")
            yield source, text

    def _rows(self, model: Model | None) -> dict[str, float]:
        return self.settings.rows_of(model, strict=self.strict or model is self.base)

    def _model(self, model: Model) -> Judged:
        from planroom.linting.schemas import lint_schema

        facts = self.observe(model) if self.observe is not None else None
        judged = lint_schema(model, rows=self._rows(model), facts=facts)
        broken = {unread.location for unread in model.unread if unread.kind == "broken"}
        noticed = tuple(finding for finding in findings_of(model) if finding.location not in broken)
        return Judged((*noticed, *judged.findings), model.unread)

    def _schema(self, part: Part, made: Model) -> Judged:
        judged = self._model(made)
        if made.dialect != "postgres":
            return judged
        rows = self._rows(made)
        between = lint_between(part.scripts, model=made, rows=rows)
        within = self._known_tables(_bodies(part.scripts, made, rows))
        return Judged((*judged.findings, *between.findings, *within), judged.unread)

    def _migrations(self, part: Part, *, whole: bool) -> Judged:
        with put_off():  # what is loaded stays
            from planroom.linting.migrations import Target, lint_migrations

        dialect = self.settings.dialect
        if dialect not in _POSTGRES:
            return _of_another([each for each, _ in part.scripts], dialect)
        rows, known = self._rows(self.base), whole or self.base is not None
        target = Target(version=self.settings.version, rows=rows, one_transaction=self.settings.one_transaction)
        between = Between(part.scripts) if known else None
        code = _code(part.scripts, rows, known=known)
        judged = lint_migrations(
            self._told(part),
            model=self.base,
            target=target,
            application=self._application(dialect),
            between=between,
            code=code,
        )
        within = self._known_tables(code.findings) if code is not None else ()
        mixed = between.judged(rows) if between is not None else lint_between(part.scripts, rows=rows)
        found = Judged((*judged.findings, *mixed.findings, *within), judged.unread)
        return _without_others(found, part.scripts)

    def _known_tables(self, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return findings; without a model, what the files make need not be all there is."""
        return tuple(each for each in found if self.base is not None or each.slug != "unknown-table")

    def _application(self, dialect: str) -> Application | None:
        if not self.application:
            return None
        from planroom.linting.compatibility import Application

        return Application(self.application, dialect or "postgres")

    def _queries(self, part: Part, model: Model | None) -> Judged:
        from planroom.linting.queries import lint_queries

        rows, dialect = self._rows(model), self.settings.dialect or "postgres"
        judged = lint_queries(part.scripts, model=model, dialect=dialect, rows=rows)
        return Judged(self._known_tables(judged.findings), judged.unread)


def _bodies(scripts: Sequence[tuple[str, str]], made: Model, rows: dict[str, float]) -> tuple[Finding, ...]:
    """Return what is found in the routines of a design; what judges them is loaded where there are some."""
    if not any(holds_routines(text) for _, text in scripts):
        return ()
    from planroom.linting.bodies import lint_bodies

    return lint_bodies(scripts, model=made, rows=rows).findings


def _code(scripts: Sequence[tuple[str, str]], rows: dict[str, float], *, known: bool) -> Code | None:
    if not any(holds_routines(text) for _, text in scripts):
        return None
    from planroom.linting.bodies import Code

    return Code(rows, known=known)


def _named(part: Part) -> str:
    """Return what scripts are called: the first of them, and how many more there are."""
    first, more = part.scripts[0][0] if part.scripts else "", len(part.scripts) - 1
    return f"{first} and {more} more" if more > 0 else first


def _without_others(judged: Judged, scripts: Sequence[tuple[str, str]]) -> Judged:
    """Return a judgement without that of scripts that look like another dialect where they do not parse."""
    refused = {each.location.source for each in judged.unread if each.kind == "broken"}
    if not refused:
        return judged
    from planroom.sqltext.dialects import guess_dialect

    others: dict[str, list[str]] = {}
    for source, text in scripts:
        dialect = guess_dialect(text) if source in refused else ""
        if dialect:
            others.setdefault(dialect, []).append(source)
    foreign = {source for sources in others.values() for source in sources}
    said = [each for dialect, sources in others.items() for each in _of_another(sources, dialect).findings]
    return Judged(
        (*said, *(each for each in judged.findings if each.location.source not in foreign)),
        tuple(each for each in judged.unread if each.location.source not in foreign),
    )


def _of_another(sources: Sequence[str], dialect: str) -> Judged:
    """Return what is said of migrations whose locks planroom does not know."""
    from planroom.linting.notices import NOTICES
    from planroom.sqltext.dialects import product

    notice = NOTICES["READ005"]
    return Judged(
        tuple(
            Finding(
                code=notice.code,
                slug=notice.slug,
                severity=Severity.WARNING,
                effect=Effect.ADVICE,
                message=f"not judged: these are migrations of {product(dialect)}",
                location=Location(source),
                why=notice.page,
                fix=Fix("say --dialect postgres where they are PostgreSQL's."),
            )
            for source in sources
        )
    )

"""The model that one or more Prisma schemas describe together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.collector import put_off
from planroom.errors import nearest
from planroom.findings import Finding, Fix, Severity
from planroom.formats._prisma.parsing import parse
from planroom.formats._prisma.relating import between, relate
from planroom.formats._prisma.syntax import Block, Configuration, EnumBlock, File
from planroom.formats._prisma.tables import Draft, KnownEnum, Settings, fill
from planroom.formats._prisma.types import DIALECTS, SCALARS, Types
from planroom.formats._text.problems import PassedOver
from planroom.formats._text.sources import Notebook, Source, refuse_nonsense
from planroom.model import Enum, Model, Schema
from planroom.model.names import DEFAULT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.formats.base import Document

__all__ = ["model_of"]

_VIEW = "Prisma knows a view's columns and not its query"
_COMPOSITE = "a type that documents of MongoDB hold, and no table"


def model_of(documents: Sequence[Document]) -> Model:
    """Return the model that the texts describe; what it cannot hold, or what is broken, is in ``unread``.

    Raises:
        SyntaxProblem: Nothing in them parses.
    """
    with put_off():
        files = [(Source(document), parse(document.text)) for document in documents]
        refuse_nonsense([(source, file.elements, file.problems) for source, file in files], "a Prisma schema")
        return _Builder(files).model()


class _Builder:
    """Puts the blocks of all texts together: first what has a name, then what refers to it."""

    def __init__(self, files: Sequence[tuple[Source, File]]) -> None:
        self.files = files
        self.notebook = Notebook([source for source, _ in files])
        self.findings: list[Finding] = []
        self.enums: dict[str, KnownEnum] = {}
        self.drafts: dict[str, Draft] = {}
        self.others: dict[str, Block] = {}

    def model(self) -> Model:
        """Return the model of all of it."""
        for source, file in self.files:
            for problem in file.problems:
                self.notebook.broken(source, problem)
            for element in file.elements:
                self._keep(source, element)
        settings = self._settings()
        known = {**self.drafts, **self.others, **self.enums, **dict.fromkeys(SCALARS)}
        for draft in self.drafts.values():
            fill(draft, settings, known, self.notebook)
        for draft in self.drafts.values():
            relate(draft, self.drafts, settings, self.notebook)
        tables = [draft.table() for draft in self.drafts.values()]
        return self._made(settings.dialect, [*tables, *between(self.drafts, settings)])

    def _settings(self) -> Settings:
        """Return what the datasource says; its URL is never looked at."""
        found = ((source, element) for source, file in self.files for element in file.elements)
        for source, element in found:
            if isinstance(element, Configuration):
                said = {name: value.text for name, value in element.properties if name in ("provider", "relationMode")}
                provider = said.get("provider", "")
                if provider not in DIALECTS:
                    self._unknown(source, element, provider)
                    provider = "postgresql"
                enforced = said.get("relationMode", "foreignKeys") == "foreignKeys" and provider != "mongodb"
                return Settings(provider, DIALECTS[provider], enforced, Types(provider), self.enums)
        return Settings("postgresql", "postgres", True, Types("postgresql"), self.enums)

    def _unknown(self, source: Source, element: Configuration, provider: str) -> None:
        close = nearest(provider, DIALECTS)
        self.findings.append(
            Finding(
                code="PRISMA001",
                slug="unknown-provider",
                severity=Severity.WARNING,
                message=f"the provider {provider!r} is not known; the schema is read as PostgreSQL's",
                location=source.at(element.place),
                why="types and defaults are those of a database.",
                fix=Fix(f"did you mean {close!r}?" if close else f"write one of {', '.join(sorted(DIALECTS))}."),
            )
        )

    def _keep(self, source: Source, element: Block | EnumBlock | Configuration | PassedOver) -> None:
        """Keep a block under its name, or say why it is not in the model."""
        if isinstance(element, PassedOver):
            self.notebook.passed(source, element)
        elif isinstance(element, Configuration):
            return
        elif element.name in self.drafts or element.name in self.enums or element.name in self.others:
            reason = f"a block is called {element.name!r} already: rename one of them"
            self.notebook.wrong(source, element.name, reason, element.place, element.end)
        elif isinstance(element, EnumBlock):
            self.enums[element.name] = _enum(source, element)
        elif element.kind == "model":
            schema = element.text("schema", "map") or DEFAULT_SCHEMA
            name = element.text("map", "name") or element.name
            self.drafts[element.name] = Draft(source, element, schema, name, source.at(element.place))
        else:
            self.others[element.name] = element
            reason = _VIEW if element.kind == "view" else _COMPOSITE
            self.notebook.unheld(source, element.kind, reason, element.place, element.end)

    def _made(self, dialect: str, tables: list[Any]) -> Model:
        enums = [known.enum for known in self.enums.values()]
        schemas = {DEFAULT_SCHEMA, *(each.schema for each in tables), *(each.schema for each in enums)}
        return Model(
            dialect=dialect,
            schemas=tuple(Schema(name=each) for each in sorted(schemas)),
            tables=_by_id(tables),
            enums=_by_id(enums),
            sequences=_by_id(sequence for draft in self.drafts.values() for sequence in draft.sequences),
            unread=self.notebook.unread(),
            findings=tuple(self.findings),
        )


def _enum(source: Source, block: EnumBlock) -> KnownEnum:
    labels = {label.name: label.label for label in block.labels}
    enum = Enum(
        schema=block.text("schema") or DEFAULT_SCHEMA,
        name=block.text("map") or block.name,
        labels=tuple(labels.values()),
        comment=block.comment,
        origin=source.at(block.place),
    )
    return KnownEnum(enum, labels)


def _by_id(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda each: each.id))

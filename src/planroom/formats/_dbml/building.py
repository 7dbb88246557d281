"""The model that one or more DBML texts describe together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from planroom.collector import put_off
from planroom.errors import nearest
from planroom.findings import Finding, Fix, Severity
from planroom.formats._dbml.drafts import Draft, Names, draft
from planroom.formats._dbml.meanings import DIALECTS, Meanings
from planroom.formats._dbml.merging import Merged, Partials, merged
from planroom.formats._dbml.parsing import parse
from planroom.formats._dbml.relating import Relating, Tables
from planroom.formats._dbml.settings import string_of
from planroom.formats._dbml.syntax import (
    ColumnEntry,
    EnumElement,
    File,
    GroupElement,
    MetadataElement,
    ProjectElement,
    RefElement,
    TableElement,
)
from planroom.formats._text.problems import PassedOver
from planroom.formats._text.sources import Notebook, Source, refuse_nonsense
from planroom.model import Enum, Model, Schema
from planroom.model.names import DEFAULT_SCHEMA, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.formats._dbml.syntax import Name
    from planroom.formats.base import Document

__all__ = ["model_of"]

T = TypeVar("T")


def model_of(documents: Sequence[Document]) -> Model:
    """Return the model that the texts describe; what it cannot hold, or what is broken, is in ``unread``.

    Raises:
        SyntaxProblem: Nothing in them parses.
    """
    with put_off():
        files = [(Source(document), parse(document.text)) for document in documents]
        refuse_nonsense([(source, file.elements, file.problems) for source, file in files], "DBML")
        return _Builder(files).model()


class _Builder:
    """Puts the elements of all texts together: first what has a name, then what refers to it."""

    def __init__(self, files: Sequence[tuple[Source, File]]) -> None:
        self.files = files
        self.notebook = Notebook([source for source, _ in files])
        self.names = Names()
        self.tables = Tables(self.notebook)
        self.partials: Partials = {}
        self.enums: dict[tuple[str, str], Enum] = {}
        self.elements: list[tuple[Source, TableElement]] = []
        self.findings: list[Finding] = []

    def model(self) -> Model:
        """Return the model of all of it."""
        for source, file in self.files:
            for problem in file.problems:
                self.notebook.broken(source, problem)
            for element in file.elements:
                if isinstance(element, PassedOver):
                    self.notebook.passed(source, element)
        name, dialect = self._project()
        for source, enum in self._each(EnumElement):
            self._enum(source, enum)
        for source, table in self._each(TableElement):
            self._declare(source, table)
        self._fill(Meanings(dialect, self.enums.values()))
        relating = Relating(self.tables, self.names, self.notebook)
        for made in self.tables:
            relating.inline(made)
        for source, ref in self._each(RefElement):
            relating.element(source, ref)
        self._group()
        self._describe()
        self._records()
        model = self._made(name, dialect)
        return replace(model, findings=(*self.findings, *relating.unkeyed(model.tables_by_id)))

    def _records(self) -> None:
        """Say which records are of a table that is not there."""
        for source, element in self._each(PassedOver):
            if element.table and not self.tables.find(element.table):
                reason = self.tables.missing(element.table)
                self.notebook.wrong(source, element.what, reason, element.place, element.end)

    def _each(self, kind: type[T]) -> Iterator[tuple[Source, T]]:
        for source, file in self.files:
            for element in file.elements:
                if type(element) is kind:
                    yield source, element

    # -- the project ---------------------------------------------------------------------------------------------------

    def _project(self) -> tuple[str, str]:
        """Return the name and the dialect of the project."""
        name, dialect = "", ""
        for source, project in self._each(ProjectElement):
            name = name or project.name
            fields = dict(project.fields)
            dialect = dialect or self._dialect(source, project, fields.get("database_type", ""))
            others = sorted(fields.keys() - {"database_type"}) + (["note"] if project.note else [])
            if others:
                reason = f"a model has no place for {', '.join(others)} of a project"
                self.notebook.unheld(source, "Project", reason, project.place, project.end)
        return name, dialect or "postgres"

    def _dialect(self, source: Source, project: ProjectElement, product: str) -> str:
        if not product or product.lower() in DIALECTS:
            return DIALECTS.get(product.lower(), "")
        close = nearest(product, DIALECTS)
        self.findings.append(
            Finding(
                code="DBML001",
                slug="unknown-database-type",
                severity=Severity.WARNING,
                message=f"the database type {product!r} is not known; the text is read as PostgreSQL's",
                location=source.at(project.place),
                why="types and expressions are understood in a dialect.",
                fix=Fix(f"did you mean {close!r}?" if close else f"write one of {', '.join(sorted(DIALECTS))}."),
            )
        )
        return "postgres"

    # -- what has a name -----------------------------------------------------------------------------------------------

    def _enum(self, source: Source, element: EnumElement) -> None:
        schema, name = _qualified(element.name)
        if (schema, name) in self.enums:
            reason = f"an enum is called {qualified(schema, name)} already: rename one of them"
            self.notebook.wrong(source, "Enum", reason, element.place, element.end)
            return
        labels = tuple(label.name for label in element.labels)
        self.enums[schema, name] = Enum(schema=schema, name=name, labels=labels, origin=source.at(element.place))
        if any(label.note for label in element.labels):
            reason = "a model has no place for the notes of labels"
            self.notebook.unheld(source, "Enum", reason, element.place, element.end)

    def _declare(self, source: Source, element: TableElement) -> None:
        """Keep a table or partial under its name, or say that the name is taken."""
        schema, name = _qualified(element.name)
        if element.partial and name not in self.partials:
            self.partials[name] = source, self._sound(source, element)
        elif element.partial or self.tables.taken(schema, name, element.alias):
            what = "TablePartial" if element.partial else "Table"
            reason = f"a {what} is called {element.alias or qualified(schema, name)} already: rename one of them"
            self.notebook.wrong(source, what, reason, element.place, element.end)
        elif not element.entries:
            reason = f"the table {name!r} has no column: give it one"
            self.notebook.wrong(source, "Table", reason, element.place, element.end)
        else:
            made = Draft(source, schema, name, source.at(element.place), element.place, element.end)
            self.tables.add(made, element.alias)
            self.elements.append((source, element))
            self.names.take(schema, name)

    def _sound(self, source: Source, partial: TableElement) -> TableElement:
        """Return a partial without the indexes on columns that it has not."""
        columns = {entry.name for entry in partial.entries if isinstance(entry, ColumnEntry)}
        kept = []
        for index in partial.indexes:
            missing = [part.text for part in index.parts if part.kind == "word" and part.text not in columns]
            if missing:
                reason = f"the TablePartial {partial.name[-1]!r} has no column {missing[0]!r}"
                self.notebook.wrong(source, "an index", reason, index.place, index.place + len(missing[0]))
            else:
                kept.append(index)
        return partial._replace(indexes=tuple(kept))

    def _fill(self, meanings: Meanings) -> None:
        """Give all tables their columns, keys and indexes, once all given names are known to be taken."""
        parts = [merged(source, element, self.partials, self.notebook) for source, element in self.elements]
        for made, each in zip(self.tables, parts, strict=True):
            self._take_names(made.schema, each)
        for _, ref in self._each(RefElement):
            child = self.tables.find((ref.left if ref.sign == ">" else ref.right).table)
            if ref.name and child:
                self.names.take(child.schema, ref.name)
        for made, each in zip(self.tables, parts, strict=True):
            draft(made, each, meanings, self.names, self.notebook)

    def _take_names(self, schema: str, parts: Merged) -> None:
        given = [each.settings for _, each in parts.indexes] + [each.settings for _, each in parts.checks]
        for settings in given:
            if name := string_of(settings, "name"):
                self.names.take(schema, name)

    # -- what refers to it ---------------------------------------------------------------------------------------------

    def _group(self) -> None:
        """Put tables into contexts."""
        for source, group in self._each(GroupElement):
            for name, place in group.tables:
                made = self.tables.find(name)
                end = place + len(".".join(name))
                if made is None:
                    self.notebook.wrong(source, "a table of a TableGroup", self.tables.missing(name), place, end)
                elif "context" in made.notes:
                    reason = f"{made.id} is in the group {made.notes['context']!r} already: a table has one context"
                    self.notebook.wrong(source, "a table of a TableGroup", reason, place, end)
                else:
                    made.notes["context"] = group.name
            if group.note or group.settings:
                reason = "a model has no place for the note, colour and metadata of a context"
                self.notebook.unheld(source, "TableGroup", reason, group.place, group.end)

    def _describe(self) -> None:
        """Give tables and columns what Metadata blocks say of them; the last word of two blocks counts."""
        for source, block in self._each(MetadataElement):
            owner = block.name[:-1] if block.target == "column" else block.name
            made = self.tables.find(owner) if block.target in ("table", "column") and owner else None
            if block.target not in ("table", "column"):
                reason = f"a model has no place for the metadata of a {block.target}"
                self.notebook.unheld(source, "Metadata", reason, block.place, block.end)
            elif made is None:
                self.notebook.wrong(source, "Metadata", self.tables.missing(owner), block.place, block.end)
            elif block.target == "table":
                made.notes |= dict(block.values)
            else:
                self._describe_column(source, made, block)

    def _describe_column(self, source: Source, made: Draft, block: MetadataElement) -> None:
        name = block.name[-1]
        if name in made.columns:
            made.column_notes.setdefault(name, {}).update(block.values)
        else:
            reason = f"{made.id} has no column {name!r}" + self.notebook.did_you_mean(name, made.columns)
            self.notebook.wrong(source, "Metadata", reason, block.place, block.end)

    def _made(self, name: str, dialect: str) -> Model:
        tables = [made.table(self.notebook) for made in self.tables]
        schemas = {DEFAULT_SCHEMA, *(each.schema for each in tables), *(schema for schema, _ in self.enums)}
        return Model(
            name=name,
            dialect=dialect,
            schemas=tuple(Schema(name=each) for each in sorted(schemas)),
            tables=_by_id(tables),
            enums=_by_id(self.enums.values()),
            sequences=_by_id(sequence for made in self.tables for sequence in made.sequences),
            unread=self.notebook.unread(),
        )


def _qualified(name: Name) -> tuple[str, str]:
    """Return schema and name; of ``a.b.c``, the schema is ``a.b``, as @dbml/core has it."""
    return ".".join(name[:-1]) or DEFAULT_SCHEMA, name[-1]


def _by_id(items: Any) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda each: each.id))

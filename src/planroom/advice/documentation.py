"""How much of a model is documented: a count of what people should describe, and of what nobody has.

Counted are tables and their columns, views, enums, domains, other types and routines, each documented or not: by a
comment of its own. A partition counts as its parent, and a column that comes from a parent as the parent's; the columns
of views repeat those of tables, and do not count. Whether the words are any good, no count can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.files import write_form
from planroom.model import Column, CompositeType, Domain, Enum, Model, RangeType, Routine, Table, qualified
from planroom.model.personal import looks_personal

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

__all__ = ["AreaCoverage", "Coverage", "Gap", "Tally", "documentation_of"]

KINDS = ("table", "column", "view", "enum", "domain", "type", "routine")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many objects there are, and how many of them are documented."""

    documented: int = 0
    total: int = 0

    @property
    def missing(self) -> int:
        """How many have no words."""
        return self.total - self.documented

    @property
    def share(self) -> float:
        """The documented share, in [0, 1]; 1 where there is nothing to document."""
        return self.documented / self.total if self.total else 1.0

    @property
    def percent(self) -> int:
        """The share in percent, rounded down: 100 means that nothing is missing."""
        return self.documented * 100 // self.total if self.total else 100

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.documented + other.documented, self.total + other.total)


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """The coverage of one area: a bounded context, or a schema where no context is declared.

    Attributes:
        others: Views, types and routines.
    """

    name: str
    tables: Tally
    columns: Tally
    others: Tally

    @property
    def total(self) -> Tally:
        """Everything in the area."""
        return self.tables + self.columns + self.others


@dataclass(frozen=True, slots=True)
class Gap:
    """An object that lacks words.

    Attributes:
        subject: Its id.
        kind: ``table``, ``view``, ``enum``, ``domain``, ``type`` or ``routine``.
        itself: It has no comment of its own.
        columns: The columns of a table that have none.
    """

    subject: str
    kind: str
    itself: bool
    columns: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many comments are missing."""
        return self.itself + len(self.columns)


@dataclass(frozen=True, repr=False)
class Coverage(Displayable):
    """How much of a model is documented, where, and what is not.

    Attributes:
        name: The model's name.
        areas: By name.
        kinds: The same objects by kind; only kinds that there are.
        gaps: What lacks words, the largest gap first.
        left_out: How many key columns were left out of the count, because that was asked for.
        owners: Tables with a declared owner, of all.
        contexts: Tables with a declared bounded context, of all.
        classified: How many columns have a declared class of personal data.
        suspects: Columns that are named like personal data and have none; their names are all that is known.
    """

    name: str
    areas: tuple[AreaCoverage, ...]
    kinds: tuple[tuple[str, Tally], ...]
    gaps: tuple[Gap, ...]
    left_out: int
    owners: Tally
    contexts: Tally
    classified: int
    suspects: tuple[str, ...]

    @property
    def total(self) -> Tally:
        """Everything that was counted."""
        return sum((tally for _, tally in self.kinds), Tally())

    @property
    def svg(self) -> str:
        """The picture: a bar for each area."""
        from planroom.advice.documentation_figure import figure_of

        return figure_of(self).svg

    @property
    def markdown(self) -> str:
        """The same as Markdown, for a pull request."""
        from planroom.advice.documentation_card import markdown

        return markdown(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it in the form that the file's name ends with, ``.svg``, ``.html`` or ``.md``; whole or not at all.

        Returns:
            The path that was written.

        Raises:
            UnknownNameError: The ending is none of these.
            SourceError: The file cannot be written.
        """
        from planroom.advice.documentation_card import page_of

        forms = {".svg": lambda: self.svg, ".html": lambda: page_of(self), ".md": lambda: self.markdown}
        return write_form(path, forms, what="form of a coverage")

    def __str__(self) -> str:
        from planroom.advice.documentation_card import text_card

        return text_card(self)

    def __repr__(self) -> str:
        from planroom.advice.documentation_card import headline

        return f"<Coverage {self.name}: {headline(self)}>"

    def _html(self) -> str:
        from planroom.advice.documentation_card import html_card

        return html_card(self)

    def _svg(self) -> str:
        return self.svg if self.total.total else ""


# -- counting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """One object that people should describe; of a column, ``owner`` is its table."""

    area: str
    kind: str
    subject: str
    documented: bool
    owner: str = ""


def documentation_of(model: Model, *, keys: bool = True) -> Coverage:
    """Return how much of a model is documented.

    Args:
        model: The model.
        keys: Count the columns of foreign keys and surrogate keys too: what they mean is often plain from their names.
    """
    every = list(_items(model))
    plain = set() if keys else set(_key_columns(model))
    items = [each for each in every if each.subject not in plain or each.kind != "column"]
    tables = [each for each in model.tables if not each.partition_of]
    return Coverage(
        name=model.name,
        areas=tuple(_area(name, mine) for name, mine in sorted(_grouped(items).items())),
        kinds=tuple((kind, tally) for kind in KINDS if (tally := _tally(items, kind)).total),
        gaps=tuple(sorted(_gaps(items), key=lambda gap: (-gap.size, gap.subject))),
        left_out=len(every) - len(items),
        owners=Tally(sum(bool(each.annotations.owner) for each in tables), len(tables)),
        contexts=Tally(sum(bool(each.annotations.context) for each in tables), len(tables)),
        classified=sum(bool(column.annotations.pii) for each in tables for column in each.columns),
        suspects=tuple(_suspects(tables)),
    )


def _items(model: Model) -> Iterator[_Item]:
    for table in model.tables:
        if not table.partition_of:
            yield from _table_items(table)
    for view in model.views:
        yield _Item(view.annotations.context or view.schema, "view", view.id, bool(view.comment.strip()))
    for kind, objects in _others(model):
        for each in objects:
            yield _Item(each.schema, kind, each.id, bool(each.comment.strip()))


_Other = Enum | Domain | CompositeType | RangeType | Routine


def _others(model: Model) -> Iterator[tuple[str, tuple[_Other, ...]]]:
    yield "enum", model.enums
    yield "domain", model.domains
    yield "type", (*model.composite_types, *model.range_types)
    yield "routine", model.routines


def _table_items(table: Table) -> Iterator[_Item]:
    area = table.annotations.context or table.schema
    yield _Item(area, "table", table.id, bool(table.comment.strip()))
    for column in table.columns:
        if not column.inherited:
            yield _Item(area, "column", _column_id(table, column), bool(column.comment.strip()), table.id)


def _column_id(table: Table, column: Column) -> str:
    return qualified(table.schema, table.name, column.name)


def _key_columns(model: Model) -> Iterator[str]:
    """Yield the ids of the columns of foreign keys, and of the surrogate keys: those that the database fills."""
    for table in model.tables:
        foreign = {name for key in table.foreign_keys for name in key.columns}
        primary = table.primary_key.columns if table.primary_key else ()
        for column in table.columns:
            surrogate = primary == (column.name,) and (column.identity or column.default)
            if column.name in foreign or surrogate:
                yield _column_id(table, column)


def _grouped(items: Iterable[_Item]) -> dict[str, list[_Item]]:
    found: dict[str, list[_Item]] = defaultdict(list)
    for each in items:
        found[each.area].append(each)
    return found


def _area(name: str, items: list[_Item]) -> AreaCoverage:
    others = (_tally(items, kind) for kind in KINDS if kind not in {"table", "column"})
    return AreaCoverage(name, _tally(items, "table"), _tally(items, "column"), sum(others, Tally()))


def _tally(items: Iterable[_Item], kind: str) -> Tally:
    found = [each.documented for each in items if each.kind == kind]
    return Tally(sum(found), len(found))


def _gaps(items: Iterable[_Item]) -> Iterator[Gap]:
    columns: dict[str, list[str]] = defaultdict(list)
    objects: dict[str, _Item] = {}
    for each in items:
        if each.kind != "column":
            objects[each.subject] = each
        elif not each.documented:
            columns[each.owner].append(each.subject)
    for name, each in objects.items():
        if not each.documented or name in columns:
            yield Gap(name, each.kind, not each.documented, tuple(columns.get(name, ())))


# -- personal data -----------------------------------------------------------------------------------------------------


def _suspects(tables: Iterable[Table]) -> Iterator[str]:
    for table in tables:
        for column in table.columns:
            if not column.annotations.pii and looks_personal(column):
                yield _column_id(table, column)

"""One table of a text as a table of a model, but for its foreign keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.changing import replace
from planroom.ddl.columns import sequence_default
from planroom.ddl.indexes import figure_name
from planroom.ddl.naming import choose, key_name
from planroom.errors import ModelError, SyntaxProblem
from planroom.findings import Location
from planroom.formats._dbml.settings import COLUMN, TABLE, string_of, value_of
from planroom.model import (
    Annotations,
    Check,
    Column,
    ForeignKey,
    Identity,
    Index,
    IndexColumn,
    PrimaryKey,
    Sequence,
    Table,
    Unique,
    annotations_from,
    qualified,
)
from planroom.sqltext import DataType, Expression, mentioned_columns, parse_expression_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from planroom.formats._dbml.meanings import Meanings
    from planroom.formats._dbml.merging import Merged
    from planroom.formats._dbml.syntax import ColumnEntry, IndexEntry, Setting
    from planroom.formats._text.sources import Notebook, Source

__all__ = ["Draft", "Names", "alone", "annotated", "draft", "part_name"]


class Names:
    """The names that are taken in each schema; what bears no name gets PostgreSQL's default name."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}

    def take(self, schema: str, name: str) -> str:
        """Return a name, taken from now on."""
        self._taken.setdefault(schema, set()).add(name)
        return name

    def key(self, schema: str, table: str, columns: Iterable[str], label: str) -> str:
        """Return the default name of a primary key, unique constraint or index."""
        return self.take(
            schema, key_name(table, list(columns), label, self._taken.setdefault(schema, set()).__contains__)
        )

    def other(self, schema: str, table: str, addition: str, label: str) -> str:
        """Return the default name of a check, foreign key or sequence."""
        return self.take(schema, choose(table, addition, label, self._is_taken(schema)))

    def _is_taken(self, schema: str) -> Callable[[str], bool]:
        return self._taken.setdefault(schema, set()).__contains__


@dataclass
class Draft:
    """A table while it is put together.

    Attributes:
        references: What its columns refer to: the text, the column, and the setting.
        notes: What is said of it beyond structure, by key.
        column_notes: The same of its columns, by their names.
    """

    source: Source
    schema: str
    name: str
    origin: Location
    place: int
    end: int
    comment: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: PrimaryKey | None = None
    unique: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    sequences: list[Sequence] = field(default_factory=list)
    references: list[tuple[Source, str, Setting]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    column_notes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The table's id."""
        return qualified(self.schema, self.name)

    def table(self, notebook: Notebook) -> Table:
        """Return the table; notes that make no sense go to the notebook."""
        for name, values in self.column_notes.items():
            notes = annotated(self.source, values, notebook, self.place, f"{self.id}.{name}")
            self.columns[name] = replace(self.columns[name], annotations=notes)
        return Table(
            schema=self.schema,
            name=self.name,
            columns=tuple(self.columns.values()),
            primary_key=self.primary_key,
            foreign_keys=_by_name(self.foreign_keys),
            unique_constraints=_by_name(self.unique),
            checks=_by_name(self.checks),
            indexes=_by_name(self.indexes),
            comment=self.comment,
            annotations=annotated(self.source, self.notes, notebook, self.place, self.id),
            origin=self.origin,
        )


def _by_name(items: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(items, key=lambda each: each.name))


def annotated(source: Source, values: dict[str, str], notebook: Notebook, place: int, what: str) -> Annotations:
    """Return what an author's own settings say, by key; what makes no sense is noted."""
    if not values:
        return _NO_NOTES
    try:
        return annotations_from(values)
    except ModelError as error:
        notebook.wrong(source, f"metadata of {what}", f"{error.why}: {error.fix}".strip(": "), place, place)
        return _NO_NOTES


_NO_NOTES = Annotations()


def _own(settings: Iterable[Setting], known: Collection[str]) -> dict[str, str]:
    """Return the settings that are not the language's, by name."""
    return {each.name: each.value.text for each in settings if each.name not in known and each.value}


class _Maker:
    """Puts one table together; ``types`` are those of its columns."""

    def __init__(self, made: Draft, meanings: Meanings, names: Names, notebook: Notebook) -> None:
        self.made = made
        self.meanings = meanings
        self.names = names
        self.notebook = notebook
        self.types: dict[str, DataType] = {}


def draft(made: Draft, parts: Merged, meanings: Meanings, names: Names, notebook: Notebook) -> None:
    """Fill a draft with columns, keys, checks and indexes.

    Args:
        made: The draft; its name is taken already, and so are those of all named indexes and keys.
        parts: The table with its partials.
        meanings: What types and expressions mean.
        names: Which names are taken.
        notebook: Where goes what makes no sense.
    """
    maker = _Maker(made, meanings, names, notebook)
    made.comment = parts.note
    made.notes |= _own(parts.settings, TABLE.keys() - {"headercolor"})
    keyed: list[str] = []
    unique: list[tuple[Source, ColumnEntry]] = []
    for source, entry in parts.columns:
        if entry.name in made.columns:
            reason = f"{made.id} has a column {entry.name!r} already: remove one of them"
            notebook.wrong(source, f"column {entry.name}", reason, entry.place, entry.place + len(entry.name))
            continue
        given = {each.name for each in entry.settings}
        made.columns[entry.name] = column = _column(maker, source, entry, given)
        maker.types[entry.name] = column.type
        keyed += [entry.name] if given & {"pk", "primary key"} else []
        unique += [(source, entry)] if "unique" in given else []
    if keyed:
        _primary_key(maker, keyed, "", "", made.origin)
    for source, index in parts.indexes:
        _index(maker, source, index, inherited=string_of(index.settings, "name") in parts.inherited)
    for source, entry in unique:
        _unique(maker, [entry.name], "", "", source.at(entry.place))
    _checks(maker, parts)


# -- columns -----------------------------------------------------------------------------------------------------------


def _column(maker: _Maker, source: Source, entry: ColumnEntry, given: set[str]) -> Column:
    made = maker.made
    serial = maker.meanings.serial(entry.type)
    kind = serial or maker.meanings.type(entry.type)
    value = value_of(entry.settings, "default")
    default = maker.meanings.default(value, kind) if value else None
    if serial:
        default = _sequence(maker, entry.name, serial, source.at(entry.place))
    identity = "increment" in given and not serial and _may_count(maker, source, entry, kind, default)
    if own := _own(entry.settings, COLUMN):
        made.column_notes[entry.name] = own
    made.references += [(source, entry.name, each) for each in entry.settings if each.name == "ref"]
    return Column(
        entry.name,
        kind,
        nullable=not (serial or identity or given & {"not null", "pk", "primary key"}),
        default=default,
        identity=Identity(always=False) if identity else None,
        comment=string_of(entry.settings, "note"),
        origin=source.at(entry.place, entry.place + len(entry.name)),
    )


def _sequence(maker: _Maker, column: str, kind: DataType, origin: Location) -> Expression:
    """Make the sequence of a serial column, and return the column's default."""
    made = maker.made
    name = maker.names.other(made.schema, made.name, column, "seq")
    owner = qualified(made.schema, made.name, column)
    made.sequences.append(Sequence(schema=made.schema, name=name, type=kind, owned_by=owner, origin=origin))
    return sequence_default(made.schema, name, kind)


def _may_count(maker: _Maker, source: Source, entry: ColumnEntry, kind: DataType, default: Expression | None) -> bool:
    """Whether a column that is to increment can be an identity column; why not goes to the notebook."""
    if default:
        reason = "increment and default exclude each other: keep one of them"
    elif maker.meanings.counts(kind):
        return True
    else:
        reason = f"only integers increment, and {entry.name!r} is {kind}: give it an integer type, or remove increment"
    place = next(each.place for each in entry.settings if each.name == "increment")
    maker.notebook.wrong(source, "the setting increment", reason, place, place + len("increment"))
    return False


# -- keys and indexes --------------------------------------------------------------------------------------------------


def _primary_key(maker: _Maker, columns: list[str], name: str, comment: str, origin: Location) -> None:
    made = maker.made
    name = name or maker.names.key(made.schema, made.name, columns, "pkey")
    made.primary_key = PrimaryKey(name=name, columns=tuple(columns), comment=comment, origin=origin)


def _unique(maker: _Maker, columns: list[str], name: str, comment: str, origin: Location) -> None:
    made = maker.made
    if not name and made.primary_key and made.primary_key.columns == tuple(columns):
        return  # PostgreSQL makes one constraint of the two
    name = name or maker.names.key(made.schema, made.name, columns, "key")
    made.unique.append(Unique(name=name, columns=tuple(columns), comment=comment, origin=origin))


def _index(maker: _Maker, source: Source, entry: IndexEntry, *, inherited: bool) -> None:
    """Add a line of ``indexes``: a primary key, a unique constraint, or an index.

    A unique one of plain columns is a constraint, unless it says of which type of index it is.
    """
    made = maker.made
    unknown = [part.text for part in entry.parts if part.kind == "word" and part.text not in made.columns]
    if unknown:
        hint = maker.notebook.did_you_mean(unknown[0], made.columns)
        reason = f"{made.id} has no column {unknown[0]!r}{hint}"
        maker.notebook.wrong(source, "an index", reason, entry.place, entry.parts[-1].place + len(entry.parts[-1].text))
        return
    given = {each.name for each in entry.settings}
    name, note = string_of(entry.settings, "name"), string_of(entry.settings, "note")
    name = f"{made.name}_{name}" if name and inherited else name
    columns = [part.text for part in entry.parts]
    plain = all(part.kind == "word" for part in entry.parts)
    origin = source.at(entry.place)
    if "pk" in given and plain and not made.primary_key:
        _primary_key(maker, columns, name, note, origin)
        made.columns.update(_not_null(made, columns))
    elif "pk" in given:
        reason = "a primary key has columns only" if not plain else f"{made.id} has a primary key already"
        maker.notebook.wrong(source, "an index", reason, entry.place, entry.place)
    elif "unique" in given and "type" not in given and plain:
        _unique(maker, columns, name, note, origin)
    else:
        _plain_index(maker, entry, name, note, origin)


def _not_null(made: Draft, columns: list[str]) -> dict[str, Column]:
    return {name: replace(made.columns[name], nullable=False) for name in columns}


def _plain_index(maker: _Maker, entry: IndexEntry, name: str, note: str, origin: Location) -> None:
    made = maker.made
    parts = [
        IndexColumn(column=part.text)
        if part.kind == "word"
        else IndexColumn(expression=maker.meanings.condition(part.text, maker.types))
        for part in entry.parts
    ]
    made.indexes.append(
        Index(
            name=name or maker.names.key(made.schema, made.name, map(part_name, parts), "idx"),
            columns=tuple(parts),
            method=string_of(entry.settings, "type") or "btree",
            unique=any(each.name == "unique" for each in entry.settings),
            comment=note,
            origin=origin,
        )
    )


def part_name(part: IndexColumn) -> str:
    """Return what a part of an index contributes to its default name."""
    if part.column or not part.expression:
        return part.column
    try:
        return figure_name(parse_expression_tree(part.expression.text)) or "expr"
    except SyntaxProblem:
        return "expr"


# -- checks ------------------------------------------------------------------------------------------------------------


def _checks(maker: _Maker, parts: Merged) -> None:
    """Add the checks, those that stand beside a column first."""
    for source, entry in parts.columns:
        for each in entry.settings:
            if each.name == "check" and each.value:
                _check(maker, each.value.text, "", source.at(each.place))
    for source, check in parts.checks:
        _check(maker, check.text, string_of(check.settings, "name"), source.at(check.place))


def _check(maker: _Maker, text: str, name: str, origin: Location) -> None:
    made = maker.made
    if not name:
        name = maker.names.other(made.schema, made.name, alone(text, maker.types), "check")
    condition = maker.meanings.condition(text, maker.types)
    made.checks.append(Check(name=name, expression=condition, origin=origin))


def alone(text: str, columns: Mapping[str, object]) -> str:
    """Return the column that a condition is about, if it is about one only; an unnamed check is called after it."""
    try:
        mentioned = mentioned_columns(text) & columns.keys()
    except SyntaxProblem:
        return ""
    return next(iter(mentioned)) if len(mentioned) == 1 else ""

"""Models as tables, but for their relations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from planroom.changing import replace
from planroom.ddl.columns import sequence_default
from planroom.ddl.naming import default_name
from planroom.ddl.operator_classes import without_default
from planroom.formats._prisma.naming import constraint_name
from planroom.formats._prisma.syntax import Attribute, Block, Field, Value
from planroom.model import (
    Column,
    Enum,
    ForeignKey,
    Identity,
    Index,
    IndexColumn,
    PrimaryKey,
    Sequence,
    Table,
    qualified,
)
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.findings import Location
    from planroom.formats._prisma.types import Types
    from planroom.formats._text.sources import Notebook, Source

__all__ = ["Draft", "KnownEnum", "Settings", "fill"]


class KnownEnum(NamedTuple):
    """An enum, and its labels by the names that the schema gives them."""

    enum: Enum
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Settings:
    """What holds for the whole schema.

    Attributes:
        provider: ``postgresql``, ``mysql`` ...
        enforced: Foreign keys are in the database, and not emulated by Prisma's client.
    """

    provider: str
    dialect: str
    enforced: bool
    types: Types
    enums: Mapping[str, KnownEnum]


@dataclass
class Draft:
    """A model while it becomes a table.

    Attributes:
        columns: The columns by the names of their fields.
    """

    source: Source
    block: Block
    schema: str
    name: str
    origin: Location
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: PrimaryKey | None = None
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    sequences: list[Sequence] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The table's id."""
        return qualified(self.schema, self.name)

    def table(self) -> Table:
        """Return the table."""
        return Table(
            schema=self.schema,
            name=self.name,
            columns=tuple(self.columns.values()),
            primary_key=self.primary_key,
            foreign_keys=tuple(sorted(self.foreign_keys, key=lambda each: each.name)),
            indexes=tuple(sorted(self.indexes, key=lambda each: each.name)),
            comment=self.block.comment,
            origin=self.origin,
        )


def fill(draft: Draft, settings: Settings, known: Mapping[str, object], notebook: Notebook) -> None:
    """Give a draft its columns, keys and indexes.

    Args:
        draft: The draft.
        settings: What holds for the whole schema.
        known: What a field's type may be, by name; a field of another model is a relation, and no column.
        notebook: Where goes what makes no sense.
    """
    unknown = set()
    for each in draft.block.fields:
        column = _column(draft, each, settings)
        if column:
            draft.columns[each.name] = column
        elif each.type not in known:
            hint = notebook.did_you_mean(each.type, known)
            reason = f"there is no type {each.type!r}{hint}"
            notebook.wrong(draft.source, f"field {each.name}", reason, each.place, each.end)
            unknown.add(each.name)
    for attribute, fields in _keys(draft.block):
        if unknown.isdisjoint(value.text for value in fields):  # else its problem has been told
            _key(draft, attribute, fields, settings, notebook)


def _column(draft: Draft, each: Field, settings: Settings) -> Column | None:
    """Return the column of a field; None where the field is a relation."""
    known = settings.enums.get(each.type)
    kind = DataType(known.enum.name, schema=known.enum.schema, array=each.arity == "[]") if known else None
    kind = kind or settings.types.scalar(each)
    if kind is None:
        return None
    mapped = each.attribute("map")
    name = (mapped.text("name", first=True) if mapped else "") or each.name
    column = Column(
        name,
        kind,
        nullable=bool(each.arity),
        default=settings.types.default(each, kind, known.labels if known else {}),
        comment=each.comment,
        origin=draft.source.at(each.place, each.place + len(each.name)),
    )
    return _counting(draft, column, settings) if _counts(each) else column


def _counts(each: Field) -> bool:
    attribute = each.attribute("default")
    value = attribute.value("value", first=True) if attribute else None
    return bool(value) and value is not None and (value.kind, value.text) == ("call", "autoincrement")


def _counting(draft: Draft, column: Column, settings: Settings) -> Column:
    """Return a column that counts: as a serial one where PostgreSQL makes it, else as an identity."""
    if settings.provider == "cockroachdb":
        return replace(column, default=settings.types.expression("unique_rowid()", column.type))
    if settings.dialect != "postgres":
        return replace(column, identity=Identity(always=False), nullable=False)
    name = default_name(draft.name, column.name, "seq")
    owner = qualified(draft.schema, draft.name, column.name)
    draft.sequences.append(
        Sequence(schema=draft.schema, name=name, type=column.type, owned_by=owner, origin=column.origin)
    )
    return replace(column, default=sequence_default(draft.schema, name, column.type), nullable=False)


# -- keys and indexes --------------------------------------------------------------------------------------------------

_KEYS = ("id", "unique", "index", "fulltext")


def _keys(block: Block) -> Iterator[tuple[Attribute, tuple[Value, ...]]]:
    """Yield the keys and indexes of a model: the attribute, and the fields as they are written."""
    for each in block.fields:
        for attribute in each.attributes:
            if attribute.name in ("id", "unique"):
                yield attribute, (Value("call", each.name, (), attribute.arguments),)
    for attribute in block.attributes:
        if attribute.name in _KEYS:
            fields = attribute.value("fields", first=True)
            yield attribute, fields.items if fields else ()


def _key(
    draft: Draft, attribute: Attribute, written: tuple[Value, ...], settings: Settings, notebook: Notebook
) -> None:
    missing = [value.text for value in written if value.text not in draft.columns]
    if missing or not written:
        name = missing[0] if missing else ""
        hint = notebook.did_you_mean(name, draft.columns)
        reason = f"{draft.block.name} has no field {name!r} with a column{hint}" if name else "it names no field"
        notebook.wrong(draft.source, f"@{attribute.name}", reason, attribute.place, attribute.end)
        return
    columns = tuple(draft.columns[value.text].name for value in written)
    origin = draft.source.at(attribute.place, attribute.end)
    if attribute.name == "id":
        _primary_key(draft, attribute, columns, settings, origin)
    else:
        suffix = "key" if attribute.name == "unique" else "idx"
        name = attribute.text("map") or constraint_name(settings.provider, draft.name, columns, suffix)
        method = attribute.text("type").lower() or ("fulltext" if attribute.name == "fulltext" else "btree")
        parts = tuple(_part(draft, value, method) for value in written)
        unique = attribute.name == "unique"
        draft.indexes.append(Index(name=name, columns=parts, method=method, unique=unique, origin=origin))


def _primary_key(
    draft: Draft, attribute: Attribute, columns: tuple[str, ...], settings: Settings, origin: Location
) -> None:
    name = attribute.text("map") or constraint_name(settings.provider, draft.name, (), "pkey")
    draft.primary_key = PrimaryKey(name=name, columns=columns, origin=origin)
    for key, column in draft.columns.items():
        if column.name in columns and column.nullable:
            draft.columns[key] = replace(column, nullable=False)


def _part(draft: Draft, value: Value, method: str) -> IndexColumn:
    named = {argument.name: argument.value for argument in value.arguments}
    descending = "sort" in named and named["sort"].text == "Desc"
    operators = named.get("ops")
    return IndexColumn(
        column=draft.columns[value.text].name,
        operator_class=without_default((_operator_class(operators),), method) if operators else "",
        descending=descending,
        nulls_first=descending,
    )


def _operator_class(value: Value) -> str:
    """Return the operator class that ``JsonbPathOps`` or ``raw("gin_trgm_ops")`` means."""
    if value.kind == "call":
        return value.arguments[0].value.text if value.arguments else ""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", value.text).lower().replace("min_max", "minmax")

"""Columns with a mark before their names, by which a plan tells what file it reads: DuckDB names none."""

from __future__ import annotations

from planroom.scaling.parquet.compact import Field, Items, Kind, Struct
from planroom.scaling.parquet.footer import Footer

__all__ = ["marked"]

_SCHEMA, _ROW_GROUPS = 2, 4  # FileMetaData
_NAME = 4  # SchemaElement
_CHUNKS, _DATA, _PATH = 1, 3, 3  # RowGroup, ColumnChunk, ColumnMetaData


def marked(footer: Footer, mark: str) -> Footer:
    """Return a footer whose topmost columns have names that begin with a mark; it tells tables apart in plans.

    The footer has one row group, as `forged` makes them.
    """
    schema = footer.metadata.get(_SCHEMA)
    elements = iter(footer.elements)
    renamed = []
    for place, each in enumerate(schema.values if isinstance(schema, Items) else ()):
        own = isinstance(each, Struct) and place > 0 and len(next(elements).path) == 1
        renamed.append(_with_mark(each, _NAME, mark) if own and isinstance(each, Struct) else each)
    groups = tuple(_with_marked_paths(group, mark) for group in footer.row_groups)
    changes = {
        _SCHEMA: Field(Kind.LIST, Items(Kind.STRUCT, tuple(renamed))),
        _ROW_GROUPS: Field(Kind.LIST, Items(Kind.STRUCT, groups)),
    }
    return Footer(footer.metadata.having(changes), footer.source)


def _with_mark(owner: Struct, number: int, mark: str) -> Struct:
    name = owner.get(number)
    return owner.having({number: Field(Kind.BINARY, mark.encode() + name)}) if isinstance(name, bytes) else owner


def _with_marked_paths(group: Struct, mark: str) -> Struct:
    chunks = group.get(_CHUNKS)
    found = tuple(_with_marked_path(each, mark) for each in (chunks.values if isinstance(chunks, Items) else ()))
    return group.having({_CHUNKS: Field(Kind.LIST, Items(Kind.STRUCT, found))})


def _with_marked_path(chunk: object, mark: str) -> Struct:
    data = chunk.get(_DATA) if isinstance(chunk, Struct) else None
    path = data.get(_PATH) if isinstance(data, Struct) else None
    if not isinstance(chunk, Struct) or not isinstance(data, Struct) or not isinstance(path, Items):
        raise TypeError("no footer that `forged` made")
    first, *others = path.values
    names = Items(Kind.BINARY, (mark.encode() + first if isinstance(first, bytes) else first, *others))
    return chunk.having({_DATA: Field(Kind.STRUCT, data.having({_PATH: Field(Kind.LIST, names)}))})

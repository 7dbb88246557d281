"""How PostgreSQL lays out the values of a type: their length, their alignment, and whether equal ones look alike.

Source: src/include/catalog/pg_type.dat (typlen, typalign), pg_amproc.dat (equalimage), src/include/varatt.h.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.model import qualified
from planroom.sqltext import parse_postgres
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Model
    from planroom.sqltext import DataType, Tree

__all__ = ["LONGEST_SHORT", "Layout", "Layouts"]

LONGEST_SHORT = 127
"""The bytes of the longest value whose header is one byte and which is not aligned (``VARATT_SHORT_MAX``)."""

_FIXED = {
    "boolean": (1, 1), '"char"': (1, 1), "char": (1, 1), "smallint": (2, 2), "integer": (4, 4), "bigint": (8, 8),
    "real": (4, 4), "double precision": (8, 8), "date": (4, 4), "time without time zone": (8, 8),
    "time with time zone": (12, 8), "timestamp without time zone": (8, 8), "timestamp with time zone": (8, 8),
    "interval": (16, 8), "uuid": (16, 1), "macaddr": (6, 4), "macaddr8": (8, 4), "money": (8, 8), "oid": (4, 4),
    "point": (16, 8), "lseg": (32, 8), "box": (32, 8), "circle": (24, 8), "line": (24, 8), "pg_lsn": (8, 8),
    "name": (64, 1), "xid": (4, 4), "xid8": (8, 8), "tid": (6, 2), "regclass": (4, 4), "regtype": (4, 4),
    "regproc": (4, 4), "regrole": (4, 4), "regnamespace": (4, 4), "regconfig": (4, 4),
}  # fmt: skip
_VARYING = {
    "text": 24, "character varying": 24, "citext": 24, "numeric": 6, "jsonb": 80, "json": 80, "bytea": 32, "inet": 7,
    "cidr": 7, "bit": 7, "bit varying": 7, "xml": 200, "tsvector": 120, "tsquery": 24, "hstore": 60, "ltree": 24,
    "path": 64, "polygon": 80, "jsonpath": 24,
    # one byte of header, the type's number, two bounds and a byte of flags
    "int4range": 14, "int8range": 22, "numrange": 18, "daterange": 14, "tsrange": 22, "tstzrange": 22,
    "vector": 1544, "halfvec": 776, "geometry": 29, "geography": 29,
}  # fmt: skip
_DOUBLE_ALIGNED = frozenset({"int8range", "tsrange", "tstzrange", "path", "polygon", "geometry", "geography"})
_UNALIKE = frozenset(
    "numeric|real|double precision|interval|jsonb|tsvector|tsquery|hstore|ltree"
    "|int4range|int8range|numrange|daterange|tsrange|tstzrange".split("|")
)
_MOST_NESTED = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """How the values of a type are stored.

    Attributes:
        name: The built-in type beneath any domains.
        length: Bytes of a value, where all have the same; -1 where they vary.
        alignment: At which multiple of bytes a value begins; of one that varies, when it has a header of four bytes.
        usual: Bytes of a value where nothing else is known, its header included.
        alike: Equal values have equal bytes, so that a B-tree may keep one of them for many rows.
        element: Of an array or a range, the layout of what it consists of.
    """

    name: str
    length: int
    alignment: int
    usual: int
    alike: bool = True
    element: Layout | None = None


class Layouts:
    """Looks up how the types of a model's columns are stored.

    Attributes:
        loose_collations: Those that are not deterministic: texts that are equal to them may look different.
    """

    def __init__(self, model: Model) -> None:
        self._domains = {each.id: each for each in model.domains}
        self._enums = {each.id for each in model.enums}
        self._composites = {each.id: each for each in model.composite_types}
        self._ranges = {each.id: each for each in model.range_types}
        self._known: dict[DataType, Layout] = {}
        self.loose_collations = frozenset(_loose_collations(model))

    def of(self, type_: DataType, depth: int = 0) -> Layout:
        """Return how the values of a type are stored; those of a type that is not known as text is."""
        found = self._known.get(type_)
        if found is None:
            found = self._known[type_] = self._found(type_, depth)
        return found

    def _found(self, type_: DataType, depth: int) -> Layout:
        if depth > _MOST_NESTED:
            return Layout("text", -1, 4, 24)
        if type_.array:
            element = self.of(type_.element, depth + 1)
            # ArrayType: 16 bytes and 8 for its one dimension, before the elements
            return Layout("array", -1, max(4, element.alignment), 21 + 2 * max(element.usual, 4), False, element)
        key = qualified(type_.schema, type_.name)
        if key in self._domains:
            return self.of(self._domains[key].type, depth + 1)
        if key in self._enums:
            return Layout("enum", 4, 4, 4)
        if key in self._composites:
            fields = [self.of(each.type, depth + 1) for each in self._composites[key].fields]
            return Layout("composite", -1, 8, 24 + sum(each.usual for each in fields), alike=False)
        if key in self._ranges:
            element = self.of(self._ranges[key].subtype, depth + 1)
            return Layout("range", -1, max(4, element.alignment), 6 + 2 * element.usual, False, element)
        return _builtin(type_)


def _loose_collations(model: Model) -> Iterator[str]:
    """Yield the collations that are not deterministic; a model holds none, so they are among what was not read."""
    for each in model.unread:
        if "collation" in each.what.lower():
            with contextlib.suppress(SyntaxProblem):
                for statement in parse_postgres(each.text):
                    yield from _loose_name(statement.tree)


def _loose_name(fields: Tree) -> Iterator[str]:
    options = {each["DefElem"]["defname"]: each["DefElem"].get("arg", {}) for each in fields.get("definition", [])}
    told = str(options.get("deterministic", "")).lower()
    if any(each in told for each in ("false", "off", "'0'")):
        names = [each["String"]["sval"] for each in fields["defnames"]]
        yield qualified(*(each for each in names if each != "public"))


def _builtin(type_: DataType) -> Layout:
    if type_.name in _FIXED:
        length, alignment = _FIXED[type_.name]
        return Layout(type_.name, length, alignment, length, type_.name not in _UNALIKE)
    usual = _VARYING.get(type_.name, 24)
    if type_.name == "character":
        usual = _number(type_, 1) + 1
    elif type_.name == "character varying":
        usual = min(usual, _number(type_, usual) + 1)
    elif type_.name == "vector":
        usual = 4 * _number(type_, 384) + 8
    alignment = 8 if type_.name in _DOUBLE_ALIGNED else 4
    return Layout(type_.name, -1, alignment, usual, type_.name not in _UNALIKE)


def _number(type_: DataType, otherwise: int) -> int:
    first = type_.modifiers[0] if type_.modifiers else ""
    return int(first) if first.isdigit() else otherwise

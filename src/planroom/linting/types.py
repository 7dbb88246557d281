"""What a column's type comes down to: the type behind domains, its family, its length and alignment on disk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.model import qualified
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.model import Model
    from planroom.sqltext import DataType

__all__ = ["INTEGER_RANGES", "MONEY_LIKE", "TEXTS", "Storage", "Types"]

TEXTS = frozenset({"text", "character varying", "character", "citext", "name"})
MONEY_LIKE = frozenset({"real", "double precision"})
INTEGER_RANGES = {"smallint": 32_767, "integer": 2_147_483_647, "bigint": 9_223_372_036_854_775_807}
"""The largest value of each integer type. Source: PostgreSQL manual, "Numeric Types"."""

_FAMILIES = {
    **dict.fromkeys(INTEGER_RANGES, "integer"),
    **dict.fromkeys(MONEY_LIKE, "float"),
    **dict.fromkeys(("date", "timestamp without time zone", "timestamp with time zone"), "datetime"),
    "text": "text", "character varying": "text",
    "inet": "network", "cidr": "network",
}  # fmt: skip
"""Types that one B-tree operator family compares. Source: PostgreSQL 18, ``pg_amop`` where amopmethod is btree."""


@dataclass(frozen=True, slots=True)
class Storage:
    """How a type lies in a row.

    Attributes:
        length: Its bytes; -1 where it varies.
        alignment: The multiple at which it begins, 1 to 8; of a varying type, only of values longer than 126 bytes.
    """

    length: int
    alignment: int


_LENGTHS = {
    (1, 1): ("boolean", "char"), (2, 2): ("smallint",),
    (8, 8): ("bigint", "double precision", "money", "pg_lsn", "xid8", "time without time zone",
             "timestamp with time zone", "timestamp without time zone"),
    (4, 4): ("integer", "real", "date", "oid", "xid", "cid", "regclass", "regproc", "regprocedure", "regoper",
             "regoperator", "regtype", "regrole", "regnamespace", "regconfig", "regdictionary", "regcollation"),
    (12, 8): ("time with time zone",), (16, 8): ("interval", "point"), (16, 1): ("uuid",), (24, 8): ("line", "circle"),
    (32, 8): ("lseg", "box"), (6, 4): ("macaddr",), (8, 4): ("macaddr8",), (6, 2): ("tid",), (64, 1): ("name",),
}  # fmt: skip
"""Length and alignment of PostgreSQL's fixed-length types. Source: ``pg_type`` (typlen, typalign) of PostgreSQL 18."""

_STORAGE = {name: Storage(length, align) for (length, align), names in _LENGTHS.items() for name in names}
_ENUM = Storage(4, 4)
_VARYING = Storage(-1, 4)


class Types:
    """The types of a model, looked through.

    Args:
        model: Whose domains and enums count.
    """

    def __init__(self, model: Model) -> None:
        self._domains = {domain.id: domain.type for domain in model.domains}
        self._enums = {enum.id for enum in model.enums}
        self._bases: dict[DataType, DataType] = {}
        self._varying = {each.id for each in model.composite_types} | {each.id for each in model.range_types}

    def base(self, kind: DataType) -> DataType:
        """Return the type behind a domain, at any depth; the type itself when it is none."""
        found = self._bases.get(kind)
        if found is None:
            found = self._bases[kind] = self._behind(kind)
        return found

    def _behind(self, kind: DataType) -> DataType:
        for _ in range(len(self._domains) + 1):
            behind = self._domains.get(qualified(kind.schema, kind.name))
            if behind is None:
                return kind
            kind = replace(behind, array=kind.array or behind.array)
        return kind

    def is_enum(self, kind: DataType) -> bool:
        """Whether it is an enum of the model, or an array of one."""
        return qualified(kind.schema, kind.name) in self._enums

    def is_text(self, kind: DataType) -> bool:
        """Whether it holds a text: no array of them."""
        base = self.base(kind)
        return base.name in TEXTS and not base.array

    def family(self, kind: DataType) -> str:
        """Return what one operator family compares it with, such as ``integer``; its own name where that is alone."""
        base = self.base(kind)
        name = _FAMILIES.get(base.name, qualified(base.schema, base.name))
        return f"{name}[]" if base.array else name

    def storage(self, kind: DataType) -> Storage | None:
        """Return how the type lies in a row; None where that is not known: a type that the model does not hold."""
        base = self.base(kind)
        if base.array:
            return _VARYING
        if self.is_enum(base):
            return _ENUM
        if base.schema:
            return _VARYING if qualified(base.schema, base.name) in self._varying else None
        return _STORAGE.get(base.name, _VARYING)

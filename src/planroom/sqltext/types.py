"""Data types, with the names that PostgreSQL's ``format_type`` gives them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from planroom.sqltext.identifiers import quote_identifier
from planroom.values import dataclass

__all__ = ["DataType"]

_SHORT = {
    "character varying": "varchar", "character": "char", "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp", "time with time zone": "timetz", "time without time zone": "time",
    "double precision": "float8", "bit varying": "varbit", "boolean": "bool",
}  # fmt: skip

_SUFFIXED = ("time with time zone", "time without time zone", "timestamp with time zone", "timestamp without time zone")


@dataclass(frozen=True, slots=True)
class DataType:
    """A data type: ``numeric(12,2)``, ``character varying(20)[]``, ``sales.order_status``.

    Attributes:
        name: The full name as PostgreSQL prints it, without modifiers: ``timestamp with time zone``.
        modifiers: The modifiers as written: ``("12", "2")``; for intervals the fields, then the precision.
        schema: The schema of a type that is not built in; empty for built-in types, and where it is not known.
        array: It is an array of it; the number of dimensions means nothing to PostgreSQL.
    """

    name: str
    modifiers: tuple[str, ...] = ()
    schema: str = ""
    array: bool = False

    UNKNOWN: ClassVar[DataType]

    def __str__(self) -> str:
        return self._written(self.name)

    @property
    def short(self) -> str:
        """The type as people write it: ``varchar(20)``, ``timestamptz``; the schema is left out."""
        return replace(self, schema="")._written(_SHORT.get(self.name, self.name), verbatim=True)  # noqa: SLF001

    @property
    def element(self) -> DataType:
        """The type of an array's elements; the type itself when it is no array."""
        return replace(self, array=False)

    def _written(self, name: str, *, verbatim: bool = False) -> str:
        base, dot = name, ""
        if not verbatim and (self.schema or not _is_builtin(name)):
            base, dot = quote_identifier(name), quote_identifier(self.schema) + "." if self.schema else ""
        return dot + _with_modifiers(base, self.modifiers) + ("[]" if self.array else "")


def _with_modifiers(name: str, modifiers: tuple[str, ...]) -> str:
    if not modifiers:
        return name
    if name == "interval":
        fields, precision = modifiers if len(modifiers) == 2 else ("", modifiers[0])
        if not precision.isdigit():
            fields, precision = precision, ""
        return f"interval{' ' + fields if fields else ''}{f'({precision})' if precision else ''}"
    if name in _SUFFIXED:
        head, _, tail = name.partition(" ")
        return f"{head}({modifiers[0]}) {tail}"
    return f"{name}({','.join(modifiers)})"


BUILTIN_NAMES = frozenset(
    {*_SHORT, "bigint", "integer", "smallint", "real", "numeric", "text", "interval", "bit", "date", "json"}
    | {"int", "time", "timestamp"}  # of other dialects
)  # names that hold a blank or a keyword and are nevertheless written bare


_OTHER_DIALECTS = re.compile(r"(?:[A-Za-z]\w*(?:\([\w ,()\[\]]*\)|(?= unsigned))(?: unsigned)?(?: zerofill)?)?")
"""Types of other dialects as their models hold them: ``int unsigned``, ``datetime(6)``; SQLite has columns without."""


def _is_builtin(name: str) -> bool:
    return name in BUILTIN_NAMES or bool(_OTHER_DIALECTS.fullmatch(name))


DataType.UNKNOWN = DataType("unknown")

"""The types and names of a model as DuckDB writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.model import quote_identifier
from planroom.sqltext import DataType
from planroom.sqltext.dialect_types import write_type

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["Types", "is_key_type", "quoted"]

_PLAIN = re.compile(r"[a-z0-9_ (),]+(?:\[\])?")
_RESERVED = frozenset("qualify pivot unpivot summarize describe show lambda asof anti semi positional glob at".split())


def quoted(*names: str) -> str:
    """Return names joined by dots, each quoted where DuckDB asks for it."""
    return ".".join(f'"{name}"' if name in _RESERVED else quote_identifier(name) for name in names)


class Types:
    """The types of one model as DuckDB writes them."""

    def __init__(self, model: Model) -> None:
        self._dialect = model.dialect
        self._enums = {(each.schema, each.name) for each in model.enums}
        self._domains = {(each.schema, each.name): each.type for each in model.domains}
        self._composites = {(each.schema, each.name): each.fields for each in model.composite_types}

    def written(self, data_type: DataType) -> str:
        """Return the type; one that DuckDB has not becomes VARCHAR."""
        if data_type.array:
            return self.written(data_type.element) + "[]"
        own = (data_type.schema, data_type.name)
        if own in self._enums:
            return quoted(*own)
        if own in self._domains:
            return self.written(self._domains[own])
        if own in self._composites:
            fields = ", ".join(f"{quoted(each.name)} {self.written(each.type)}" for each in self._composites[own])
            return f"STRUCT({fields})"
        text = write_type(data_type, model_dialect=self._dialect, to="duckdb").text
        return text.upper() if _PLAIN.fullmatch(text) else text


def is_key_type(written: str) -> bool:
    """Whether DuckDB indexes values of the type. Source: its error "Invalid type for index key"."""
    return not written.endswith("]") and not written.startswith(("STRUCT", "MAP", "UNION", "INTERVAL", "BIT"))

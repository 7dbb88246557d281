"""Columns that are named like personal data: what a name suggests, which proves nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.model.columns import Column

__all__ = ["looks_personal"]

_PERSONAL = re.compile(
    r"(?:^|_)(?:e_?mail|phone|mobile|first_?name|last_?name|full_?name|surname|birth_?(?:date|day)|date_of_birth|dob|"
    r"street|postcode|zip_?code|iban|passport|ssn|ip_?address)(?:$|_(?!id$|at$|count$|verified))",
    re.IGNORECASE,
)
"""Words by which columns with personal data are commonly called."""

_HOLDS_IT = frozenset({"text", "character varying", "character", "citext", "date", "inet"})


def looks_personal(column: Column) -> bool:
    """Whether a column has a name that personal data commonly bear, and a type that could hold them.

    Example:
        >>> from planroom.model import Column
        >>> from planroom.sqltext import DataType
        >>> [looks_personal(Column(name="email", type=DataType(kind))) for kind in ("text", "boolean")]
        [True, False]
    """
    kind = column.type
    return (kind.name in _HOLDS_IT or bool(kind.schema)) and bool(_PERSONAL.search(column.name))

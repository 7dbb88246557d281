"""The Python types of values, and what a module imports for them."""

from __future__ import annotations

import re

from planroom.formats._values.kinds import Kind

__all__ = ["BUILTINS", "PYTHON", "imports", "names_in"]

PYTHON = {
    Kind.INTEGER: "int", Kind.DECIMAL: "Decimal", Kind.FLOAT: "float", Kind.BOOLEAN: "bool", Kind.TEXT: "str",
    Kind.UUID: "UUID", Kind.DATE: "dt.date", Kind.TIME: "dt.time", Kind.ZONED_TIME: "dt.time",
    Kind.TIMESTAMP: "dt.datetime", Kind.ZONED_TIMESTAMP: "dt.datetime", Kind.INTERVAL: "dt.timedelta",
    Kind.BYTES: "bytes", Kind.JSON: "Any", Kind.OTHER: "Any",
}  # fmt: skip
"""The type of a kind; ranges have none in Python's own library."""

BUILTINS = frozenset({"int", "float", "bool", "str", "bytes", "list", "dict", "tuple"})

_IMPORTS = {
    "dt": "import datetime as dt", "enum": "import enum", "Decimal": "from decimal import Decimal",
    "UUID": "from uuid import UUID",
}  # fmt: skip
_TYPING = ("Annotated", "Any", "Literal")


def imports(names: set[str]) -> list[str]:
    """Return the lines that import what is used of Python's own library, in the order that linters want.

    Args:
        names: ``dt``, ``enum``, ``Decimal``, ``UUID``, ``Annotated``, ``Any``, ``Literal``; others are passed over.
    """
    lines = [line for name, line in _IMPORTS.items() if name in names]
    typing = [name for name in _TYPING if name in names]
    lines += [f"from typing import {', '.join(typing)}"] if typing else []
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def names_in(annotation: str) -> set[str]:
    """Return the first parts of the names in an annotation."""
    return set(re.findall(r"(?<![\w.])[^\W\d]\w*", annotation))

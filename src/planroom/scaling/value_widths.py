"""How many bytes a value takes, told from how it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planroom.scaling.type_layouts import LONGEST_SHORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.scaling.type_layouts import Layout

__all__ = ["mean_width"]

_TEXTS = frozenset({"text", "character varying", "character", "citext", "xml", "json", "ltree"})


def mean_width(layout: Layout, values: Sequence[str]) -> int:
    """Return the mean bytes of values with their headers, as ANALYZE counts them; the usual where none is given."""
    if layout.length >= 0:
        return layout.length
    found = [_width(layout, each) for each in values]
    known = [each for each in found if each]
    return int(sum(known) / len(known)) if known else layout.usual


def _width(layout: Layout, value: str) -> int:
    name = layout.name
    if name in _TEXTS:
        return _headed(len(value.encode("utf-8", "surrogatepass")))
    if name == "numeric":
        return _headed(_numeric(value))
    if name in {"inet", "cidr"}:
        return 19 if ":" in value else 7
    if name == "bytea":
        return _headed(max(0, len(value) - 2) // 2)
    if name == "jsonb":
        return _jsonb(value)
    if name == "composite":
        return _headed(23 + len(value))  # a row's header; fields have a byte of header where a comma stands
    return 0


def _headed(size: int) -> int:
    return size + (1 if size + 1 <= LONGEST_SHORT else 4)


def _numeric(value: str) -> int:
    """Return the bytes of a number without its header: two, and two for each four digits that are not zero at an end.

    Source: src/backend/utils/adt/numeric.c.
    """
    whole, _, rest = value.lstrip("-").partition(".")
    if not (whole + rest).replace("0", "").isdigit():
        return 2
    before = [whole.rjust(-(-len(whole) // 4) * 4, "0")[at : at + 4] for at in range(0, -(-len(whole) // 4) * 4, 4)]
    after = [rest.ljust(-(-len(rest) // 4) * 4, "0")[at : at + 4] for at in range(0, -(-len(rest) // 4) * 4, 4)]
    groups = "".join("1" if each.strip("0") else "0" for each in (*before, *after)).strip("0")
    return 2 + 2 * len(groups)


def _jsonb(value: str) -> int:
    try:
        return _headed(_container(json.loads(value)))
    except (ValueError, RecursionError):
        return 0


def _container(value: Any) -> int:
    """Return the bytes of a document: four, four for each key and value, and these; see src/include/utils/jsonb.h."""
    if isinstance(value, dict):
        return 4 + sum(8 + len(str(key).encode()) + _inner(inner) for key, inner in value.items())
    if isinstance(value, list):
        return 4 + sum(4 + _inner(inner) for inner in value)
    return 8 + _inner(value)


def _inner(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, (dict, list)):
        return _container(value) + 2
    if isinstance(value, bool) or value is None:
        return 0
    return 4 + _numeric(str(value)) + 2

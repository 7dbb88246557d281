"""What a schema does nearly everywhere, learned from itself: the case of names, their number, how keys are called."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from planroom.model.inflection import singular
from planroom.model.words import name_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["case_of", "fits_case", "habit", "key_style", "number_of"]

_LEAST = 8  # names: fewer show no habit
_SHARE = 0.85


def habit(values: Iterable[str], *, least: int = _LEAST, share: float = _SHARE) -> str:
    """Return the value that nearly all have; empty where there are few, or no such one. Empty values do not count."""
    counted = Counter(value for value in values if value)
    if not counted:
        return ""
    value, count = min(counted.items(), key=lambda item: (-item[1], item[0]))
    return value if count >= least and count >= share * counted.total() else ""


_CASES = {
    "lower": re.compile(r"[a-z][a-z0-9]*"),
    "snake_case": re.compile(r"_?[a-z0-9]+(_+[a-z0-9]+)*_?"),
    "camelCase": re.compile(r"[a-z]+[a-z0-9]*([A-Z][A-Za-z0-9]*)+"),
    "PascalCase": re.compile(r"([A-Z][a-z0-9]*)+[a-z][A-Za-z0-9]*"),
    "UPPER_CASE": re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"),
}


def case_of(name: str) -> str:
    """Return how a name is written, such as ``snake_case``; ``lower`` for one word, which fits two of them.

    Example:
        >>> [case_of(name) for name in ("order_line", "orderLine", "OrderLine", "ORDERS", "orders", "Order_Line")]
        ['snake_case', 'camelCase', 'PascalCase', 'UPPER_CASE', 'lower', 'mixed case']
    """
    if len(name) > 128:  # no server keeps such a name
        return "mixed case"
    return next((case for case, form in _CASES.items() if form.fullmatch(name)), "mixed case")


def fits_case(name: str, case: str) -> bool:
    """Whether a name is written as the others are."""
    own = case_of(name)
    return own == case or (own == "lower" and case in {"snake_case", "camelCase"})


_NEITHER = frozenset(
    """data media news info information metadata history stock inventory equipment staff log audit cache queue config
    configuration status lookup map archive staging tmp temp backup version content storage traffic usage billing
    feedback research software mail content text old new bak test master main kv state summary report""".split()
)
"""Last words of table names that say nothing of their number, or have none."""


def number_of(name: str) -> str:
    """Return ``plural`` or ``singular`` by the last word of a name; empty where that cannot be told.

    Example:
        >>> [number_of(name) for name in ("order_lines", "order_line", "audit_log", "people", "address")]
        ['plural', 'singular', '', 'plural', 'singular']
    """
    words = words_of(name)
    if not words or words[-1].isdigit() or words[-1] in _NEITHER:
        return ""
    return "singular" if singular(words[-1]) == words[-1] else "plural"


def key_style(table: str, column: str) -> str:
    """Return how the column of a primary key is called: ``id``, ``<table>_id``, or otherwise (empty).

    Example:
        >>> [key_style("order_lines", name) for name in ("id", "order_line_id", "number")]
        ['id', '<table>_id', '']
    """
    if column.lower() in {"id", "uuid"}:
        return "id"
    name = name_of(column)
    return "<table>_id" if name.mark in {"id", "uuid"} and name.stem == name_of(table).words else ""

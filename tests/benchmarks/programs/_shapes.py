"""A made-up schema of any size, the same each time: hubs that many tables refer to, and modules of 40 tables.

Needs nothing but the standard library, so that programs in every environment see the same schema.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["STATES", "Table", "shapes"]

STATES = ("draft", "open", "paid", "shipped", "closed")
NOUNS = ("account", "order", "invoice", "shipment", "product", "price", "stock", "refund", "device", "session")
_MODULE = 40
_TABLES_A_HUB = 25


@dataclass(frozen=True)
class Table:
    """A table with eight columns; ``parents`` are the tables that its two references point to and are called after."""

    name: str
    parents: tuple[str, ...]


def shapes(count: int) -> Iterator[Table]:
    """Yield so many tables; each refers to earlier ones only."""
    choose = random.Random(1)
    names: list[str] = []
    for number in range(count):
        name = f"{NOUNS[number % len(NOUNS)]}_{number:05d}"
        yield Table(name, _parents(number, names, choose))
        names.append(name)


def _parents(number: int, names: list[str], choose: random.Random) -> tuple[str, ...]:
    """A hub, and a table of the module, the older the likelier; the first table has none."""
    if not number:
        return ()
    start = number - number % _MODULE
    near = min(choose.randrange(start, number), choose.randrange(start, number)) if number > start else number - 1
    hubs = max(1, min(number, 1 + number // _TABLES_A_HUB))
    return tuple(dict.fromkeys([names[choose.randrange(hubs)], names[near]]))

"""Writes a folder of queries on the made-up schema: ``_queries.py FOLDER QUERIES TABLES``, the same bytes each time."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from _shapes import STATES, Table, shapes


def queries(count: int, tables: list[Table]) -> Iterator[str]:
    """Yield so many queries: look-ups, joins to parents, sums, and rows that have none."""
    choose = random.Random(5)
    related = [table for table in tables if table.parents]
    for number in range(count):
        yield choose.choice((_look_up, _join, _sum, _without))(choose.choice(related), choose, number)


def _look_up(table: Table, choose: random.Random, number: int) -> str:
    state = choose.choice(STATES)
    return f"SELECT t.id, t.code, t.amount FROM {table.name} t WHERE t.code = 'A{number}' AND t.state = '{state}'"


def _join(table: Table, choose: random.Random, number: int) -> str:
    parent = choose.choice(table.parents)
    return (
        f"SELECT t.id, p.code AS parent, t.created_at\nFROM {table.name} t\nJOIN {parent} p ON p.id = t.{parent}_id\n"
        f"WHERE t.created_at >= now() - interval '{number % 90 + 1} days'\nORDER BY t.created_at DESC\nLIMIT 50"
    )


def _sum(table: Table, choose: random.Random, number: int) -> str:
    parent = choose.choice(table.parents)
    return (
        f"SELECT p.id, count(*) AS rows, sum(t.amount) AS total\nFROM {parent} p\nLEFT JOIN {table.name} t"
        f" ON t.{parent}_id = p.id\nWHERE p.amount > {number}\nGROUP BY p.id\nHAVING count(*) > 1"
    )


def _without(table: Table, choose: random.Random, number: int) -> str:
    parent = choose.choice(table.parents)
    return (
        f"SELECT p.id, p.code FROM {parent} p\n"
        f"WHERE NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.{parent}_id = p.id)"
        f"\n  AND lower(p.code) = 'a{number}'"
    )


def main(folder: str, count: str, tables: str) -> None:
    """Write each query into a file of its own."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number, query in enumerate(queries(int(count), list(shapes(int(tables))))):
        (Path(folder) / f"{number:04d}.sql").write_text(f"{query};\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

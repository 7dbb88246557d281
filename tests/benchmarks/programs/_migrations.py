"""Writes a folder of numbered migrations: ``_migrations.py FOLDER FILES``, the same bytes each time.

Every fifth file makes a table; the others change those that are there, as a service does over the years: columns,
indexes, constraints in two steps, types, renames, backfills. Each holds five statements.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from _shapes import NOUNS

STATEMENTS = 5
WORDS = ("source", "channel", "region", "rating", "origin", "batch", "owner", "stage", "label", "weight")


def files(count: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file."""
    choose = random.Random(3)
    tables: list[str] = []
    for number in range(count):
        statements = _making(number, tables) if number % 5 == 0 else _changing(number, choose.choice(tables), choose)
        text = ";\n".join(islice(statements, STATEMENTS))
        yield f"{number:04d}_step.sql", f"-- step {number}\n{text};\n"


def _making(number: int, tables: list[str]) -> Iterator[str]:
    name = f"{NOUNS[number // 5 % len(NOUNS)]}_{number:04d}"
    parent = f",\n    parent_id bigint REFERENCES {tables[number % len(tables)]} (id)" if tables else ""
    yield (
        f"CREATE TABLE {name} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
        f"    code varchar(40) NOT NULL,\n    amount numeric(12, 2) DEFAULT 0,\n    note text,\n"
        f"    created_at timestamptz NOT NULL DEFAULT now(){parent}\n)"
    )
    tables.append(name)
    yield f"CREATE INDEX {name}_created_idx ON {name} (created_at)"
    yield f"CREATE UNIQUE INDEX {name}_code_idx ON {name} (lower(code))"
    yield f"COMMENT ON TABLE {name} IS 'Rows of {name}'"
    yield f"ALTER TABLE {name} ADD CONSTRAINT {name}_amount_check CHECK (amount >= 0)"


def _changing(number: int, table: str, choose: random.Random) -> Iterator[str]:
    column = f"{choose.choice(WORDS)}_{number}"
    yield "SET lock_timeout = '5s'"
    yield choose.choice((
        f"ALTER TABLE {table} ADD COLUMN {column} text",
        f"ALTER TABLE {table} ADD COLUMN {column} text NOT NULL DEFAULT ''",
        f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} varchar(20) DEFAULT '', ADD COLUMN {column}_at date",
    ))  # fmt: skip
    yield choose.choice((
        f"CREATE INDEX {table}_{number}_idx ON {table} ({column})",
        f"CREATE INDEX CONCURRENTLY {table}_{number}_idx ON {table} ({column}, created_at)",
        f"CREATE INDEX IF NOT EXISTS {table}_{number}_idx ON {table} ({column}) WHERE note IS NOT NULL",
    ))  # fmt: skip
    yield choose.choice((
        f"ALTER TABLE {table} ADD CONSTRAINT {column}_check CHECK (length({column}) < 100) NOT VALID",
        f"ALTER TABLE {table} ADD CONSTRAINT {column}_check CHECK ({column} <> 'x')",
        f"ALTER TABLE {table} ALTER COLUMN code TYPE varchar({40 + number})",
        f"ALTER TABLE {table} ALTER COLUMN amount TYPE numeric(14, 2), ALTER COLUMN note SET DEFAULT ''",
    ))  # fmt: skip
    yield choose.choice((
        f"UPDATE {table} SET {column} = 'new' WHERE {column} IS NULL AND id BETWEEN 1 AND 10000",
        f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL",
        f"COMMENT ON COLUMN {table}.{column} IS 'What the {column} is'",
        f"ALTER TABLE {table} RENAME COLUMN {column} TO {column}_old",
    ))  # fmt: skip


def main(folder: str, count: str) -> None:
    """Write the files."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in files(int(count)):
        (Path(folder) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

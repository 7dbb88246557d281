"""Writes the made-up schema as DBML: ``_dbml.py TABLES``. Every peer reads it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from _shapes import STATES, Table, shapes


def dbml(tables: list[Table]) -> Iterator[str]:
    """Yield the elements of the schema."""
    yield "Project shop {\n  database_type: 'PostgreSQL'\n}"
    yield "Enum state {\n" + "".join(f"  {state}\n" for state in STATES) + "}"
    for table in tables:
        yield _table(table)
    for table in tables:
        for parent in table.parents:
            yield f"Ref: {table.name}.{parent}_id > {parent}.id [delete: cascade]"


def _table(table: Table) -> str:
    references = [f"  {parent}_id bigint [not null]" for parent in table.parents]
    lines = [
        "  id bigint [pk, increment]",
        *references,
        *[f"  filler_{at} integer" for at in range(2 - len(references))],
        "  code varchar(40) [not null, unique, note: 'What people call it']",
        "  state state [not null, default: 'draft']",
        "  amount decimal(12,2)",
        "  note text",
        "  created_at timestamptz [not null, default: `now()`]",
        "",
        "  indexes {",
        f"    (state, created_at) [name: '{table.name}_by_state']",
        "  }",
        "",
        f"  Note: 'Rows of {table.name}'",
    ]
    return f"Table {table.name} {{\n" + "\n".join(lines) + "\n}"


def main(tables: str) -> None:
    """Write the text to standard output."""
    for element in dbml(list(shapes(int(tables)))):
        sys.stdout.write(f"{element}\n\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

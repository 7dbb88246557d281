"""A small project in a git repository, and a branch of it with a planted change of each kind."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from planroom.notebook.files import notebook_text
from planroom.plans.snapshots import Snapshot, text_of_snapshots
from tests.notebook.books import code, notebook, shown, words

SCHEMA = """CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    note text
);
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
"""
CHANGED = SCHEMA.replace("    note text\n", "    total real\n").replace(
    "CREATE INDEX orders_customer_id_idx ON orders (customer_id);\n", ""
)
RECORD = """---
status: accepted
date: 2026-01-01
affects: ["table:orders"]
---
# Orders keep their customer

## Context and Problem Statement

Who bought? See [the other](0002-other.md).

## Considered Options

* A key
* None

## Decision Outcome

Chosen option: "A key", because it is known.
"""
SETTINGS = """[project]
name = "till <1>"

[tool.planroom.review]
notebooks = ["notebooks/*.ipynb"]
schema = "schemas/till.sql"
queries = "schemas/queries"
migrations = "schemas/migrations"
"""


def plan(*shape: str, cost: float = 8.3) -> str:
    entry = Snapshot(name="orders_of", query="aa", engine="PostgreSQL 18.0", shape=shape, cost=cost, rows=1)
    return text_of_snapshots([entry])


@dataclass(frozen=True)
class Project:
    """A project's folder, in git."""

    root: Path

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> None:
        options = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *options, *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def plant(self) -> None:
        """Plant a change of each kind; nothing is committed but the deletion."""
        self.write("schemas/till.sql", CHANGED)
        self.write("schemas/migrations/0002_later.sql", "CREATE INDEX late ON orders (customer_id);\n")
        self.write("schemas/queries/plans.json", plan("Seq Scan on orders", cost=900))
        self.write("adr/0002-other.md", RECORD.replace("Orders keep their customer", "Another one"))
        self.write("notebooks/b.ipynb", notebook_text(notebook(words("# Second\n\nNew."))))
        (self.root / "notebooks" / "old.ipynb").unlink()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path / "till")
    made.write("pyproject.toml", SETTINGS)
    made.write("schemas/till.sql", SCHEMA)
    made.write("schemas/queries/orders_of.sql", "SELECT id FROM orders WHERE customer_id = 7;\n")
    made.write("schemas/queries/plans.json", plan("Index Scan using orders_customer_id_idx on orders"))
    made.write("schemas/migrations/0001_first.sql", "SET lock_timeout = '5s';\nCREATE INDEX first ON orders (id);\n")
    made.write("adr/0001-orders-keep-their-customer.md", RECORD)
    first = notebook(
        words("# First <b>\n\nWhat it is.\n\n## Part\n\n[second](b.ipynb) [here](#Part) [away](x.txt)"),
        code("1 + 1", shown(text_plain="2"), count=1),
    )
    made.write("notebooks/a.ipynb", notebook_text(first))
    made.write("notebooks/old.ipynb", notebook_text(notebook(words("# Old"))))
    made.git("init", "-q", "-b", "main")
    made.commit()
    monkeypatch.chdir(made.root)
    return made

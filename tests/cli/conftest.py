"""The command line, called in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from planroom.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def planroom(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call ``planroom`` with words; give its exit status and what it printed."""

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return call


@pytest.fixture
def shop(tmp_path):
    """A small schema that is read without a finding."""
    path = tmp_path / "shop.sql"
    path.write_text(
        "CREATE SCHEMA sales;\n"
        "CREATE TABLE sales.customers (id int PRIMARY KEY, email text NOT NULL);\n"
        "CREATE TABLE sales.orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES sales.customers);\n"
    )
    return path


@pytest.fixture
def flawed(tmp_path):
    """A schema with one broken statement, one that the model has no place for, and a setting."""
    path = tmp_path / "flawed.sql"
    path.write_text(
        "SET client_encoding = 'UTF8';\n"
        "CREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE b (id int,, x);\n"
        "DO $$ BEGIN EXECUTE 'x'; END $$;\n"
    )
    return path

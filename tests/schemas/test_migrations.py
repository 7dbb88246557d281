"""The two ways to the next release: the hurried one stops the shop, the careful one does not, and both end alike."""

from __future__ import annotations

from pathlib import Path

import pytest

import planroom as pr
from planroom.findings import Severity
from planroom.sqltext import parse_postgres

MIGRATIONS = Path("schemas/migrations")
NAMES = sorted(path.name for path in (MIGRATIONS / "hurried").iterdir())


def errors(way: str) -> set[tuple[str, str]]:
    report = pr.lint(MIGRATIONS / way, model="schemas/shop.sql")
    return {(Path(each.location.source).name, each.code) for each in report.at_least(Severity.WARNING)}


def test_both_ways_are_of_the_same_steps():
    assert sorted(path.name for path in (MIGRATIONS / "careful").iterdir()) == NAMES


def test_every_hurried_step_stops_somebody_and_no_careful_one_does():
    assert errors("careful") == set()
    assert errors("hurried") == {
        (NAMES[0], "MIG006"), (NAMES[1], "MIG008"), (NAMES[2], "MIG009"), (NAMES[3], "MIG007"), (NAMES[3], "MIG006"),
        (NAMES[3], "MIG029"),
    }  # fmt: skip


@pytest.mark.server
def test_both_ways_lead_to_the_same_database(fresh_database):
    """Each statement of the careful way is sent by itself: CONCURRENTLY cannot run in a transaction."""
    ends = []
    for way in ("hurried", "careful"):
        fresh_database.run("DROP SCHEMA IF EXISTS identity, catalogue, inventory, ordering, payments CASCADE;"
                           "DROP SCHEMA public CASCADE; CREATE SCHEMA public;")  # fmt: skip
        fresh_database.run(Path("schemas/shop.sql").read_text())
        for name in NAMES:
            for statement in parse_postgres((MIGRATIONS / way / name).read_text(), name):
                fresh_database.run(statement.text)
        ends.append(fresh_database.model())

    assert "ordering.carriers" in ends[0].tables_by_id
    assert pr.diff(*ends).changes == ()

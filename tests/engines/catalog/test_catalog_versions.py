"""Older servers are asked only for what they have."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planroom.engines.postgres.catalog import catalog_counts, catalog_fingerprint, read_catalog
from planroom.engines.postgres.catalog.sequences import sequence_rows
from planroom.engines.postgres.catalog.session import Session
from planroom.model import SequenceOptions
from planroom.sqltext.libpg_query import parse_tree

# Since when a catalog, a column or a function is there. Source: the release notes of PostgreSQL 10 to 18.
_SINCE = {
    "attidentity": 10,
    "pg_partitioned_table": 10,
    "pg_publication": 10,
    "pg_sequence": 10,
    "pg_statistic_ext": 10,
    "pg_subscription": 10,
    "polpermissive": 10,
    "relispartition": 10,
    "relpartbound": 10,
    "tgoldtable": 10,
    "aggfinalmodify": 11,
    "conparentid": 11,
    "indnkeyatts": 11,
    "prokind": 11,
    "attgenerated": 12,
    "prosupport": 12,
    "regcollation": 13,
    "stxstattarget": 13,
    "tgparentid": 13,
    "attcompression": 14,
    "pg_get_function_sqlbody": 14,
    "pg_get_statisticsobjdef_expressions": 14,
    "rngmultitypid": 14,
    "confdelsetcols": 15,
    "indnullsnotdistinct": 15,
    "conenforced": 18,
    "conperiod": 18,
}
_UNTIL = {"pg_sequence_parameters": 9, "proisagg": 10, "relhasoids": 11}


_A_TABLE = (1, "s", "t", "r", False, None, None, "", "", "d", False, False, False, "", "", "", "", True, "")
"""A row of pg_class, so that everything that hangs on tables is asked for."""


@pytest.mark.parametrize("version", [90600, *range(100000, 190000, 10000)])
def test_a_server_is_asked_for_what_it_has_and_for_nothing_newer(version: int) -> None:
    asked: list[str] = []

    def run(sql: str) -> list[tuple[Any, ...]]:
        parse_tree(sql.encode())
        asked.append(sql)
        if sql == "SELECT current_database()":
            return [("nowhere",)]
        return [_A_TABLE] if "r.relrowsecurity" in sql else []

    read_catalog(run, version=version)
    catalog_counts(run, version)
    catalog_fingerprint(run, version)
    words = set(re.findall(r"\w+", "\n".join(asked)))
    major = version // 10_000
    assert words & _SINCE.keys() == {word for word, since in _SINCE.items() if since <= major}
    assert words & _UNTIL.keys() == {word for word, until in _UNTIL.items() if until >= major}


def test_before_postgres_10_a_sequence_is_read_from_itself_and_only_if_it_may_be() -> None:
    lowest, highest = -(2**63) + 1, 2**63 - 1
    tail = ("", 0, None, None, None, "bigint")
    rows = [
        (1, "s", "Up", False, *tail, 1, 1, 1, highest, 1, False),
        (2, "s", "down", False, *tail, -1, -1, lowest, -1, 1, True),
        (3, "s", "secret", False, *tail, None, None, None, None, 1, None),
    ]

    def run(sql: str) -> list[tuple[Any, ...]]:
        if "cache_value" in sql:
            assert 's."Up"' in sql
            assert "secret" not in sql
            return [(1, 5), (2, 1)]
        return rows

    options = [row.options for row in sequence_rows(Session(run, 90624))]
    assert options == [SequenceOptions(cache=5), SequenceOptions(increment=-1, cycle=True), SequenceOptions()]

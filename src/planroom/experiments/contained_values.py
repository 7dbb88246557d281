"""Asks a database whether the values of columns are found in the keys they may refer to: counts alone come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.advice.containment import Containment, evidence_from
from planroom.errors import StatementFailedError, StatementRefusedError
from planroom.experiments.sampling import named, sampled, table_sizes
from planroom.model import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.advice.candidates import Candidate
    from planroom.advice.inference import Possible
    from planroom.advice.keys import Kinds
    from planroom.engines import Engine

__all__ = ["Judged", "counting_query", "judged_by_data"]

ROWS = 10_000
"""The most rows of a child that are looked at, for each candidate."""

MOST_CHECKS = 2_000
TIMEOUT_S = 5.0
_MOST_KEYS = 1_000_000  # of a parent that are counted; a larger one counts as having no gaps


class Judged:
    """What came of asking.

    Attributes:
        possible: The candidates, with the evidence of data.
        words: What was looked at, in words.
    """

    def __init__(self, possible: Possible, words: str) -> None:
        self.possible = possible
        self.words = words


def judged_by_data(
    possible: Possible, kinds: Kinds, engine: Engine, *, progress: Callable[[int, int], None] | None = None
) -> Judged:
    """Hold candidates against the data of a database: one SELECT each, read-only, on a bounded sample, with a timeout.

    What cannot be asked keeps the score that its name gives. An interrupt ends it between two questions, or within one.

    Args:
        possible: The candidates.
        kinds: The types of the model that they come from.
        engine: A database that holds the model.
        progress: Called before each question with how many are done, and how many there are.

    Raises:
        ServerUnavailableError: The engine cannot be reached.
    """
    sizes = table_sizes(engine)
    places = [(place, each) for place, candidates in possible.candidates.items() for each in candidates]
    judged: dict[int, Candidate] = {}
    unasked = 0
    for done, (_, candidate) in enumerate(places[:MOST_CHECKS]):
        if progress:
            progress(done, min(len(places), MOST_CHECKS))
        found = _counted(candidate, kinds, engine, sizes)
        unasked += found is None
        judged[id(candidate)] = candidate.with_evidence(evidence_from(found)) if found else candidate
    unasked += max(0, len(places) - MOST_CHECKS)
    return Judged(
        replace(
            possible,
            candidates={
                place: tuple(judged.get(id(each), each) for each in candidates)
                for place, candidates in possible.candidates.items()
            },
        ),
        f"{len(places) - unasked:,} candidates held against up to {ROWS:,} rows each on {engine.url}"
        + (f", {unasked:,} could not be" if unasked else ""),
    )


def _counted(
    candidate: Candidate, kinds: Kinds, engine: Engine, sizes: Mapping[tuple[str, str], float]
) -> Containment | None:
    """Return what the engine counts; None when it cannot, whatever it says: its message may hold a value."""
    child = candidate.child
    types = [child.columns_by_name[column].type for column in candidate.columns]
    family = kinds.family(types[0]) if len(types) == 1 else ""
    rows = sizes.get((child.schema, child.name), 0.0)
    sql = counting_query(candidate, whole_numbers=family == "integer", dialect=engine.name, rows=rows)
    try:
        (answer,) = engine.query(sql, limit=1, timeout_s=TIMEOUT_S)
    except (StatementFailedError, StatementRefusedError, ValueError):
        return None
    seen, filled, distinct, missing = (int(str(each or 0)) for each in answer[:4])
    density, reach = (None if each is None else float(str(each)) for each in answer[4:6])
    return Containment(seen, filled, distinct, missing, family, density, reach, sampled=seen >= ROWS)


def counting_query(candidate: Candidate, *, whole_numbers: bool, dialect: str, rows: float) -> str:
    """Return one SELECT that counts, of a bounded sample: rows, filled, distinct, missing; then density and reach.

    Args:
        candidate: The reference.
        whole_numbers: Whether density and reach mean anything; they are NULL otherwise.
        dialect: The engine's name.
        rows: How many rows the child is believed to have: a large table is sampled by pages.
    """
    names = [f"v{position}" for position in range(len(candidate.columns))]
    picked = ", ".join(
        f"{quote_identifier(column)} AS {name}" for column, name in zip(candidate.columns, names, strict=True)
    )
    filled = " AND ".join(f"{name} IS NOT NULL" for name in names)
    same = " AND ".join(
        f"p.{quote_identifier(column)} = found.{name}" for column, name in zip(candidate.referenced, names, strict=True)
    )
    child = sampled(candidate.child, dialect, rows, wanted=ROWS)
    parent = named(candidate.parent)
    ends = f",\nends AS (SELECT min({names[0]}) AS low, max({names[0]}) AS high FROM found)" if whole_numbers else ""  # noqa: S608
    ranges = _ranges(parent, quote_identifier(candidate.referenced[0])) if whole_numbers else "NULL, NULL"
    return (
        f"WITH taken AS (SELECT {picked} FROM {child} LIMIT {ROWS}),\n"  # noqa: S608  (names are quoted)
        f"found AS (SELECT DISTINCT {', '.join(names)} FROM taken WHERE {filled}){ends}\n"
        f"SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM taken WHERE {filled}),\n"
        f"(SELECT count(*) FROM found),\n"
        f"(SELECT count(*) FROM found WHERE NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE {same})),\n"
        f"{ranges}"
    )


def _ranges(parent: str, key: str) -> str:
    """Return the density and the reach as SQL; a parent with too many keys to count has density and reach 1."""
    within = f"SELECT 1 FROM {parent} AS p, ends WHERE p.{key} BETWEEN low AND high LIMIT {_MOST_KEYS}"  # noqa: S608
    below = f"SELECT 1 FROM {parent} AS p, ends WHERE p.{key} <= high LIMIT {_MOST_KEYS}"  # noqa: S608
    every = f"SELECT 1 FROM {parent} AS p LIMIT {_MOST_KEYS}"  # noqa: S608
    counted = "(SELECT CAST(nullif(count(*), {most}) AS double precision) FROM ({rows}) AS counted)"
    many, low, all_ = (counted.format(most=_MOST_KEYS, rows=rows) for rows in (within, below, every))
    span = "(SELECT CAST(high AS double precision) - CAST(low AS double precision) + 1 FROM ends)"
    return f"coalesce({many} / {span}, 1), coalesce({low} / nullif({all_}, 0), 1)"

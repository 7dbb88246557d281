"""What DDL cannot say: contexts, owners, personal data, volumes."""

from __future__ import annotations

from typing import Final

from planroom.values import dataclass

__all__ = ["UNANNOTATED", "Annotations"]


@dataclass(frozen=True, slots=True)
class Annotations:
    """Facts that a designer declares about a table, view or column.

    They come from ``info={"planroom": {...}}`` on SQLAlchemy objects or from a ``.notes.yml`` file beside the schema.

    Attributes:
        context: The bounded context that owns the object.
        aggregate: The root of the aggregate it belongs to.
        owner: The team that answers for it.
        pii: The class of personal data, such as ``email``; empty for none declared.
        retention: How long rows are kept, as written.
        rows: Expected rows.
        growth: How fast it grows, as written, such as ``8% per month``.
        domain: ``closed`` when the set of values is fixed, ``grows`` when it grows with the table.
        distinct: Expected distinct values; below 1, their share of the rows.
        null_fraction: Expected share of NULL, in [0, 1].
        renamed_from: The name that the object had in an earlier version, so that a comparison need not guess.
        skew: The exponent of a Zipf distribution of the values; 0 is uniform.
        children: Expected rows for each row of the parent, of a column that refers to one.
        values: Values that stand for the column's, parted by ``|`` (a list in YAML); made-up rows have these.
        follows: A column of the same table that this one is not before, such as ``placed_at`` for ``shipped_at``.
        correlation: How the values follow the order of the rows, in [-1, 1], as ``pg_stats.correlation`` has it.
        other: Keys that planroom does not know, sorted, kept as written.
    """

    context: str = ""
    aggregate: str = ""
    owner: str = ""
    pii: str = ""
    retention: str = ""
    rows: int | None = None
    growth: str = ""
    domain: str = ""
    renamed_from: str = ""
    distinct: float | None = None
    null_fraction: float | None = None
    skew: float | None = None
    children: float | None = None
    values: str = ""
    follows: str = ""
    correlation: float | None = None
    other: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self is not UNANNOTATED and self != UNANNOTATED


UNANNOTATED: Final = Annotations()
"""Nothing is said: one value that all objects share of which that holds."""

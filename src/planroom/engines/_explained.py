"""What an engine says when it is asked for a plan, before anybody has read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Explained", "setting_pairs"]


@dataclass(frozen=True, slots=True)
class Explained:
    """A plan as the engine itself wrote it down.

    Attributes:
        engine: The kind of engine, ``postgres`` or ``duckdb``: it decides the document's layout.
        version: The engine's version, such as ``18.6``; DuckDB's layout changes with it.
        sql: The statement, without what stood around it.
        document: The engine's JSON, unchanged.
        analyzed: Whether the statement was run, so that the document holds measured rows and times.
        settings: What was set for this plan alone, as (name, value), in the order in which it was set.
        notes: What a reader of the plan has to know, in sentences.
    """

    engine: str
    version: str
    sql: str
    document: str
    analyzed: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def setting_pairs(settings: Mapping[str, object] | None) -> tuple[tuple[str, str], ...]:
    """Return settings as texts; a truth value is ``on`` or ``off``.

    Example:
        >>> setting_pairs({"enable_seqscan": False, "work_mem": "64MB"})
        (('enable_seqscan', 'off'), ('work_mem', '64MB'))
    """
    words = {True: "on", False: "off"}
    return tuple(
        (str(name), words[value] if isinstance(value, bool) else str(value)) for name, value in (settings or {}).items()
    )

"""A design at production scale in DuckDB, as Parquet files of which there is only the footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.experiments.explained_plans import plan_from
from planroom.workbench.scaled_databases import statement_text

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Self

    from planroom.engines._scaled_duckdb import ScaledDuckDB
    from planroom.plans import Plan
    from planroom.plans.memory import MemoryNeeds

__all__ = ["ScaledWarehouse"]

_TIMEOUT_S = 30.0


class ScaledWarehouse(Displayable):
    """DuckDB at production scale: it answers with plans and with what they would hold in memory.

    Use it in a ``with`` block, or close it; what it made is removed then.

    Attributes:
        engine: The engine: `pr.explain` and `pr.workload` take it, or this object, as ``on=``.
    """

    def __init__(self, engine: ScaledDuckDB) -> None:
        self.engine = engine

    @property
    def notes(self) -> tuple[str, ...]:
        """What is assumed, and that it is planned as Parquet."""
        return self.engine.notes

    def explain(
        self,
        sql: str | Path,
        *,
        params: Sequence[object] = (),
        settings: Mapping[str, object] | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> Plan:
        """Return the plan that DuckDB has for one SELECT at this scale.

        Args:
            sql: The statement, or the `Path` of a file with it.
            params: The values of ``$1``, ``$2`` ...
            settings: Settings for this plan alone.
            timeout_s: Seconds after which the planner gives up.

        Raises:
            StatementRefusedError: It is not one SELECT.
            StatementFailedError: DuckDB refused it; the message is its own.
        """
        found = self.engine.explain(statement_text(sql), params=params, settings=settings, timeout_s=timeout_s)
        return plan_from(found, "design at scale, as Parquet")

    def memory(
        self, sql: str | Path, *, memory_limit: str | float | None = None, params: Sequence[object] = ()
    ) -> MemoryNeeds:
        """Return what the joins, groups and sorts of a plan would hold, beside a limit, and what would spill.

        Args:
            sql: One SELECT, or the `Path` of a file with it.
            memory_limit: What to compare with, such as ``"16GB"``.
            params: The values of ``$1``, ``$2`` ...

        Raises:
            QuantityError: The limit is no size.
            StatementRefusedError: It is not one SELECT.
        """
        return self.engine.memory(statement_text(sql), memory_limit=memory_limit, params=params)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the footers into a folder, a few kilobytes a table; `at_scale` takes it, so that CI needs no data.

        Raises:
            SourceError: The folder holds something else, or cannot be written.
        """
        return self.engine.save(path)

    def __str__(self) -> str:
        return str(self.engine)

    def __repr__(self) -> str:
        return f"<ScaledWarehouse: {self.engine.summary}>"

    def _html(self) -> str:
        return self.engine._repr_mimebundle_(include=["text/html"]).get("text/html", "")

    def close(self) -> None:
        """Remove what was made; closing twice is fine."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

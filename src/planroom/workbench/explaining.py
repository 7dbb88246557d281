"""Plans of statements on whatever database is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError
from planroom.experiments.explained_plans import plan_from
from planroom.workbench.asking import engine_on
from planroom.workbench.files import read_text
from planroom.workbench.secrets import scrubbed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans import Plan

__all__ = ["explain"]

_TIMEOUT_S = 30.0
_IN_TEXT = "sql:"  # how engines begin the place of an error in a text without a name


def explain(
    sql: str | Path,
    on: Any,
    *,
    analyze: bool = False,
    params: Sequence[object] = (),
    generic: bool = False,
    settings: Mapping[str, object] | None = None,
    allow_functions: bool = False,
    timeout_s: float = _TIMEOUT_S,
) -> Plan:
    """Return the plan that an engine has for a statement.

    Nothing stays changed: what ``analyze`` carries out is rolled back, and on a database that you named nothing that
    writes is carried out at all. While it plans, PostgreSQL may run functions that are marked immutable or stable.

    Args:
        sql: One statement, without EXPLAIN, or the `Path` of a file with one; ``$1``, ``$2`` ... stand for ``params``.
        on: An engine; the URL or file of a database; or anything that `read` takes: its model is then put into a
            database of planroom's own, which is empty.
        analyze: Whether to run the statement, so that rows and times are measured.
        params: The values of the placeholders.
        generic: Whether to return PostgreSQL's plan for any values, which needs no ``params``.
        settings: The engine's settings for this plan alone, such as ``{"enable_seqscan": "off"}``.
        allow_functions: Whether ``analyze`` may run volatile functions on a database that you named.
        timeout_s: Seconds after which the engine gives up.

    Raises:
        SourceError: ``on`` names nothing that can be read.
        StatementRefusedError: planroom does not send this statement there.
        StatementFailedError: The engine refused it; the message is the engine's own.
        ServerUnavailableError: The engine cannot be reached.
    """
    text = read_text(sql) if isinstance(sql, Path) else sql
    with engine_on(on) as engine:
        try:
            explained = engine.explain(
                text,
                analyze=analyze,
                params=params,
                generic=generic,
                settings=settings,
                allow_functions=allow_functions,
                timeout_s=timeout_s,
            )
        except PlanroomError as error:
            if isinstance(sql, Path) and error.where.startswith(_IN_TEXT):
                error.where = f"{sql}:{error.where.removeprefix(_IN_TEXT)}"
            raise scrubbed(error) from None
        return plan_from(explained, engine.url)

"""An engine that holds no rows: it plans statements, and never carries one out."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.engines._rows import Rows
    from planroom.errors import StatementRefusedError

__all__ = ["PlanOnlyEngine"]


class PlanOnlyEngine(Engine):
    """A database of planroom's own that is asked for plans alone."""

    @property
    def owned(self) -> bool:
        """True: planroom made this database."""
        return True

    @abstractmethod
    def _refusal(self, what: str) -> StatementRefusedError:
        """Make the error for what it cannot do with a statement: ``answer``, ``run``, ``measure``."""

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Refuse: there are no rows to answer from.

        Raises:
            StatementRefusedError: Always.
        """
        del sql, params, limit, timeout_s
        raise self._refusal("answer")

    def run(self, script: str) -> None:
        """Refuse: what reads or writes rows would meet none.

        Raises:
            StatementRefusedError: Always.
        """
        del script
        raise self._refusal("run")

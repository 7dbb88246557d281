"""Tables that the steps of one file have left without a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause

if TYPE_CHECKING:
    from planroom.linting.effects import Effects, Key
    from planroom.sqltext import Statement

__all__ = ["Emptied"]

_FILLS = frozenset({"InsertStmt", "CopyStmt", "MergeStmt"})


class Emptied:
    """Which tables hold no rows, and for which the server has nothing to read either.

    TRUNCATE gives a table a new file. DELETE leaves the old rows where they are until a VACUUM: who scans, reads them.

    Attributes:
        truncated: Those with nothing to read.
        deleted: Those without a row whose old rows are still read.
    """

    def __init__(self) -> None:
        self.truncated: set[Key] = set()
        self.deleted: set[Key] = set()

    def __contains__(self, key: object) -> bool:
        return key in self.truncated or key in self.deleted

    def follow(self, statement: Statement, effects: Effects) -> None:
        """Note what a statement did to the rows of tables that were there before."""
        if statement.kind == "TruncateStmt":
            self.truncated |= effects.locks.keys()
        elif statement.kind == "DeleteStmt":
            self.deleted |= {each.relation for each in effects.work if each.cause is Cause.ROWS and each.certain}
        elif statement.kind in _FILLS and effects.locks:
            self.truncated -= effects.locks.keys()
            self.deleted -= effects.locks.keys()

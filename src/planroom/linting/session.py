"""What the statements of one file have done so far in their session: the transaction, its locks, the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from planroom.ddl.trees import constant, strings
from planroom.linting.effects import Effects, Key, Lock
from planroom.sqltext import Statement, Tree

__all__ = ["Session"]


@dataclass
class Session:
    """The state between two statements; it goes on with each, so a rule reads it and keeps nothing of it.

    Attributes:
        one_transaction: The runner wraps the file in a transaction.
        open: A transaction is open, be it the runner's or one that BEGIN opened.
        held: The locks that it holds.
        lock_timeout: A wait for a lock ends by itself.
        waited: A statement of the file has taken a lock that blocks others, with no lock_timeout.
        labels: The labels that the transaction has added to enums, each with the enum's name.
    """

    one_transaction: bool = False
    open: bool = False
    held: dict[Key, Lock] = field(default_factory=dict)
    lock_timeout: bool = False
    waited: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    _local: bool = False

    def __post_init__(self) -> None:
        self.open = self.one_transaction

    def holding(self, least: Lock = Lock.SHARE) -> dict[Key, Lock]:
        """Return the locks that the transaction holds, at least as strong as asked for."""
        return {key: lock for key, lock in self.held.items() if lock >= least}

    @property
    def times_out(self) -> bool:
        """Whether a wait for a lock ends by itself, by a setting of the session or of the transaction."""
        return self.lock_timeout or self._local

    def follow(self, statement: Statement) -> bool:
        """Go on with what begins and ends transactions, and with settings; tell whether it was one of these."""
        if statement.kind == "TransactionStmt":
            self._transaction(str(statement.tree["kind"]).removeprefix("TRANS_STMT_"))
        elif statement.kind == "VariableSetStmt":
            self._setting(statement.tree)
        elif statement.kind == "SelectStmt" and (call := _set_config(statement.tree)):
            self._time_out(call[0], local=call[1])
        else:
            return False
        return True

    def _transaction(self, kind: str) -> None:
        if kind in {"BEGIN", "START"}:
            self.open = True
        elif kind in {"COMMIT", "ROLLBACK", "PREPARE"}:
            self.open = self._local = False
            self.held.clear()
            self.labels.clear()

    def _setting(self, fields: Tree) -> None:
        if fields.get("name") == "lock_timeout":
            value = constant(fields["args"][0]) if fields.get("args") else "0"
            self._time_out(value, local=bool(fields.get("is_local")))
        elif fields.get("kind") == "VAR_RESET_ALL":
            self.lock_timeout = False

    def _time_out(self, value: str, *, local: bool) -> None:
        on = value.strip("'\" ").rstrip("msinhd ") not in {"", "0"}
        if not local:
            self.lock_timeout = on
        elif self.open:
            self._local = on

    def take(self, statement: Statement, effects: Effects) -> None:
        """Go on with a statement: its locks stay to the end of the transaction."""
        if not self.times_out and any(lock >= Lock.SHARE for lock in effects.locks.values()):
            self.waited = True
        if not self.open:
            return
        for key, lock in effects.locks.items():
            self.held[key] = max(lock, self.held.get(key, lock))
        if statement.kind == "AlterEnumStmt" and "oldVal" not in statement.tree:
            self.labels[statement.tree["newVal"]] = ".".join(strings(statement.tree["typeName"]))


def _set_config(fields: Tree) -> tuple[str, bool] | None:
    """Return the value that ``SELECT set_config('lock_timeout', value, local)`` sets, and whether it is local."""
    for target in fields.get("targetList", ()):
        call = target.get("ResTarget", {}).get("val", {}).get("FuncCall", {})
        arguments = call.get("args", ())
        if strings(call.get("funcname"))[-1:] == ("set_config",) and len(arguments) == 3:
            name, value, local = (constant(each) for each in arguments)
            return (value, local == "true") if name == "lock_timeout" else None
    return None

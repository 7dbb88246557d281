"""Code in the database: routines, triggers, policies."""

from __future__ import annotations

from dataclasses import field, fields

from planroom.findings import NOWHERE, Location
from planroom.model.names import ObjectId, qualified
from planroom.sqltext import DataType, Expression
from planroom.values import dataclass

__all__ = ["Argument", "Policy", "Routine", "Trigger"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a routine; mode is ``in``, ``out``, ``inout``, ``variadic`` or ``table``."""

    type: DataType
    name: str = ""
    mode: str = "in"
    default: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Routine:
    """A function, procedure or aggregate: its signature is known, its body is kept verbatim.

    The server rewrites SQL-standard bodies, so whether two of them are the same cannot be told from their texts:
    equality leaves them out.

    Attributes:
        kind: ``function``, ``procedure``, ``aggregate`` or ``window``.
        returns: The result type as SQL writes it after RETURNS (``SETOF text``, ``trigger``); for a TABLE result,
            whose columns are arguments of mode ``table``, and for procedures and aggregates, empty. What OUT arguments
            imply is written out (``record``).
        body: What stands between the quotes; for SQL-standard bodies, the body as written, then ``atomic``.
        options: Settings (SET ...) as the server keeps them (``search_path`` is ``app, "$user"``), ``object_file`` of a
            C function, ``support``, ``transform``; for an aggregate its definition in CREATE AGGREGATE's words without
            what is the default, and ``direct_arguments``, their number, for an ordered set; as sorted pairs.
    """

    schema: str
    name: str
    kind: str = "function"
    arguments: tuple[Argument, ...] = ()
    returns: str = ""
    language: str = "sql"
    body: str = ""
    atomic: bool = False
    volatility: str = "volatile"
    strict: bool = False
    security_definer: bool = False
    leakproof: bool = False
    parallel: str = "unsafe"
    cost: float | None = None
    rows: float | None = None
    options: tuple[tuple[str, str], ...] = ()
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)

    def _identity(self) -> tuple[object, ...]:
        compared = (each.name for each in fields(self) if each.compare)
        return tuple("" if name == "body" and self.atomic else getattr(self, name) for name in compared)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Routine) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    @property
    def signature(self) -> str:
        """The name with its input types, ``sales.total(bigint, text)``: what identifies a routine."""
        inputs = [str(each.type) for each in self.arguments if each.mode in {"in", "inout", "variadic"}]
        return f"{qualified(self.schema, self.name)}({', '.join(inputs)})"

    @property
    def id(self) -> ObjectId:
        """The stable id: the signature."""
        return self.signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A routine that fires on writes.

    Attributes:
        timing: ``before``, ``after`` or ``instead of``.
        events: ``insert``, ``update``, ``delete``, ``truncate``, in that order.
        update_of: The columns of UPDATE OF, in table order.
        function: The qualified name of the function; bare where it is one of PostgreSQL's own.
        arguments: The literal arguments.
        when: The WHEN condition.
        constraint: It is a constraint trigger.
        enabled: ``origin`` (the default), ``disabled``, ``replica`` or ``always``.
    """

    name: str
    timing: str
    events: tuple[str, ...]
    function: str
    update_of: tuple[str, ...] = ()
    for_each_row: bool = False
    when: Expression | None = None
    arguments: tuple[str, ...] = ()
    constraint: bool = False
    referenced_table: ObjectId = ""
    deferrable: bool = False
    initially_deferred: bool = False
    old_table: str = ""
    new_table: str = ""
    enabled: str = "origin"
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which rows a role sees or writes.

    Attributes:
        command: ``all``, ``select``, ``insert``, ``update`` or ``delete``.
        roles: The roles, sorted; ``public`` for everyone.
        using: The condition on existing rows.
        check: The condition on new rows.
    """

    name: str
    command: str = "all"
    permissive: bool = True
    roles: tuple[str, ...] = ("public",)
    using: Expression | None = None
    check: Expression | None = None
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)

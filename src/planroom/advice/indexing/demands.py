"""What a query asks of one table, as far as an index could serve it."""

from __future__ import annotations

from planroom.model import IndexColumn, Table
from planroom.values import dataclass

__all__ = ["Demand", "KeyPart", "Restricted"]


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A column, or an expression on columns, that an index could have.

    Attributes:
        column: As an index has it.
        names: The table's columns in it.
        type: The name of its type, as far as it can be told.
    """

    column: IndexColumn
    names: frozenset[str]
    type: str = ""

    @property
    def bare(self) -> bool:
        """Whether it is a column itself."""
        return self.column.expression is None


@dataclass(frozen=True, slots=True)
class Restricted:
    """A column that a query compares with a constant that stands in its text.

    Attributes:
        form: ``equal``, ``null``, ``not null``, ``true`` or ``false``.
        value: The constant's text, for ``equal``.
        quoted: It is a string.
    """

    name: str
    form: str
    value: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one query asks of one of its tables.

    Attributes:
        query: The query's number.
        table: The table.
        equal: Parts that have one value: ``= constant``, IS NULL.
        among: Parts that have one of several values: IN, = ANY.
        joined: Parts that are compared with columns of other tables.
        ranged: Parts that lie in a range; text that begins with something.
        matched: Text that matches a pattern without a fixed beginning.
        contained: Arrays, documents, ranges: what operators of GIN and GiST ask of them.
        ordered: What the rows are sorted by, as an index would be.
        grouped: What they are grouped by, or made distinct by.
        restricted: What is compared with constants, for partial indexes.
        used: The columns that the query needs of the table; None where it needs all, or that cannot be told.
        limited: Only the first rows of the order are wanted.
        written: The query writes to the table.
    """

    query: int
    table: Table
    equal: tuple[KeyPart, ...] = ()
    among: tuple[KeyPart, ...] = ()
    joined: tuple[KeyPart, ...] = ()
    ranged: tuple[KeyPart, ...] = ()
    matched: tuple[KeyPart, ...] = ()
    contained: tuple[KeyPart, ...] = ()
    ordered: tuple[KeyPart, ...] = ()
    grouped: tuple[KeyPart, ...] = ()
    restricted: tuple[Restricted, ...] = ()
    used: frozenset[str] | None = None
    limited: bool = False
    written: bool = False

    @property
    def asked(self) -> frozenset[str]:
        """The columns and expressions that something is asked of, as an index shows them."""
        roles = (
            self.equal, self.among, self.joined, self.ranged, self.matched, self.contained, self.ordered, self.grouped,
        )  # fmt: skip
        return frozenset(str(part.column) for parts in roles for part in parts)

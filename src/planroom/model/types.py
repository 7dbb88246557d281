"""Types that a schema defines, and sequences."""

from __future__ import annotations

from dataclasses import field

from planroom.findings import NOWHERE, Location
from planroom.model.annotations import UNANNOTATED, Annotations
from planroom.model.names import ObjectId, qualified
from planroom.sqltext import DataType, Expression
from planroom.values import dataclass

__all__ = ["CompositeType", "Domain", "DomainCheck", "Enum", "Field", "RangeType", "Sequence", "SequenceOptions"]


@dataclass(frozen=True, slots=True)
class SequenceOptions:
    """How a sequence counts; None means PostgreSQL's default for its type and direction.

    What was written out and is the default all the same is None too: a ``start`` that is the minimum of a sequence that
    goes up, or the maximum of one that goes down.
    """

    start: int | None = None
    increment: int = 1
    minimum: int | None = None
    maximum: int | None = None
    cache: int = 1
    cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence that no identity column owns.

    Attributes:
        type: ``bigint``, ``integer`` or ``smallint``.
        owned_by: The id of the column that it is dropped with; empty for none.
    """

    schema: str
    name: str
    type: DataType
    options: SequenceOptions = field(default_factory=SequenceOptions)
    owned_by: ObjectId = ""
    unlogged: bool = False
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enumerated type; its labels are ordered."""

    schema: str
    name: str
    labels: tuple[str, ...]
    comment: str = ""
    annotations: Annotations = UNANNOTATED
    origin: Location = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class DomainCheck:
    """A CHECK of a domain; the expression calls the value VALUE."""

    name: str
    expression: Expression
    validated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A type with a narrower range of values.

    Attributes:
        not_null_name: The name of its NOT NULL constraint where it is not ``<domain>_not_null``.
    """

    schema: str
    name: str
    type: DataType
    nullable: bool = True
    not_null_name: str = ""
    default: Expression | None = None
    collation: str = ""
    checks: tuple[DomainCheck, ...] = ()
    comment: str = ""
    annotations: Annotations = UNANNOTATED
    origin: Location = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a composite type."""

    name: str
    type: DataType
    collation: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeType:
    """A row type that no table owns."""

    schema: str
    name: str
    fields: tuple[Field, ...]
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeType:
    """A range over another type.

    Attributes:
        options: What CREATE TYPE ... AS RANGE says beyond the subtype, as sorted pairs: ``canonical``, ``collation``,
            ``multirange_type_name`` (its id), ``subtype_diff``, ``subtype_opclass``; none that is the default.
    """

    schema: str
    name: str
    subtype: DataType
    options: tuple[tuple[str, str], ...] = ()
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)

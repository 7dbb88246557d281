"""Columns and what fills them."""

from __future__ import annotations

from dataclasses import field

from planroom.findings import NOWHERE, Location
from planroom.model.annotations import UNANNOTATED, Annotations
from planroom.model.types import SequenceOptions
from planroom.sqltext import DataType, Expression
from planroom.values import dataclass

__all__ = ["Column", "Generated", "Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """``GENERATED ALWAYS | BY DEFAULT AS IDENTITY``, with its sequence.

    Attributes:
        always: ALWAYS, not BY DEFAULT.
        sequence: The options of the sequence behind it.
        sequence_name: The sequence's name where it is not ``<table>_<column>_seq`` (cut to 63 bytes as the server cuts
            it); else empty.
    """

    always: bool
    sequence: SequenceOptions = field(default_factory=SequenceOptions)
    sequence_name: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """``GENERATED ALWAYS AS (expression)``: stored on disk, or virtual (computed when read)."""

    expression: Expression
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or view.

    Attributes:
        type: The data type, with PostgreSQL's full type names.
        nullable: Whether NULL may be written to it; columns of a primary key are never nullable, nor are those with a
            NOT NULL constraint that is not validated yet.
        not_null_name: The name of its NOT NULL constraint where it is not ``<table>_<column>_not_null`` (cut to 63
            bytes as the server cuts it), whether it was given here or came with the constraint of a parent.
        not_null_inherited: The NOT NULL constraint is not passed on to children when False (NO INHERIT).
        not_null_validated: False for PostgreSQL 18's NOT NULL ... NOT VALID.
        default: The DEFAULT expression; for a serial column, ``nextval`` of the sequence that it owns.
        identity: A partition has that of its root, from whose sequence it draws.
        collation: The collation's name as SQL writes it where it is not the type's own; its schema is left out where
            that is ``pg_catalog`` or ``public``.
        storage: The storage mode (``plain``, ``external``, ``extended``, ``main``) where it is not the type's own.
        compression: ``pglz`` or ``lz4`` where it is set.
        statistics_target: SET STATISTICS where it is set.
        inherited: It comes from an inheritance parent alone; a partition's columns always do.
    """

    name: str
    type: DataType
    nullable: bool = True
    not_null_name: str = ""
    not_null_inherited: bool = True
    not_null_validated: bool = True
    default: Expression | None = None
    identity: Identity | None = None
    generated: Generated | None = None
    collation: str = ""
    storage: str = ""
    compression: str = ""
    statistics_target: int | None = None
    inherited: bool = False
    comment: str = ""
    annotations: Annotations = UNANNOTATED
    origin: Location = field(default=NOWHERE, compare=False)

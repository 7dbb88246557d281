"""Types and sequences as PostgreSQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._postgres.clauses import (
    aligned,
    block,
    comment_on,
    enclosed,
    literal,
    sequence_clauses,
    words,
)
from planroom.model import quote_identifier

if TYPE_CHECKING:
    from planroom.model import CompositeType, Domain, Enum, RangeType, Sequence

__all__ = ["create_composite", "create_domain", "create_enum", "create_range", "create_sequence", "own_sequence"]

_WIDTH = 100


def create_enum(enum: Enum) -> list[str]:
    """Return the statements that make an enumerated type."""
    labels = [literal(label) for label in enum.labels]
    line = f"CREATE TYPE {enum.id} AS ENUM ({', '.join(labels)});"
    long = f"CREATE TYPE {enum.id} AS ENUM {block(labels)};"
    return [line if len(line) <= _WIDTH else long, *comment_on(f"TYPE {enum.id}", enum.comment)]


def create_domain(domain: Domain) -> list[str]:
    """Return the statements that make a domain."""
    not_null = f"CONSTRAINT {quote_identifier(domain.not_null_name)} " if domain.not_null_name else ""
    clauses = [
        f"COLLATE {domain.collation}" if domain.collation else "",
        f"DEFAULT {domain.default.text.strip()}" if domain.default else "",
        "" if domain.nullable else f"{not_null}NOT NULL",
        *(
            f"CONSTRAINT {quote_identifier(c.name)} CHECK {enclosed(c.expression)}"
            for c in domain.checks
            if c.validated
        ),
    ]
    head = f"CREATE DOMAIN {domain.id} AS {domain.type}"
    late = [
        f"ALTER DOMAIN {domain.id} ADD CONSTRAINT {quote_identifier(c.name)} CHECK {enclosed(c.expression)} NOT VALID;"
        for c in domain.checks
        if not c.validated
    ]
    create = "\n    ".join([head, *(clause for clause in clauses if clause)]) + ";"
    return [create, *late, *comment_on(f"DOMAIN {domain.id}", domain.comment)]


def create_composite(composite: CompositeType) -> list[str]:
    """Return the statements that make a composite type."""
    rows = [
        (quote_identifier(each.name), words(str(each.type), f"COLLATE {each.collation}" if each.collation else ""))
        for each in composite.fields
    ]
    comments = [
        statement
        for each in composite.fields
        for statement in comment_on(f"COLUMN {composite.id}.{quote_identifier(each.name)}", each.comment)
    ]
    create = f"CREATE TYPE {composite.id} AS {block(aligned(rows))};"
    return [create, *comment_on(f"TYPE {composite.id}", composite.comment), *comments]


def create_range(range_type: RangeType) -> list[str]:
    """Return the statements that make a range type; its options are SQL text."""
    pairs = [("subtype", str(range_type.subtype)), *range_type.options]
    create = f"CREATE TYPE {range_type.id} AS RANGE ({', '.join(f'{name} = {value}' for name, value in pairs)});"
    return [create, *comment_on(f"TYPE {range_type.id}", range_type.comment)]


def create_sequence(sequence: Sequence) -> list[str]:
    """Return the statements that make a sequence; what owns it comes later (`own_sequence`)."""
    kind = "" if str(sequence.type) == "bigint" else f"AS {sequence.type}"
    head = words("CREATE", "UNLOGGED" if sequence.unlogged else "", "SEQUENCE", sequence.id)
    create = words(head, kind, sequence_clauses(sequence.options))
    return [create + ";", *comment_on(f"SEQUENCE {sequence.id}", sequence.comment)]


def own_sequence(sequence: Sequence) -> str:
    """Return the statement that ties a sequence to its column."""
    return f"ALTER SEQUENCE {sequence.id} OWNED BY {sequence.owned_by};"

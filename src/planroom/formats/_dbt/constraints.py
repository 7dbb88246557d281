"""A table's constraints, from what is claimed of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from planroom.ddl.naming import choose, columns_part, key_name
from planroom.formats._dbt.claims import Claim
from planroom.model import Check, ForeignKey, PrimaryKey, Unique

__all__ = ["Constraints", "constraints_of"]

T = TypeVar("T", Unique, ForeignKey, Check)


@dataclass(frozen=True)
class Constraints:
    """What the database, or a data test, refuses.

    Attributes:
        not_null: The names of the columns that may not be NULL.
        further_primary_keys: Claims to a primary key beyond the first.
    """

    not_null: frozenset[str]
    primary_key: PrimaryKey | None
    further_primary_keys: tuple[Claim, ...]
    unique: tuple[Unique, ...]
    foreign_keys: tuple[ForeignKey, ...]
    checks: tuple[Check, ...]


def constraints_of(table: str, claims: list[Claim]) -> Constraints:
    """Return the constraints that the claims make together; those without a name get PostgreSQL's."""
    kept = _without_repetitions(_with_primary_key(claims))
    named = _named(table, kept)
    primary = [each for each in named if each.kind == "primary_key"]
    return Constraints(
        not_null=frozenset(
            name for claim in kept if claim.kind in {"not_null", "primary_key"} for name in claim.columns
        ),
        primary_key=_primary_key(primary[0]) if primary else None,
        further_primary_keys=tuple(primary[1:]),
        unique=_sorted(_unique(each) for each in named if each.kind == "unique"),
        foreign_keys=_sorted(_foreign_key(each) for each in named if each.kind == "foreign_key"),
        checks=_sorted(_check(each) for each in named if each.kind == "check"),
    )


def _with_primary_key(claims: list[Claim]) -> list[Claim]:
    """Return the claims with a primary key where dbt itself sees one.

    Where no constraint declares one, dbt takes the column that is tested to be unique and not null for it; where there
    is more than one such column, which of them it is cannot be told.
    """
    if any(claim.kind == "primary_key" for claim in claims):
        return claims
    tested = [claim for claim in claims if claim.tested and len(claim.columns) == 1]
    not_null = {claim.columns for claim in tested if claim.kind == "not_null"}
    both = {claim.columns for claim in tested if claim.kind == "unique"} & not_null
    if len(both) != 1:
        return claims
    return [
        replace(claim, kind="primary_key") if claim.kind == "unique" and claim.columns in both else claim
        for claim in claims
    ]


def _without_repetitions(claims: list[Claim]) -> list[Claim]:
    """Return the claims, those by constraints first; one without a name that says nothing new is left out."""
    kept, said = [], set()
    for claim in sorted(claims, key=lambda each: (each.tested, not each.name)):
        what = (claim.columns, claim.target, claim.target_columns, claim.expression)
        if not claim.name and (claim.kind, what) in said:
            continue
        kept.append(claim)
        said |= {(claim.kind, what), *([("unique", what)] if claim.kind == "primary_key" else [])}
    return kept


def _named(table: str, claims: list[Claim]) -> list[Claim]:
    """Return the claims with the names that PostgreSQL would give to those that have none."""
    taken = {claim.name for claim in claims} - {""}
    named = []
    for claim in claims:
        if claim.kind == "not_null":
            continue
        name = claim.name or _default_name(table, claim, taken.__contains__)
        taken.add(name)
        named.append(replace(claim, name=name))
    return named


_LABELS = {"primary_key": "pkey", "unique": "key", "foreign_key": "fkey", "check": "check"}


def _default_name(table: str, claim: Claim, taken: Callable[[str], bool]) -> str:
    label = _LABELS[claim.kind]
    if claim.kind in {"primary_key", "unique"}:
        return key_name(table, claim.columns, label, taken)
    return choose(table, columns_part(claim.columns), label, taken)


def _primary_key(claim: Claim) -> PrimaryKey:
    return PrimaryKey(name=claim.name, columns=claim.columns, origin=claim.location)


def _unique(claim: Claim) -> Unique:
    return Unique(name=claim.name, columns=claim.columns, origin=claim.location)


def _foreign_key(claim: Claim) -> ForeignKey:
    return ForeignKey(
        name=claim.name,
        columns=claim.columns,
        referenced_table=claim.target,
        referenced_columns=claim.target_columns,
        validated=claim.enforced,
        enforced=claim.enforced,
        origin=claim.location,
    )


def _check(claim: Claim) -> Check:
    assert claim.expression is not None  # noqa: S101  (a check has one)
    return Check(
        name=claim.name,
        expression=claim.expression,
        validated=claim.enforced,
        enforced=claim.enforced,
        origin=claim.location,
    )


def _sorted(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(items, key=lambda each: each.name))

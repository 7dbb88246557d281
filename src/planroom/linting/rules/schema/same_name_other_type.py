"""SCH037."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["SameNameOtherType"]

_LEAST, _SHARE = 4, 0.75
_MEAN_MANY_THINGS = frozenset(
    """id value data type status name code key position version count total amount level state kind number size content
    result score config settings metadata options source target order payload details properties params parameters
    value_type weight rank ref reference body text note notes date time start end period duration""".split()
)
"""Names that mean another thing in each table."""


class SameNameOtherType(SchemaRule):
    """A column has another type than the columns of its name in nearly all other tables.

    Comparing the two needs a cast, and one of them holds values that the other cannot. Foreign keys have a rule of
    their own; names that mean another thing in each table do not count.
    """

    code = "SCH037"
    severity = Severity.NOTE
    effect = Effect.BREAKS_QUERIES
    fix = "Give it the type of the others, or a name of its own."
    source = "https://www.postgresql.org/docs/current/typeconv-oper.html"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (sku text); CREATE TABLE b (sku text); CREATE TABLE c (sku varchar(20));"
            "CREATE TABLE d (sku bigint);"
        ),
        (
            "CREATE TABLE a (user_id bigint); CREATE TABLE b (user_id bigint); CREATE TABLE c (user_id bigint);"
            "CREATE TABLE d (user_id int);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (sku text); CREATE TABLE b (sku text); CREATE TABLE c (sku varchar(20));"
            "CREATE TABLE d (sku varchar(10));"
        ),
        (
            "CREATE TABLE a (value text); CREATE TABLE b (value text); CREATE TABLE c (value text);"
            "CREATE TABLE d (value bigint);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns whose type is the rarer one of their name."""
        for name, places in _by_name(design).items():
            kinds = [_kind(design, name, column) for _, column in places]
            usual, count = Counter(kinds).most_common(1)[0]
            if len(places) >= _LEAST and count >= _SHARE * len(places):
                yield from self._odd(name, places, kinds, usual)

    def _odd(
        self, name: str, places: Sequence[tuple[Table, Column]], kinds: Sequence[str], usual: str
    ) -> Iterator[Finding]:
        number = sum(kind == usual for kind in kinds)
        for (table, column), kind in zip(places, kinds, strict=True):
            refers = any(name in key.columns for key in table.foreign_keys)
            if kind != usual and not refers:
                yield self.found_in_column(
                    f"{qualified(table.schema, table.name, name)} is {column.type.short}; in {number} of "
                    f"{len(places)} tables {name} is {usual}",
                    table,
                    column,
                    usual=usual,
                )


def _by_name(design: Design) -> Mapping[str, list[tuple[Table, Column]]]:
    found: dict[str, list[tuple[Table, Column]]] = defaultdict(list)
    for table in design.tables:
        for column in table.columns:
            if column.name.lower() not in _MEAN_MANY_THINGS and not column.inherited and column.type.name != "unknown":
                found[column.name].append((table, column))
    return found


def _kind(design: Design, name: str, column: Column) -> str:
    """Return what two columns have to share: the type of a key, the family of anything else."""
    base = design.types.base(column.type)
    return base.name if name_of(name).mark == "id" and not base.array else design.types.family(column.type)

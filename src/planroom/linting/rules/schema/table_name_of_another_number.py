"""SCH035."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.habits import habit, number_of
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TableNameOfAnotherNumber"]

_PLURALS = "".join(f"CREATE TABLE {name}s (id int PRIMARY KEY);" for name in "cat dog cow pig hen ant bee owl".split())


class TableNameOfAnotherNumber(SchemaRule):
    """Tables are named in the singular where nearly all are in the plural, or the other way round.

    Who has to guess a name guesses by the others. One finding lists them all; words without a plural do not count.
    """

    code = "SCH035"
    severity = Severity.NOTE
    fix = "Name the tables alike."
    source = "https://en.wikipedia.org/wiki/ISO/IEC_11179"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (_PLURALS + "CREATE TABLE horse (id int PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = (
        _PLURALS + "CREATE TABLE horses (id int PRIMARY KEY); CREATE TABLE audit_log (id int PRIMARY KEY);",
        "CREATE TABLE cats (id int PRIMARY KEY); CREATE TABLE dog (id int PRIMARY KEY);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield one finding with the tables whose names are of the rarer number."""
        usual = habit(number_of(table.name) for table in design.tables)
        odd = [table for table in design.tables if usual and number_of(table.name) not in {"", usual}]
        if odd:
            names = tuple(table.id for table in odd)
            these = "these have" if len(odd) > 1 else "this has"
            yield self.found(
                f"nearly all tables have {usual} names; {these} not: {listed(names)}",
                names[0],
                odd[0].origin,
                tables=names,
            )

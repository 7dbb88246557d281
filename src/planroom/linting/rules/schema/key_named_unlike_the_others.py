"""SCH036."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.habits import habit, key_style
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["KeyNamedUnlikeTheOthers"]

_KEYS = "".join(
    f"CREATE TABLE {name} ({name}_id int PRIMARY KEY);" for name in "cat dog cow pig hen ant bee owl".split()
)


class KeyNamedUnlikeTheOthers(SchemaRule):
    """Primary keys are called id where nearly all are called after their table, or the other way round.

    A join is then written by looking each key up. One finding lists them all; keys with names of another kind (code,
    number) do not count.
    """

    code = "SCH036"
    severity = Severity.NOTE
    fix = "Call the keys alike."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-FROM"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (_KEYS + "CREATE TABLE horse (id int PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = (_KEYS + "CREATE TABLE country (code text PRIMARY KEY);",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield one finding with the keys of the rarer kind."""
        styles = {
            table.id: key_style(table.name, table.primary_key.columns[0])
            for table in design.tables
            if table.primary_key and len(table.primary_key.columns) == 1
        }
        usual = habit(styles.values())
        odd = [name for name, style in styles.items() if usual and style not in {"", usual}]
        if odd:
            yield self.found(
                f"nearly all primary keys are called {usual}; {'these are' if len(odd) > 1 else 'this is'} not: "
                f"{listed(odd)}",
                odd[0],
                design.model.tables_by_id[odd[0]].origin,
                tables=tuple(odd),
            )

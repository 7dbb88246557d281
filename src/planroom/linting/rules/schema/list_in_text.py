"""SCH041."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ListInText"]

_LISTS = frozenset("ids uuids keys csv".split())


class ListInText(SchemaRule):
    """A text holds a list of keys.

    No foreign key holds them true, no index finds one of them, and each reader takes the text apart in its own way.
    """

    code = "SCH041"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Make it a table with a row a key and a foreign key; or an array, where the keys are somebody else's."
    source = "https://www.postgresql.org/docs/current/arrays.html"
    unproven = "a matter of design, which no server judges"
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, tag_ids text);",)
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, tag_ids int[], product_keys jsonb, ids_seen boolean);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the texts that are called like several keys."""
        for table in design.tables:
            for column in table.columns:
                words = words_of(column.name)
                if (
                    len(words) > 1
                    and words[-1] in _LISTS
                    and design.types.is_text(column.type)
                    and not column.inherited
                ):
                    yield self.found_in_column(
                        f"{qualified(table.schema, table.name, column.name)} is named like a list of keys, and "
                        f"{column.type.short}",
                        table,
                        column,
                    )

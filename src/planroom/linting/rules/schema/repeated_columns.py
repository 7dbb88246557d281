"""SCH017."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["RepeatedColumns"]

_NUMBERED = re.compile(r"(.*?[^\W\d])_?(\d{1,2})(\D*)")
_LEAST = 3  # two lines of an address are how forms are


class RepeatedColumns(SchemaRule):
    """A list is spread over numbered columns.

    Each question for one of its values has to look into all of them, none of them can be kept unique, and a further
    value has no place.
    """

    code = "SCH017"
    severity = Severity.WARNING
    fix = "Give the list a table of its own, with a row a value; or make it an array."
    source = "https://www.postgresql.org/docs/current/arrays.html#ARRAYS-SEARCHING"
    unproven = "a matter of design, which no server judges"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, addr1 text, addr2 text, addr3 text);",
        "CREATE TABLE t (id int PRIMARY KEY, phone text, phone_2 text, phone_3 text);",
        'CREATE TABLE t (id int PRIMARY KEY, "tag1Id" int, "tag2Id" int, "tag3Id" int);',
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, line1 text, line2 text);",
        "CREATE TABLE t (id int PRIMARY KEY, md5 text, sha1 text, sha256 text, sha512 text);",
        "CREATE TABLE t (id int PRIMARY KEY, p50 real, p90 real, p99 real);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the runs of three or more columns of one type that are numbered from 1, or from 0."""
        for table in design.tables:
            for columns in _runs(table):
                names = ", ".join(column.name for column in columns)
                yield self.found_in_column(
                    f"{table.id} spreads a list over {len(columns)} columns: {names}",
                    table,
                    columns[0],
                    columns=tuple(column.name for column in columns),
                )


def _runs(table: Table) -> Iterator[list[Column]]:
    groups: dict[tuple[str, str, str], dict[int, Column]] = defaultdict(dict)
    for column in table.columns:
        match = _NUMBERED.fullmatch(column.name) if len(column.name) < 100 else None
        if match:
            groups[match[1], match[3], str(column.type)][int(match[2])] = column
    for (stem, ending, kind), numbered in groups.items():
        first = table.columns_by_name.get(stem + ending)
        if first and str(first.type) == kind and 1 not in numbered:
            numbered[1] = first
        numbers = sorted(numbered)
        if len(numbers) >= _LEAST and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 2:
            yield [numbered[number] for number in numbers]

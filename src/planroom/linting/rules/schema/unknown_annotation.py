"""SCH044."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.errors import nearest
from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import Annotations, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding, Location

__all__ = ["UnknownAnnotation"]

_KNOWN = tuple(name for name in Annotations.__dataclass_fields__ if name != "other")


class UnknownAnnotation(SchemaRule):
    """An annotation has a key that nothing reads.

    It is kept as it is written, and what it says has no effect: often a known key is misspelt. Keys of a team's own
    begin with ``x-``.
    """

    code = "SCH044"
    severity = Severity.WARNING
    fix = "Correct the key; one of your own begins with x-."
    source = "https://yaml.org/spec/1.2.2/"
    unproven = "no server sees annotations"
    notes: ClassVar[dict[str, dict[str, object]]] = {
        "t": {"onwer": "team-a"},
        "t.email": {"pi": "email"},
        "u": {"owner": "team-a", "x-cost-centre": "7"},
    }
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, email text);",)
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE u (id int PRIMARY KEY);",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield each unknown key, with the known one that is nearest."""
        for table in design.model.tables_and_views:
            yield from self._keys(table.id, table.annotations, table.origin)
            for column in table.columns:
                subject = qualified(table.schema, table.name, column.name) if column.annotations.other else ""
                yield from self._keys(
                    subject, column.annotations, column.origin if column.origin.line else table.origin
                )

    def _keys(self, subject: str, annotations: Annotations, origin: Location) -> Iterator[Finding]:
        for key, _ in annotations.other:
            if not key.startswith("x-"):
                close = nearest(key, _KNOWN)
                meant = f"; did you mean {close}?" if close else ""
                yield self.found(f"nothing reads the annotation {key!r} of {subject}{meant}", subject, origin, key=key)

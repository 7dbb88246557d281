"""SCH040."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["EntityAttributeValue"]

_ATTRIBUTES = frozenset("attribute attr property prop field key parameter param".split())
_MOST_COLUMNS = 10


class EntityAttributeValue(SchemaRule):
    """A table holds a row for each attribute of a thing: its name, and its value as a text.

    Values have no type, no check and no foreign key, a thing is put together by one join an attribute, and the planner
    cannot tell how many things have two given values.
    """

    code = "SCH040"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Make the common attributes columns, and keep the rare ones in one jsonb column."
    source = "https://www.postgresql.org/docs/current/datatype-json.html"
    unproven = "a matter of design, which no server judges"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE p_attributes (p_id int REFERENCES p, attribute text,"
            " value text, PRIMARY KEY (p_id, attribute));"
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE v ("
            "id int PRIMARY KEY, p_id int REFERENCES p, attribute_id int REFERENCES a, value_text text, value_n int);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE settings (key text PRIMARY KEY, value text);",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE r (p_id int REFERENCES p, at date, value numeric);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the narrow tables with a reference, an attribute and a value."""
        for table in design.tables:
            parts = _parts(design, table) if 3 <= len(table.columns) <= _MOST_COLUMNS else None
            if parts:
                entity, attribute, value = parts
                yield self.found(
                    f"{table.id} holds attributes as rows: {attribute} and {value} for each {entity}",
                    table.id,
                    table.origin,
                    entity=entity,
                    attribute=attribute,
                    value=value,
                )


def _parts(design: Design, table: Table) -> tuple[str, str, str] | None:
    """Return the columns that name the thing, the attribute and the value; None where one is missing."""
    referring = [name for key in table.foreign_keys if len(key.columns) == 1 for name in key.columns]
    words = {column.name: words_of(column.name) for column in table.columns}
    attributes = [name for name, parts in words.items() if _names_attribute(parts)]
    values = [
        column.name
        for column in table.columns
        if "value" in words[column.name] and (design.types.is_text(column.type) or "json" in column.type.name)
    ]
    entities = [name for name in referring if name not in attributes]
    return (entities[0], attributes[0], values[0]) if entities and attributes and values else None


def _names_attribute(words: tuple[str, ...]) -> bool:
    """Whether a name ends in a word for an attribute, perhaps with what marks it as a reference or a name."""
    while len(words) > 1 and words[-1] in {"id", "name", "key", "code"}:
        words = words[:-1]
    return bool(words) and words[-1] in _ATTRIBUTES

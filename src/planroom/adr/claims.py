"""What a record claims, in its front matter: what it affects, which checks hold it up, and when to look again.

::

    affects: [table:orders, column:*.email, container:billing]
    checks:
      - {id: orders-are-partitioned, schema: "partitioned(orders)"}
      - {sql: "select count(*) = 0 from orders where total < 0", on: schemas/shop.sql}
    revisit-by: 2027-06-01
    revisit-when: rows(orders) > 50e6
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.errors import ModelError, PlanroomError, QuantityError
from planroom.model.selection import Selector
from planroom.quantities import parse_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.adr.record import Record
    from planroom.model import Model

__all__ = ["MODEL_KINDS", "CheckClaim", "Trigger", "affected", "checks_of", "matched", "split_selector", "triggers_of"]

MODEL_KINDS = ("table", "view", "column", "schema", "enum", "index", "constraint", "routine", "domain")
"""The kinds of selector that a model answers."""


def split_selector(text: str) -> tuple[str, str]:
    """Return the kind and the pattern of a selector; one without a kind means a table or a column.

    Example:
        >>> split_selector("column:*.email"), split_selector("orders"), split_selector("orders.email")
        (('column', '*.email'), ('table', 'orders'), ('column', 'orders.email'))
    """
    kind, colon, pattern = text.partition(":")
    if colon and re.fullmatch(r"[a-z][a-z-]*", kind):
        return kind, pattern.strip()
    return ("column" if text.count(".") else "table"), text.strip()


def matched(model: Model, text: str) -> tuple[str, ...]:
    """Return the ids of what a selector names in a model, sorted; a column without its kind may also be a table.

    Raises:
        ModelError: It is no selector.
    """
    kind, pattern = split_selector(text)
    found = set(_OF_KIND[kind](model, Selector.parse(pattern)))
    if kind == "column" and ":" not in text:
        found |= set(_OF_KIND["table"](model, Selector.parse(pattern)))
    return tuple(sorted(found))


def _tables(model: Model, selector: Selector) -> list[str]:
    return [each.id for each in model.tables_and_views if selector.matches_table(each)]


def _columns(model: Model, selector: Selector) -> list[str]:
    from planroom.model.selection import select

    tables = {each.id for each in model.tables_and_views}
    return [each for each in select(model, selector.text) if each not in tables]


def _schemas(model: Model, selector: Selector) -> list[str]:
    from fnmatch import fnmatchcase

    names = {each.name for each in model.schemas} | {each.schema for each in model.tables_and_views}
    return [each for each in names if fnmatchcase(each, selector.parts[-1])]


def _named(kind: str) -> Callable[[Model, Selector], list[str]]:
    """Return what finds objects of the model by their own name, with or without their schema."""

    def find(model: Model, selector: Selector) -> list[str]:
        return [each.id for each in getattr(model, kind) if selector.matches_table(each)]

    return find


def _parts(*kinds: str) -> Callable[[Model, Selector], list[str]]:
    """Return what finds parts of tables by their name, with or without their table."""
    from fnmatch import fnmatchcase

    def find(model: Model, selector: Selector) -> list[str]:
        found = []
        for table in model.tables:
            for part in (each for kind in kinds for each in getattr(table, kind)):
                outer = selector.parts[:-1]
                here = not outer or Selector("", outer).matches_table(table)
                if here and fnmatchcase(part.name, selector.parts[-1]):
                    found.append(f"{table.id}.{part.name}")
        return found

    return find


_OF_KIND: Mapping[str, Callable[[Model, Selector], list[str]]] = {
    "table": _tables,
    "view": _tables,
    "column": _columns,
    "schema": _schemas,
    "enum": _named("enums"),
    "domain": _named("domains"),
    "routine": _named("routines"),
    "index": _parts("indexes"),
    "constraint": _parts("keys", "foreign_keys", "checks", "exclusions"),
}


def affected(model: Model, record: Record, changed: frozenset[str]) -> tuple[str, ...]:
    """Return the selectors of a record that name one of the changed objects, or something in it.

    Args:
        model: The design that has the objects, before or after the change.
        record: The record.
        changed: Ids of objects.
    """
    found = []
    for text in record.affects():
        kind, _ = split_selector(text)
        if kind not in MODEL_KINDS:
            continue
        try:
            ids = matched(model, text)
        except ModelError:
            continue
        if any(_touches(each, other) for each in ids for other in changed):
            found.append(text)
    return tuple(found)


def _touches(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


# -- checks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckClaim:
    """One check that a record names.

    Attributes:
        id: Its name within the record.
        kind: What kind of check it is: the key that is neither ``id`` nor an argument.
        subject: What stands behind that key.
        arguments: The other keys.
    """

    id: str
    kind: str
    subject: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


ARGUMENTS = frozenset({"id", "on", "model", "expect", "args", "rows", "dialect", "engine", "system"})


def checks_of(record: Record) -> tuple[CheckClaim, ...]:
    """Return the checks that a record names.

    Raises:
        PlanroomError: One is no mapping with exactly one kind.
    """
    named = record.meta.get("checks")
    if named is None or named == "":
        return ()
    found: list[CheckClaim] = []
    for at, raw in enumerate(named if isinstance(named, list) else [named], 1):
        given = raw if isinstance(raw, dict) else {}
        kinds = [key for key in given if key not in ARGUMENTS]
        if len(kinds) != 1:
            raise PlanroomError(
                f"Check {at} of {record.id} is none.",
                where=record.source,
                why=f"it names {', '.join(map(str, kinds)) or 'no kind of check'}.",
                fix='write one kind and its arguments: {sql: "select ...", on: schemas/shop.sql}.',
            )
        subject = str(given[kinds[0]])
        arguments = {str(key): value for key, value in given.items() if key in ARGUMENTS - {"id"}}
        found.append(CheckClaim(str(given.get("id") or f"{kinds[0]}-{at}"), str(kinds[0]), subject, arguments))
    return tuple(found)


# -- when to look again ------------------------------------------------------------------------------------------------

_TRIGGER = re.compile(r"\s*(rows|columns|tables)\(\s*([^()]*?)\s*\)\s*(>=|<=|==|>|<)\s*(\S+)\s*")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a decision due again: ``rows(orders) > 50e6``, ``columns(orders) > 40``, ``tables() > 200``."""

    text: str
    measure: str
    selector: str
    comparison: str
    limit: float

    def value(self, model: Model, rows: Mapping[str, float]) -> float | None:
        """Return what is measured now; None where nobody knows."""
        tables = _tables(model, Selector.parse(self.selector or "*.*"))
        if self.measure == "tables":
            return float(len(tables))
        if self.measure == "columns":
            return float(sum(len(each.columns) for each in model.tables_and_views if each.id in tables))
        known = [
            rows.get(each, model.tables_by_id[each].annotations.rows) for each in tables if each in model.tables_by_id
        ]
        return None if not known or None in known else float(sum(each for each in known if each is not None))

    def met(self, value: float) -> bool:
        """Whether a value meets it."""
        return _OPERATORS[self.comparison](value, self.limit)


def triggers_of(record: Record) -> tuple[Trigger, ...]:
    """Return what makes a record due again, beside a date.

    Raises:
        PlanroomError: A condition is none.
    """
    given = record.meta.get("revisit-when")
    texts = [] if given is None or given == "" else given if isinstance(given, list) else [given]
    return tuple(_trigger(str(text), record) for text in texts)


def _trigger(text: str, record: Record) -> Trigger:
    found = _TRIGGER.fullmatch(text)
    try:
        limit = float(parse_count(found[4])) if found else None
    except QuantityError:
        limit = None
    if found is None or limit is None:
        raise PlanroomError(
            f"{text!r} says not when to revisit {record.id}.",
            where=record.source,
            fix="write rows(TABLE) > N, columns(TABLE) > N or tables(PATTERN) > N.",
        )
    return Trigger(text, found[1], found[2], found[3], limit)

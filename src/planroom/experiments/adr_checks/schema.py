"""A fact of a design: ``exists(table:orders)``, ``not nullable(orders.total)``, ``type(orders.total) = bigint``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.adr.claims import matched, split_selector
from planroom.adr.evidence import Result
from planroom.errors import PlanroomError, UnknownNameError
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.adr.claims import CheckClaim
    from planroom.model import Column, Model, Table

__all__ = ["Schema"]

_FACT = re.compile(
    r"(?P<no>not\s+)?(?P<name>[a-z_]+)\(\s*(?P<what>[^()]*(?:\([^()]*\)[^()]*)*?)\s*\)(?:\s*=\s*(?P<value>.+))?"
)


class Schema(CheckKind):
    """``{schema: "not nullable(orders.customer_id)", on: schemas/shop.sql}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return f"a fact of a design: {{schema: not nullable(orders.id)}}; there are {', '.join(_FACTS)}"

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return whether all that the selector names has the property; a selector that names nothing has none."""
        found = _FACT.fullmatch(claim.subject.strip())
        if found is None:
            raise PlanroomError(
                f"{claim.subject!r} is no fact of a design.", fix="write a fact such as indexed(orders.customer_id)."
            )
        if found["name"] not in _FACTS:
            raise UnknownNameError.of("fact of a design", found["name"], _FACTS)
        source = str(claim.arguments.get("on") or ground.default)
        if not source:
            raise PlanroomError(
                "The check names no design.", fix="say on: schemas/shop.sql, or model in [tool.planroom.adr]."
            )
        model = ground.read(ground.path(source))
        ids = matched(model, found["what"])
        denied = bool(found["no"])
        if found["name"] == "exists":
            return _verdict(bool(ids) != denied, claim, [] if ids else [found["what"]])
        if not ids:
            return Verdict(Result.FAILS, f"{found['what']} names nothing in the design")
        property_ = _FACTS[found["name"]]
        wrong = [each for each in ids if _holds(property_, model, each, found["value"] or "") == denied]
        return _verdict(not wrong, claim, wrong)


def _verdict(holds: bool, claim: CheckClaim, wrong: list[str]) -> Verdict:
    if holds:
        return Verdict(Result.HOLDS, claim.subject)
    return Verdict(Result.FAILS, f"not so: {claim.subject}" + (f" ({', '.join(wrong[:3])})" if wrong else ""))


def _holds(
    property_: Callable[[Model, Table, Column | None, str], bool], model: Model, identifier: str, value: str
) -> bool:
    """Return whether an object has a property; views and other kinds have none of those of tables."""
    table = model.tables_by_id.get(identifier)
    if table is not None:
        return property_(model, table, None, value)
    owner, _, name = identifier.rpartition(".")
    table = model.tables_by_id.get(owner)
    column = table.columns_by_name.get(name.strip('"').replace('""', '"')) if table is not None else None
    return table is not None and column is not None and property_(model, table, column, value)


def _nullable(_model: Model, _table: Table, column: Column | None, _value: str) -> bool:
    return column is not None and column.nullable


def _typed(_model: Model, _table: Table, column: Column | None, value: str) -> bool:
    return column is not None and str(column.type).replace(" ", "") == value.replace(" ", "")


def _indexed(_model: Model, table: Table, column: Column | None, _value: str) -> bool:
    """Whether an index, or a key, begins with the column."""
    if column is None:
        return bool(table.indexes or table.keys)
    leading = [index.columns[0].column for index in table.indexes if index.columns and index.predicate is None]
    leading += [key.columns[0] for key in table.keys if key.columns]
    return column.name in leading


def _unique(_model: Model, table: Table, column: Column | None, _value: str) -> bool:
    sets = [tuple(key.columns) for key in table.keys]
    sets += [
        tuple(each.column for each in index.columns)
        for index in table.indexes
        if index.unique and index.predicate is None
    ]
    return column is not None and (column.name,) in sets


def _referring(_model: Model, table: Table, column: Column | None, value: str) -> bool:
    """Whether the column is in a foreign key, to the table that is named where one is."""
    wanted = split_selector(value)[1] if value else ""
    return any(
        (column is None or column.name in key.columns)
        and (not wanted or key.referenced_table in {wanted, f"public.{wanted}"})
        for key in table.foreign_keys
    )


def _partitioned(_model: Model, table: Table, _column: Column | None, _value: str) -> bool:
    return table.partitioning is not None


def _keyed(_model: Model, table: Table, _column: Column | None, _value: str) -> bool:
    return table.primary_key is not None


def _secured(_model: Model, table: Table, _column: Column | None, _value: str) -> bool:
    return table.row_security


def _commented(_model: Model, table: Table, column: Column | None, _value: str) -> bool:
    return bool(column.comment if column is not None else table.comment)


def _personal(_model: Model, _table: Table, column: Column | None, _value: str) -> bool:
    return column is not None and bool(column.annotations.pii)


_FACTS: Mapping[str, Callable[[Model, Table, Column | None, str], bool]] = {
    "exists": lambda *_: True,
    "nullable": _nullable,
    "type": _typed,
    "indexed": _indexed,
    "unique": _unique,
    "references": _referring,
    "partitioned": _partitioned,
    "primary_key": _keyed,
    "row_security": _secured,
    "commented": _commented,
    "pii": _personal,
}

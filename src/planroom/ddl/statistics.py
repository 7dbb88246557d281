"""CREATE STATISTICS."""

from __future__ import annotations

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Problem, Skipped
from planroom.ddl.dispatch import folds
from planroom.ddl.naming import choose, columns_part
from planroom.ddl.trees import constant, relation_name, strings
from planroom.model import ExtendedStatistics, Table
from planroom.sqltext import Statement, Tree, expression

__all__ = ["statistics_name"]

_ALL_KINDS = ("dependencies", "mcv", "ndistinct")


@folds("CreateStatsStmt")
def create_statistics(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE STATISTICS."""
    (relation,) = fields["relations"]
    if "RangeVar" not in relation:
        raise Problem("statistics are of one table")
    table = catalog.tables[catalog.table_key(*relation_name(relation["RangeVar"]))]
    types = {column.name: column.type for column in table.columns}
    elements = [node["StatsElem"] for node in fields["exprs"]]
    order = list(table.columns_by_name)
    unknown = [each["name"] for each in elements if each.get("name") and each["name"] not in types]
    if unknown:
        raise Problem(f"{table.id} has no column {unknown[0]!r}", missing=True)
    columns = sorted((each["name"] for each in elements if each.get("name")), key=order.index)
    expressions = tuple(expression(each["expr"], types, catalog) for each in elements if "expr" in each)
    names = strings(fields.get("defnames"))
    if names:
        schema, name = catalog.creation_key(names[-2] if len(names) > 1 else "", names[-1])
    else:
        schema = table.schema
        name = statistics_name(catalog, table, [each.get("name", "expr") for each in elements])
    if any(each.name == name and each.schema == schema for held in catalog.tables.values() for each in held.statistics):
        if fields.get("if_not_exists"):
            raise Skipped("session", f"statistics called {name!r} exist already (IF NOT EXISTS)")
        raise Problem(f"statistics called {name!r} exist already")
    alone = len(expressions) == 1 and not columns
    kinds = () if alone else tuple(sorted(strings(fields.get("stat_types")))) or _ALL_KINDS
    found = ExtendedStatistics(
        schema=schema,
        name=name,
        kinds=kinds,
        columns=tuple(columns),
        expressions=expressions,
        origin=statement.location,
    )
    catalog.put_table(replace(table, statistics=(*table.statistics, found)))


def statistics_name(catalog: Catalog, table: Table, parts: list[str]) -> str:
    """Return the name that PostgreSQL gives to statistics without one: ``orders_a_b_stat``."""
    taken = {each.name for held in catalog.tables.values() for each in held.statistics}
    return choose(table.name, columns_part(parts), "stat", taken.__contains__)


@folds("AlterStatsStmt")
def alter_statistics(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER STATISTICS ... SET STATISTICS."""
    name = strings(fields["defnames"])[-1]
    target = int(constant(fields["stxstattarget"])) if "stxstattarget" in fields else -1
    for table in list(catalog.tables.values()):
        changed = tuple(
            replace(each, target=None if target == -1 else target) if each.name == name else each
            for each in table.statistics
        )
        if changed != table.statistics or any(each.name == name for each in changed):
            catalog.put_table(replace(table, statistics=changed))
            return
    raise Problem(f"there are no statistics called {name!r}", missing=True)

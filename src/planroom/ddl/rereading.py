"""Expressions read again, when a column, a type or a label that they mention has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from planroom.ddl.catalog import Catalog, Key
from planroom.ddl.changing import replace
from planroom.ddl.dependents import change_views, retyped
from planroom.model import IndexColumn, Table, qualified
from planroom.sqltext import DataType, Expression, expression, parse_expression_tree, parse_type

__all__ = ["rename_label", "reread_expressions", "retype", "retype_routines", "retype_rows", "with_expressions"]

Reread = Callable[[Expression, DataType | None], Expression]


def reread_expressions(catalog: Catalog, key: Key) -> None:
    """Canonicalise a table's expressions again: after a change of a column's type they may mean something else."""
    table = catalog.tables[key]
    types = {column.name: column.type for column in table.columns}

    def reread(written: Expression, target: DataType | None) -> Expression:
        return expression(parse_expression_tree(written.text), types, catalog, target=target)

    catalog.put_table(with_expressions(table, reread, lambda part: part))


def with_expressions(table: Table, reread: Reread, part: Callable[[IndexColumn], IndexColumn]) -> Table:
    """Return the table with every expression read again, and every key part changed."""

    def maybe(written: Expression | None) -> Expression | None:
        return reread(written, None) if written else None

    def index_part(column: IndexColumn) -> IndexColumn:
        changed = part(column)
        return replace(changed, expression=maybe(changed.expression)) if changed.expression else changed

    def of_column(column: Any) -> Any:
        if column.generated:
            return replace(
                column, generated=replace(column.generated, expression=reread(column.generated.expression, column.type))
            )
        if column.default:
            return replace(column, default=reread(column.default, column.type))
        return column

    return replace(
        table,
        columns=tuple(of_column(column) for column in table.columns),
        checks=tuple(replace(each, expression=reread(each.expression, None)) for each in table.checks),
        indexes=tuple(
            replace(
                each,
                columns=tuple(index_part(column) for column in each.columns),
                include=tuple(part(IndexColumn(name)).column for name in each.include),
                predicate=maybe(each.predicate),
            )
            for each in table.indexes
        ),
        exclusions=tuple(
            replace(
                each,
                elements=tuple(replace(element, column=index_part(element.column)) for element in each.elements),
                predicate=maybe(each.predicate),
            )
            for each in table.exclusions
        ),
        policies=tuple(replace(each, using=maybe(each.using), check=maybe(each.check)) for each in table.policies),
        triggers=tuple(replace(each, when=maybe(each.when)) for each in table.triggers),
        partitioning=replace(
            table.partitioning, columns=tuple(index_part(column) for column in table.partitioning.columns)
        )
        if table.partitioning
        else None,
    )


def retype(catalog: Catalog, old: Key, new: Key, label: tuple[str, str] | None = None) -> None:
    """Give columns, expressions and views the new name of their type, or the new text of an enum's label."""
    change = retyped(old, new, label)
    for key, table in list(catalog.tables.items()):
        types = {column.name: _named(column.type, old, new) for column in table.columns}
        columns = tuple(replace(column, type=types[column.name]) for column in table.columns)

        def reread(written: Expression, target: DataType | None, types: Mapping[str, DataType] = types) -> Expression:
            changed = change(parse_expression_tree(written.canonical))
            return expression(changed, types, catalog, target=target)

        if columns != table.columns or any(qualified(*old) in str(each) for each in _canonical_forms(table)):
            catalog.tables[key] = with_expressions(replace(table, columns=columns), reread, lambda part: part)
    change_views(catalog, change)
    retype_routines(catalog, old, new)


def retype_rows(catalog: Catalog, old: Key, new: Key) -> None:
    """Give what holds rows of a table or view the new name of their type."""
    types = (column.type for table in catalog.tables.values() for column in table.columns)
    if any((type_.schema, type_.name) == old for type_ in types):
        retype(catalog, old, new)
    else:
        retype_routines(catalog, old, new)


def retype_routines(catalog: Catalog, old: Key, new: Key) -> None:
    """Give the arguments and results of routines the new name of their type."""
    for key, routine in list(catalog.routines.items()):
        arguments = tuple(replace(each, type=_named(each.type, old, new)) for each in routine.arguments)
        moved = replace(routine, arguments=arguments, returns=_renamed_result(catalog, routine.returns, old, new))
        if moved != routine:
            del catalog.routines[key]
            catalog.routines[moved.id] = moved


def _renamed_result(catalog: Catalog, returns: str, old: Key, new: Key) -> str:
    if old[1] not in returns:
        return returns
    bare = returns.removeprefix("SETOF ")
    result = parse_type(bare, catalog)
    renamed = _named(result, old, new) if result else None
    return returns if renamed == result else f"{returns[: -len(bare)]}{renamed}"


def rename_label(catalog: Catalog, key: Key, old: str, new: str) -> None:
    """Give an enum's label its new text wherever a literal of that type has the old one."""
    retype(catalog, key, key, (old, new))


def _named(type_: DataType, old: Key, new: Key) -> DataType:
    return replace(type_, schema=new[0], name=new[1]) if (type_.schema, type_.name) == old else type_


def _canonical_forms(table: Table) -> list[str]:
    """Return the canonical forms of everything in a table that is an expression."""
    found: list[str] = []

    def note(written: Expression, _: DataType | None) -> Expression:
        found.append(written.canonical)
        return written

    with_expressions(table, note, lambda part: part)
    return found

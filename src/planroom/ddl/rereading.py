"""Expressions read again, when a column, a type or a label that they mention has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planroom.changing import changed, each_changed, replace
from planroom.ddl.catalog import Catalog, Key
from planroom.ddl.dependents import change_views, retyped
from planroom.model import Column, Exclusion, Index, IndexColumn, Partitioning, Table, qualified
from planroom.sqltext import DataType, Expression, expression, parse_expression_tree, parse_type

__all__ = [
    "may_mention",
    "rename_label",
    "reread_expressions",
    "retype",
    "retype_routines",
    "retype_rows",
    "with_expressions",
]

Reread = Callable[[Expression, Column | None], Expression]
"""Reads an expression again; with the column, where it is a column's value."""


def reread_expressions(catalog: Catalog, key: Key, name: str) -> None:
    """Canonicalise again what a change of a column's type may give another meaning: what mentions it, and its value."""
    table = catalog.tables[key]
    types = {column.name: column.type for column in table.columns}

    def reread(written: Expression, column: Column | None) -> Expression:
        if not (column and column.name == name) and not may_mention(written, table, name):
            return written
        return expression(parse_expression_tree(written.text), types, catalog, target=column.type if column else None)

    catalog.put_table(with_expressions(table, reread, lambda part: part))


def may_mention(written: Expression, table: Table, column: str) -> bool:
    """Whether an expression may be about a column of its table, or about the whole row; a look at the text tells."""
    text = written.text.lower()
    return any(name.replace('"', '""').lower() in text for name in (column, table.name))


def with_expressions(table: Table, reread: Reread, part: Callable[[IndexColumn], IndexColumn]) -> Table:
    """Return the table with every expression read again, and every key part changed."""

    def maybe(written: Expression | None) -> Expression | None:
        return reread(written, None) if written else None

    def of_part(column: IndexColumn) -> IndexColumn:
        return changed(part(column), expression=maybe(column.expression))

    def of_column(column: Column) -> Column:
        if column.generated:
            value = reread(column.generated.expression, column)
            return changed(column, generated=changed(column.generated, expression=value))
        return changed(column, default=reread(column.default, column)) if column.default else column

    def of_index(index: Index) -> Index:
        include = each_changed(index.include, lambda name: part(IndexColumn(name)).column)
        columns = each_changed(index.columns, of_part)
        return changed(index, columns=columns, include=include, predicate=maybe(index.predicate))

    def of_exclusion(exclusion: Exclusion) -> Exclusion:
        elements = each_changed(exclusion.elements, lambda each: changed(each, column=of_part(each.column)))
        return changed(exclusion, elements=elements, predicate=maybe(exclusion.predicate))

    def of_partitioning(partitioning: Partitioning) -> Partitioning:
        return changed(partitioning, columns=each_changed(partitioning.columns, of_part))

    return changed(
        table,
        columns=each_changed(table.columns, of_column),
        checks=each_changed(table.checks, lambda each: changed(each, expression=reread(each.expression, None))),
        indexes=each_changed(table.indexes, of_index),
        exclusions=each_changed(table.exclusions, of_exclusion),
        policies=each_changed(
            table.policies, lambda each: changed(each, using=maybe(each.using), check=maybe(each.check))
        ),
        triggers=each_changed(table.triggers, lambda each: changed(each, when=maybe(each.when))),
        partitioning=of_partitioning(table.partitioning) if table.partitioning else None,
    )


def retype(catalog: Catalog, old: Key, new: Key, label: tuple[str, str] | None = None) -> None:
    """Give columns, expressions and views the new name of their type, or the new text of an enum's label."""
    change = retyped(old, new, label)
    for key, table in list(catalog.tables.items()):
        types = {column.name: _named(column.type, old, new) for column in table.columns}
        columns = tuple(replace(column, type=types[column.name]) for column in table.columns)

        def reread(written: Expression, column: Column | None, types: Mapping[str, DataType] = types) -> Expression:
            tree = change(parse_expression_tree(written.canonical))
            return expression(tree, types, catalog, target=column.type if column else None)

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

    def note(written: Expression, _: Column | None) -> Expression:
        found.append(written.canonical)
        return written

    with_expressions(table, note, lambda part: part)
    return found

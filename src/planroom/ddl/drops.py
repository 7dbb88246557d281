"""DROP of anything, and of parts of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.dependents import dependencies, uses_column
from planroom.ddl.dispatch import folds
from planroom.ddl.naming import default_name
from planroom.ddl.store import Store
from planroom.ddl.trees import kind_of, strings
from planroom.model import Index, Table, qualified
from planroom.sqltext import Expression, Statement, Tree, mentioned_columns, mentioned_relations

__all__ = ["drop_column", "drop_constraint", "forget_identity", "routine_key"]


@folds("DropStmt")
def drop(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """DROP TABLE, VIEW, INDEX, TYPE, DOMAIN, SEQUENCE, SCHEMA, EXTENSION, FUNCTION, TRIGGER, POLICY ..."""
    kind = str(fields["removeType"]).removeprefix("OBJECT_")
    dropper = _DROPPERS.get(kind)
    if dropper is None:
        raise Skipped("structure", f"the model holds nothing of kind {kind.lower().replace('_', ' ')}")
    cascade = fields.get("behavior") == "DROP_CASCADE"
    waiting = list(fields["objects"])
    together: set[str] = set()
    if kind == "TABLE" and len(waiting) > 1:
        there = {".".join(_names(node)): catalog.find(catalog.tables, *_split(node)) for node in waiting}
        _untie(catalog, [key for key in there.values() if key])
        together = {name for name, key in there.items() if key}  # a partition may go with its table
    while waiting:
        refused: list[tuple[Tree, Problem]] = []
        for node in waiting:
            try:
                found = dropper(catalog, node, cascade)
            except Problem as problem:
                refused.append((node, problem))  # what depends on it may be named after it
                continue
            if not found and (hidden := catalog.obscured(*_split(node))):
                catalog.obscure.discard(hidden)
                continue
            if not found and not fields.get("missing_ok") and ".".join(_names(node)) not in together:
                raise Problem(f"there is no {kind.lower().replace('_', ' ')} {'.'.join(_names(node))}", missing=True)
        if len(refused) == len(waiting):
            raise refused[0][1]
        waiting = [node for node, _ in refused]


def _untie(catalog: Catalog, keys: list[Key]) -> None:
    """Drop the foreign keys between tables that go together."""
    going = {catalog.tables[key].id for key in keys}
    for key in keys:
        table = catalog.tables[key]
        kept = tuple(each for each in table.foreign_keys if each.referenced_table not in going - {table.id})
        if kept != table.foreign_keys:
            for gone in set(table.foreign_keys) - set(kept):
                catalog.forget_constraint(table.schema, gone.name)
            catalog.put_table(replace(table, foreign_keys=kept))


def _names(node: Tree) -> tuple[str, ...]:
    kind, inner = kind_of(node)
    if kind == "List":
        return strings(inner.get("items"))
    if kind == "TypeName":
        return strings(inner.get("names"))
    if kind == "ObjectWithArgs":
        return strings(inner.get("objname"))
    return strings([node])


def _split(node: Tree) -> tuple[str, str]:
    names = _names(node)
    return (names[-2] if len(names) > 1 else ""), names[-1]


# -- tables and their parts ------------------------------------------------------------------------------------------


def _drop_table(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    key = catalog.find(catalog.tables, *_split(node))
    if key is None:
        return False
    _remove_table(catalog, key, cascade=cascade)
    return True


def _remove_table(catalog: Catalog, key: Key, *, cascade: bool, with_parent: bool = False) -> None:
    table = catalog.tables[key]
    going = {table.id} if with_parent else {table.id, *_ids_above(catalog, table)}
    _drop_references(catalog, table, going, cascade=cascade)
    _drop_dependent_views(catalog, key, cascade=cascade)
    for child in catalog.children.get(key, ()):
        if child not in catalog.tables:
            continue  # it was a child of another child as well
        if catalog.tables[child].partition_of or cascade:
            _remove_table(catalog, child, cascade=cascade, with_parent=True)
        else:
            raise Problem(f"{catalog.tables[child].id} inherits from {table.id}")
    if key in catalog.children:
        del catalog.children[key]
    for parent, children in list(catalog.children.items()):
        if key in children:
            catalog.children[parent] = tuple(child for child in children if child != key)
    _forget_table(catalog, table)
    del catalog.tables[key]


def _forget_table(catalog: Catalog, table: Table) -> None:
    """Free the names that a table holds, and drop the sequences that its columns own."""
    for constraint in (*table.keys, *table.foreign_keys, *table.checks, *table.exclusions):
        catalog.forget_constraint(table.schema, constraint.name)
    catalog.put_table(replace(table, columns=tuple(replace(column, nullable=True) for column in table.columns)))
    for name in [name for name, owner in catalog.index_tables.items() if owner == (table.schema, table.name)]:
        del catalog.index_tables[name]
        del catalog.relations[name]
    for column in table.columns:
        if column.identity:
            forget_identity(catalog, table, column.name)
    prefix = f"{table.id}."
    for key, sequence in list(catalog.sequences.items()):
        if sequence.owned_by.startswith(prefix):
            del catalog.sequences[key]
            del catalog.relations[key]
    del catalog.relations[table.schema, table.name]


def forget_identity(catalog: Catalog, table: Table, column: str) -> None:
    """Free the name of an identity column's sequence."""
    identity = table.columns_by_name[column].identity if column in table.columns_by_name else None
    if identity:
        name = identity.sequence_name or default_name(table.name, column, "seq")
        if (table.schema, name) in catalog.relations:
            del catalog.relations[table.schema, name]


def _drop_references(catalog: Catalog, table: Table, going: set[str], *, cascade: bool) -> None:
    """Drop the foreign keys of other tables that refer to a table that goes, or to one that it is a partition of."""
    for other in list(catalog.tables.values()):
        if other.id == table.id or going.isdisjoint(other.references):
            continue
        if not cascade:
            raise Problem(f"{other.id} refers to {table.id}")
        kept = tuple(key for key in other.foreign_keys if key.referenced_table not in going)
        catalog.put_table(replace(other, foreign_keys=kept))


def _ids_above(catalog: Catalog, table: Table) -> Iterator[str]:
    while table.partition_of:
        yield table.partition_of.parent
        schema, _, name = table.partition_of.parent.partition(".")
        if (schema, name) not in catalog.tables:
            return
        table = catalog.tables[schema, name]


def _drop_dependent_views(catalog: Catalog, key: Key, *, cascade: bool) -> None:
    for name, view in list(catalog.views.items()):
        if name in catalog.views and key in dependencies(catalog, view):
            if not cascade:
                raise Problem(f"the view {view.id} depends on {qualified(*key)}")
            _remove_view(catalog, name, cascade=True)


def drop_column(catalog: Catalog, key: Key, name: str, *, cascade: bool) -> None:
    """Drop a column with the indexes and constraints that it is part of."""
    table = catalog.tables[key]
    if name not in table.columns_by_name:
        raise Problem(f"{table.id} has no column {name!r}", missing=True)
    for view_key, view in list(catalog.views.items()) if cascade else ():
        if view_key in catalog.views and uses_column(view, key, name):
            _remove_view(catalog, view_key, cascade=True)
    for generated in _generated_from(table, name):
        if not cascade:
            raise Problem(f"the column {generated} of {table.id} is generated from {name!r}")
        drop_column(catalog, key, generated, cascade=True)
    table = catalog.tables[key]
    forget_identity(catalog, table, name)
    for constraint in (*table.keys, *table.foreign_keys):
        if name in constraint.columns or name in getattr(constraint, "include", ()):
            drop_constraint(catalog, key, constraint.name, cascade=cascade)
    table = catalog.tables[key]
    for check in table.checks:
        if name in mentioned_columns(check.expression.text):
            drop_constraint(catalog, key, check.name, cascade=cascade)
    for exclusion in table.exclusions:
        if any(name in _index_columns(element.column.column, element.column.expression) for element in
               exclusion.elements):  # fmt: skip
            drop_constraint(catalog, key, exclusion.name, cascade=cascade)
    table = catalog.tables[key]
    for index in table.indexes:
        if _uses(index, name):
            _remove_index(catalog, key, index.name)
    table = catalog.tables[key]
    kept = tuple(column for column in table.columns if column.name != name)
    statistics = tuple(each for each in table.statistics if name not in each.columns)
    catalog.put_table(replace(table, columns=kept, statistics=statistics))
    owned = qualified(*key, name)
    for sequence_key, sequence in list(catalog.sequences.items()):
        if sequence.owned_by == owned:
            del catalog.sequences[sequence_key]
            del catalog.relations[sequence_key]


def _generated_from(table: Table, name: str) -> tuple[str, ...]:
    """Return the generated columns whose expression mentions a column; they cannot mention each other."""
    return tuple(
        column.name
        for column in table.columns
        if column.generated and name in mentioned_columns(column.generated.expression.text)
    )


def _index_columns(column: str, expression: Expression | None) -> set[str]:
    return {column} if column else set(mentioned_columns(expression.text)) if expression else set()


def _uses(index: Index, name: str) -> bool:
    parts = (_index_columns(part.column, part.expression) for part in index.columns)
    predicate = mentioned_columns(index.predicate.text) if index.predicate else ()
    return name in index.include or name in predicate or any(name in part for part in parts)


def drop_constraint(catalog: Catalog, key: Key, name: str, *, cascade: bool) -> bool:
    """Drop a constraint of any kind; return whether there was one."""
    table = catalog.tables[key]
    keys = [each for each in table.keys if each.name == name]
    if keys:
        _drop_key_references(catalog, table, keys[0].columns, cascade=cascade)
        table = catalog.tables[key]
        for child in catalog.children.get(key, ()):
            for derived in catalog.tables[child].keys:
                if derived.parent == name:
                    drop_constraint(catalog, child, derived.name, cascade=cascade)
    not_null = [
        column
        for column in table.columns
        if not column.nullable and (column.not_null_name or default_name(table.name, column.name, "not_null")) == name
    ]
    changed = replace(
        table,
        primary_key=None if table.primary_key and table.primary_key.name == name else table.primary_key,
        unique_constraints=tuple(each for each in table.unique_constraints if each.name != name),
        foreign_keys=tuple(each for each in table.foreign_keys if each.name != name),
        checks=tuple(each for each in table.checks if each.name != name),
        exclusions=tuple(each for each in table.exclusions if each.name != name),
        columns=tuple(
            replace(column, nullable=True, not_null_name="") if column in not_null else column
            for column in table.columns
        ),
    )
    if changed == table:
        return False
    catalog.put_table(changed)
    if not not_null:
        catalog.forget_constraint(table.schema, name)
    if (table.schema, name) in catalog.index_tables and not any(index.name == name for index in table.indexes):
        del catalog.index_tables[table.schema, name]
        del catalog.relations[table.schema, name]
    return True


def _drop_key_references(catalog: Catalog, table: Table, columns: tuple[str, ...], *, cascade: bool) -> None:
    for other in list(catalog.tables.values()):
        users = [
            each for each in other.foreign_keys
            if each.referenced_table == table.id and set(each.referenced_columns) == set(columns)
        ]  # fmt: skip
        if users and not cascade:
            raise Problem(f"the foreign key {users[0].name} of {other.id} needs this key of {table.id}")
        if users:
            catalog.put_table(
                replace(other, foreign_keys=tuple(each for each in other.foreign_keys if each not in users))
            )


def _drop_index(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    key = catalog.find(catalog.index_tables, *_split(node))
    if key is None:
        return False
    owner = catalog.index_tables[key]
    if owner in catalog.tables and key[1] in {each.name for each in catalog.tables[owner].keys}:
        raise Problem(f"the constraint {key[1]} of {qualified(*owner)} needs this index")
    _remove_index(catalog, owner, key[1])
    return True


def _remove_index(catalog: Catalog, owner: Key, name: str) -> None:
    if owner in catalog.views:
        view = catalog.views[owner]
        catalog.views[owner] = replace(view, indexes=tuple(each for each in view.indexes if each.name != name))
    else:
        table = catalog.tables[owner]
        catalog.put_table(replace(table, indexes=tuple(each for each in table.indexes if each.name != name)))
        for child in catalog.children.get(owner, ()):
            for derived in catalog.tables[child].indexes:
                if derived.parent == name:
                    _remove_index(catalog, child, derived.name)
    del catalog.index_tables[owner[0], name]
    del catalog.relations[owner[0], name]


def _drop_trigger(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    *relation, name = _names(node)
    schema, table_name = (relation[-2] if len(relation) > 1 else ""), relation[-1]
    view = catalog.find(catalog.views, schema, table_name)
    if view:
        held = catalog.views[view]
        kept = tuple(each for each in held.triggers if each.name != name)
        catalog.views[view] = replace(held, triggers=kept)
        return kept != held.triggers
    key = catalog.find(catalog.tables, schema, table_name)
    if key is None:
        return False
    table = catalog.tables[key]
    left = tuple(each for each in table.triggers if each.name != name)
    catalog.put_table(replace(table, triggers=left))
    return left != table.triggers


def _drop_policy(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    *relation, name = _names(node)
    key = catalog.find(catalog.tables, relation[-2] if len(relation) > 1 else "", relation[-1])
    if key is None:
        return False
    table = catalog.tables[key]
    left = tuple(each for each in table.policies if each.name != name)
    catalog.put_table(replace(table, policies=left))
    return left != table.policies


def _drop_statistics(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    schema, name = _split(node)
    for key, table in list(catalog.tables.items()):
        left = tuple(each for each in table.statistics if each.name != name or schema not in {"", each.schema})
        if left != table.statistics:
            catalog.put_table(replace(catalog.tables[key], statistics=left))
            return True
    return False


# -- views, types, sequences, routines -------------------------------------------------------------------------------


def _drop_view(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    key = catalog.find(catalog.views, *_split(node))
    if key:
        _remove_view(catalog, key, cascade=cascade)
    return key is not None


def _remove_view(catalog: Catalog, key: Key, *, cascade: bool) -> None:
    for index in catalog.views[key].indexes:
        del catalog.index_tables[key[0], index.name]
        del catalog.relations[key[0], index.name]
    view = catalog.views[key]
    del catalog.views[key]
    del catalog.relations[key]
    for name, other in list(catalog.views.items()):
        if name in catalog.views and key in mentioned_relations(other.query.canonical):
            if not cascade:
                raise Problem(f"the view {other.id} depends on {view.id}")
            _remove_view(catalog, name, cascade=True)


def _drop_type(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    for store in (catalog.enums, catalog.domains, catalog.composite_types, catalog.range_types):
        key = catalog.find(store, *_split(node))
        if key:
            _refuse_if_used(catalog, key, cascade)
            del store[key]
            return True
    return False


def _refuse_if_used(catalog: Catalog, key: Key, cascade: bool) -> None:
    for table_key, table in list(catalog.tables.items()):
        for column in table.columns:
            if (column.type.schema, column.type.name) == key:
                if not cascade:
                    raise Problem(f"{table.id}.{column.name} is of type {qualified(*key)}")
                drop_column(catalog, table_key, column.name, cascade=True)


def _drop_sequence(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    key = catalog.find(catalog.sequences, *_split(node))
    if key:
        del catalog.sequences[key]
        del catalog.relations[key]
    return key is not None


def routine_key(catalog: Catalog, node: Tree) -> str | None:
    """Return the key of the routine that an ObjectWithArgs names; its types may be left out when it is the only one."""
    from planroom.sqltext import data_type

    fields = node.get("ObjectWithArgs", node)
    names = strings(fields.get("objname"))
    schema, name = (names[-2] if len(names) > 1 else ""), names[-1]
    schemas = (schema,) if schema else catalog.search_path
    found = [key for key, each in catalog.routines.items() if each.name == name and each.schema in schemas]
    if fields.get("args_unspecified"):
        return found[0] if len(found) == 1 else None
    types = ", ".join(str(data_type(each["TypeName"], catalog)) for each in fields.get("objargs", ()) if each)
    wanted = {f"{qualified(each, name)}({types})" for each in schemas}
    return next((key for key in found if key in wanted), None)


def _drop_routine(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    key = routine_key(catalog, node)
    if key is None:
        return False
    routine = catalog.routines[key]
    del catalog.routines[key]
    left = catalog.routine_names[routine.schema, routine.name] - 1
    if left:
        catalog.routine_names[routine.schema, routine.name] = left
    else:
        del catalog.routine_names[routine.schema, routine.name]
    return True


def _drop_schema(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    name = _names(node)[-1]
    if name not in catalog.schemas:
        return False
    if not cascade and any(key[0] == name for key in catalog.relations):
        raise Problem(f"the schema {name} is not empty")
    for key in [key for key in catalog.tables if key[0] == name]:
        if key in catalog.tables:
            _remove_table(catalog, key, cascade=True)
    for key in [key for key in catalog.views if key[0] == name]:
        if key in catalog.views:
            _remove_view(catalog, key, cascade=True)
    for store in _schema_stores(catalog):
        for key in [key for key in store if key[0] == name]:
            del store[key]
    for signature in [signature for signature, each in catalog.routines.items() if each.schema == name]:
        del catalog.routines[signature]
    del catalog.schemas[name]
    return True


def _schema_stores(catalog: Catalog) -> tuple[Store[Key, Any], ...]:
    """Return everything that is kept by schema and name, tables and views aside."""
    names = (catalog.routine_names, catalog.relations, catalog.index_tables)
    return *catalog.type_stores, catalog.sequences, *names


def _drop_extension(catalog: Catalog, node: Tree, cascade: bool) -> bool:
    name = _names(node)[-1]
    if name not in catalog.extensions:
        return False
    del catalog.extensions[name]
    return True


_DROPPERS: dict[str, Callable[[Catalog, Tree, bool], bool]] = {
    "TABLE": _drop_table,
    "FOREIGN_TABLE": _drop_table,
    "VIEW": _drop_view,
    "MATVIEW": _drop_view,
    "INDEX": _drop_index,
    "TYPE": _drop_type,
    "DOMAIN": _drop_type,
    "SEQUENCE": _drop_sequence,
    "FUNCTION": _drop_routine,
    "PROCEDURE": _drop_routine,
    "ROUTINE": _drop_routine,
    "AGGREGATE": _drop_routine,
    "TRIGGER": _drop_trigger,
    "POLICY": _drop_policy,
    "SCHEMA": _drop_schema,
    "EXTENSION": _drop_extension,
    "STATISTIC_EXT": _drop_statistics,
}

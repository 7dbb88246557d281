"""RENAME and SET SCHEMA; and expressions read again when what they mention has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from planroom.changing import changed, each_changed, replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.dependents import rename_view_columns, rename_view_relations
from planroom.ddl.dispatch import folds
from planroom.ddl.drops import routine_key
from planroom.ddl.naming import default_name
from planroom.ddl.rereading import may_mention, retype, retype_rows, with_expressions
from planroom.ddl.store import Store
from planroom.ddl.tablespaces import rename_tablespace
from planroom.ddl.trees import relation_name, strings
from planroom.model import Column, ForeignKey, IndexColumn, PrimaryKey, Table, Unique, View, qualified
from planroom.sqltext import (
    Expression,
    Statement,
    Tree,
    expression,
    parse_expression_tree,
    rename_column,
)

__all__: list[str] = []


@folds("RenameStmt")
def rename(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER ... RENAME."""
    kind = str(fields["renameType"]).removeprefix("OBJECT_")
    renamer = _RENAMERS.get(kind)
    if renamer is None:
        raise Skipped("structure", f"the model holds nothing of kind {kind.lower().replace('_', ' ')}")
    _skip_the_missing(catalog, fields)
    renamer(catalog, fields)


def _skip_the_missing(catalog: Catalog, fields: Tree) -> None:
    if not fields.get("missing_ok") or "relation" not in fields:
        return
    schema, name = relation_name(fields["relation"])
    if catalog.find(catalog.relations, schema, name) is None:
        raise Skipped("session", f"there is no {qualified(schema, name)} (IF EXISTS)")


# -- columns ---------------------------------------------------------------------------------------------------------


def _rename_column(catalog: Catalog, fields: Tree) -> None:
    schema, name = relation_name(fields["relation"])
    old, new = fields["subname"], fields["newname"]
    view = catalog.find(catalog.views, schema, name)
    if view and catalog.find(catalog.tables, schema, name) is None:
        held = catalog.views[view]
        columns = tuple(replace(each, name=new) if each.name == old else each for each in held.columns)
        catalog.views[view] = replace(held, columns=columns)
        return
    key = catalog.table_key(schema, name)
    for each in (key, *catalog.descendants(key)):
        _rename_in_table(catalog, each, old, new)
    target = catalog.tables[key].id
    for table in [each for each in catalog.tables.values() if target in each.references]:
        _rename_references(catalog, table, target, old, new)
    rename_view_columns(catalog, key, old, new)


def _rename_in_table(catalog: Catalog, key: Key, old: str, new: str) -> None:
    table = catalog.tables[key]
    if old not in table.columns_by_name:
        raise Problem(f"{table.id} has no column {old!r}", missing=True)
    if new in table.columns_by_name:
        raise Problem(f"{table.id} has a column {new!r} already")

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([new if name == old else name for name in names]) if old in names else names

    def of_key(key: PrimaryKey | Unique) -> Any:
        return changed(key, columns=renamed(key.columns), include=renamed(key.include))

    def of_reference(key: ForeignKey) -> ForeignKey:
        return changed(key, columns=renamed(key.columns), on_delete_columns=renamed(key.on_delete_columns))

    table = changed(
        table,
        columns=each_changed(table.columns, lambda column: _renamed_column(table, column, old, new)),
        primary_key=of_key(table.primary_key) if table.primary_key else None,
        unique_constraints=each_changed(table.unique_constraints, of_key),
        foreign_keys=each_changed(table.foreign_keys, of_reference),
        statistics=each_changed(table.statistics, lambda each: changed(each, columns=renamed(each.columns))),
        triggers=each_changed(table.triggers, lambda each: changed(each, update_of=renamed(each.update_of))),
    )
    types = {column.name: column.type for column in table.columns}

    def reread(written: Expression, column: Column | None) -> Expression:
        if not may_mention(written, table, old):
            return written
        tree = rename_column(parse_expression_tree(written.text), old, new, of=table.name)
        return expression(tree, types, catalog, target=column.type if column else None)

    def part(column: IndexColumn) -> IndexColumn:
        return replace(column, column=new) if column.column == old else column

    catalog.put_table(with_expressions(table, reread, part))
    owner = qualified(*key, old)
    for sequence_key, sequence in list(catalog.sequences.items()):
        if sequence.owned_by == owner:
            catalog.sequences[sequence_key] = replace(sequence, owned_by=qualified(*key, new))


def _renamed_column(table: Table, column: Any, old: str, new: str) -> Any:
    """Return the column under its new name; its NOT NULL constraint and its sequence keep the names they had."""
    if column.name != old:
        return column
    changes: dict[str, Any] = {"name": new}
    if not column.nullable and not column.not_null_name:
        changes["not_null_name"] = default_name(table.name, old, "not_null")
    if column.identity and not column.identity.sequence_name:
        changes["identity"] = replace(column.identity, sequence_name=default_name(table.name, old, "seq"))
    return replace(column, **changes)


def _rename_references(catalog: Catalog, table: Table, target: str, old: str, new: str) -> None:
    keys = tuple(
        replace(key, referenced_columns=tuple(new if name == old else name for name in key.referenced_columns))
        if key.referenced_table == target
        else key
        for key in table.foreign_keys
    )
    catalog.put_table(replace(table, foreign_keys=keys))


# -- relations -------------------------------------------------------------------------------------------------------


def _rename_relation(catalog: Catalog, fields: Tree) -> None:
    schema, name = relation_name(fields["relation"])
    for store in (catalog.tables, catalog.views, catalog.sequences):
        key = catalog.find(store, schema, name)
        if key:
            _move(catalog, store, key, (key[0], fields["newname"]))
            return
    if catalog.find(catalog.index_tables, schema, name):
        _rename_index(catalog, fields)
        return
    if hidden := catalog.obscured(schema, name):
        _move_obscure(catalog, hidden, (hidden[0], fields["newname"]))
    if not fields.get("missing_ok"):
        raise catalog.missing("relation", schema, name)


def _move_obscure(catalog: Catalog, old: Key, new: Key) -> None:
    """Give another name to what is there and not known.

    Raises:
        Skipped: Always: it changes nothing that the model holds.
    """
    catalog.obscure.discard(old)
    catalog.obscure.add(new)
    raise Skipped("structure", f"the columns of {qualified(*new)} are not known")


@folds("AlterObjectSchemaStmt")
def set_schema(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER ... SET SCHEMA."""
    kind = str(fields["objectType"]).removeprefix("OBJECT_")
    new = fields["newschema"]
    _skip_the_missing(catalog, fields)
    if "relation" in fields:
        schema, name = relation_name(fields["relation"])
        stores: tuple[Any, ...] = (catalog.tables, catalog.views, catalog.sequences)
    elif kind in {"TYPE", "DOMAIN"}:
        names = strings(fields["object"].get("List", fields["object"].get("TypeName", {})).get("items") or
                        fields["object"].get("TypeName", {}).get("names"))  # fmt: skip
        schema, name = (names[-2] if len(names) > 1 else ""), names[-1]
        stores = (catalog.enums, catalog.domains, catalog.composite_types, catalog.range_types)
    else:
        raise Skipped("structure", f"SET SCHEMA of a {kind.lower()} has no place in the model")
    for store in stores:
        key = catalog.find(store, schema, name)
        if key:
            catalog.creation_key(new, name)
            _move(catalog, store, key, (new, key[1]))
            return
    if hidden := catalog.obscured(schema, name):
        _move_obscure(catalog, hidden, (new, name))
    raise catalog.missing(kind.lower(), schema, name)


def _move(catalog: Catalog, store: Any, old: Key, new: Key) -> None:
    """Give an object another name or schema, and tell everything that refers to it."""
    if new in catalog.relations and old in catalog.relations:
        raise Problem(f"a relation called {qualified(*new)} exists already")
    held = store[old]
    del store[old]
    store[new] = replace(held, schema=new[0], name=new[1])
    if old in catalog.relations:
        catalog.relations[new] = catalog.relations[old]
        del catalog.relations[old]
    if store is catalog.tables:
        _move_table(catalog, held, old, new)
    if store in (catalog.tables, catalog.views):
        rename_view_relations(catalog, old, new)
        retype_rows(catalog, old, new)
    if store is catalog.sequences:
        _rewrite_defaults(catalog, old, new)
    if store in (catalog.enums, catalog.domains, catalog.composite_types, catalog.range_types):
        retype(catalog, old, new)
        _retype_typed_tables(catalog, qualified(*old), qualified(*new))


def _retype_typed_tables(catalog: Catalog, old: str, new: str) -> None:
    for key, table in list(catalog.tables.items()):
        if table.of_type == old:
            catalog.tables[key] = replace(table, of_type=new)


def _move_table(catalog: Catalog, held: Table, old: Key, new: Key) -> None:
    old_id, new_id = qualified(*old), qualified(*new)
    columns = tuple(_renamed_table_column(held, column, old[1] != new[1]) for column in held.columns)
    catalog.tables[new] = replace(catalog.tables[new], columns=columns)
    for name, owner in list(catalog.index_tables.items()):
        if owner == old:
            del catalog.index_tables[name]
            catalog.index_tables[new[0], name[1]] = new
            if new[0] != name[0]:
                del catalog.relations[name]
                catalog.relations[new[0], name[1]] = "index"
    for parent, children in list(catalog.children.items()):
        if old in children:
            catalog.children[parent] = tuple(new if child == old else child for child in children)
    if old in catalog.children:
        catalog.children[new] = catalog.children[old]
        del catalog.children[old]
    for key, table in list(catalog.tables.items()):
        changed = _pointing_elsewhere(table, old_id, new_id)
        if changed is not table:
            catalog.tables[key] = changed
    for key, sequence in list(catalog.sequences.items()):
        if sequence.owned_by.startswith(f"{old_id}."):
            catalog.sequences[key] = replace(sequence, owned_by=new_id + sequence.owned_by[len(old_id) :])
            if new[0] != key[0]:
                _move(catalog, catalog.sequences, key, (new[0], key[1]))


def _renamed_table_column(table: Table, column: Any, renamed: bool) -> Any:
    """Return a column of a table that changes its name: constraints and sequences keep the names they had."""
    if not renamed:
        return column
    changes: dict[str, Any] = {}
    if not column.nullable and not column.not_null_name:
        changes["not_null_name"] = default_name(table.name, column.name, "not_null")
    if column.identity and not column.identity.sequence_name:
        changes["identity"] = replace(column.identity, sequence_name=default_name(table.name, column.name, "seq"))
    return replace(column, **changes) if changes else column


def _pointing_elsewhere(table: Table, old: str, new: str) -> Table:
    """Return the table with its references to a table that has moved brought up to date."""
    if old in table.references:
        keys = tuple(
            replace(key, referenced_table=new) if key.referenced_table == old else key for key in table.foreign_keys
        )
        table = replace(table, foreign_keys=keys)
    if table.partition_of and table.partition_of.parent == old:
        table = replace(table, partition_of=replace(table.partition_of, parent=new))
    if old in table.inherits:
        table = replace(table, inherits=tuple(new if parent == old else parent for parent in table.inherits))
    return table


def _rewrite_defaults(catalog: Catalog, old: Key, new: Key) -> None:
    """Write a sequence's new name into the defaults that draw from it."""
    before, after = qualified(*old), qualified(*new)
    for key, table in list(catalog.tables.items()):
        for column in table.columns:
            if column.default and f"'{before}'" in column.default.text:
                text = column.default.text.replace(f"'{before}'", f"'{after}'")
                default = expression(parse_expression_tree(text), {}, catalog, target=column.type)
                columns = tuple(
                    replace(each, default=default) if each.name == column.name else each for each in table.columns
                )
                table = replace(table, columns=columns)
                catalog.tables[key] = table


# -- parts -----------------------------------------------------------------------------------------------------------


def _rename_index(catalog: Catalog, fields: Tree) -> None:
    owner, key = catalog.indexed(*relation_name(fields["relation"]))
    new = fields["newname"]
    if not catalog.relation_is_free(key[0], new):
        raise Problem(f"a relation called {qualified(key[0], new)} exists already")
    _rename_index_names(catalog, key, new)

    def renamed(each: Any) -> Any:
        return replace(each, name=new) if each.name == key[1] else each

    indexes = tuple(renamed(each) for each in owner.indexes)
    if isinstance(owner, View):
        catalog.views[owner.schema, owner.name] = replace(owner, indexes=indexes)
        return
    owner = replace(
        owner,
        indexes=indexes,
        clustered_on=new if owner.clustered_on == key[1] else owner.clustered_on,
        replica_identity=new if owner.replica_identity == key[1] else owner.replica_identity,
    )
    catalog.put_table(_with_renamed_keys(owner, renamed))
    _rename_parents(catalog, owner, key[1], new)


def _rename_index_names(catalog: Catalog, key: Key, new: str) -> None:
    stores: tuple[Store[Key, Any], ...] = (catalog.index_tables, catalog.relations)
    for store in stores:
        store[key[0], new] = store[key]
        del store[key]


def _with_renamed_keys(table: Table, renamed: Callable[[Any], Any]) -> Table:
    return replace(
        table,
        primary_key=renamed(table.primary_key) if table.primary_key else None,
        unique_constraints=tuple(renamed(each) for each in table.unique_constraints),
        exclusions=tuple(renamed(each) for each in table.exclusions),
    )


def _rename_parents(catalog: Catalog, owner: Table, old: str, new: str) -> None:
    """Tell the partitions' indexes and keys the new name of their parent's."""

    def renamed(each: Any) -> Any:
        return replace(each, parent=new) if each and each.parent == old else each

    for child in catalog.children.get((owner.schema, owner.name), ()):
        table = catalog.tables[child]
        indexes = tuple(renamed(each) for each in table.indexes)
        catalog.put_table(_with_renamed_keys(replace(table, indexes=indexes), renamed))


def _rename_constraint(catalog: Catalog, fields: Tree) -> None:
    key = catalog.table_key(*relation_name(fields["relation"]))
    table, old, new = catalog.tables[key], fields["subname"], fields["newname"]
    if old in {each.name for each in (*table.keys, *table.exclusions)}:
        _rename_index(catalog, {"relation": {"schemaname": key[0], "relname": old}, "newname": new})
    else:

        def renamed(each: Any) -> Any:
            return replace(each, name=new) if each.name == old else each

        def not_null(column: Any) -> Any:
            name = column.not_null_name or default_name(table.name, column.name, "not_null")
            return replace(column, not_null_name=new) if not column.nullable and name == old else column

        changed = replace(
            table,
            foreign_keys=tuple(renamed(each) for each in table.foreign_keys),
            checks=tuple(renamed(each) for each in table.checks),
            columns=tuple(not_null(column) for column in table.columns),
        )
        if changed == table:
            raise Problem(f"{table.id} has no constraint {old!r}", missing=True)
        catalog.put_table(changed)
    catalog.forget_constraint(key[0], old)
    catalog.note_constraint(key[0], new)


def _rename_part(field: str) -> Callable[[Catalog, Tree], None]:
    """Return what renames a part of a table: a trigger, a policy."""

    def renamer(catalog: Catalog, fields: Tree) -> None:
        key = catalog.table_key(*relation_name(fields["relation"]))
        table = catalog.tables[key]
        parts = tuple(
            replace(each, name=fields["newname"]) if each.name == fields["subname"] else each
            for each in getattr(table, field)
        )
        if parts == getattr(table, field):
            raise Problem(f"{table.id} has no {field[:-1]} {fields['subname']!r}", missing=True)
        changes: dict[str, Any] = {field: parts}
        catalog.put_table(replace(table, **changes))

    return renamer


def _rename_type(catalog: Catalog, fields: Tree) -> None:
    node = fields.get("object", {})
    names = strings(node.get("List", {}).get("items") or node.get("TypeName", {}).get("names"))
    schema, name = (names[-2] if len(names) > 1 else ""), names[-1]
    for store in (catalog.enums, catalog.domains, catalog.composite_types, catalog.range_types):
        key = catalog.find(store, schema, name)
        if key:
            _move(catalog, store, key, (key[0], fields["newname"]))
            return
    raise Problem(f"there is no type {qualified(schema, name)}", missing=True)


def _rename_attribute(catalog: Catalog, fields: Tree) -> None:
    key = catalog.find(catalog.composite_types, *relation_name(fields["relation"]))
    if key is None:
        raise Problem(f"there is no composite type {qualified(*relation_name(fields['relation']))}", missing=True)
    composite = catalog.composite_types[key]
    members = tuple(
        replace(each, name=fields["newname"]) if each.name == fields["subname"] else each for each in composite.fields
    )
    catalog.composite_types[key] = replace(composite, fields=members)


def _rename_domain_constraint(catalog: Catalog, fields: Tree) -> None:
    names = strings(fields["object"].get("List", {}).get("items"))
    key = catalog.find(catalog.domains, names[-2] if len(names) > 1 else "", names[-1])
    if key is None:
        raise Problem(f"there is no domain {'.'.join(names)}", missing=True)
    domain = catalog.domains[key]
    checks = tuple(
        replace(each, name=fields["newname"]) if each.name == fields["subname"] else each for each in domain.checks
    )
    catalog.domains[key] = replace(domain, checks=tuple(sorted(checks, key=lambda each: each.name)))


def _rename_routine(catalog: Catalog, fields: Tree) -> None:
    key = routine_key(catalog, fields["object"])
    if key is None:
        raise Problem("there is no such routine", missing=True)
    routine = catalog.routines[key]
    renamed = replace(routine, name=fields["newname"])
    del catalog.routines[key]
    catalog.routines[renamed.id] = renamed
    for name, change in ((routine.name, -1), (renamed.name, 1)):
        catalog.routine_names[routine.schema, name] = catalog.routine_names.get((routine.schema, name), 0) + change


def _rename_schema(catalog: Catalog, fields: Tree) -> None:
    old, new = fields["subname"], fields["newname"]
    if old not in catalog.schemas:
        raise Problem(f"there is no schema {old!r}", missing=True)
    catalog.schemas[new] = replace(catalog.schemas[old], name=new)
    stores: tuple[Any, ...] = (
        catalog.enums, catalog.domains, catalog.composite_types, catalog.range_types, catalog.tables, catalog.views,
        catalog.sequences,
    )  # fmt: skip
    for store in stores:
        for key in [key for key in store if key[0] == old]:
            _move(catalog, store, key, (new, key[1]))
    for key, routine in [(key, each) for key, each in catalog.routines.items() if each.schema == old]:
        del catalog.routines[key]
        moved = replace(routine, schema=new)
        catalog.routines[moved.id] = moved
        catalog.routine_names[new, routine.name] = catalog.routine_names.get((new, routine.name), 0) + 1
    del catalog.schemas[old]


_RENAMERS: Mapping[str, Callable[[Catalog, Tree], None]] = {
    "COLUMN": _rename_column,
    "TABLE": _rename_relation,
    "FOREIGN_TABLE": _rename_relation,
    "VIEW": _rename_relation,
    "MATVIEW": _rename_relation,
    "SEQUENCE": _rename_relation,
    "INDEX": _rename_relation,
    "TABCONSTRAINT": _rename_constraint,
    "TRIGGER": _rename_part("triggers"),
    "POLICY": _rename_part("policies"),
    "TYPE": _rename_type,
    "DOMAIN": _rename_type,
    "ATTRIBUTE": _rename_attribute,
    "DOMCONSTRAINT": _rename_domain_constraint,
    "FUNCTION": _rename_routine,
    "PROCEDURE": _rename_routine,
    "ROUTINE": _rename_routine,
    "AGGREGATE": _rename_routine,
    "SCHEMA": _rename_schema,
    "TABLESPACE": rename_tablespace,
}

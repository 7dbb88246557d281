"""ALTER TABLE, and what else goes by that name: indexes, views, sequences, composite types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from planroom.changing import replace
from planroom.ddl.alter_others import alter_other, merged_options
from planroom.ddl.bounds import conditions
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.columns import (
    collation_name,
    column_constraints,
    draft_column,
    sequence_options,
    set_default,
    set_identity,
)
from planroom.ddl.constraints import add_check, add_constraint, implied, inherit_not_null, set_not_null
from planroom.ddl.dispatch import folds
from planroom.ddl.drops import drop_column, drop_constraint
from planroom.ddl.partitions import attach, detach, refuse_circle
from planroom.ddl.rereading import reread_expressions
from planroom.ddl.tables import heir_of
from planroom.ddl.trees import constant, options, relation_name, string
from planroom.model import Column, Generated, Trigger, qualified
from planroom.sqltext import Statement, Tree, data_type, expression

__all__ = ["ACTIONS", "alter_table"]

Action = Callable[[Catalog, Key, Tree, Statement, bool], None]
"""What one command does to the table under a key; the last argument says whether it recurses to children."""

ACTIONS: dict[str, Action] = {}


def _action(*kinds: str) -> Callable[[Action], Action]:
    def register(function: Action) -> Action:
        ACTIONS.update({f"AT_{kind}": function for kind in kinds})
        return function

    return register


@folds("AlterTableStmt")
def alter_table(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, FOREIGN TABLE, SEQUENCE, and TYPE of a composite."""
    schema, name = relation_name(fields["relation"])
    commands = [node["AlterTableCmd"] for node in fields.get("cmds", ())]
    if all(command["subtype"] == "AT_ChangeOwner" for command in commands):
        raise Skipped("privileges", "who owns an object is not part of the model")
    if fields.get("objtype") == "OBJECT_TYPE":
        from planroom.ddl.types import alter_composite

        alter_composite(catalog, schema, name, commands)
        return
    table = catalog.find(catalog.tables, schema, name)
    if table is None:
        if fields.get("missing_ok") and (schema or catalog.search_path[0], name) not in catalog.relations:
            raise Skipped("session", f"there is no {qualified(schema, name)} (IF EXISTS)")
        alter_other(catalog, schema, name, commands)
        return
    recurse = bool(fields["relation"].get("inh"))
    for command in commands:
        _apply(catalog, table, command, statement, recurse=recurse)


def _apply(catalog: Catalog, key: Key, command: Tree, statement: Statement, *, recurse: bool) -> None:
    kind = command["subtype"]
    if kind == "AT_ChangeOwner":
        catalog.leave_unread(
            "privileges", "OWNER TO", "who owns an object is not part of the model", "", statement.location
        )
    elif kind in ACTIONS:
        ACTIONS[kind](catalog, key, command, statement, recurse)
    else:
        raise Skipped("structure", f"ALTER TABLE ... {kind.removeprefix('AT_')} has no place in the model")


def _update(catalog: Catalog, key: Key, **changes: Any) -> None:
    catalog.put_table(replace(catalog.tables[key], **changes))


def _keys(catalog: Catalog, key: Key, recurse: bool) -> Iterator[Key]:
    """Yield the table and, when recursing, its partitions and inheritance children."""
    yield key
    if recurse:
        yield from catalog.descendants(key)


def _change_column(catalog: Catalog, key: Key, name: str, change: Callable[[Column], Column]) -> None:
    table = catalog.tables[key]
    if name not in table.columns_by_name:
        raise Problem(f"{table.id} has no column {name!r}", missing=True)
    columns = tuple(change(column) if column.name == name else column for column in table.columns)
    catalog.put_table(replace(table, columns=columns))


def _set_column(catalog: Catalog, key: Key, name: str, **changes: Any) -> None:
    _change_column(catalog, key, name, lambda column: replace(column, **changes))


# -- columns ---------------------------------------------------------------------------------------------------------


@_action("AddColumn")
def _add_column(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    draft = draft_column(catalog, command["def"]["ColumnDef"], statement)
    table = catalog.tables[key]
    if draft.column.name in table.columns_by_name:
        if command.get("missing_ok"):
            return
        raise Problem(f"{table.id} has a column {draft.column.name!r} already")
    wider = replace(table, columns=(*table.columns, draft.column))
    column, rest = column_constraints(catalog, wider, draft, statement)
    catalog.put_table(replace(table, columns=(*table.columns, column)))
    for fields in rest:
        add_constraint(catalog, catalog.tables[key], fields, statement, new=True)
    added = catalog.tables[key].columns_by_name[draft.column.name]
    for child in catalog.descendants(key) if recurse else ():
        heir = catalog.tables[child]
        inherited = heir_of(catalog.tables[key], added, is_partition=bool(heir.partition_of))
        if added.name not in heir.columns_by_name:
            catalog.put_table(replace(heir, columns=(*heir.columns, inherited)))


@_action("DropColumn")
def _drop_column(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    cascade = command.get("behavior") == "DROP_CASCADE"
    if command["name"] not in catalog.tables[key].columns_by_name and command.get("missing_ok"):
        return
    for each in _keys(catalog, key, recurse):
        column = catalog.tables[each].columns_by_name.get(command["name"])
        if each == key or (column and column.inherited):
            drop_column(catalog, each, command["name"], cascade=cascade)


@_action("ColumnDefault")
def _column_default(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    name = command.get("name", "")
    for each in _keys(catalog, key, recurse):
        _change_column(catalog, each, name, lambda column: set_default(catalog, column, command.get("def")))


@_action("SetNotNull")
def _set_not_null(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    set_not_null(catalog, catalog.tables[key], command["name"])
    if recurse:
        inherit_not_null(catalog, key, command["name"])


@_action("DropNotNull")
def _drop_not_null(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    for each in _keys(catalog, key, recurse):
        _set_column(
            catalog, each, command["name"],
            nullable=True, not_null_name="", not_null_validated=True, not_null_inherited=True,
        )  # fmt: skip


@_action("AlterColumnType")
def _column_type(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"]["ColumnDef"]
    wanted = data_type(fields["typeName"], catalog)
    collation = collation_name(fields.get("collClause"))
    for each in _keys(catalog, key, recurse):
        _change_column(
            catalog, each, command["name"],
            lambda column: replace(column, type=wanted, collation=collation, storage=""),
        )  # fmt: skip
        reread_expressions(catalog, each, command["name"])


@_action("SetStatistics")
def _set_statistics(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    value = int(constant(command.get("def"))) if command.get("def") else -1
    for each in _keys(catalog, key, recurse):
        _set_column(catalog, each, command["name"], statistics_target=None if value == -1 else value)


@_action("SetStorage")
def _set_storage(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    value = string(command["def"]).lower()
    for each in _keys(catalog, key, recurse):
        _set_column(catalog, each, command["name"], storage="" if value == "default" else value)


@_action("SetCompression")
def _set_compression(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    value = string(command["def"]).lower()
    for each in _keys(catalog, key, recurse):
        _set_column(catalog, each, command["name"], compression="" if value == "default" else value)


@_action("AddIdentity")
def _add_identity(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    table = catalog.tables[key]
    fields = command["def"]["Constraint"]
    _change_column(catalog, key, command["name"], lambda column: set_identity(catalog, table, column, fields))
    identity = catalog.tables[key].columns_by_name[command["name"]].identity
    for child in catalog.descendants(key):
        if catalog.tables[child].partition_of:
            _set_column(catalog, child, command["name"], identity=identity)


@_action("SetIdentity")
def _set_identity(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    nodes = command["def"]["List"]["items"]
    table = catalog.tables[key]
    identity = table.columns_by_name[command["name"]].identity
    if identity is None:
        raise Problem(f"{table.id}.{command['name']} is no identity column", missing=True)
    generated = [node for node in nodes if node["DefElem"]["defname"] == "generated"]
    if generated:
        identity = replace(identity, always=constant(generated[0]["DefElem"].get("arg")) in {"97", "a"})
    others = [node for node in nodes if node not in generated]
    changed = replace(identity, sequence=sequence_options(others, identity.sequence))
    for each in _keys(catalog, key, recurse=True):
        _set_column(catalog, each, command["name"], identity=changed)


@_action("DropIdentity", "DropExpression")
def _drop_identity(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    from planroom.ddl.drops import forget_identity

    forget_identity(catalog, catalog.tables[key], command["name"])
    for each in _keys(catalog, key, recurse=True):
        _set_column(catalog, each, command["name"], identity=None, generated=None)


@_action("SetExpression")
def _set_expression(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    for each in _keys(catalog, key, recurse):
        types = {column.name: column.type for column in catalog.tables[each].columns}

        def change(column: Column, types: Any = types) -> Column:
            stored = column.generated.stored if column.generated else True
            return replace(
                column, generated=Generated(expression(command["def"], types, catalog, target=column.type), stored)
            )

        _change_column(catalog, each, command["name"], change)


# -- constraints -----------------------------------------------------------------------------------------------------


@_action("AddConstraint")
def _add_constraint(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"]["Constraint"]
    add_constraint(catalog, catalog.tables[key], fields, statement, recurse=recurse)


@_action("DropConstraint")
def _drop_constraint(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    cascade = command.get("behavior") == "DROP_CASCADE"
    found = drop_constraint(catalog, key, command["name"], cascade=cascade)
    if not found and not command.get("missing_ok"):
        raise Problem(f"{catalog.tables[key].id} has no constraint {command['name']!r}", missing=True)


@_action("ValidateConstraint")
def _validate(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    table, name = catalog.tables[key], command["name"]
    for each in _keys(catalog, key, recurse):
        heir = catalog.tables[each]
        usual = {column.name: column.not_null_name or f"{table.name}_{column.name}_not_null" for column in heir.columns}
        catalog.put_table(
            replace(
                heir,
                checks=tuple(replace(c, validated=True) if c.name == name else c for c in heir.checks),
                foreign_keys=tuple(replace(k, validated=True) if k.name == name else k for k in heir.foreign_keys),
                columns=tuple(
                    replace(column, not_null_validated=True) if usual[column.name] == name else column
                    for column in heir.columns
                ),
            )
        )


@_action("AlterConstraint")
def _alter_constraint(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"].get("ATAlterConstraint") or command["def"]["Constraint"]
    table = catalog.tables[key]
    changes: dict[str, Any] = {}
    if fields.get("alterDeferrability", True):
        changes = {
            "deferrable": bool(fields.get("deferrable")),
            "initially_deferred": bool(fields.get("initdeferred")),
        }
    if fields.get("alterEnforceability"):
        changes = {"enforced": bool(fields.get("is_enforced")), "validated": bool(fields.get("is_enforced"))}
    keys = tuple(replace(k, **changes) if k.name == fields["conname"] else k for k in table.foreign_keys)
    if keys == table.foreign_keys and fields["conname"] not in {k.name for k in keys}:
        raise Problem(f"{table.id} has no foreign key {fields['conname']!r}", missing=True)
    catalog.put_table(replace(table, foreign_keys=keys))


# -- the table itself ------------------------------------------------------------------------------------------------


@_action("AttachPartition")
def _attach(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"]["PartitionCmd"]
    child = catalog.table_key(*relation_name(fields["name"]))
    if "bound" not in fields:
        raise Problem(f"{catalog.tables[key].id} is a table, and an index is attached to an index")
    attach(catalog, key, child, fields["bound"])


@_action("DetachPartition", "DetachPartitionFinalize")
def _detach(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"]["PartitionCmd"]
    child = catalog.table_key(*relation_name(fields["name"]))
    if child not in catalog.children.get(key, ()):
        return
    bound = conditions(catalog, child) if fields.get("concurrent") else ()
    detach(catalog, key, child)
    if bound and not implied(catalog, child, bound):
        add_check(catalog, child, " AND ".join(bound), statement)


@_action("AddInherit")
def _add_inherit(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    parent = catalog.table_key(*relation_name(command["def"]["RangeVar"]))
    refuse_circle(catalog, parent, key)
    catalog.children[parent] = (*catalog.children.get(parent, ()), key)
    _update(catalog, key, inherits=(*catalog.tables[key].inherits, catalog.tables[parent].id))


@_action("DropInherit")
def _drop_inherit(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    parent = catalog.table_key(*relation_name(command["def"]["RangeVar"]))
    catalog.children[parent] = tuple(each for each in catalog.children.get(parent, ()) if each != key)
    table, gone = catalog.tables[key], catalog.tables[parent].id
    columns = tuple(replace(column, inherited=False) for column in table.columns)
    held = {check.name for check in table.checks}
    checks = [each for each in catalog.tables[parent].checks if not each.no_inherit and each.name not in held]
    left = tuple(each for each in table.inherits if each != gone)
    _update(catalog, key, inherits=left, columns=columns, checks=(*table.checks, *checks))


@_action("EnableRowSecurity", "DisableRowSecurity")
def _row_security(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, row_security=command["subtype"] == "AT_EnableRowSecurity")


@_action("ForceRowSecurity", "NoForceRowSecurity")
def _force_row_security(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, force_row_security=command["subtype"] == "AT_ForceRowSecurity")


@_action("SetLogged", "SetUnLogged")
def _set_logged(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, unlogged=command["subtype"] == "AT_SetUnLogged")


@_action("SetRelOptions")
def _set_options(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, storage=merged_options(catalog.tables[key].storage, command))


@_action("ResetRelOptions")
def _reset_options(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    gone = dict(options(command["def"]["List"]["items"]))
    _update(catalog, key, storage=tuple(pair for pair in catalog.tables[key].storage if pair[0] not in gone))


@_action("SetTableSpace")
def _set_tablespace(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, tablespace="" if command["name"] == "pg_default" else command["name"])


@_action("SetAccessMethod")
def _set_access_method(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    name = command.get("name", "")
    _update(catalog, key, access_method="" if name == "heap" else name)


@_action("ClusterOn", "DropCluster")
def _cluster_on(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    _update(catalog, key, clustered_on=command.get("name", ""))


@_action("ReplicaIdentity")
def _replica_identity(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    fields = command["def"]["ReplicaIdentityStmt"]
    kinds = {"d": "default", "f": "full", "n": "nothing"}
    _update(catalog, key, replica_identity=kinds.get(fields["identity_type"], fields.get("name", "")))


_TRIGGER_STATES = {
    "EnableTrig": "origin", "DisableTrig": "disabled", "EnableReplicaTrig": "replica", "EnableAlwaysTrig": "always",
    "EnableTrigAll": "origin", "DisableTrigAll": "disabled", "EnableTrigUser": "origin", "DisableTrigUser": "disabled",
}  # fmt: skip


@_action(*_TRIGGER_STATES)
def _trigger_state(catalog: Catalog, key: Key, command: Tree, statement: Statement, recurse: bool) -> None:
    state, name = _TRIGGER_STATES[command["subtype"].removeprefix("AT_")], command.get("name")

    def changed(trigger: Trigger) -> Trigger:
        return replace(trigger, enabled=state) if name in {None, trigger.name} else trigger

    _update(catalog, key, triggers=tuple(changed(trigger) for trigger in catalog.tables[key].triggers))

"""Constraints on tables that hold rows: what is checked at once, what later, and what an index already knows.

Source: ``ATExecAddConstraint``, ``ATAddForeignKeyConstraint``, ``ATExecValidateConstraint`` (commands/tablecmds.c).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from planroom.ddl.catalog import Problem
from planroom.ddl.constraints import foreign_key
from planroom.ddl.dependents import uses_column
from planroom.ddl.naming import default_name
from planroom.ddl.trees import strings
from planroom.linting.effects.alter import Alteration, acts
from planroom.linting.effects.proofs import proven_not_null
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.model import ForeignKey, Table
from planroom.sqltext import Tree

__all__ = ["add_constraint", "has_equal_key", "look_up", "needs_not_null_scan"]

AE, SRE, SUE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE


def _lock_all(action: Alteration) -> None:
    """Lock the table and its children, even with ONLY: the server looks whether they agree."""
    for key in action.survey.family(action.key):
        action.survey.lock(key, AE)


@acts("AddConstraint")
def _add_constraint(action: Alteration) -> None:
    add_constraint(action, action.command["def"]["Constraint"])


def add_constraint(action: Alteration, fields: Tree, *, column: str = "", filled: bool | None = True) -> None:
    """Foresee a new constraint.

    Args:
        action: The action that adds it.
        fields: The Constraint node.
        column: The new column that it is written beside.
        filled: That column has values: a foreign key has something to look up; None where DEFAULT NULL fills it.
    """
    match fields["contype"]:
        case "CONSTR_CHECK":
            _check(action, fields, column)
        case "CONSTR_FOREIGN":
            _foreign_key(action, fields, filled=filled)
        case "CONSTR_PRIMARY" | "CONSTR_UNIQUE":
            _key(action, fields, column)
        case "CONSTR_EXCLUSION":
            action.lock(AE)
            words = f"the exclusion constraint of {action.survey.words(action.key)} builds its index"
            action.work(WorkKind.BUILD, Cause.EXCLUSION, words)
        case "CONSTR_NOTNULL":
            validate, inherit = not fields.get("skip_validation"), not fields.get("is_no_inherit")
            _not_null(action, strings(fields.get("keys"))[0], validate=validate, inherit=inherit)
        case _:
            action.lock(AE)


def _label(fields: Tree, what: str) -> str:
    return f"{what} {fields['conname']}" if fields.get("conname") else what


def _check(action: Alteration, fields: Tree, column: str) -> None:
    action.lock(AE, descendants=True)  # NO INHERIT spares the children the check, not the lock
    if fields.get("skip_validation") or not fields.get("is_enforced", True):
        return
    beside = f" of the new column {column}" if column else ""
    why = f"{_label(fields, 'the check')}{beside} is held against every row"
    action.work(WorkKind.SCAN, Cause.CHECK, why, descendants=not fields.get("is_no_inherit"))


def _foreign_key(action: Alteration, fields: Tree, *, filled: bool | None) -> None:
    survey, referenced = action.survey, action.survey.key(fields["pktable"])
    action.lock(SRE, descendants=True)
    same = _with_the_same_key(action, fields)
    for key in survey.parts(referenced):
        survey.lock(key, AE if same else SRE)
    if fields.get("skip_validation") or not fields.get("is_enforced", True) or filled is False:
        return
    look_up(action, referenced, _label(fields, "the foreign key"), found=filled is True, proven=same)


def _with_the_same_key(action: Alteration, fields: Tree) -> frozenset[Key]:
    """Return the partitions that have a foreign key of their own already that is like the new one."""
    survey, table = action.survey, action.table
    if table is None or not table.partitioning or not fields.get("fk_attrs"):
        return frozenset()  # no key is there yet of a column that is new
    try:
        key = foreign_key(survey.catalog, table, fields, survey.statement)
    except Problem:
        return frozenset()  # it names what the catalog does not hold
    below = ((each, survey.table(each)) for each in survey.catalog.descendants(action.key))
    return frozenset(each for each, held in below if held and has_equal_key(held, key))


def look_up(
    action: Alteration, referenced: Key, label: str, *, found: bool = True, proven: AbstractSet[Key] = frozenset()
) -> None:
    """Note that each row is looked up in the referenced table; a table that was just made has none to look up."""
    survey = action.survey
    stored = (key for key in survey.parts(action.key) if not survey.is_partitioned(key))
    known = {*survey.created, *proven}
    looked_up = [key for key in stored if known.isdisjoint([key, *survey.ancestors(key)])]
    for key in looked_up:
        survey.does(WorkKind.SCAN, key, Cause.FOREIGN_KEY, f"{label}: each row is looked up in {referenced[1]}")
    for key in survey.parts(referenced) if found and looked_up else ():
        why = f"{label}: the rows of {action.key[1]} are looked up in it, by its index or by reading it"
        survey.does(WorkKind.SCAN, key, Cause.FOREIGN_KEY, why, certain=False)


def has_equal_key(table: Table, key: ForeignKey) -> bool:
    """Whether a partition has, valid and of its own, the foreign key that it would get from its parent.

    Source: ``tryAttachPartitionForeignKey`` (commands/tablecmds.c).
    """
    wanted = replace(key, name="", comment="")
    return any(own.validated and replace(own, name="", comment="", validated=key.validated) == wanted
               for own in table.foreign_keys)  # fmt: skip


def _key(action: Alteration, fields: Tree, column: str) -> None:
    survey, primary = action.survey, fields["contype"] == "CONSTR_PRIMARY"
    action.lock(AE, descendants=True)
    what = "the primary key" if primary else "the unique constraint"
    columns = strings(fields.get("keys")) or ((column,) if column else ())
    if fields.get("indexname"):
        columns = _indexed_columns(action, fields["indexname"])
    else:
        for key in _indexed(action):
            words = f"{_label(fields, what)} of {survey.words(key)} builds its index"
            survey.does(WorkKind.BUILD, key, Cause.KEY, words)
    for each in columns if primary else ():
        if each != column:
            needs_not_null_scan(action, each)
            _look_at_children(action, each)


def _indexed(action: Alteration) -> Iterable[Key]:
    """Yield the tables that get an index with the key of a table; with ONLY its partitions are left alone."""
    if not action.survey.is_partitioned(action.key):
        return (action.key,)
    return action.survey.leaves(action.key) if action.recurse else ()


def _look_at_children(action: Alteration, column: str) -> None:
    """Lock the partitions of which ONLY demands that their column be NOT NULL already."""
    held = action.table.columns_by_name.get(column) if action.table else None
    if not action.recurse and held and held.nullable:
        _lock_children(action)


def _indexed_columns(action: Alteration, name: str) -> tuple[str, ...]:
    for index in action.table.indexes if action.table else ():
        if index.name == name:
            return tuple(part.column for part in index.columns)
    return ()


@acts("SetNotNull")
def _set_not_null(action: Alteration) -> None:
    if _is_not_null(action):
        action.lock(AE)
    else:
        _not_null(action, action.name, validate=True)


def _is_not_null(action: Alteration) -> bool:
    """Whether the column is NOT NULL already, and its constraint passed on: nothing is left to do."""
    column = action.table.columns_by_name.get(action.name) if action.table else None
    return bool(column and not column.nullable and column.not_null_validated and column.not_null_inherited)


def _not_null(action: Alteration, column: str, *, validate: bool, inherit: bool = True) -> None:
    action.lock(AE, descendants=True)
    if validate:
        needs_not_null_scan(action, column, descendants=inherit)


def needs_not_null_scan(action: Alteration, column: str, *, descendants: bool = True) -> None:
    """Note the scan that proves a column NOT NULL, on each table where nothing proves it yet."""
    survey = action.survey
    if any(
        each["subtype"] == "AT_AddColumn" and each["def"]["ColumnDef"]["colname"] == column for each in action.siblings
    ):
        return
    for key in survey.leaves(action.key) if descendants and action.recurse else (action.key,):
        table = survey.table(key)
        if table is None or not proven_not_null(survey, table, column):
            why = f"no valid constraint proves that {column} is never NULL: every row is read"
            survey.does(WorkKind.SCAN, key, Cause.NOT_NULL, why)


@acts("ValidateConstraint")
def _validate(action: Alteration) -> None:
    table, survey = action.table, action.survey
    action.lock(SUE)
    why = f"{action.name} is held against every row"
    if table is None:
        action.work(WorkKind.SCAN, Cause.VALIDATE, why)
        return
    for key in table.foreign_keys:
        if key.name == action.name and not key.validated:
            _validate_foreign_key(action, key)
    for check in table.checks:
        if check.name == action.name and not check.validated:
            action.lock(SUE, descendants=not check.no_inherit)
            for each in survey.family(action.key, recurse=action.recurse and not check.no_inherit):
                survey.does(WorkKind.SCAN, each, Cause.VALIDATE, why)
    for column in table.columns:
        usual = column.not_null_name or default_name(table.name, column.name, "not_null")
        if not column.nullable and not column.not_null_validated and usual == action.name:
            action.lock(SUE, descendants=True)
            if not proven_not_null(survey, table, column.name):
                action.work(WorkKind.SCAN, Cause.VALIDATE, why)


def _validate_foreign_key(action: Alteration, key: ForeignKey) -> None:
    survey = action.survey
    for each in survey.parts(action.key):
        survey.lock(each, SUE)
    referenced = survey.keyed(key.referenced_table)
    if referenced:
        survey.lock(referenced, Lock.ROW_SHARE)
    for each in survey.parts(action.key):
        survey.does(WorkKind.SCAN, each, Cause.VALIDATE, f"{key.name}: each row is looked up in {key.referenced_table}")


@acts("AlterConstraint")
def _alter_constraint(action: Alteration) -> None:
    fields = action.command["def"].get("ATAlterConstraint") or action.command["def"].get("Constraint", {})
    action.lock(AE, descendants=bool(action.table and action.table.partitioning))
    for key in action.table.foreign_keys if action.table else ():
        if key.name == fields.get("conname") and (referenced := action.survey.keyed(key.referenced_table)):
            if fields.get("alterEnforceability"):
                action.survey.lock(referenced, SRE if fields.get("is_enforced") else AE)
            if fields.get("alterEnforceability") and fields.get("is_enforced") and not key.enforced:
                look_up(action, referenced, f"the foreign key {key.name} is enforced")


@acts("DropConstraint")
def _drop_constraint(action: Alteration) -> None:
    if _passed_on(action):
        _lock_all(action) if action.recurse else _lock_children(action)
    action.lock(AE)
    survey = action.survey
    for key in action.table.foreign_keys if action.table else ():
        if key.name == action.name and (referenced := survey.keyed(key.referenced_table)):
            for each in survey.parts(referenced):
                survey.lock(each, AE)
    dropped = [key.columns for key in (action.table.keys if action.table else ()) if key.name == action.name]
    _unreferenced(action, dropped)


def _passed_on(action: Alteration) -> bool:
    """Whether children have a constraint too: checks and NOT NULL are inherited, keys belong to partitions alone."""
    table = action.table
    if table is None or table.partitioning:
        return True
    if any(check.name == action.name for check in table.checks):
        return not any(check.name == action.name and check.no_inherit for check in table.checks)
    return not any(each.name == action.name for each in (*table.keys, *table.foreign_keys, *table.exclusions))


def _unreferenced(action: Alteration, keys: list[tuple[str, ...]]) -> None:
    """Lock the tables whose foreign keys a CASCADE drops with the keys that they refer to."""
    if not keys or action.command.get("behavior") != "DROP_CASCADE" or action.table is None:
        return
    for owner in action.survey.referencing([action.key]):
        for foreign in action.survey.catalog.tables[owner].foreign_keys:
            if foreign.referenced_table == action.table.id and foreign.referenced_columns in keys:
                for each in action.survey.parts(owner):
                    action.survey.lock(each, AE)


def _lock_children(action: Alteration) -> None:
    """Lock the table and the next generation: with ONLY they keep as their own what they inherited."""
    for key in (action.key, *action.survey.catalog.children.get(action.key, ())):
        action.survey.lock(key, AE)


def _lock_where_inherited(action: Alteration, key: Key) -> None:
    """Lock a table and its children, and go on below those whose column is dropped with it."""
    survey = action.survey
    survey.lock(key, AE)
    for child in survey.catalog.children.get(key, ()):
        table = survey.table(child)
        column = table.columns_by_name.get(action.name) if table else None
        if column and column.inherited and action.recurse:
            _lock_where_inherited(action, child)
        else:
            survey.lock(child, AE)


@acts("DropNotNull")
def _drop_not_null(action: Alteration) -> None:
    column = action.table.columns_by_name.get(action.name) if action.table else None
    if column and column.nullable and column.not_null_validated:
        action.lock(AE)
        return
    _lock_all(action) if action.recurse else _lock_children(action)


@acts("DropColumn")
def _drop_column(action: Alteration) -> None:
    _lock_where_inherited(action, action.key)
    survey, table = action.survey, action.table
    for key in table.foreign_keys if table else ():
        if action.name in key.columns and (referenced := survey.keyed(key.referenced_table)):
            for each in survey.parts(referenced):
                survey.lock(each, AE)
    _unreferenced(action, [key.columns for key in (table.keys if table else ()) if action.name in key.columns])
    if action.command.get("behavior") == "DROP_CASCADE":
        views = [key for key, view in survey.catalog.views.items() if uses_column(view, action.key, action.name)]
        for view in (*views, *survey.views_over(views)):
            survey.lock(view, AE)

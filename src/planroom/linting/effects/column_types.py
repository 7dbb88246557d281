"""ALTER COLUMN ... TYPE: free where the old rows are right as they are.

Source: ``ATColumnChangeRequiresRewrite``, ``ATPostAlterTypeCleanup`` (commands/tablecmds.c), ``CheckIndexCompatible``
(commands/indexcmds.c), the planner's support functions of the length coercions, PostgreSQL 18.
"""

from __future__ import annotations

from planroom.ddl import Catalog
from planroom.ddl.columns import collation_name
from planroom.ddl.trees import string
from planroom.linting.effects.adding_columns import constrained, domain_of
from planroom.linting.effects.alter import Alteration, acts
from planroom.linting.effects.constraints import look_up
from planroom.linting.effects.values import Cause, Lock, WorkKind
from planroom.model import Column, Table
from planroom.sqltext import DataType, Tree, data_type, mentioned_columns
from planroom.sqltext.builtins import builtins, type_key

__all__ = ["free"]

_INTERVAL_ORDER = ("year", "month", "day", "hour", "minute", "second")
_MOST_PRECISE = 6  # digits of a second that the server keeps
_AT_UTC = frozenset({"timestamp without time zone", "timestamp with time zone"})


@acts("AlterColumnType")
def _column_type(action: Alteration) -> None:
    action.lock(Lock.ACCESS_EXCLUSIVE, descendants=True)
    survey, table = action.survey, action.table
    fields = action.command["def"]["ColumnDef"]
    wanted = data_type(fields["typeName"], survey.catalog)
    column = table.columns_by_name.get(action.name) if table else None
    if table is None or column is None:
        why = f"the type of {action.name} before is not known; most changes of a type write every row anew"
        action.work(WorkKind.REWRITE, Cause.COLUMN_TYPE, why, certain=False)
        return
    outcome = _outcome(survey.catalog, column, wanted, fields.get("raw_default"))
    words = f"{action.name} changes from {column.type} to {wanted}"
    _foreign_keys_made_again(action, table, column)
    if outcome is not True:
        at_utc = ": free where TimeZone is UTC, else every value changes" if outcome is None else ""
        action.work(WorkKind.REWRITE, Cause.COLUMN_TYPE, words + at_utc, certain=outcome is False)
        _looked_up_again(action, table, column, words, certain=outcome is False)
    if outcome is not False:
        collation = collation_name(fields.get("collClause"))
        _after_a_free_change(action, table, column, wanted, words, changed=collation != column.collation)


def _outcome(catalog: Catalog, column: Column, wanted: DataType, using: Tree | None) -> bool | None:
    if using is None:
        return free(catalog, column.type, wanted)
    steps = [wanted]
    while "TypeCast" in using:
        steps.append(data_type(using["TypeCast"]["typeName"], catalog))
        using = using["TypeCast"]["arg"]
    if string(using.get("ColumnRef", {}).get("fields", [{}])[-1]) != column.name:
        return False
    outcomes, current = [], column.type
    for step in reversed(steps):
        outcomes.append(free(catalog, current, step))
        current = step
    return False if False in outcomes else (None if None in outcomes else True)


def free(catalog: Catalog, old: DataType, new: DataType) -> bool | None:
    """Whether values of one type are those of another as they stand; None where the session's TimeZone decides."""
    if old == new:
        return True
    target = domain_of(catalog, new)
    if target is not None:
        return not constrained(catalog, target) and free(catalog, old, target.type)
    source = domain_of(catalog, old)
    if source is not None:
        return free(catalog, source.type, new)
    if type_key(old) == type_key(new):
        return _wider(old, new)
    if old.array or new.array:
        return False  # a coercion of arrays goes through the elements, even where each stays as it is
    if {old.name, new.name} == _AT_UTC:
        return None if _wider(old, DataType(old.name, new.modifiers)) else False
    method = builtins().casts.get((type_key(old), type_key(new)), "")
    return "b" in method[1:] and not new.modifiers  # a length is held against every value, whatever it was before


def _number(type_: DataType, otherwise: int) -> int:
    return int(type_.modifiers[0]) if type_.modifiers and type_.modifiers[0].lstrip("-").isdigit() else otherwise


def _wider(old: DataType, new: DataType) -> bool:
    """Whether the same type with other modifiers holds every value unchanged."""
    if not new.modifiers:
        return new.name not in {"bit", "character"}
    if old.array:
        return False
    match new.name:
        case "character varying" | "bit varying":
            return bool(old.modifiers) and _number(old, 0) <= _number(new, 0)
        case "numeric":
            return bool(old.modifiers) and old.modifiers[1] == new.modifiers[1] and _number(old, 0) <= _number(new, 0)
        case "interval":
            return _wider_interval(old, new)
        case name if name.startswith("time"):
            return _number(new, 0) >= _MOST_PRECISE or (bool(old.modifiers) and _number(old, 0) <= _number(new, 0))
    return False


def _wider_interval(old: DataType, new: DataType) -> bool:
    """An interval keeps all its fields down to the last of the new type, and its digits."""
    (old_field, old_digits), (new_field, new_digits) = _interval(old), _interval(new)
    finer = _INTERVAL_ORDER.index(new_field) >= _INTERVAL_ORDER.index(old_field)
    return finer and (new_digits >= _MOST_PRECISE or new_digits >= old_digits or old_field != "second")


def _interval(type_: DataType) -> tuple[str, int]:
    """Return the last field and the digits of a second."""
    words = [each for each in type_.modifiers if not each.isdigit()]
    digits = [int(each) for each in type_.modifiers if each.isdigit()]
    return (words[0].split()[-1] if words else "second"), (digits[0] if digits else _MOST_PRECISE)


def _after_a_free_change(
    action: Alteration, table: Table, column: Column, wanted: DataType, words: str, *, changed: bool
) -> None:
    """Note what is made again though no row changes: indexes of another order, checks, foreign keys."""
    survey = action.survey
    rebuilt = bool(table.partitioning)  # the index of a partitioned table has no file that could be kept
    rebuilt = (
        rebuilt or changed or _operator_family(column.type, survey.catalog) != _operator_family(wanted, survey.catalog)
    )
    for index in table.indexes:
        plain = column.name in {part.column for part in index.columns} | {*index.include}
        inside = [each for each in (*(part.expression for part in index.columns), index.predicate) if each]
        told = any(column.name in mentioned_columns(each.canonical) for each in inside)
        if told or (plain and (rebuilt or inside)):
            action.work(WorkKind.BUILD, Cause.COLUMN_TYPE, f"{words}: the index {index.name} is built again")
    for key in table.keys:
        if rebuilt and column.name in key.columns:
            action.work(WorkKind.BUILD, Cause.COLUMN_TYPE, f"{words}: the index of {key.name} is built again")
    for exclusion in table.exclusions:
        if any(element.column.column == column.name for element in exclusion.elements):
            action.work(WorkKind.BUILD, Cause.COLUMN_TYPE, f"{words}: the index of {exclusion.name} is built again")
    for check in table.checks:
        if check.validated and check.enforced and column.name in mentioned_columns(check.expression.canonical):
            action.work(WorkKind.SCAN, Cause.COLUMN_TYPE, f"{words}: the check {check.name} is held against every row")
    for foreign in table.foreign_keys:
        referenced = survey.keyed(foreign.referenced_table)
        if rebuilt and foreign.validated and column.name in foreign.columns and referenced:
            look_up(action, referenced, f"{words}: the foreign key {foreign.name}")


def _looked_up_again(action: Alteration, table: Table, column: Column, words: str, *, certain: bool) -> None:
    """Note that after a rewrite the foreign keys of the column are held against every row."""
    survey = action.survey
    for foreign in table.foreign_keys:
        referenced = survey.keyed(foreign.referenced_table)
        if foreign.validated and column.name in foreign.columns and referenced:
            why = f"{words}: the foreign key {foreign.name} is looked up in it"
            survey.does(WorkKind.SCAN, referenced, Cause.COLUMN_TYPE, why, certain=False)
    for owner in survey.referencing([action.key]):
        for foreign in survey.catalog.tables[owner].foreign_keys:
            if foreign.validated and foreign.referenced_table == table.id and column.name in foreign.referenced_columns:
                why = f"{words}: its foreign key {foreign.name} is held against every row"
                for leaf in survey.parts(owner):
                    survey.does(WorkKind.SCAN, leaf, Cause.COLUMN_TYPE, why, certain=certain)


def _foreign_keys_made_again(action: Alteration, table: Table, column: Column) -> None:
    """Lock the other side of the foreign keys that are dropped and made again, in both directions."""
    survey = action.survey
    for foreign in table.foreign_keys:
        referenced = survey.keyed(foreign.referenced_table)
        if column.name in foreign.columns and referenced:
            survey.lock(referenced, Lock.ACCESS_EXCLUSIVE)
    if not any(column.name in key.columns for key in table.keys):
        return
    for owner in survey.referencing([action.key]):
        for foreign in survey.catalog.tables[owner].foreign_keys:
            if foreign.referenced_table == table.id and column.name in foreign.referenced_columns:
                for each in survey.parts(owner):
                    survey.lock(each, Lock.ACCESS_EXCLUSIVE)


_FAMILIES = {"character varying": "text", "cidr": "inet", "character": "bpchar"}


def _operator_family(type_: DataType, catalog: Catalog) -> str:
    """Return the type by whose operator class an index of it is ordered."""
    while domain := domain_of(catalog, type_):
        type_ = domain.type
    return "array" if type_.array else _FAMILIES.get(type_.name, type_.name)

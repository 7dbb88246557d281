"""Partitions: attaching, detaching, and creating them beside others.

Source: ``ATExecAttachPartition``, ``ATExecDetachPartition``, ``DefineRelation`` (commands/tablecmds.c).
"""

from __future__ import annotations

from planroom.ddl.indexes import is_plain_index_parent
from planroom.linting.effects.alter import Alteration, acts
from planroom.linting.effects.constraints import has_equal_key
from planroom.linting.effects.proofs import proven_bound, proven_not_null
from planroom.linting.effects.survey import Survey
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.model import PrimaryKey, Table, Unique
from planroom.sqltext import Tree

__all__ = ["lock_default_partition", "lock_references"]

AE, SRE, SUE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE


@acts("AttachPartition")
def _attach(action: Alteration) -> None:
    survey, fields = action.survey, action.command["def"]["PartitionCmd"]
    child = survey.key(fields["name"])
    action.lock(SUE)
    for key in survey.family(child):
        survey.lock(key, AE)
    bound = fields.get("bound", {})
    lock_default_partition(survey, action.key)
    for key in survey.referencing([action.key, *survey.ancestors(action.key)]):
        survey.lock(key, SRE)
    table, parent = survey.table(child), action.table
    if table is None or parent is None:
        survey.does(WorkKind.SCAN, child, Cause.ATTACH, f"every row is held against the bounds of {action.key[1]}")
        return
    _scan(survey, action.key, child, bound)
    _adopt(action, parent, child)


def _scan(survey: Survey, parent: Key, child: Key, bound: Tree) -> None:
    """Note the scan that proves a partition's rows to be within its bounds."""
    above = survey.table(parent)
    if above is None or (bound.get("is_default") and not survey.catalog.children.get(parent)):
        return
    for key in survey.leaves(child):
        table = survey.table(key)
        proven = proven_bound(survey, table, above, bound) if table else False
        if bound.get("is_default"):
            proven = None if table and table.checks else False  # they may exclude all that the others hold
        if proven and above.partition_of:
            proven = None
        if not proven:
            why = f"no valid check proves that the rows of {key[1]} are within its bounds: every row is read"
            survey.does(WorkKind.SCAN, key, Cause.ATTACH, why, certain=proven is False)


def _adopt(action: Alteration, parent: Table, child: Key) -> None:
    """Note what the partition needs of its parent and has not: indexes, keys, NOT NULL, foreign keys."""
    survey = action.survey
    for key in survey.leaves(child):
        table = survey.table(key)
        if table is None:
            continue
        for index in parent.indexes:
            if not any(is_plain_index_parent(index, own) for own in table.indexes):
                survey.does(WorkKind.BUILD, key, Cause.ATTACH, f"{key[1]} gets an index like {index.name}")
        for each in parent.keys:
            if not _has_key(table, each):
                survey.does(WorkKind.BUILD, key, Cause.ATTACH, f"{key[1]} gets an index like {each.name}")
            for column in each.columns if isinstance(each, PrimaryKey) else ():
                if not proven_not_null(survey, table, column):
                    survey.does(WorkKind.SCAN, key, Cause.ATTACH, f"{column} of {key[1]} becomes NOT NULL")
    _adopt_foreign_keys(action, child)


def _has_key(table: Table, key: PrimaryKey | Unique) -> bool:
    return any(type(own) is type(key) and own.columns == key.columns for own in table.keys)


def _adopt_foreign_keys(action: Alteration, child: Key) -> None:
    """Note what the foreign keys of the tables above do to a new partition, which gets them, and to what they name."""
    survey, table = action.survey, action.survey.table(child)
    above = map(survey.table, [action.key, *survey.ancestors(action.key)])
    for key in [each for owner in above if owner for each in owner.foreign_keys]:
        referenced = survey.keyed(key.referenced_table)
        if referenced is None or table is None:
            continue
        same = has_equal_key(table, key)
        for each in survey.parts(referenced):
            survey.lock(each, AE if same else SRE)  # the triggers of a key of its own are dropped
        if not same:
            _look_up_partition(survey, key.name, child, referenced)


def _look_up_partition(survey: Survey, name: str, child: Key, referenced: Key) -> None:
    leaves = [each for each in survey.leaves(child) if each not in survey.created]
    for each in leaves:
        survey.does(WorkKind.SCAN, each, Cause.ATTACH, f"the foreign key {name} is held against every row")
    for each in survey.leaves(referenced) if leaves else ():
        why = f"the rows of {child[1]} are looked up in it, by its index or by reading it"
        survey.does(WorkKind.SCAN, each, Cause.ATTACH, why, certain=False)


def lock_default_partition(survey: Survey, parent: Key, *, scan: bool = True) -> None:
    """Lock the DEFAULT partition of a table, and note the scan that shows that no row of it belongs elsewhere."""
    default = survey.default_partition(parent)
    if default is None:
        return
    for key in survey.family(default, recurse=scan):
        survey.lock(key, AE)
    for key in survey.leaves(default) if scan else ():
        table = survey.table(key)
        certain = not (table and table.checks)
        why = f"the rows of the default partition {key[1]} are read: none may belong to the new one"
        survey.does(WorkKind.SCAN, key, Cause.DEFAULT_PARTITION, why, certain=certain)


@acts("DetachPartition")
def _detach(action: Alteration) -> None:
    survey, fields = action.survey, action.command["def"]["PartitionCmd"]
    child = survey.key(fields["name"])
    if fields.get("concurrent"):
        survey.alone = True
        action.lock(SUE)
        survey.lock(child, AE)
        _look_for_references(survey, action.key, child, Lock.SHARE)  # while it searches, and more for a moment
        return
    action.lock(AE)
    for key in survey.family(child):
        survey.lock(key, AE)
    lock_default_partition(survey, action.key, scan=False)
    lock_references(survey, action.key)
    _look_for_references(survey, action.key, child, AE)


def _look_for_references(survey: Survey, parent: Key, child: Key, level: Lock) -> None:
    """Note that no row may refer to a partition that leaves.

    Source: ``RI_PartitionRemove_Check`` (utils/adt/ri_triggers.c).
    """
    above = {table.id for table in map(survey.table, [parent, *survey.ancestors(parent)]) if table}
    for key in survey.referencing([parent, *survey.ancestors(parent)]):
        survey.lock(key, level)
        columns = [each.columns for each in survey.catalog.tables[key].foreign_keys if each.referenced_table in above]
        for each in survey.leaves(key):
            certain = not all(_leads_an_index(survey.table(each), names) for names in columns)
            how = "it is read" if certain else "by an index or by reading it"
            why = f"no row of {each[1]} may refer to the partition {child[1]}: {how}"
            survey.does(WorkKind.SCAN, each, Cause.DETACH, why, certain=certain)


def _leads_an_index(table: Table | None, columns: tuple[str, ...]) -> bool:
    """Whether an index begins with one of the columns, so that the planner may look them up in it."""
    if table is None:
        return True
    first = {index.columns[0].column for index in table.indexes} | {key.columns[0] for key in table.keys}
    return not first.isdisjoint(columns)


@acts("DetachPartitionFinalize")
def _finalize(action: Alteration) -> None:
    action.lock(SUE)
    action.survey.lock(action.survey.key(action.command["def"]["PartitionCmd"]["name"]), AE)


def lock_references(survey: Survey, parent: Key, *, coming: bool = False) -> None:
    """Lock what changes with a partition: what its foreign keys, which it has from above, refer to.

    Args:
        survey: The statement under examination.
        parent: The partitioned table.
        coming: The partition is new: the foreign keys that refer to the table reach it, too.
    """
    above = [parent, *survey.ancestors(parent)]
    for table in filter(None, map(survey.table, above)):
        for key in table.foreign_keys:
            referenced = survey.keyed(key.referenced_table)
            for each in survey.parts(referenced) if referenced else ():
                survey.lock(each, SRE)
    for referencing in survey.referencing(above) if coming else ():
        survey.lock(referencing, SRE)


@acts("AddInherit")
def _inherit(action: Alteration) -> None:
    action.lock(AE)
    action.survey.lock(action.survey.key(action.command["def"]["RangeVar"]), SUE)


@acts("DropInherit")
def _disinherit(action: Alteration) -> None:
    action.lock(AE)
    action.survey.lock(action.survey.key(action.command["def"]["RangeVar"]), Lock.ACCESS_SHARE)


@acts("SetExpression")
def _set_expression(action: Alteration) -> None:
    action.lock(AE, descendants=True)
    column = action.table.columns_by_name.get(action.name) if action.table else None
    if column is None or column.generated is None or column.generated.stored:
        action.work(WorkKind.REWRITE, Cause.STORED_GENERATED, f"{action.name} is computed and stored anew for each row")

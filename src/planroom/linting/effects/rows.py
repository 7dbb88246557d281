"""Statements about rows: TRUNCATE, UPDATE, DELETE, INSERT ... SELECT, COPY."""

from __future__ import annotations

from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.sqltext import Tree

__all__: list[str] = []

ROW_EXCLUSIVE = Lock.ROW_EXCLUSIVE


@foresees("TruncateStmt")
def _truncate(survey: Survey, fields: Tree) -> None:
    keys: list[Key] = []
    for node in fields.get("relations", ()):
        keys += survey.family(survey.key(node["RangeVar"]), recurse=bool(node["RangeVar"].get("inh")))
    if fields.get("behavior") == "DROP_CASCADE":
        keys = _with_referencing(survey, keys)
    for key in keys:
        survey.lock(key, Lock.ACCESS_EXCLUSIVE)


def _with_referencing(survey: Survey, keys: list[Key]) -> list[Key]:
    """Return tables with all that refer to them, and to those."""
    found = dict.fromkeys(keys)
    while True:
        above = [parent for key in found for parent in survey.ancestors(key)]
        referencing = survey.referencing([*found, *above])
        more = [family for key in referencing if key not in found for family in survey.family(key)]
        if not more:
            return list(found)
        found.update(dict.fromkeys(more))


@foresees("UpdateStmt", "DeleteStmt", "MergeStmt")
def _change(survey: Survey, fields: Tree) -> None:
    where = fields.get("whereClause") or fields.get("joinCondition")
    target = fields["relation"]
    whole = where is None or _always_true(where)
    for key in survey.family(survey.key(target), recurse=bool(target.get("inh"))):
        survey.lock(key, ROW_EXCLUSIVE)
        why = "every row is changed" if whole else "whether an index finds the rows is the planner's choice"
        survey.does(WorkKind.SCAN, key, Cause.ROWS, why, certain=whole)


def _always_true(tree: Tree) -> bool:
    return bool(tree.get("A_Const", {}).get("boolval", {}).get("boolval"))


@foresees("InsertStmt", "CopyStmt")
def _insert(survey: Survey, fields: Tree) -> None:
    if "relation" not in fields or (survey.statement.kind == "CopyStmt" and not fields.get("is_from")):
        return
    key = survey.key(fields["relation"])
    survey.lock(key, ROW_EXCLUSIVE)
    source = fields.get("selectStmt", {}).get("SelectStmt", {})
    if "fromClause" in source:
        survey.does(WorkKind.SCAN, key, Cause.ROWS, "rows come from another query, as many as it finds", certain=False)

"""Indexes and whole tables made anew: CREATE INDEX, REINDEX, CLUSTER, VACUUM FULL, REFRESH."""

from __future__ import annotations

from planroom.ddl.trees import constant
from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.sqltext import Tree

__all__: list[str] = []

AE, SUE, SHARE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE, Lock.SHARE


def _on(nodes: list[Tree], name: str) -> bool:
    """Whether an option is given and not false."""
    given = [node["DefElem"] for node in nodes if node["DefElem"]["defname"] == name]
    return bool(given) and constant(given[-1].get("arg")) not in {"false", "off", "0"}


@foresees("IndexStmt")
def _create_index(survey: Survey, fields: Tree) -> None:
    key, name = survey.key(fields["relation"]), fields.get("idxname", "")
    concurrent = bool(fields.get("concurrent"))
    survey.alone = concurrent
    table = survey.table(key)
    exists = fields.get("if_not_exists") and name and (key[0], name) in survey.catalog.relations
    recurse = bool(fields["relation"].get("inh")) and bool(table and table.partitioning)
    for each in survey.family(key, recurse=recurse and not exists):
        survey.lock(each, SUE if concurrent else SHARE)
        if not exists:
            survey.does(
                WorkKind.BUILD, each, Cause.INDEX, f"the index {name} is built" if name else "an index is built"
            )


@foresees("ReindexStmt")
def _reindex(survey: Survey, fields: Tree) -> None:
    concurrent = _on(fields.get("params", []), "concurrently")
    kind = fields["kind"].removeprefix("REINDEX_OBJECT_")
    survey.alone = concurrent or kind in {"SCHEMA", "DATABASE", "SYSTEM"}
    if kind == "INDEX":
        _reindex_one(survey, survey.key(fields["relation"]), concurrent=concurrent)
    elif kind == "TABLE":
        _reindex_table(survey, survey.key(fields["relation"]), concurrent=concurrent)
    else:
        schema = fields.get("name", "")
        for key in (*survey.catalog.tables, *survey.catalog.views):
            if kind == "DATABASE" or key[0] == schema:
                _reindex_table(survey, key, concurrent=concurrent)


def _reindex_one(survey: Survey, index: Key, *, concurrent: bool) -> None:
    owner = survey.catalog.index_tables.get(index)
    if owner is None:
        survey.unknown.append(f"which table has the index {index[1]}")
        return
    table = survey.table(owner)
    recurse = bool(table and table.partitioning)
    survey.alone = survey.alone or recurse
    for key in survey.family(owner, recurse=recurse):
        survey.lock(key, SUE if concurrent else SHARE)
        survey.does(WorkKind.BUILD, key, Cause.REINDEX, f"the index {index[1]} is built again")
    if not concurrent and not recurse:
        survey.lock(index, AE)


def _reindex_table(survey: Survey, key: Key, *, concurrent: bool) -> None:
    table = survey.table(key)
    recurse = bool(table and table.partitioning)
    survey.alone = survey.alone or recurse
    for each in survey.family(key, recurse=recurse):
        held = survey.table(each) or survey.catalog.views.get(each)
        survey.lock(each, SUE if concurrent else SHARE)
        names = [index for index, owner in survey.catalog.index_tables.items() if owner == each]
        if names or held is None:
            survey.does(WorkKind.BUILD, each, Cause.REINDEX, f"every index of {each[1]} is built again")
        for index in names if not concurrent and not (table and table.partitioning) else ():
            survey.lock(index, AE)


@foresees("RefreshMatViewStmt")
def _refresh(survey: Survey, fields: Tree) -> None:
    key = survey.key(fields["relation"])
    concurrent = bool(fields.get("concurrent"))
    survey.lock(key, Lock.EXCLUSIVE if concurrent else AE)
    if fields.get("skipData"):
        return
    why = f"the query of {key[1]} is run, and its result compared with what is there"
    if concurrent:
        survey.does(WorkKind.SCAN, key, Cause.REFRESH, why)
    else:
        survey.does(WorkKind.REWRITE, key, Cause.REFRESH, f"the query of {key[1]} is run, and its result stored anew")


@foresees("ClusterStmt")
def _cluster(survey: Survey, fields: Tree) -> None:
    if "relation" in fields:
        key = survey.key(fields["relation"])
        table = survey.table(key)
        recurse = bool(table and table.partitioning)
        survey.alone = recurse
        for each in survey.family(key, recurse=recurse):
            survey.lock(each, AE)
            survey.does(WorkKind.REWRITE, each, Cause.CLUSTER, f"{each[1]} is written anew in the order of an index")
        return
    survey.alone = True
    for key, table in survey.catalog.tables.items():
        if table.clustered_on:
            survey.lock(key, AE)
            survey.does(WorkKind.REWRITE, key, Cause.CLUSTER, f"{key[1]} is written anew in the order of an index")


@foresees("VacuumStmt")
def _vacuum(survey: Survey, fields: Tree) -> None:
    vacuum = bool(fields.get("is_vacuumcmd"))
    full = vacuum and _on(fields.get("options", []), "full")
    survey.alone = vacuum
    named = [survey.key(node["VacuumRelation"]["relation"]) for node in fields.get("rels", ())]
    for key in [each for one in named for each in survey.family(one)] or list(survey.catalog.tables):
        table = survey.table(key)
        if vacuum and table and table.partitioning:
            continue
        survey.lock(key, AE if full else SUE)
        if full:
            survey.does(WorkKind.REWRITE, key, Cause.VACUUM, f"{key[1]} and its indexes are written anew")

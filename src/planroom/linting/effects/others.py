"""What touches tables beside their definition: triggers, rules, policies, domains, comments, publications, locks."""

from __future__ import annotations

from planroom.ddl.trees import strings
from planroom.linting.effects.adding_columns import domain_of
from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.sqltext import Tree

__all__: list[str] = []

AE, SRE, SUE, SHARE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE, Lock.SHARE


@foresees("CreateTrigStmt")
def _create_trigger(survey: Survey, fields: Tree) -> None:
    key = survey.key(fields["relation"])
    table = survey.table(key)
    for each in survey.family(key, recurse=bool(table and table.partitioning and fields.get("row"))):
        survey.lock(each, SRE)


@foresees("RuleStmt")
def _create_rule(survey: Survey, fields: Tree) -> None:
    survey.lock(survey.key(fields["relation"]), AE)


@foresees("CreatePolicyStmt", "AlterPolicyStmt")
def _policy(survey: Survey, fields: Tree) -> None:
    survey.lock(survey.key(fields["table"]), AE)


@foresees("CreateStatsStmt")
def _statistics(survey: Survey, fields: Tree) -> None:
    for node in fields.get("relations", ()):
        survey.lock(survey.key(node["RangeVar"]), SUE)


@foresees("AlterTableMoveAllStmt")
def _move_all(survey: Survey, fields: Tree) -> None:
    wanted, here = fields.get("new_tablespacename"), fields.get("orig_tablespacename")
    if wanted == here or fields.get("objtype") == "OBJECT_INDEX":
        return
    catalog = survey.catalog
    stored = {key: view for key, view in catalog.views.items() if view.materialised}
    for key, each in (stored if fields.get("objtype") == "OBJECT_MATVIEW" else catalog.tables).items():
        if (each.tablespace or "pg_default") == here:
            survey.lock(key, AE)
            survey.does(WorkKind.REWRITE, key, Cause.STORAGE, f"every row of {key[1]} moves to the tablespace {wanted}")


@foresees("CommentStmt", "SecLabelStmt")
def _comment(survey: Survey, fields: Tree) -> None:
    parts = strings(fields.get("object", {}).get("List", {}).get("items"))
    inside = {"OBJECT_COLUMN"}  # of a constraint, trigger, policy or rule it takes the weakest lock
    whole = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"}
    relation = parts[:-1] if fields.get("objtype") in inside else parts if fields.get("objtype") in whole else ()
    key = survey.named(relation[-2] if len(relation) > 1 else "", relation[-1]) if relation else None
    if key and survey.catalog.relations.get(key) != "composite type":
        survey.lock(key, SUE)


@foresees("CreatePublicationStmt", "AlterPublicationStmt")
def _publication(survey: Survey, fields: Tree) -> None:
    for node in fields.get("pubobjects", ()):
        relation = node.get("PublicationObjSpec", {}).get("pubtable", {}).get("relation")
        if relation:
            key = survey.key(relation)
            table = survey.table(key)
            children = bool(relation.get("inh")) and not (table and table.partitioning)
            for each in survey.family(key, recurse=children):
                survey.lock(each, SUE)


@foresees("LockStmt")
def _lock(survey: Survey, fields: Tree) -> None:
    for node in fields.get("relations", ()):
        for key in survey.family(survey.key(node["RangeVar"]), recurse=bool(node["RangeVar"].get("inh"))):
            survey.lock(key, Lock(fields["mode"]))


@foresees("AlterDomainStmt")
def _alter_domain(survey: Survey, fields: Tree) -> None:
    parts = strings(fields["typeName"])
    key = survey.catalog.find(survey.catalog.domains, parts[-2] if len(parts) > 1 else "", parts[-1])
    kind, constraint = fields["subtype"], fields.get("def", {}).get("Constraint", {})
    if kind not in {"C", "O", "V"} or constraint.get("skip_validation"):
        return
    for each, column in _columns_of(survey, key):
        survey.lock(each, SHARE)
        why = f"the domain {'.'.join(parts)} is narrowed: every value of {column} is checked"
        survey.does(WorkKind.SCAN, each, Cause.DOMAIN, why)


def _columns_of(survey: Survey, domain: Key | None) -> list[tuple[Key, str]]:
    """Return the columns that are of a domain, or of one that narrows it."""
    catalog = survey.catalog
    found = []
    for key, table in catalog.tables.items():
        for column in table.columns:
            current = domain_of(catalog, column.type)
            while current is not None and (current.schema, current.name) != domain:
                current = domain_of(catalog, current.type)
            if current is not None:
                found.append((key, column.name))
    return found

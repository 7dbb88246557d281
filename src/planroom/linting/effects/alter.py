"""ALTER TABLE: each of its actions takes a lock, the strongest counts, and their work is done in one pass.

Source of the lock levels: ``AlterTableGetLockLevel`` (commands/tablecmds.c, PostgreSQL 18), and the server.
"""

from __future__ import annotations

from collections.abc import Callable

from planroom.ddl.trees import options, relation_name
from planroom.linting.effects.survey import Survey, foresees
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.model import Table
from planroom.sqltext import Tree
from planroom.values import dataclass

__all__ = ["ACTIONS", "Alteration", "acts", "typed_tables"]

AE, SRE, SUE = Lock.ACCESS_EXCLUSIVE, Lock.SHARE_ROW_EXCLUSIVE, Lock.SHARE_UPDATE_EXCLUSIVE


@dataclass(frozen=True)
class Alteration:
    """One action of an ALTER TABLE.

    Attributes:
        key: The table.
        table: What the catalog holds of it.
        command: The fields of its AlterTableCmd.
        recurse: ONLY is not said.
    """

    survey: Survey
    key: Key
    table: Table | None
    command: Tree
    recurse: bool
    siblings: tuple[Tree, ...] = ()

    @property
    def name(self) -> str:
        """What the action names: a column, a constraint."""
        return str(self.command.get("name", ""))

    def lock(self, level: Lock, *, descendants: bool = False) -> None:
        """Lock the table and, if asked, what is below it."""
        for key in self.survey.family(self.key, recurse=descendants and self.recurse):
            self.survey.lock(key, level)

    def work(self, kind: WorkKind, cause: Cause, why: str, *, certain: bool = True, descendants: bool = True) -> None:
        """Note work on the table and, unless it is spared, what is below it."""
        for key in self.survey.family(self.key, recurse=descendants and self.recurse):
            self.survey.does(kind, key, cause, why, certain=certain)


Action = Callable[[Alteration], None]

ACTIONS: dict[str, Action] = {}


def acts(*kinds: str) -> Callable[[Action], Action]:
    """Register what foresees these actions of ALTER TABLE."""

    def register(action: Action) -> Action:
        ACTIONS.update({f"AT_{kind}": action for kind in kinds})
        return action

    return register


@foresees("AlterTableStmt")
def _alter_table(survey: Survey, fields: Tree) -> None:
    """ALTER TABLE, and what else goes by that name."""
    if fields.get("objtype") == "OBJECT_TYPE":
        _alter_type(survey, fields)
        return
    key = survey.key(fields["relation"])
    if fields.get("objtype") == "OBJECT_INDEX" or survey.catalog.relations.get(key) == "index":
        _alter_index(survey, key, fields)
        return
    if fields.get("objtype") == "OBJECT_SEQUENCE" or survey.catalog.relations.get(key) == "sequence":
        return
    if fields.get("missing_ok") and survey.catalog.relations and key not in survey.catalog.relations:
        return
    recurse = bool(fields["relation"].get("inh"))
    commands = tuple(node["AlterTableCmd"] for node in fields.get("cmds", ()))
    for survey.action, command in enumerate(commands):
        action = ACTIONS.get(command["subtype"], _exclusive)
        action(Alteration(survey, key, survey.table(key), command, recurse, commands))
    if not any(command["subtype"] in _OF_PARTITIONS for command in commands):
        _as_strong_below(survey, key)


_OF_PARTITIONS = {"AT_AttachPartition", "AT_DetachPartition", "AT_DetachPartitionFinalize"}


def _as_strong_below(survey: Survey, key: Key) -> None:
    """Raise the locks of descendants to that of the table: one level serves all actions of a statement."""
    for each in survey.catalog.descendants(key):
        if each in survey.locks and key in survey.locks:
            survey.lock(each, survey.locks[key])


def _exclusive(action: Alteration) -> None:
    """Lock the table alone, as most actions do that change how it works: RLS, rules, OF, owners, replica identity."""
    action.lock(AE)


@acts("ColumnDefault", "SetStorage", "DropExpression")
def _column_property(action: Alteration) -> None:
    action.lock(AE, descendants=True)


@acts("AddIdentity", "SetIdentity", "DropIdentity")
def _identity(action: Alteration) -> None:
    partitioned = bool(action.table and action.table.partitioning)
    action.lock(AE, descendants=partitioned)


@acts("SetStatistics")
def _statistics(action: Alteration) -> None:
    action.lock(SUE, descendants=True)


@acts("SetOptions", "ResetOptions", "ClusterOn", "DropCluster")
def _light(action: Alteration) -> None:
    action.lock(SUE)


@acts("SetRelOptions", "ResetRelOptions", "ReplaceRelOptions")
def _storage_parameters(action: Alteration) -> None:
    named = options(action.command.get("def", {}).get("List", {}).get("items"))
    action.lock(AE if any(name in _STRONG_OPTIONS for name, _ in named) else SUE)


_STRONG_OPTIONS = {"check_option", "security_barrier", "security_invoker", "user_catalog_table"}


@acts(
    "EnableTrig", "DisableTrig", "EnableAlwaysTrig", "EnableReplicaTrig",
    "EnableTrigAll", "DisableTrigAll", "EnableTrigUser", "DisableTrigUser",
)  # fmt: skip
def _triggers(action: Alteration) -> None:
    table, of_all = action.table, action.command["subtype"].endswith("All")
    named = [each for each in (table.triggers if table else ()) if action.name in {"", each.name}]
    by_row = any(each.for_each_row for each in named) or bool(of_all and table and table.foreign_keys)
    action.lock(SRE, descendants=bool(table and table.partitioning and by_row))


@acts("SetLogged", "SetUnLogged")
def _logged(action: Alteration) -> None:
    action.lock(AE)
    unlogged = action.command["subtype"] == "AT_SetUnLogged"
    if action.table is None or action.table.unlogged != unlogged:
        words = f"{action.survey.words(action.key)} becomes {'unlogged' if unlogged else 'logged'}"
        action.survey.does(WorkKind.REWRITE, action.key, Cause.STORAGE, words)


@acts("SetAccessMethod")
def _access_method(action: Alteration) -> None:
    action.lock(AE)
    wanted = action.name if action.name not in {"", "heap"} else ""
    if action.table is None or action.table.access_method != wanted:
        why = f"every row moves to the access method {action.name or 'heap'}"
        action.survey.does(WorkKind.REWRITE, action.key, Cause.STORAGE, why, certain=action.table is not None)


@acts("SetTableSpace")
def _tablespace(action: Alteration) -> None:
    action.lock(AE)
    wanted = "" if action.name == "pg_default" else action.name
    if action.table is None or action.table.tablespace != wanted:
        why = f"every row moves to the tablespace {action.name}"
        action.survey.does(WorkKind.REWRITE, action.key, Cause.STORAGE, why)


def _alter_index(survey: Survey, key: Key, fields: Tree) -> None:
    for node in fields.get("cmds", ()):
        command = node["AlterTableCmd"]
        if command["subtype"] == "AT_SetTableSpace":
            owner = survey.catalog.index_tables.get(key)
            table = survey.table(owner) if owner else None
            if table and table.partitioning:
                continue  # it says where the indexes of new partitions go
            survey.lock(key, AE)
            if owner:
                why = f"the index {key[1]} moves to the tablespace {command.get('name', '')}"
                survey.does(WorkKind.BUILD, owner, Cause.STORAGE, why)
        elif command["subtype"] == "AT_AttachPartition":
            _attach_index(survey, key, command)


def _attach_index(survey: Survey, key: Key, command: Tree) -> None:
    child = survey.key(command["def"]["PartitionCmd"]["name"])
    for index, level in ((key, Lock.ACCESS_SHARE), (child, Lock.ACCESS_SHARE)):
        if owner := survey.catalog.index_tables.get(index):
            survey.lock(owner, level)


def typed_tables(survey: Survey, composite: Key | None) -> list[Key]:
    """Return the tables OF a composite type."""
    wanted = f"{composite[0]}.{composite[1]}" if composite else ""
    return [key for key, table in survey.catalog.tables.items() if table.of_type and table.of_type == wanted]


def _alter_type(survey: Survey, fields: Tree) -> None:
    """ALTER TYPE of a composite; with CASCADE it changes the typed tables as ALTER TABLE would."""
    schema, name = relation_name(fields["relation"])
    key = survey.catalog.find(survey.catalog.composite_types, schema, name)
    typed = typed_tables(survey, key)
    for node in fields.get("cmds", ()):
        command = node["AlterTableCmd"]
        if command.get("behavior") != "DROP_CASCADE":
            continue
        for each in typed:
            action = ACTIONS.get(command["subtype"], _exclusive)
            action(Alteration(survey, each, survey.table(each), command, recurse=True))

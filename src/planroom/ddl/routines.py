"""Code in the database: routines, triggers, policies."""

from __future__ import annotations

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Problem
from planroom.ddl.dispatch import folds
from planroom.ddl.drops import routine_key
from planroom.ddl.trees import constant, kind_of, relation_name, string, strings
from planroom.model import Argument, Policy, Routine, Table, Trigger, qualified
from planroom.sqltext import DataType, Statement, Tree, data_type, expression, sql_body

__all__: list[str] = []

_MODES = {
    "FUNC_PARAM_IN": "in", "FUNC_PARAM_DEFAULT": "in", "FUNC_PARAM_OUT": "out", "FUNC_PARAM_INOUT": "inout",
    "FUNC_PARAM_VARIADIC": "variadic", "FUNC_PARAM_TABLE": "table",
}  # fmt: skip


@folds("CreateFunctionStmt")
def create_routine(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE [OR REPLACE] FUNCTION, PROCEDURE."""
    names = strings(fields["funcname"])
    schema, name = catalog.creation_key(names[-2] if len(names) > 1 else "", names[-1])
    routine = Routine(
        schema=schema,
        name=name,
        kind="procedure" if fields.get("is_procedure") else "function",
        arguments=tuple(_argument(catalog, node["FunctionParameter"]) for node in fields.get("parameters", ())),
        returns=_returns(catalog, fields),
        origin=statement.location,
    )
    for node in fields.get("options", ()):
        routine = _with_option(routine, node["DefElem"])
    if "sql_body" in fields:
        routine = replace(routine, body=sql_body(statement.text), atomic=True)
    held = catalog.routines.get(routine.id)
    if held and not fields.get("replace"):
        raise Problem(f"{routine.id} exists already")
    if held is None:
        catalog.routine_names[schema, name] = catalog.routine_names.get((schema, name), 0) + 1
    catalog.routines[routine.id] = replace(routine, comment=held.comment) if held else routine


def _argument(catalog: Catalog, fields: Tree) -> Argument:
    type_ = data_type(fields["argType"], catalog)
    default = fields.get("defexpr")
    return Argument(
        type=replace(type_, modifiers=()),  # PostgreSQL forgets them: CREATE FUNCTION, "argtype"
        name=fields.get("name", ""),
        mode=_MODES[fields.get("mode", "FUNC_PARAM_IN")],
        default=expression(default, {}, catalog, target=type_) if default else None,
    )


def _returns(catalog: Catalog, fields: Tree) -> str:
    """Return what stands after RETURNS; PostgreSQL fills it in from OUT arguments when it is left out."""
    parameters = [node["FunctionParameter"] for node in fields.get("parameters", ())]
    if fields.get("is_procedure") or any(each.get("mode") == "FUNC_PARAM_TABLE" for each in parameters):
        return ""
    given = fields.get("returnType")
    if given:
        type_ = str(replace(data_type(given, catalog), modifiers=()))
        return f"SETOF {type_}" if given.get("setof") else type_
    outputs = [each for each in parameters if each.get("mode") in {"FUNC_PARAM_OUT", "FUNC_PARAM_INOUT"}]
    if len(outputs) == 1:
        return str(data_type(outputs[0]["argType"], catalog))
    return "record" if outputs else "void"


def _with_option(routine: Routine, option: Tree) -> Routine:
    argument = option.get("arg")
    match option["defname"]:
        case "as":
            items = argument["List"]["items"] if argument and "List" in argument else [argument]
            return replace(routine, body="\n".join(string(item) for item in items if item))
        case "language":
            return replace(routine, language=constant(argument).lower())
        case "volatility":
            return replace(routine, volatility=constant(argument).lower())
        case "strict":
            return replace(routine, strict=constant(argument) == "true")
        case "security":
            return replace(routine, security_definer=constant(argument) == "true")
        case "leakproof":
            return replace(routine, leakproof=constant(argument) == "true")
        case "parallel":
            return replace(routine, parallel=constant(argument).lower())
        case "window":
            return replace(routine, kind="window" if constant(argument) == "true" else "function")
        case "cost":
            return replace(routine, cost=float(constant(argument)))
        case "rows":
            return replace(routine, rows=float(constant(argument)))
        case "set":
            return replace(routine, options=_with_setting(routine.options, argument or {}))
        case other:
            return replace(routine, options=tuple(sorted({**dict(routine.options), other: constant(argument)}.items())))


def _with_setting(held: tuple[tuple[str, str], ...], node: Tree) -> tuple[tuple[str, str], ...]:
    """Return a routine's settings with one of ``SET name = value`` on top."""
    fields = node.get("VariableSetStmt", {})
    name = fields.get("name", "")
    left = {key: value for key, value in held if key != name}
    if fields.get("kind") == "VAR_SET_VALUE":
        values = [constant(each) for each in fields.get("args", ())]
        left[name] = ", ".join(_listed(value) for value in values) if name == "search_path" else ", ".join(values)
    return tuple(sorted(left.items()))


def _listed(value: str) -> str:
    return qualified(value) if value else '""'


@folds("AlterFunctionStmt")
def alter_routine(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER FUNCTION, PROCEDURE: volatility, strictness, cost, settings."""
    key = routine_key(catalog, fields["func"])
    if key is None:
        raise Problem(f"there is no routine {'.'.join(strings(fields['func'].get('objname')))}", missing=True)
    routine = catalog.routines[key]
    for node in fields.get("actions", ()):
        routine = _with_option(routine, node["DefElem"])
    catalog.routines[key] = routine


@folds("DefineStmt")
def define(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE AGGREGATE; the other objects of CREATE ... (definition) have no place in the model."""
    kind = str(fields["kind"]).removeprefix("OBJECT_").lower()
    if kind != "aggregate":
        from planroom.ddl.catalog import Skipped

        raise Skipped("structure", f"the model holds nothing of kind {kind.replace('_', ' ')}")
    names = strings(fields["defnames"])
    schema, name = catalog.creation_key(names[-2] if len(names) > 1 else "", names[-1])
    definition = {node["DefElem"]["defname"]: node["DefElem"].get("arg") for node in fields.get("definition", ())}
    arguments: tuple[Argument, ...] = ()
    if fields.get("args"):
        items = fields["args"][0].get("List", {}).get("items", ())
        arguments = tuple(_argument(catalog, item["FunctionParameter"]) for item in items)
    elif definition.get("basetype"):
        base = definition.pop("basetype")
        if "TypeName" in base:  # 'ANY' in quotes: it takes no argument
            arguments = (Argument(data_type(base["TypeName"], catalog)),)
    parallel = constant(definition.pop("parallel", None)).lower() if "parallel" in definition else "unsafe"
    routine = Routine(
        schema=schema,
        name=name,
        kind="aggregate",
        parallel=parallel,
        arguments=arguments,
        options=tuple(sorted((key, _definition(catalog, node)) for key, node in definition.items())),
        origin=statement.location,
    )
    catalog.routine_names[schema, name] = catalog.routine_names.get((schema, name), 0) + 1
    catalog.routines[routine.id] = routine


def _definition(catalog: Catalog, node: Tree | None) -> str:
    """Return one item of an aggregate's definition: a type, a routine's qualified name, or a literal."""
    if node and "TypeName" in node:
        names = strings(node["TypeName"]["names"])
        type_ = data_type(node["TypeName"], catalog)
        schema = (names[-2] if len(names) > 1 else "") or catalog.routine_schema(names[-1]) or ""
        known = schema and schema != "pg_catalog" and (schema, names[-1]) in catalog.routine_names
        return qualified(schema, names[-1]) if known else str(type_) if type_ != DataType.UNKNOWN else names[-1]
    return constant(node)


# -- triggers --------------------------------------------------------------------------------------------------------

_TIMINGS = {0: "after", 2: "before", 64: "instead of"}
_EVENTS = ((4, "insert"), (16, "update"), (8, "delete"), (32, "truncate"))
"""The bits of TRIGGER_TYPE_* (catalog/pg_trigger.h)."""


@folds("CreateTrigStmt")
def create_trigger(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE TRIGGER."""
    schema, name = relation_name(fields["relation"])
    view = catalog.find(catalog.views, schema, name)
    owner = catalog.views[view] if view else catalog.tables[catalog.table_key(schema, name)]
    types = {column.name: column.type for column in owner.columns}
    order = [*owner.columns_by_name]
    update_of = strings(fields.get("columns"))
    function = strings(fields["funcname"])
    function_schema = function[-2] if len(function) > 1 else catalog.routine_schema(function[-1]) or ""
    transitions = {node["TriggerTransition"].get("isNew", False): node["TriggerTransition"]["name"]
                   for node in fields.get("transitionRels", ())}  # fmt: skip
    when = fields.get("whenClause")
    trigger = Trigger(
        name=fields["trigname"],
        timing=_TIMINGS[fields.get("timing", 0)],
        events=tuple(event for bit, event in _EVENTS if fields.get("events", 0) & bit),
        function=qualified(function_schema if function_schema != "pg_catalog" else "", function[-1]),
        update_of=tuple(sorted(update_of, key=lambda each: order.index(each) if each in order else 0)),
        for_each_row=bool(fields.get("row")),
        when=expression(when, types, catalog) if when else None,
        arguments=strings(fields.get("args")),
        constraint=bool(fields.get("isconstraint")),
        referenced_table=_referenced(catalog, fields),
        deferrable=bool(fields.get("deferrable")),
        initially_deferred=bool(fields.get("initdeferred")),
        old_table=transitions.get(False, ""),
        new_table=transitions.get(True, ""),
        origin=statement.location,
    )
    held = {each.name for each in owner.triggers}
    if trigger.name in held and not fields.get("replace"):
        raise Problem(f"{owner.id} has a trigger {trigger.name!r} already")
    triggers = (*(each for each in owner.triggers if each.name != trigger.name), trigger)
    if isinstance(owner, Table):
        catalog.put_table(replace(owner, triggers=triggers))
    else:
        catalog.views[owner.schema, owner.name] = replace(owner, triggers=triggers)


def _referenced(catalog: Catalog, fields: Tree) -> str:
    if "constrrel" not in fields:
        return ""
    return qualified(*catalog.table_key(*relation_name(fields["constrrel"])))


# -- policies --------------------------------------------------------------------------------------------------------


@folds("CreatePolicyStmt")
def create_policy(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """CREATE POLICY."""
    table = catalog.tables[catalog.table_key(*relation_name(fields["table"]))]
    types = {column.name: column.type for column in table.columns}
    name = fields["policy_name"]
    if name in {policy.name for policy in table.policies}:
        raise Problem(f"{table.id} has a policy {name!r} already")
    policy = Policy(
        name=name,
        command=fields.get("cmd_name", "all"),
        permissive=bool(fields.get("permissive")),
        roles=_roles(fields),
        using=expression(fields["qual"], types, catalog) if "qual" in fields else None,
        check=expression(fields["with_check"], types, catalog) if "with_check" in fields else None,
        origin=statement.location,
    )
    catalog.put_table(replace(table, policies=(*table.policies, policy)))


def _roles(fields: Tree) -> tuple[str, ...]:
    special = {"ROLESPEC_PUBLIC": "public", "ROLESPEC_CURRENT_USER": "current_user",
               "ROLESPEC_SESSION_USER": "session_user", "ROLESPEC_CURRENT_ROLE": "current_role"}  # fmt: skip
    roles = [kind_of(node)[1] for node in fields.get("roles", ())]
    names = {special.get(role["roletype"]) or role.get("rolename", "") for role in roles} or {"public"}
    return ("public",) if "public" in names else tuple(sorted(names))


@folds("AlterPolicyStmt")
def alter_policy(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER POLICY."""
    table = catalog.tables[catalog.table_key(*relation_name(fields["table"]))]
    types = {column.name: column.type for column in table.columns}
    found = [policy for policy in table.policies if policy.name == fields["policy_name"]]
    if not found:
        raise Problem(f"{table.id} has no policy {fields['policy_name']!r}", missing=True)
    policy = found[0]
    if "roles" in fields:
        policy = replace(policy, roles=_roles(fields))
    if "qual" in fields:
        policy = replace(policy, using=expression(fields["qual"], types, catalog))
    if "with_check" in fields:
        policy = replace(policy, check=expression(fields["with_check"], types, catalog))
    catalog.put_table(replace(table, policies=tuple(policy if each is found[0] else each for each in table.policies)))

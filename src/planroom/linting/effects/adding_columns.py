"""ALTER TABLE ... ADD COLUMN: free, unless each row gets a value of its own or is checked.

Source: ``ATExecAddColumn`` (commands/tablecmds.c, PostgreSQL 18).
"""

from __future__ import annotations

from planroom.ddl import Catalog
from planroom.ddl.columns import SERIAL_TYPES
from planroom.ddl.trees import strings
from planroom.linting.effects.alter import Alteration, acts
from planroom.linting.effects.constraints import add_constraint
from planroom.linting.effects.values import Cause, Key, Lock, WorkKind
from planroom.linting.effects.volatility import unknown_functions, volatile_functions
from planroom.model import Domain
from planroom.sqltext import DataType, Tree, data_type, parse_expression_tree

__all__ = ["constrained", "default_of", "domain_of", "is_serial"]


@acts("AddColumn")
def _add_column(action: Alteration) -> None:
    fields = action.command["def"]["ColumnDef"]
    name = fields["colname"]
    _lock_where_new(action, action.key, name)
    if action.table and name in action.table.columns_by_name and action.command.get("missing_ok"):
        return
    constraints = [node["Constraint"] for node in fields.get("constraints", ())]
    _fill(action, name, fields, constraints)
    for constraint in constraints:
        if constraint["contype"] in {"CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_PRIMARY", "CONSTR_UNIQUE"}:
            filled = _filled(fields, constraints)
            enforced = not _follows(constraints, constraint, "CONSTR_ATTR_NOT_ENFORCED")
            add_constraint(action, {**constraint, "is_enforced": enforced}, column=name, filled=filled)


def _lock_where_new(action: Alteration, key: Key, name: str) -> None:
    """Lock a table and its children, and go on below those that do not have the column yet."""
    survey = action.survey
    survey.lock(key, Lock.ACCESS_EXCLUSIVE)
    for child in survey.catalog.children.get(key, ()) if action.recurse else ():
        table = survey.table(child)
        if table and name in table.columns_by_name:
            survey.lock(child, Lock.ACCESS_EXCLUSIVE)
        else:
            _lock_where_new(action, child, name)


def _filled(fields: Tree, constraints: list[Tree]) -> bool | None:
    """Whether a new column has values; None for DEFAULT NULL, of which the server does not know that it is none."""
    if is_serial(fields) or default_of(constraints) is not None:
        return True
    return None if any(each["contype"] == "CONSTR_DEFAULT" for each in constraints) else False


def _follows(constraints: list[Tree], constraint: Tree, attribute: str) -> bool:
    """Whether an attribute is written behind a constraint, before the next one."""
    for each in constraints[constraints.index(constraint) + 1 :]:
        if not each["contype"].startswith("CONSTR_ATTR"):
            return False
        if each["contype"] == attribute:
            return True
    return False


def _fill(action: Alteration, name: str, fields: Tree, constraints: list[Tree]) -> None:
    """Note the rewrite that gives each row its value, if one is needed."""
    kinds = {each["contype"]: each for each in constraints}
    survey = action.survey
    rewrite = WorkKind.REWRITE
    if is_serial(fields) or "CONSTR_IDENTITY" in kinds:
        action.work(rewrite, Cause.SEQUENCE_DEFAULT, f"each row of {name} draws its own number from a sequence")
        return
    generated = kinds.get("CONSTR_GENERATED")
    if generated is not None:
        if generated.get("generated_kind", "s") != "v":
            action.work(rewrite, Cause.STORED_GENERATED, f"{name} is computed and stored for each row")
        return
    type_ = data_type(fields["typeName"], survey.catalog)
    domain = domain_of(survey.catalog, type_)
    if domain and constrained(survey.catalog, domain):
        words = f"the domain {domain.id} of {name} has constraints, which each row must meet"
        action.work(rewrite, Cause.CONSTRAINED_DOMAIN, words)
        return
    default = default_of(constraints) or _domain_default(survey.catalog, domain)
    _volatile(action, name, default)


def _volatile(action: Alteration, name: str, default: Tree | None) -> None:
    catalog = action.survey.catalog
    if volatile := volatile_functions(catalog, default):
        words = f"the default of {name} calls {volatile[0]}(), which is volatile: each row gets its own value"
        action.work(WorkKind.REWRITE, Cause.VOLATILE_DEFAULT, words)
    elif unknown := unknown_functions(catalog, default):
        words = f"the default of {name} calls {unknown[0]}(), which may be volatile"
        action.work(WorkKind.REWRITE, Cause.VOLATILE_DEFAULT, words, certain=False)


def is_serial(fields: Tree) -> bool:
    """Whether a ColumnDef is of a serial type."""
    names = strings((fields.get("typeName") or {}).get("names"))
    return len(names) == 1 and names[0] in SERIAL_TYPES


def default_of(constraints: list[Tree]) -> Tree | None:
    """Return the DEFAULT among the constraints of a column; DEFAULT NULL is none."""
    for each in constraints:
        if each["contype"] == "CONSTR_DEFAULT":
            tree: Tree = each.get("raw_expr", {})
            return None if tree.get("A_Const", {}).get("isnull") else tree
    return None


def domain_of(catalog: Catalog, type_: DataType) -> Domain | None:
    """Return the domain that a type is."""
    key = catalog.find(catalog.domains, type_.schema, type_.name)
    return catalog.domains[key] if key and not type_.array else None


def constrained(catalog: Catalog, domain: Domain) -> bool:
    """Whether a domain, or one that it narrows, has a constraint."""
    if domain.checks or not domain.nullable:
        return True
    below = domain_of(catalog, domain.type)
    return below is not None and constrained(catalog, below)


def _domain_default(catalog: Catalog, domain: Domain | None) -> Tree | None:
    while domain is not None:
        if domain.default is not None:
            return parse_expression_tree(domain.default.text)
        domain = domain_of(catalog, domain.type)
    return None

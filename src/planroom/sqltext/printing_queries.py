"""Prints queries: SELECT, VALUES, set operations, WITH, and what stands in FROM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext.emission import Binding, Printed, dotted, emit, emit_list, name, printer
from planroom.sqltext.printing_calls import order_by, through_parser, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.sqltext.names import Tree

__all__: list[str] = []


@printer("SelectStmt")
def _select(fields: Tree) -> Printed:
    words = [_with(fields["withClause"])] if "withClause" in fields else []
    if fields.get("op", "SETOP_NONE") != "SETOP_NONE":
        words.append(_set_operation(fields))
    elif "valuesLists" in fields:
        words.append(f"VALUES {emit_list(fields['valuesLists'])}")
    else:
        words += _simple_select(fields)
    return " ".join([*words, *_tail(fields)]), Binding.ANY


def _with(fields: Tree) -> str:
    return ("WITH RECURSIVE " if fields.get("recursive") else "WITH ") + emit_list(fields["ctes"])


_MATERIALIZED = {"CTEMaterializeAlways": "MATERIALIZED ", "CTEMaterializeNever": "NOT MATERIALIZED "}


@printer("CommonTableExpr")
def _common_table(fields: Tree) -> Printed:
    materialized = _MATERIALIZED.get(fields.get("ctematerialized", ""), "")
    head = name(fields["ctename"]) + _columns(fields.get("aliascolnames", ()))
    query = fields["ctequery"]
    text = emit(query) if "SelectStmt" in query else _through_parser_statement(query)
    return f"{head} AS {materialized}({text}){_search(fields)}{_cycle(fields)}", Binding.ATOM


def _search(fields: Tree) -> str:
    if "search_clause" not in fields:
        return ""
    clause = fields["search_clause"]
    order = "BREADTH" if clause.get("search_breadth_first") else "DEPTH"
    columns = emit_list([{"ColumnRef": {"fields": [column]}} for column in clause["search_col_list"]])
    return f" SEARCH {order} FIRST BY {columns} SET {name(clause['search_seq_column'])}"


def _cycle(fields: Tree) -> str:
    if "cycle_clause" not in fields:
        return ""
    clause = fields["cycle_clause"]
    columns = emit_list([{"ColumnRef": {"fields": [column]}} for column in clause["cycle_col_list"]])
    mark, default = emit(clause["cycle_mark_value"]), emit(clause["cycle_mark_default"])
    return (
        f" CYCLE {columns} SET {name(clause['cycle_mark_column'])} TO {mark} DEFAULT {default}"
        f" USING {name(clause['cycle_path_column'])}"
    )


def _through_parser_statement(query: Tree) -> str:
    """Return a data-modifying WITH query, by way of a WITH clause that holds nothing else."""
    text = through_parser({"SubLink": {"subLinkType": "EXPR_SUBLINK", "subselect": {"SelectStmt": {
        "withClause": {"ctes": [{"CommonTableExpr": {"ctename": "q", "ctematerialized": "CTEMaterializeDefault",
                                                     "ctequery": query}}]},
        "limitOption": "LIMIT_OPTION_DEFAULT", "op": "SETOP_NONE"}}}})  # fmt: skip
    return text[text.index("(", 1) + 1 : text.rindex(")", 0, text.rindex(")"))]


def _columns(parts: Sequence[Tree]) -> str:
    return f"({', '.join([name(part['String']['sval']) for part in parts])})" if parts else ""


_SET_OPERATORS = {"SETOP_UNION": "UNION", "SETOP_INTERSECT": "INTERSECT", "SETOP_EXCEPT": "EXCEPT"}


def _set_operation(fields: Tree) -> str:
    operator = _SET_OPERATORS[fields["op"]] + (" ALL" if fields.get("all") else "")
    left, right = fields["larg"], fields["rarg"]
    tight = fields["op"] == "SETOP_INTERSECT"
    left_open = not _tail(left) and "withClause" not in left and _binds(left) >= 1 + tight
    right_open = not _tail(right) and "withClause" not in right and _binds(right) > 1 + tight
    texts = [_select(side)[0] for side in (left, right)]
    shown = [text if bare else f"({text})" for text, bare in zip(texts, (left_open, right_open), strict=True)]
    return f" {operator} ".join(shown)


def _binds(fields: Tree) -> int:
    """Return how tightly a set operation binds: INTERSECT (2) more than UNION and EXCEPT (1); a plain query most."""
    operator = fields.get("op", "SETOP_NONE")
    return 3 if operator == "SETOP_NONE" else 2 if operator == "SETOP_INTERSECT" else 1


def _simple_select(fields: Tree) -> list[str]:
    words = ["SELECT"]
    if "distinctClause" in fields:
        on = [item for item in fields["distinctClause"] if item]
        words.append(f"DISTINCT ON ({emit_list(on)})" if on else "DISTINCT")
    if fields.get("targetList"):
        words.append(emit_list(fields["targetList"]))
    if "fromClause" in fields:
        words.append(f"FROM {emit_list(fields['fromClause'])}")
    if "whereClause" in fields:
        words.append(f"WHERE {emit(fields['whereClause'])}")
    if "groupClause" in fields:
        words.append(f"GROUP BY {'DISTINCT ' if fields.get('groupDistinct') else ''}{emit_list(fields['groupClause'])}")
    if "havingClause" in fields:
        words.append(f"HAVING {emit(fields['havingClause'])}")
    if "windowClause" in fields:
        windows = [item["WindowDef"] for item in fields["windowClause"]]
        words.append("WINDOW " + ", ".join([f"{name(item['name'])} AS {window(item)}" for item in windows]))
    return words


def _tail(fields: Tree) -> list[str]:
    """Return what follows a query's body: ORDER BY, LIMIT, OFFSET, FOR UPDATE."""
    words = [order_by(fields["sortClause"])] if "sortClause" in fields else []
    if "limitOffset" in fields:
        words.append(f"OFFSET {emit(fields['limitOffset'])}")
    if "limitCount" in fields:
        words.append(_limit(fields))
    words += [emit(clause) for clause in fields.get("lockingClause", ())]
    return words


def _limit(fields: Tree) -> str:
    if fields.get("limitOption") == "LIMIT_OPTION_WITH_TIES":
        return f"FETCH FIRST {emit(fields['limitCount'], Binding.ATOM)} ROWS WITH TIES"
    if fields["limitCount"].get("A_Const", {}).get("isnull"):
        return "LIMIT ALL"
    return f"LIMIT {emit(fields['limitCount'])}"


_STRENGTHS = {"LCS_FORUPDATE": "UPDATE", "LCS_FORNOKEYUPDATE": "NO KEY UPDATE", "LCS_FORSHARE": "SHARE",
              "LCS_FORKEYSHARE": "KEY SHARE"}  # fmt: skip
_WAITS = {"LockWaitSkip": " SKIP LOCKED", "LockWaitError": " NOWAIT"}


@printer("LockingClause")
def _locking(fields: Tree) -> Printed:
    tables = f" OF {emit_list(fields['lockedRels'])}" if "lockedRels" in fields else ""
    return f"FOR {_STRENGTHS[fields['strength']]}{tables}{_WAITS.get(fields['waitPolicy'], '')}", Binding.ATOM


@printer("ResTarget")
def _target(fields: Tree) -> Printed:
    text = emit(fields["val"])
    return f"{text} AS {name(fields['name'])}" if "name" in fields else text, Binding.ATOM


@printer("GroupingSet")
def _grouping_set(fields: Tree) -> Printed:
    kind = fields["kind"].removeprefix("GROUPING_SET_")
    if kind == "EMPTY":
        return "()", Binding.ATOM
    word = "GROUPING SETS" if kind == "SETS" else kind
    return f"{word} ({emit_list(fields['content'])})", Binding.ATOM


def _alias(fields: Tree | None) -> str:
    return f" AS {name(fields['aliasname'])}{_columns(fields.get('colnames', ()))}" if fields else ""


@printer("RangeVar")
def _table(fields: Tree) -> Printed:
    parts = [fields[key] for key in ("catalogname", "schemaname", "relname") if key in fields]
    only = "" if fields.get("inh") else "ONLY "
    return only + ".".join(map(name, parts)) + _alias(fields.get("alias")), Binding.ATOM


@printer("RangeTableSample")
def _sample(fields: Tree) -> Printed:
    seed = f" REPEATABLE ({emit(fields['repeatable'])})" if "repeatable" in fields else ""
    method = dotted(fields["method"])
    return f"{emit(fields['relation'])} TABLESAMPLE {method}({emit_list(fields['args'])}){seed}", Binding.ATOM


@printer("RangeSubselect")
def _subquery(fields: Tree) -> Printed:
    lateral = "LATERAL " if fields.get("lateral") else ""
    return f"{lateral}({emit(fields['subquery'])}){_alias(fields.get('alias'))}", Binding.ATOM


@printer("RangeFunction")
def _function_table(fields: Tree) -> Printed:
    lateral = "LATERAL " if fields.get("lateral") else ""
    calls = [_function_item(item["List"]["items"]) for item in fields["functions"]]
    text = f"ROWS FROM ({', '.join(calls)})" if fields.get("is_rowsfrom") else calls[0]
    ordinality = " WITH ORDINALITY" if fields.get("ordinality") else ""
    alias = _alias(fields.get("alias"))
    if "coldeflist" in fields:
        alias = f"{alias or ' AS '}({_definitions(fields['coldeflist'])})"
    return lateral + text + ordinality + alias, Binding.ATOM


def _function_item(items: Sequence[Tree]) -> str:
    call, definitions = items
    text = emit(call)
    return f"{text} AS ({_definitions(definitions['List']['items'])})" if definitions else text


def _definitions(columns: Sequence[Tree]) -> str:
    return ", ".join([_definition(column["ColumnDef"]) for column in columns])


def _definition(column: Tree) -> str:
    collate = f" COLLATE {dotted(column['collClause']['collname'])}" if "collClause" in column else ""
    return f"{name(column['colname'])} {emit({'TypeName': column['typeName']})}{collate}"


_JOINS = {"JOIN_INNER": "JOIN", "JOIN_LEFT": "LEFT JOIN", "JOIN_RIGHT": "RIGHT JOIN", "JOIN_FULL": "FULL JOIN"}


@printer("JoinExpr")
def _join(fields: Tree) -> Printed:
    right = emit(fields["rarg"])
    if "JoinExpr" in fields["rarg"] and "alias" not in fields["rarg"]["JoinExpr"]:
        right = f"({right})"
    word, condition = _JOINS[fields["jointype"]], ""
    if fields.get("isNatural"):
        word = f"NATURAL {word}"
    elif "usingClause" in fields:
        condition = f" USING {_columns(fields['usingClause'])}{_alias(fields.get('join_using_alias'))}"
    elif "quals" in fields:
        condition = f" ON {emit(fields['quals'])}"
    else:
        word = "CROSS JOIN"
    text = f"{emit(fields['larg'])} {word} {right}{condition}"
    return f"({text}){_alias(fields['alias'])}" if "alias" in fields else text, Binding.ATOM


@printer("RangeTableFunc")
def _xml_table(fields: Tree) -> Printed:
    return _rare_from_item({"RangeTableFunc": fields}), Binding.ATOM


@printer("JsonTable")
def _json_table(fields: Tree) -> Printed:
    return _rare_from_item({"JsonTable": fields}), Binding.ATOM


def _rare_from_item(node: Tree) -> str:
    """Return a FROM item as libpg_query prints it, by way of a subquery that holds nothing else."""
    from planroom.sqltext.printing import plain  # printing imports this module

    select = {"fromClause": [plain(node)], "limitOption": "LIMIT_OPTION_DEFAULT", "op": "SETOP_NONE"}
    text = through_parser({"SubLink": {"subLinkType": "EXPR_SUBLINK", "subselect": {"SelectStmt": select}}})
    return text[text.index("FROM") + 5 : -1]

"""The expressions around a query's columns, as PostgreSQL's own parser sees them: what an index on them would hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from planroom.errors import SyntaxProblem
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.names import string_parts
from planroom.sqltext.printing import print_expression
from planroom.sqltext.statements import Tree
from planroom.values import dataclass

__all__ = ["Operand", "operands"]

# What an index can be asked for stands at one side of these; other operators are part of a side.
_ASKING = frozenset("= <> != < > <= >= ~~ !~~ ~~* !~~* ~ ~* !~ !~* @@ @> <@ && ? ?| ?& @? ^@ -|- << >> &< &>".split())
_ASKING_KINDS = frozenset(
    f"AEXPR_{kind}"
    for kind in (
        "IN LIKE ILIKE SIMILAR DISTINCT NOT_DISTINCT OP_ANY OP_ALL BETWEEN NOT_BETWEEN BETWEEN_SYM NOT_BETWEEN_SYM"
    ).split()
)
_WHOLE = {"SortBy": ("node",), "ResTarget": ("val",), "NullTest": ("arg",), "BooleanTest": ("arg",)}


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison, or an expression to sort or group by, that has columns in it.

    Attributes:
        tree: The expression's parse tree, its columns without the names of their tables.
        columns: The names of its columns.
    """

    tree: Tree
    columns: frozenset[str]

    @property
    def text(self) -> str:
        """The expression as SQL.

        Raises:
            SyntaxProblem: It is nested too deeply.
        """
        return print_expression(self.tree)


@lru_cache(maxsize=512)
def operands(text: str) -> Mapping[int, Operand]:
    """Return the operand around each column of a statement, by where the column begins, in characters.

    What PostgreSQL cannot parse has none.

    Example:
        >>> [each.text for each in operands("SELECT 1 FROM t WHERE lower(t.name) = 'x'").values()]
        ['lower(name)']
    """
    try:
        trees = parse_tree(text.encode())
        places = {place: operand for tree in trees for place, operand in _found(tree.get("stmt", {}))}
    except (ParserError, RecursionError, SyntaxProblem, ValueError):
        return {}
    if text.isascii():
        return places
    data = text.encode()
    return {len(data[:place].decode(errors="ignore")): operand for place, operand in places.items()}


def _found(tree: Any) -> Iterator[tuple[int, Operand]]:
    for root in _roots(tree):
        bare = _unqualified(root)
        columns = [fields for kind, fields in _inside(root) if kind == "ColumnRef"]
        names = frozenset(string_parts(fields["fields"])[-1] for fields in columns if _is_named(fields))
        yield from ((fields.get("location", 0), Operand(bare, names)) for fields in columns)


def _is_named(fields: Tree) -> bool:
    return "String" in fields["fields"][-1]


def _roots(tree: Any) -> Iterator[Tree]:
    """Yield the outermost expressions that stand at a side of a comparison, or are sorted or grouped by."""
    if isinstance(tree, list):
        for each in tree:
            yield from _roots(each)
    elif isinstance(tree, Mapping):
        for kind, fields in tree.items():
            if not isinstance(fields, (Mapping, list)):
                continue
            sides = _sides(kind, fields) if isinstance(fields, Mapping) else ()
            yield from (each for side in sides for each in _split(side))
            if isinstance(fields, list) and kind in {"groupClause", "distinctClause"}:
                yield from (each for each in fields if isinstance(each, Mapping) and "ColumnRef" not in each)
            yield from _roots(fields)


def _sides(kind: str, fields: Tree) -> tuple[Tree, ...]:
    if kind == "A_Expr":
        names = string_parts(fields.get("name", ()))
        if fields.get("kind") in _ASKING_KINDS or (names and names[-1] in _ASKING):
            return tuple(fields[side] for side in ("lexpr", "rexpr") if side in fields)
    return tuple(fields[side] for side in _WHOLE.get(kind, ()) if side in fields)


def _split(side: Tree) -> Iterator[Tree]:
    """Yield a side, or the members of a row or list that it is; a condition or a query is no operand itself."""
    members = side.get("RowExpr", {}).get("args") or side.get("List", {}).get("items")
    for each in members or (side,):
        kind = next(iter(each), "")
        if kind not in {"BoolExpr", "SubLink", "NullTest"} and not (kind == "A_Expr" and _sides(kind, each[kind])):
            yield each


def _inside(tree: Any) -> Iterator[tuple[str, Tree]]:
    """Yield the nodes of an expression, those of queries in it left out."""
    pending = [tree]
    while pending:
        each = pending.pop()
        if isinstance(each, list):
            pending += each
        elif isinstance(each, Mapping):
            for kind, fields in each.items():
                if isinstance(fields, Mapping):
                    yield kind, fields
                if kind != "SubLink":
                    pending.append(fields)


def _unqualified(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_unqualified(each) for each in tree]
    if not isinstance(tree, Mapping):
        return tree
    return {
        kind: {**fields, "fields": fields["fields"][-1:]} if kind == "ColumnRef" else _unqualified(fields)
        for kind, fields in tree.items()
    }

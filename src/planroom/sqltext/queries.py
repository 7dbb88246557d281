"""Queries as values: scopes, where their rows come from, and expressions, each part with its place in the text.

What a name means is told as far as the text alone can tell it: which CTE, derived table or alias it may be. Which
column of which table it is depends on a model, and is told by who has one.

Names are spelled as the dialect compares them: in PostgreSQL bare names in lower case and quoted ones as written, in
dialects that ignore case all names in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator

from planroom.values import dataclass

__all__ = [
    "UNTOLD",
    "Assignment",
    "Execution",
    "Node",
    "Predicate",
    "Projection",
    "Query",
    "Scope",
    "Source",
    "shape",
    "walk",
]

UNTOLD = "?"
"""The name of an output that has one, of the server's choice, which the text does not tell."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Attributes:
        kind: ``column``, ``star``, ``number``, ``string``, ``boolean``, ``null``, ``parameter``, ``call``, ``cast``,
            ``compare``, ``and``, ``or``, ``not``, ``is``, ``in``, ``between``, ``like``, ``exists``, ``subquery``,
            ``operator`` (arithmetic and the like), ``case``, ``window``, ``tuple``, ``ordered``, or ``other``.
        text: The column's name, the operator, the function, the type of a cast, the value of a constant.
        args: The operands, in order; a window's first is its function.
        start: Where it begins in the script, in characters from 0; -1 where the text does not tell.
        end: Where it ends.
        qualifier: What stands before a column's name: ``(alias,)`` or ``(schema, table)``.
        scope: The number of the query in it, for ``subquery``, ``exists``, ``in`` and ``quantified``; else -1.
        marks: ``aggregate``, ``distinct``, ``parentheses``, ``quoted``, ``filtered``, ``any``, ``all``, ``try``,
            ``descending``, ``nulls_first`` (also where the dialect has it so by default); ``unknown`` for a function
            that is neither PostgreSQL's own nor the dialect's, so that it may be an aggregate.
    """

    kind: str
    text: str = ""
    args: tuple[Node, ...] = ()
    start: int = -1
    end: int = -1
    qualifier: tuple[str, ...] = ()
    scope: int = -1
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """One output of a query.

    Attributes:
        name: What it is called; empty where it has no name, `UNTOLD` where the text does not tell it.
        node: What it is; a ``star`` stands for several columns.
    """

    name: str
    node: Node


@dataclass(frozen=True, slots=True)
class Source:
    """Where a query's rows come from.

    Attributes:
        kind: ``table``, ``cte``, ``derived``, ``function`` or ``values``.
        name: How the query calls it: its alias, or the table's own name.
        table: The table's name, with its schema before it where that is written.
        scope: The number of the query of a derived table or CTE; else -1.
        join: ``from`` (the first), ``comma``, ``cross``, ``inner``, ``left``, ``right`` or ``full``.
        on: The join's condition.
        using: The columns of USING.
        natural: It is a NATURAL join.
        lateral: It may refer to the sources before it.
        null_extended: An outer join fills it with NULL where nothing matches.
        operands: The first sources of the joins in parentheses that it stands in, so that its own condition holds
            before those are joined to anything.
        columns: The names that its alias gives to its columns; the rest keep their own.
        aliased: It has an alias.
    """

    kind: str
    name: str
    table: tuple[str, ...] = ()
    scope: int = -1
    join: str = "from"
    on: Node | None = None
    using: tuple[str, ...] = ()
    natural: bool = False
    lateral: bool = False
    null_extended: bool = False
    operands: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    aliased: bool = False
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition of those that AND joins.

    Attributes:
        place: ``where``, ``on`` or ``having``.
        source: For ``on``, the number of the source that is joined; else -1.
    """

    node: Node
    place: str
    source: int = -1


@dataclass(frozen=True, slots=True)
class Scope:
    """One query in a statement: what its names can mean is the same in all of it.

    Attributes:
        number: Its place in `Query.scopes`.
        kind: ``select``, ``set`` (a set operation), ``values``, ``update``, ``delete``, ``insert`` or ``merge``.
        role: ``root``, ``cte``, ``derived``, ``operand`` (of a set operation), ``scalar``, ``in``, ``exists``,
            ``quantified``.
        parent: The number of the scope around it; -1 for none.
        sees: How many sources of the scope around it its names can mean; -1 for all.
        predicates: WHERE, ON and HAVING, split at AND.
        grouping_sets: GROUP BY has ROLLUP, CUBE, GROUPING SETS or ALL.
        operator: ``union``, ``intersect`` or ``except``; empty for none.
        operands: The numbers of the queries that the set operation joins.
        keeps_duplicates: The set operation is an ALL.
        projections: What it gives; for a statement that writes, what RETURNING says.
        others: Expressions elsewhere: values that are set, named windows.
    """

    number: int
    kind: str
    role: str = "root"
    parent: int = -1
    sees: int = -1
    sources: tuple[Source, ...] = ()
    projections: tuple[Projection, ...] = ()
    predicates: tuple[Predicate, ...] = ()
    where: Node | None = None
    having: Node | None = None
    group_by: tuple[Node, ...] = ()
    grouping_sets: bool = False
    distinct: bool = False
    distinct_on: tuple[Node, ...] = ()
    order_by: tuple[Node, ...] = ()
    limit: Node | None = None
    offset: Node | None = None
    operator: str = ""
    operands: tuple[int, ...] = ()
    keeps_duplicates: bool = False
    others: tuple[Node, ...] = ()
    locks: bool = False
    start: int = -1
    end: int = -1

    def expressions(self) -> Iterator[tuple[str, Node]]:
        """Yield the expressions of the query with their place: ``select``, ``where``, ``on``, ``group`` ..."""
        yield from (("select", each.node) for each in self.projections)
        yield from (("on", source.on) for source in self.sources if source.on is not None)
        if self.where is not None:
            yield "where", self.where
        yield from (("group", node) for node in self.group_by)
        if self.having is not None:
            yield "having", self.having
        yield from (("distinct", node) for node in self.distinct_on)
        yield from (("order", node) for node in self.order_by)
        yield from (("limit", node) for node in (self.limit, self.offset) if node is not None)
        yield from (("other", node) for node in self.others)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A column of the target, and what is written to it."""

    column: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Execution:
    """One EXECUTE of a text that a PL/pgSQL routine puts together.

    Attributes:
        text: The expression that makes the text, as written.
        expression: The same as a tree.
        line: Its line in the routine's body, from 1.
        start: Where the expression begins in the script; -1 where that is not known.
        end: Where it ends.
        assigned: What the body assigns to its variables: the name, and the expression.
        types: The types of variables and parameters, as far as they are declared: the name, and the type.
        parameters: The names of the parameters.
    """

    text: str
    expression: Node | None
    line: int
    start: int = -1
    end: int = -1
    assigned: tuple[tuple[str, Node], ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that reads or writes rows.

    Attributes:
        kind: ``select``, ``insert``, ``update``, ``delete``, ``merge``, ``create-view``, ``create-table``, or
            ``routine``, which has executions alone.
        scopes: All queries in it; the first is the outermost.
        target: What is written to; the first source of an update, delete or merge.
        target_columns: The columns that an INSERT or a view names; None where it names none.
        assignments: What SET writes, in ON CONFLICT too.
        conflict_columns: What ON CONFLICT names.
    """

    kind: str
    scopes: tuple[Scope, ...] = ()
    target: Source | None = None
    target_columns: tuple[Node, ...] | None = None
    assignments: tuple[Assignment, ...] = ()
    conflict_columns: tuple[Node, ...] = ()
    executions: tuple[Execution, ...] = ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, but nothing of the queries in it."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending.extend(reversed(each.args))


def shape(node: Node) -> tuple[object, ...]:
    """Return what an expression says, whatever its place: two that say the same have the same shape."""
    return (
        node.kind, node.text, node.qualifier, node.scope, node.marks - {"parentheses"},
        tuple(shape(each) for each in node.args),
    )  # fmt: skip

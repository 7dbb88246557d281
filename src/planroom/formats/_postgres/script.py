"""The whole script: every object of a model, in an order that loads, one block an object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.formats._postgres import types
from planroom.formats._postgres.clauses import comment_on, storage_clause, tablespace_clause, words
from planroom.formats._postgres.columns import column_comments
from planroom.formats._postgres.constraints import create_index
from planroom.formats._postgres.order import Strength, arranged
from planroom.formats._postgres.partitions import Partitions
from planroom.formats._postgres.qualifying import Qualifier, qualified_names
from planroom.formats._postgres.references import Names
from planroom.formats._postgres.routines import create_routine, create_trigger
from planroom.formats._postgres.tables import TableWriter
from planroom.model import Table, qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from planroom.model import (
        CompositeType,
        Domain,
        ForeignKey,
        Index,
        Model,
        ObjectId,
        RangeType,
        Routine,
        Unread,
        View,
    )

__all__ = ["script", "table_scripts"]

_STANDARD_COMMENT = "standard public schema"  # what initdb says of the schema public
_WHAT_OTHERS_NEED = (
    "CREATE COLLATION", "CREATE FOREIGN DATA", "CREATE SERVER", "CREATE TEXT SEARCH", "CREATE ACCESS METHOD",
)  # fmt: skip


def script(model: Model, *, unread: bool = True) -> str:
    """Return the model as a script for PostgreSQL; with ``unread``, what the model could not hold stands at its end."""
    from planroom.sqltext.builtins import functions_named

    qualifier = Qualifier(Names(model), lambda name: bool(functions_named(name)))
    return _Script(qualified_names(model, qualifier), unread, qualifier).text()


def table_scripts(model: Model) -> dict[ObjectId, str]:
    """Return the statements that make each table and what is dropped with it, by its id."""
    from planroom.sqltext.builtins import functions_named

    qualifier = Qualifier(Names(model), lambda name: bool(functions_named(name)))
    return _Script(qualified_names(model, qualifier), False, qualifier).by_table()


@dataclass(frozen=True)
class _Script:
    model: Model
    with_unread: bool
    qualifier: Qualifier

    def text(self) -> str:
        """Return the script."""
        blocks = [statements for statements in self._blocks() if statements]
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"

    def by_table(self) -> dict[ObjectId, str]:
        """Return the statements of each table."""
        lines = {
            name: [line for write in _table_writers(table).values() for line in write()]
            + table.late_constraints()
            + [line for block in table.guards() for line in block]
            for name, table in self._tables.items()
        }
        return {name: "\n".join(found) + "\n" for name, found in lines.items()}

    def _blocks(self) -> Iterator[list[str]]:
        early, late = self._unread()
        if not self._bodies_checkable:
            yield ["SET check_function_bodies = false;"]
        yield from self._schemas_and_extensions()
        yield from early
        for key in self._order:
            yield self._writers[key]()
        yield [types.own_sequence(each) for each in self.model.sequences if each.owned_by]
        for table in self._tables.values():
            yield table.late_constraints()
        for table in self._tables.values():
            yield from table.guards()
        for view in self.model.views:
            yield [line for trigger in view.triggers for line in create_trigger(view.id, trigger)]
        yield from late

    # -- what stands before everything ---------------------------------------------------------------------------

    def _schemas_and_extensions(self) -> Iterator[list[str]]:
        model = self.model
        used = {extension.schema for extension in model.extensions if extension.schema}
        yield [line for each in model.schemas for line in _schema(each.name, each.comment)]
        yield [f"CREATE SCHEMA {quote_identifier(name)};" for name in sorted(used - _known_schemas(model))]
        yield [_extension(each.name, each.schema) for each in model.extensions if each.name != "plpgsql"]

    def _unread(self) -> tuple[list[list[str]], list[list[str]]]:
        """Return what the model does not hold, as far as others need it, and the rest."""
        kept = [each for each in self.model.unread if each.kind in {"structure", "privileges"} and each.text.strip()]
        if not self.with_unread or not kept:
            return [], []
        early = [each for each in kept if each.what.upper().startswith(_WHAT_OTHERS_NEED)]
        late = [each for each in kept if each not in early]
        return _verbatim(early), _verbatim(late)

    # -- the objects ---------------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> Names:
        return Names(self.model)

    @cached_property
    def _partitions(self) -> Partitions:
        return Partitions(self.model)

    @cached_property
    def _needs(self) -> Mapping[str, Mapping[str, Strength]]:
        """What each object needs, in the order in which the script reads best."""
        model, names = self.model, self._names
        needs: dict[str, dict[str, Strength]] = {}
        needs |= {f"type {each.id}": {} for each in model.enums}
        needs |= {f"type {each.id}": _composite_needs(each, names) for each in model.composite_types}
        needs |= {f"type {each.id}": _range_needs(each, names) for each in model.range_types}
        needs |= {f"type {each.id}": _domain_needs(each, names) for each in model.domains}
        needs |= {f"sequence {each.id}": {} for each in model.sequences}
        needs |= {f"routine {each.id}": _routine_needs(each, names) for each in model.routines}
        for table in model.tables:
            needs |= self._table_needs(table)
        for view in model.views:
            needs |= self._view_needs(view)
        return needs

    def _table_needs(self, table: Table) -> dict[str, dict[str, Strength]]:
        names, own = self._names, f"table {table.id}"
        hard = {f"table {parent}" for parent in table.inherits}
        hard |= {f"table {table.partition_of.parent}"} if table.partition_of else set()
        hard |= {key for column in table.columns for key in names.of_type(column.type)}
        hard |= set(self._names_of_type_id(table.of_type))
        generated = [column.generated.expression for column in table.columns if column.generated]
        keyed = [part.expression for part in table.partitioning.columns] if table.partitioning else []
        hard |= {key for each in (*generated, *keyed) if each for key in names.of_text(each.text)}
        needs = dict.fromkeys(hard, Strength.HARD)
        for part in (*self._default_needs(table).values(), *self._check_needs(table).values()):
            needs |= {key: Strength.PART for key in part if key not in hard}
        for reference in table.foreign_keys:
            needs |= {key: Strength.REFERENCE for key in self._key_needs(reference) if key not in needs}
        after: dict[str, dict[str, Strength]] = {own: needs}
        for index in table.indexes:
            after[f"index {qualified(table.schema, index.name)}"] = self._index_needs(own, table, index)
        settings = dict.fromkeys([*after], Strength.HARD)
        expressions = [each for statistics in table.statistics for each in statistics.expressions]
        settings |= {key: Strength.HARD for each in expressions for key in names.of_text(each.text)}
        return {**after, f"settings {table.id}": settings}

    def _names_of_type_id(self, name: str) -> Iterator[str]:
        return (key for key in (f"type {name}", f"table {name}") if name)

    def _default_needs(self, table: Table) -> Mapping[str, frozenset[str]]:
        defaults = {column.name: column.default for column in table.columns if column.default}
        return {name: self._names.of_text(each.text) for name, each in defaults.items()}

    def _check_needs(self, table: Table) -> Mapping[str, frozenset[str]]:
        return {check.name: self._names.of_text(check.expression.text) for check in table.checks}

    def _key_needs(self, reference: ForeignKey) -> set[str]:
        """Return what a foreign key needs: the table, and the unique index where no constraint is the key."""
        needs = {f"table {reference.referenced_table}"}
        target = self.model.tables_by_id.get(reference.referenced_table)
        wanted = set(reference.referenced_columns)
        if target and not any(set(key.columns) == wanted for key in target.keys):
            needs |= {
                f"index {qualified(target.schema, index.name)}"
                for index in target.indexes
                if index.unique and {part.column for part in index.columns} == wanted
            }
        return needs

    def _index_needs(self, owner: str, table: Table | View, index: Index) -> dict[str, Strength]:
        expressions = [part.expression for part in index.columns] + [index.predicate]
        needs = {key for each in expressions if each for key in self._names.of_text(each.text)}
        if index.only:  # the partitions come first: a new one would be given the index
            needs |= {f"table {each.id}" for each in self.model.partitions.get(table.id, ())}
        parent = self._partitions.parent(table) if isinstance(table, Table) else None
        if index.parent and parent is not None:
            needs.add(f"index {qualified(parent.schema, index.parent)}")
        return dict.fromkeys({owner, *needs}, Strength.HARD)

    def _view_needs(self, view: View) -> dict[str, dict[str, Strength]]:
        own = f"view {view.id}"
        needs = {own: dict.fromkeys(self._names.of_query(view.query.text), Strength.HARD)}
        for index in view.indexes:
            needs[f"index {qualified(view.schema, index.name)}"] = self._index_needs(own, view, index)
        return needs

    @cached_property
    def _order(self) -> list[str]:
        return arranged(self._needs)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {key: number for number, key in enumerate(self._order)}

    @cached_property
    def _bodies_checkable(self) -> bool:
        """Whether the server can check bodies: what they name is made before them and found without a search path."""
        in_quotes = [each.body for each in self.model.routines if each.language == "sql" and not each.atomic]
        return all(map(self.qualifier.is_qualified, in_quotes)) and all(
            self._place[need] < self._place[key]
            for key, needs in self._needs.items()
            for need, strength in needs.items()
            if strength == Strength.BODY and need in self._place and need != key
        )

    # -- how each is written -------------------------------------------------------------------------------------

    @cached_property
    def _tables(self) -> Mapping[str, TableWriter]:
        return {table.id: self._writer(table) for table in self.model.tables}

    def _writer(self, table: Table) -> TableWriter:
        own = f"table {table.id}"
        needed = {**self._check_needs(table)} | {each.name: self._key_needs(each) for each in table.foreign_keys}
        late = {name for name, needs in needed.items() if not self._made_before(own, needs)}
        defaults = {name for name, needs in self._default_needs(table).items() if not self._made_before(own, needs)}
        return TableWriter(table, self._partitions, frozenset(late), frozenset(defaults))

    def _made_before(self, own: str, needs: Iterable[str]) -> bool:
        """Whether all that is needed stands before an object (or is the object itself, for a reference to itself)."""
        here = self._place[own]
        return all(self._place.get(need, -1) <= here for need in needs)

    @cached_property
    def _writers(self) -> Mapping[str, Callable[[], list[str]]]:
        """How each object of the order is written."""
        model = self.model
        writers: dict[str, Callable[[], list[str]]] = {}
        for each in model.enums:
            writers[f"type {each.id}"] = _bound(types.create_enum, each)
        for composite in model.composite_types:
            writers[f"type {composite.id}"] = _bound(types.create_composite, composite)
        for range_type in model.range_types:
            writers[f"type {range_type.id}"] = _bound(types.create_range, range_type)
        for domain in model.domains:
            writers[f"type {domain.id}"] = _bound(types.create_domain, domain)
        for sequence in model.sequences:
            writers[f"sequence {sequence.id}"] = _bound(types.create_sequence, sequence)
        for routine in model.routines:
            writers[f"routine {routine.id}"] = _bound(create_routine, routine)
        for table in self._tables.values():
            writers |= _table_writers(table)
        for view in model.views:
            writers |= _view_writers(view)
        return writers


def _bound(write: Callable[..., list[str]], subject: object) -> Callable[[], list[str]]:
    return lambda: write(subject)


def _table_writers(writer: TableWriter) -> dict[str, Callable[[], list[str]]]:
    table = writer.table
    writers: dict[str, Callable[[], list[str]]] = {f"table {table.id}": writer.create}
    for index in table.indexes:
        writers[f"index {qualified(table.schema, index.name)}"] = _bound(writer.index_statements, index)
    return {**writers, f"settings {table.id}": lambda: [*writer.last_settings(), *writer.statistics()]}


def _view_writers(view: View) -> dict[str, Callable[[], list[str]]]:
    writers: dict[str, Callable[[], list[str]]] = {f"view {view.id}": _bound(_create_view, view)}
    for index in view.indexes:
        writers[f"index {qualified(view.schema, index.name)}"] = _bound(_view_index(view), index)
    return writers


def _view_index(view: View) -> Callable[[Index], list[str]]:
    def write(index: Index) -> list[str]:
        comment = comment_on(f"INDEX {qualified(view.schema, index.name)}", index.comment)
        return [create_index(view.id, index), *comment]

    return write


def _create_view(view: View) -> list[str]:
    kind = "MATERIALIZED VIEW" if view.materialised else "VIEW"
    names = [quote_identifier(column.name) for column in view.columns]
    columns = f"({', '.join(names)})" if names else ""
    head = words("CREATE", kind, view.id, columns, storage_clause(view.options), tablespace_clause(view.tablespace))
    query = view.query.text.strip().rstrip(";").rstrip()
    end = "\nWITH NO DATA;" if view.materialised and not view.populated else "\n;" if _ends_in_comment(query) else ";"
    defaults = [
        f"ALTER VIEW {view.id} ALTER COLUMN {quote_identifier(each.name)} SET DEFAULT {each.default.text.strip()};"
        for each in view.columns
        if each.default
    ]
    comments = [*comment_on(f"{kind} {view.id}", view.comment), *column_comments(view.id, view.columns)]
    return [f"{head} AS\n{query}{end}", *defaults, *comments]


def _ends_in_comment(query: str) -> bool:
    return "--" in query.rpartition("\n")[2]


def _schema(name: str, comment: str) -> list[str]:
    if name == "public":
        return comment_on("SCHEMA public", "" if comment == _STANDARD_COMMENT else comment)
    quoted = quote_identifier(name)
    return [f"CREATE SCHEMA {quoted};", *comment_on(f"SCHEMA {quoted}", comment)]


def _extension(name: str, schema: str) -> str:
    where = f" WITH SCHEMA {quote_identifier(schema)}" if schema and schema != "pg_catalog" else ""
    return f"CREATE EXTENSION IF NOT EXISTS {quote_identifier(name)}{where};"


def _known_schemas(model: Model) -> set[str]:
    return {"public", "pg_catalog", *(each.name for each in model.schemas)}


def _composite_needs(composite: CompositeType, names: Names) -> dict[str, Strength]:
    return dict.fromkeys((key for each in composite.fields for key in names.of_type(each.type)), Strength.HARD)


def _range_needs(range_type: RangeType, names: Names) -> dict[str, Strength]:
    called = {key for _, value in range_type.options for key in names.mentioned(value) if key.startswith("routine ")}
    return dict.fromkeys([*names.of_type(range_type.subtype), *called], Strength.HARD)


def _domain_needs(domain: Domain, names: Names) -> dict[str, Strength]:
    texts = [check.expression.text for check in domain.checks] + ([domain.default.text] if domain.default else [])
    called = {key for text in texts for key in names.of_text(text)}
    return dict.fromkeys([*names.of_type(domain.type), *called], Strength.HARD)


def _routine_needs(routine: Routine, names: Names) -> dict[str, Strength]:
    hard = {key for each in routine.arguments for key in names.of_type(each.type)}
    hard |= {key for each in routine.arguments if each.default for key in names.of_text(each.default.text)}
    hard |= {key for key in names.mentioned(routine.returns) if not key.startswith("routine ")}
    if routine.kind == "aggregate":
        hard |= {key for _, value in routine.options for key in names.mentioned(value)}
    body = names.mentioned(routine.body) if routine.atomic else names.of_body(routine.body, routine.language)
    if routine.atomic:
        return dict.fromkeys(hard | body, Strength.HARD)
    return {key: Strength.HARD if key in hard else Strength.BODY for key in hard | body}


def _verbatim(entries: list[Unread]) -> list[list[str]]:
    """Return statements as they were written, under a comment that says so."""
    if not entries:
        return []
    heading = "-- What follows is kept as it was written: the model has no place for it."
    return [[heading], *([each.text.strip().rstrip(";") + "\n;"] for each in entries)]

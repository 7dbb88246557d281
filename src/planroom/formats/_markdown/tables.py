"""The section of one table or view."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.markup import code, fence, prose, table
from planroom.model import Table, View, qualified
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.markup import Anchors
    from planroom.model import (
        Annotations,
        Check,
        Column,
        Exclusion,
        ForeignKey,
        Index,
        IndexColumn,
        Model,
        Policy,
        Relation,
        Trigger,
        Unique,
    )
    from planroom.sqltext import DataType

__all__ = ["Sections"]


@dataclass(frozen=True)
class Sections:
    """What the sections of one model need to know of the whole."""

    model: Model
    anchors: Anchors

    @cached_property
    def _children(self) -> Mapping[str, tuple[Relation, ...]]:
        """The relations that end at each table."""
        found: dict[str, list[Relation]] = {}
        for relation in self.model.relations:
            found.setdefault(relation.parent, []).append(relation)
        return {parent: tuple(relations) for parent, relations in found.items()}

    def of(self, each: Table | View) -> Iterator[str]:
        """Yield the blocks of a table or view, below its heading."""
        yield prose(each.comment)
        yield _facts(each)
        if each.columns:
            yield table(
                ("column", "type", "null", "default", "key", "description"),
                (self._column(each, column) for column in each.columns),
            )
        if isinstance(each, View):
            yield from self._view(each)
        else:
            yield from self._table(each)

    def _view(self, view: View) -> Iterator[str]:
        yield _listed("Indexes", (_index(index) for index in view.indexes))
        yield _listed("Triggers", (_trigger(trigger) for trigger in view.triggers))
        yield fence(view.query.text, "sql")

    def _table(self, each: Table) -> Iterator[str]:
        if each.inherits:
            yield f"Inherits from {', '.join(self.anchors.link('table', name) for name in each.inherits)}."
        yield _listed("Keys", _keys(each))
        yield _listed("References", (self._reference(key) for key in each.foreign_keys))
        yield _listed("Referenced by", (self._referenced_by(own) for own in self._children.get(each.id, ())))
        yield _listed("Checks", (_check(check) for check in each.checks))
        yield _listed("Exclusions", (_exclusion(exclusion) for exclusion in each.exclusions))
        yield _listed("Indexes", (_index(index) for index in each.indexes))
        yield _listed("Triggers", (_trigger(trigger) for trigger in each.triggers))
        yield _listed("Row-level security", (_policy(policy) for policy in each.policies))
        yield from self._partitions(each)

    # -- columns ---------------------------------------------------------------------------------------------------

    def _column(self, each: Table | View, column: Column) -> tuple[str, ...]:
        return (
            code(column.name),
            self._type(column.type),
            "yes" if column.nullable and isinstance(each, Table) else "",
            _default(column),
            ", ".join(self._signs(each, column)) if isinstance(each, Table) else "",
            _described(column),
        )

    def _type(self, data_type: DataType) -> str:
        if data_type.name == data_type.UNKNOWN.name:
            return ""
        name = qualified(data_type.schema, data_type.name) if data_type.schema else ""
        own = name in self._own_types
        return self.anchors.link("type", name) + ("[]" if data_type.array else "") if own else code(data_type.short)

    @cached_property
    def _own_types(self) -> frozenset[str]:
        model = self.model
        return frozenset(
            each.id for kind in (model.enums, model.domains, model.composite_types, model.range_types) for each in kind
        )

    def _signs(self, each: Table, column: Column) -> Iterator[str]:
        if each.primary_key and column.name in each.primary_key.columns:
            yield "PK"
        if any(key.columns == (column.name,) for key in each.unique_constraints):
            yield "unique"
        for key in each.foreign_keys:
            if column.name in key.columns:
                yield f"→\u00a0{self.anchors.link('table', key.referenced_table, self._near(each, key))}"

    def _near(self, each: Table, key: ForeignKey) -> str:
        """Return the name of a referenced table without its schema where that is the table's own."""
        target = self.model.tables_by_id.get(key.referenced_table)
        return target.name if target and target.schema == each.schema else key.referenced_table

    # -- relations -------------------------------------------------------------------------------------------------

    def _reference(self, key: ForeignKey) -> str:
        target = f"{self.anchors.link('table', key.referenced_table)} ({_names(key.referenced_columns)})"
        actions = [
            f"on {event} {action}"
            for event, action in (("delete", key.on_delete), ("update", key.on_update))
            if action != "no action"
        ]
        state = [] if key.enforced else ["not enforced"]
        state += ["not validated"] if key.enforced and not key.validated else []
        state += ["checked at commit" if key.initially_deferred else "deferrable"] if key.deferrable else []
        return ", ".join([f"{_names(key.columns)} → {target}", *actions, *state])

    def _referenced_by(self, relation: Relation) -> str:
        return f"{self.anchors.link('table', relation.child)} ({_names(relation.columns)})"

    def _partitions(self, each: Table) -> Iterator[str]:
        if not each.partitioning:
            return
        parts = ", ".join(_index_column(part) for part in each.partitioning.columns)
        children = self.model.partitions.get(each.id, ())
        yield f"Partitioned by {each.partitioning.strategy} of {parts}."
        if children:
            bounds = (
                f"- {code(child.id)}: {code(child.partition_of.bound)}" for child in children if child.partition_of
            )
            number = f"{format_count(len(children))} partition{'s' if len(children) > 1 else ''}"
            yield "\n".join([f"<details><summary>{number}</summary>", "", *bounds, "", "</details>"])


def _names(columns: Sequence[str]) -> str:
    return ", ".join(code(each) for each in columns)


def _listed(title: str, items: Iterator[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join([f"**{title}**", "", *lines]) if lines else ""


def _facts(each: Table | View) -> str:
    """Return the line of what is declared and what is special."""
    notes = each.annotations
    facts = [f"owner {prose(notes.owner)}"] if notes.owner else []
    facts += [f"aggregate {prose(notes.aggregate)}"] if notes.aggregate and notes.aggregate != each.name else []
    facts += [f"{format_count(notes.rows)} rows"] if notes.rows is not None else []
    facts += [f"growth {prose(notes.growth)}"] if notes.growth else []
    facts += _personal(notes)
    if isinstance(each, View):
        facts += ["materialised view" if each.materialised else "view"]
    else:
        facts += ["unlogged"] if each.unlogged else []
        facts += [f"foreign table on {code(each.external)}"] if each.external else []
    return " · ".join(facts)


def _personal(notes: Annotations) -> list[str]:
    facts = [f"personal data: {prose(notes.pii)}"] if notes.pii else []
    return facts + ([f"kept for {prose(notes.retention)}"] if notes.retention else [])


def _default(column: Column) -> str:
    if column.generated:
        return f"{'stored' if column.generated.stored else 'virtual'}: {code(column.generated.expression)}"
    if column.identity:
        return "identity"
    return code(column.default) if column.default else ""


def _described(column: Column) -> str:
    return " · ".join(part for part in (prose(column.comment), *_personal(column.annotations)) if part)


def _keys(each: Table) -> Iterator[str]:
    """Yield the keys that the columns' table does not tell: those of several columns, and special ones."""
    for key in each.keys:
        unique: Unique | None = key if key is not each.primary_key else None  # type: ignore[assignment]
        special = [f"covering {_names(key.include)}"] if key.include else []
        special += ["NULLs count as equal"] if unique and unique.nulls_not_distinct else []
        special += ["without overlaps"] if key.without_overlaps else []
        special += ["deferrable"] if key.deferrable else []
        if len(key.columns) > 1 or special:
            kind = "unique" if unique else "primary key"
            yield ", ".join([f"{code(key.name)}: {kind} ({_names(key.columns)})", *special])


def _check(check: Check) -> str:
    state = "" if check.enforced and check.validated else ", not validated" if check.enforced else ", not enforced"
    return f"{code(check.name)}: {code(check.expression)}{state}"


def _exclusion(exclusion: Exclusion) -> str:
    parts = ", ".join(f"{_index_column(each.column)} {code(each.operator)}" for each in exclusion.elements)
    where = f" where {code(exclusion.predicate)}" if exclusion.predicate else ""
    return f"{code(exclusion.name)}: no two rows with {parts}{where}"


def _index(index: Index) -> str:
    parts = ", ".join(_index_column(part) for part in index.columns)
    kind = "unique, on" if index.unique else "on" if index.method == "btree" else f"{index.method}, on"
    more = [f"covering {_names(index.include)}"] if index.include else []
    more += [f"where {code(index.predicate)}"] if index.predicate else []
    more += [prose(index.comment)] if index.comment else []
    return ", ".join([f"{code(index.name)}: {kind} {parts}", *more])


def _index_column(part: IndexColumn) -> str:
    written = code(part.column) if part.column else code(part.expression)
    return written + (" descending" if part.descending else "")


def _trigger(trigger: Trigger) -> str:
    events = " or ".join(trigger.events)
    of = f" of {_names(trigger.update_of)}" if trigger.update_of else ""
    rows = "each row" if trigger.for_each_row else "each statement"
    when = f" when {code(trigger.when)}" if trigger.when else ""
    state = "" if trigger.enabled == "origin" else f" ({trigger.enabled})"
    return (
        f"{code(trigger.name)}: {trigger.timing} {events}{of}, for {rows}{when}, calls {code(trigger.function)}{state}"
    )


def _policy(policy: Policy) -> str:
    kind = "" if policy.permissive else "restrictive, "
    using = f", sees {code(policy.using)}" if policy.using else ""
    writes = f", writes {code(policy.check)}" if policy.check else ""
    return f"{code(policy.name)}: {kind}{policy.command} for {', '.join(map(code, policy.roles))}{using}{writes}"

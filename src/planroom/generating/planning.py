"""From a model, numbers of rows and a seed to a plan: which tables, how many rows, and the SQL that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import QuantityError
from planroom.generating.bounds import leaves
from planroom.generating.checking import conditions_of, key_checks, own_types, reference_checks
from planroom.generating.columns import Made
from planroom.generating.counting import asked_rows, derived_rows
from planroom.generating.kinds import Kinds
from planroom.generating.plan import GenerationPlan, Skipped, TablePlan
from planroom.generating.references import making_order, references_of
from planroom.generating.sketches import Sketch, sketch
from planroom.generating.tables import made_table, target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.generating.references import Reference
    from planroom.model import Model, ObjectId, Table

__all__ = ["plan_rows"]


def plan_rows(model: Model, rows: Mapping[str, str | float], *, seed: int = 0) -> GenerationPlan:
    """Return how rows of a model are made; nothing is run.

    Args:
        model: A model in PostgreSQL's dialect.
        rows: Rows by table, such as ``{"orders": "30k"}``; the others follow, see `derived_rows`.
        seed: Another seed gives other rows.

    Raises:
        UnknownNameError: A name is no table's.
        QuantityError: A number makes no sense, or a table's keys do not allow that many rows.
        ModelError: Tables require each other in a circle.
    """
    return _Planning(model, rows, seed).plan()


class _Planning:
    def __init__(self, model: Model, rows: Mapping[str, str | float], seed: int) -> None:
        self.model, self.seed = model, seed
        self.asked = asked_rows(model, rows)
        kinds = Kinds(model)
        self.types = own_types(model)
        self.sketches: dict[ObjectId, Sketch] = {}
        self.references: dict[ObjectId, tuple[Reference, ...]] = {}
        self.skipped: dict[ObjectId, str] = {}
        for table in model.tables:
            if not table.partition_of:
                self.references[table.id], _ = references_of(model, table)
                self.sketches[table.id] = sketch(table, kinds, self.references[table.id], _leaves(model, table))
        self._skip()

    def _skip(self) -> None:
        """Leave out tables whose rows cannot be made, and those that require them."""
        for key, plan in self.sketches.items():
            if reason := _unmakeable(plan):
                self.skipped[key] = reason
        while True:
            more = {
                key: f"{each.name} requires rows of {each.parent}, which has none"
                for key in self.sketches.keys() - self.skipped.keys()
                for each in self.references[key]
                if not each.optional and (each.parent in self.skipped or each.parent not in self.sketches)
            }
            if not more:
                return
            self.skipped |= dict(sorted(more.items()))

    def plan(self) -> GenerationPlan:
        """Return the plan."""
        tables = [plan.table for key, plan in self.sketches.items() if key not in self.skipped]
        order, late = making_order(tables, self.references)
        rows = self._allowed(order, derived_rows(order, self.references, self.asked))
        made: dict[ObjectId, Made] = {}
        plans = []
        for table in order:
            made[table.id] = self._made(table, rows, made, late)
            plans.append(self._table_plan(table, rows, made[table.id]))
        return GenerationPlan(
            name=self.model.name,
            seed=self.seed,
            schemas=tuple(sorted({table.schema for table in order})),
            tables=tuple(plans),
            skipped=tuple(Skipped(key, why) for key, why in sorted(self.skipped.items())),
        )

    def _allowed(self, order: tuple[Table, ...], rows: Mapping[ObjectId, int]) -> dict[ObjectId, int]:
        """Return the rows that keys allow: fewer than derived, never fewer than asked for."""
        allowed: dict[ObjectId, int] = {}
        for table in order:
            wanted = rows[table.id]
            parents = {**rows, **allowed}
            if any(
                not parents.get(each.parent) and not each.optional
                for each in self.references[table.id]
                if each.parent != table.id
            ):
                wanted = self._refused(table, 0, wanted, "a table that it requires rows of has none")
            shape = self.sketches[table.id].shape(wanted, parents)
            if shape.limit is not None and shape.limit < wanted:
                wanted = self._refused(table, shape.limit, wanted, shape.why)
            allowed[table.id] = wanted
        return allowed

    def _refused(self, table: Table, limit: int, wanted: int, why: str) -> int:
        if table.id in self.asked and wanted > limit:
            raise QuantityError(
                f"{table.id} cannot have {wanted:,} rows.",
                where=str(table.origin) if table.origin.source else "",
                why=f"{why}.",
                fix=f"ask for at most {limit:,}, or for more rows of the tables that it refers to.",
            )
        return min(limit, wanted)

    def _made(
        self,
        table: Table,
        rows: Mapping[ObjectId, int],
        made: Mapping[ObjectId, Made],
        late: frozenset[tuple[ObjectId, str]],
    ) -> Made:
        parents = {
            each.parent: (self.model.tables_by_id[each.parent], made.get(each.parent) or Made(rows[each.parent]))
            for each in self.references[table.id]
            if each.parent in rows
        }
        waiting = frozenset(name for key, name in late if key == table.id)
        return made_table(self.sketches[table.id], rows[table.id], self.seed, parents, waiting)

    def _table_plan(self, table: Table, rows: Mapping[ObjectId, int], made: Made) -> TablePlan:
        plan = self.sketches[table.id]
        kept = plan.kinds.keys()
        return TablePlan(
            id=table.id,
            schema=table.schema,
            name=table.name,
            rows=made.rows,
            asked=table.id in self.asked,
            columns=tuple(made.columns),
            create=made.create,
            late=tuple(made.late),
            keys=key_checks(plan, made, self.types),
            references=reference_checks(self.model, table, rows, kept),
            conditions=conditions_of(plan, made, self.types),
            notes=(*made.notes, *_notes(plan)),
            target=target(table),
        )


def _leaves(model: Model, table: Table):  # type: ignore[no-untyped-def]
    return leaves(model, table) if table.partitioning else None


def _unmakeable(plan: Sketch) -> str:
    table = plan.table
    if table.external:
        return "it is a foreign table"
    if plan.leaves == ():
        return "it has no partitions, or not for every row"
    if not plan.kinds:
        return "it has no column"
    for column in table.columns:
        if column.generated or column.name in plan.referring or plan.recipes[column.name]:
            continue
        kind = plan.kinds[column.name]
        if (not column.nullable or not kind.nullable) and column.default is None:
            return f"planroom makes no values of the type {column.type}, which {column.name} requires"
    return ""


def _notes(plan: Sketch) -> list[str]:
    generated = [each.name for each in plan.table.columns if each.generated]
    notes = [f"{', '.join(generated)}: computed by the engine"] if generated else []
    notes += [f"{each}: verified by PostgreSQL alone" for each in plan.untold]
    return notes

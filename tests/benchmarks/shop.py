"""The commerce schema with made-up rows, and what a server says of them: the judge of plans from declarations alone.

What was asked of a server is kept where `tests.benchmarks.tpch_rows` keeps TPC-H's, because ten million rows take their
time.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.experiments.loading import STATISTICS
from planroom.formats import FORMATS
from planroom.plans import plan_of
from planroom.plans.shapes import shape
from planroom.scaling.declared import declared
from planroom.sqltext import parse_postgres
from tests.benchmarks.shop_queries import SHOP, shop_queries
from tests.benchmarks.tpch_rows import folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines.base import Engine
    from planroom.model import Model, ObjectId

__all__ = ["LARGE", "Outline", "Verdict", "counted_rows", "measured_shop", "outlines", "predicted", "verdict"]

Outline = tuple[str, float]
"""The shape of a plan and its total cost."""

LARGE = {
    "order_events": 10_000_000, "orders": 1_000_000, "order_lines": 3_000_000, "shipments": 1_100_000,
    "shipment_lines": 3_000_000, "charges": 1_000_000, "invoices": 300_000, "charge_attempts": 1_200_000,
    "stock_movements": 2_000_000, "login_attempts": 1_500_000, "consents": 60_000, "sessions": 300_000,
    "carts": 300_000, "cart_items": 600_000, "returns": 300_000, "refunds": 200_000,
}  # fmt: skip
"""Rows of a shop whose largest table has ten million, and which a laptop holds."""


@dataclass(frozen=True)
class Verdict:
    """How near plans come to those over rows.

    Attributes:
        queries: How many were compared.
        shapes: How many have the same shape.
        costs: How many cost between half as much and twice.
        misses: What differs, a line a query.
    """

    queries: int
    shapes: int
    costs: int
    misses: tuple[str, ...]

    def __str__(self) -> str:
        missed = f"; {', '.join(self.misses)}" if self.misses else ""
        return f"{self.shapes} of {self.queries} shapes, {self.costs} costs within 2x{missed}"


def outlines(engine: Engine) -> dict[str, Outline]:
    """Return the shape and the cost of the plan of each query."""
    found = {}
    for name, sql in shop_queries().items():
        plan = plan_of(engine.explain(sql.strip().rstrip(";")).document)
        found[name] = (shape(plan), plan.root.total_cost or 0.0)
    return found


def counted_rows(model: Model, engine: OwnedPostgres) -> dict[ObjectId, float]:
    """Return how many rows each table has that is no partition."""
    tables = [each for each in model.tables if not each.partition_of]
    return {each.id: float(str(next(iter(engine.query(f"SELECT count(*) FROM {each.id}")))[0])) for each in tables}


def predicted(model: Model, rows: Mapping[ObjectId, float]) -> dict[str, Outline]:
    """Return what the planner says from the declarations alone."""
    with ScaledPostgres(model, declared(model, rows)) as database:
        return outlines(database)


def verdict(real: Mapping[str, Outline], found: Mapping[str, Outline]) -> Verdict:
    """Return how near plans come to those over rows."""
    shapes = [name for name, (each, _) in real.items() if found[name][0] == each]
    ratios = {name: found[name][1] / max(cost, 1e-9) for name, (_, cost) in real.items()}
    near = [name for name, ratio in ratios.items() if 0.5 <= ratio <= 2]
    missed = tuple(f"{name} ({ratios[name]:.2f})" for name in real if name not in shapes or name not in near)
    return Verdict(len(real), len(shapes), len(near), missed)


def measured_shop(rows: Mapping[str, float]) -> tuple[dict[ObjectId, float], dict[str, Outline]]:
    """Return the rows of each table, and the plans of a server that holds them; asked once, and kept."""
    kept = folder() / f"shop-{max(rows.values()):g}.json"
    if not kept.exists():
        model = pr.read(str(SHOP))
        with _loaded(model, rows) as database:
            told = {"rows": counted_rows(model, database), "plans": outlines(database)}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(told), encoding="utf-8")
    told = json.loads(kept.read_text(encoding="utf-8"))
    return told["rows"], {name: (each, cost) for name, (each, cost) in told["plans"].items()}


@contextlib.contextmanager
def _loaded(model: Model, rows: Mapping[str, float]) -> Iterator[OwnedPostgres]:
    """Open a database with the rows; indexes and most constraints come after them, as after a restore."""
    statements = parse_postgres(FORMATS["postgres"].write(model))
    late = [each.text for each in statements if _comes_late(each.kind, each.text)]
    with pr.generate(model, rows) as made, OwnedPostgres() as database:
        for statement in statements:
            if statement.kind != "empty" and statement.text not in late:
                database.run(statement.text)
        made.load(database, statistics=STATISTICS[0])
        for text in late:
            database.run(text)
        database.run("VACUUM")
        yield database


def _comes_late(kind: str, text: str) -> bool:
    return kind == "IndexStmt" or (kind == "AlterTableStmt" and "ADD CONSTRAINT" in text)

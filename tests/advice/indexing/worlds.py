"""Random worlds of plans: a query has some, each needs some indexes, and the cheapest that can be is taken."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations

from planroom.advice.indexing import CandidateIndex
from planroom.model import Index, IndexColumn

TABLES = ("public.a", "public.b", "public.c")


@dataclass(frozen=True)
class World:
    """Plans of queries: the indexes that each uses, and its cost."""

    plans: tuple[tuple[tuple[frozenset[str], float], ...], ...]
    sizes: dict[str, float]
    weights: tuple[float, ...]
    budget: float
    writes: dict[str, float]
    candidates: tuple[CandidateIndex, ...]

    def cost(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        possible = [(cost, sorted(used)) for used, cost in self.plans[query] if used <= indexes]
        cost, used = min(possible)
        return cost, frozenset(used)

    def size_bytes(self, index: str) -> float:
        return self.sizes[index]

    def height(self, index: str) -> int:
        return 2

    def total(self, chosen: frozenset[str], page_cost: float = 4.0) -> float:
        queries = sum(weight * self.cost(query, chosen)[0] for query, weight in enumerate(self.weights))
        tables = {each.name: each.table for each in self.candidates}
        return queries + sum(self.writes.get(tables[name], 0.0) * 3 * page_cost for name in chosen)

    def best(self) -> float:
        names = sorted(self.sizes)
        sets = (frozenset(each) for size in range(len(names) + 1) for each in combinations(names, size))
        return min(self.total(each) for each in sets if sum(self.sizes[name] for name in each) <= self.budget)


def world(seed: int) -> World:
    """Return a world with at most twelve candidates, some of which begin with others, and eight queries."""
    rng = random.Random(seed)
    keys = _keys(rng)
    sizes = {
        name: 10.0 * len(columns) * rng.uniform(0.5, 20) ** rng.choice((1, 2)) for name, (_, columns) in keys.items()
    }
    plans = tuple(_plans(rng, keys) for _ in range(rng.randint(1, 8)))
    possible: dict[str, set[int]] = {name: set() for name in keys}
    for query, each in enumerate(plans):
        for used, _ in each:
            for name in used:
                possible[name].add(query)
    candidates = tuple(
        CandidateIndex(
            table=table,
            index=Index(name=name, columns=tuple(map(IndexColumn, columns))),
            queries=tuple(sorted(possible[name])),
            possible=tuple(sorted(possible[name])),
            statement="",
            ddl="",
        )
        for name, (table, columns) in keys.items()
    )
    writes = {table: rng.choice((0.0, 0.0, rng.uniform(0, 30))) for table in TABLES}
    weights = tuple(rng.choice((1.0, rng.uniform(0.1, 10))) for _ in plans)
    return World(plans, sizes, weights, rng.uniform(0.05, 1.0) * sum(sizes.values()), writes, candidates)


Keys = dict[str, tuple[str, tuple[str, ...]]]


def _keys(rng: random.Random) -> Keys:
    found: Keys = {}
    for number in range(rng.randint(1, 12)):
        earlier = rng.choice(sorted(found.values())) if found and rng.random() < 0.4 else None
        table, columns = earlier or (rng.choice(TABLES), ())
        found[f"i{number:02}"] = (table, (*columns, f"c{number}")[:3])
    return found


def _plans(
    rng: random.Random, keys: dict[str, tuple[str, tuple[str, ...]]]
) -> tuple[tuple[frozenset[str], float], ...]:
    base = 10 ** rng.uniform(2, 5)
    plans = [(frozenset[str](), base)]
    for _ in range(rng.randint(0, 7)):
        used = frozenset(rng.sample(sorted(keys), min(len(keys), rng.choice((1, 1, 1, 2, 2, 3)))))
        plans.append((used, base * rng.uniform(0.001, 1.0)))
    return tuple(plans)

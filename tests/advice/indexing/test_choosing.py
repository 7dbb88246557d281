"""The choice of indexes, held against the best there is in random worlds of plans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planroom.advice.indexing import IndexAdvice, advised
from planroom.advice.indexing.costs import CachedCosts
from planroom.errors import QuantityError
from planroom.sqltext.weighted_queries import WeightedQuery
from tests.advice.indexing.worlds import World, world

SEEDS = range(500)


def advice(world: World, **options: object) -> IndexAdvice:
    queries = [WeightedQuery(f"q{number}", f"select {number}", weight) for number, weight in enumerate(world.weights)]
    asked: dict[str, object] = {"budget_bytes": world.budget, "write_rates": world.writes, **options}
    return advised(world, queries, world.candidates, **asked)  # type: ignore[arg-type]


def chosen(found: IndexAdvice) -> frozenset[str]:
    return frozenset(each.candidate.name for each in found.chosen)


@pytest.mark.parametrize("block", range(10))
def test_the_benefit_is_within_five_per_cent_of_the_best_and_the_budget_is_kept(block: int) -> None:
    for seed in SEEDS[block::10]:
        here = world(seed)
        found = advice(here)
        nothing = here.total(frozenset())
        possible, reached = nothing - here.best(), nothing - here.total(chosen(found))

        assert reached >= 0.95 * possible - 1e-9, seed
        assert sum(here.sizes[name] for name in chosen(found)) <= here.budget, seed


def test_what_is_told_of_a_choice_adds_up() -> None:
    for seed in SEEDS[:100]:
        here = world(seed)
        found = advice(here)
        picked = chosen(found)
        for each in found.chosen:
            less = picked - {each.candidate.name}
            assert here.total(less) - here.total(picked) == pytest.approx(each.gain - each.upkeep), seed
            assert sum(gain for _, gain in each.serves) == pytest.approx(each.gain), seed
        assert found.after == pytest.approx(
            sum(weight * here.cost(number, picked)[0] for number, weight in enumerate(here.weights))
        )


def test_the_same_is_advised_whatever_the_order_of_sets() -> None:
    for seed in SEEDS[:50]:
        assert advice(world(seed)) == advice(world(seed))


def test_an_answer_holds_for_all_sets_between_what_a_plan_uses_and_what_it_was_chosen_among() -> None:
    for seed in SEEDS[:100]:
        here = world(seed)
        names = frozenset(here.sizes)
        costs = CachedCosts(here, dict.fromkeys(range(len(here.plans)), names))
        for query in range(len(here.plans)):
            for absent in sorted(names):
                assert costs.cost(query, names - {absent}) == here.cost(query, names - {absent}) or (
                    costs.cost(query, names - {absent})[0] == here.cost(query, names - {absent})[0]
                )
        assert costs.asked <= len(here.plans) * len(names)


def test_an_index_that_costs_more_to_keep_up_than_it_saves_is_not_advised() -> None:
    here = world(3)
    drowned = replace(here, writes=dict.fromkeys(here.writes, 1e12))

    assert advice(drowned).chosen == ()


def test_nothing_fits_into_no_budget() -> None:
    assert advice(world(1), budget_bytes=0).chosen == ()


def test_the_search_can_be_told_to_stop() -> None:
    def stop(told: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        advice(world(2), progress=stop)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"budget_bytes": -1.0}, "budget"),
        ({"write_rates": {"public.a": -2.0}}, "public.a"),
        ({"period_s": 0.0}, "period"),
    ],
)
def test_what_cannot_be_is_told(options: dict[str, object], told: str) -> None:
    with pytest.raises(QuantityError, match=told):
        advice(world(1), **options)

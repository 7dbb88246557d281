"""Communities: a partition into connected parts, better than chance, the same whatever the order of the ties."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.drawing.communities import communities, modularity
from planroom.drawing.links import components
from tests.counting import calls


def cliques(count: int, size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Groups in which everything is tied to everything, in a ring of single ties."""
    groups = [[f"g{group:03d}n{at}" for at in range(size)] for group in range(count)]
    ties = [pair for group in groups for pair in combinations(group, 2)]
    ties += [(groups[at][0], groups[(at + 1) % count][1]) for at in range(count)]
    return [node for group in groups for node in group], ties


@st.composite
def ties(draw):
    count = draw(st.integers(1, 20))
    nodes = [f"n{at}" for at in range(count)]
    return nodes, draw(st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)), max_size=40))


@given(ties())
def test_every_node_is_in_one_community_and_each_community_is_connected(given):
    nodes, pairs = given
    found = communities(nodes, pairs)

    assert sorted(node for members in found for node in members) == sorted(nodes)
    for members in found:
        inside = [pair for pair in pairs if set(pair) <= set(members)]
        assert len(components(members, inside)) == 1


@given(ties(), st.randoms(use_true_random=False))
def test_the_order_and_the_direction_of_the_ties_do_not_matter(given, random):
    nodes, pairs = given
    shuffled = [random.choice([(one, other), (other, one)]) for one, other in random.sample(pairs, len(pairs))]

    assert communities(nodes, shuffled) == communities(nodes, pairs)


@given(ties())
def test_no_single_community_and_no_split_into_single_nodes_is_better(given):
    nodes, pairs = given
    quality = modularity(communities(nodes, pairs), pairs)

    assert quality >= modularity([nodes], pairs) - 1e-9
    assert quality >= modularity([[node] for node in nodes], pairs) - 1e-9


@pytest.mark.parametrize(("count", "size"), [(4, 4), (7, 6), (12, 5)])
def test_planted_groups_are_found(count, size):
    nodes, pairs = cliques(count, size)

    assert [len(members) for members in communities(nodes, pairs)] == [size] * count


def test_a_large_community_is_divided_when_it_has_parts_and_kept_when_it_has_none():
    nodes, pairs = cliques(60, 5)
    star = [("hub", f"leaf{at}") for at in range(40)]

    assert max(map(len, communities(nodes, pairs))) > 5
    assert max(map(len, communities(nodes, pairs, largest=5))) == 5
    assert len(communities(["hub", *(leaf for _, leaf in star)], star, largest=10)) == 1


def test_modularity_is_the_published_one():
    """Two triangles and a tie between them: 6/7 of the ties are within, 1/2 is expected."""
    pairs = [*combinations("abc", 2), *combinations("def", 2), ("c", "d")]

    assert modularity(["abc", "def"], pairs) == pytest.approx(6 / 7 - 1 / 2)
    assert modularity(["abcdef"], pairs) == pytest.approx(0)


def test_the_hash_seed_does_not_matter():
    code = """
from tests.drawing.test_communities import cliques
from planroom.drawing.communities import communities
print(communities(*cliques(9, 4)), communities("abcdefgh", zip("abcdefgh", "bcdaefgh")))
"""
    outputs = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, text=True)
        for seed in ("0", "1")
    }

    assert len(outputs) == 1


def test_time_grows_with_the_number_of_ties():
    """A quadratic search would be 64 times the work for eight times the ties."""
    few, many = cliques(150, 5), cliques(1_200, 5)

    assert calls(lambda: communities(*many)) < 12 * calls(lambda: communities(*few))

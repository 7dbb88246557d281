"""Containment counts by how surprising it is; more missing values never help."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planroom.advice.containment import Containment, evidence_from
from planroom.advice.evidence import Evidence, score_of

shares = st.floats(0.001, 1.0)
counts = st.builds(
    Containment,
    rows=st.just(10_000),
    filled=st.just(10_000),
    distinct=st.integers(1, 10_000),
    missing=st.just(0),
    family=st.sampled_from(["integer", "text", "uuid"]),
    density=st.none() | shares,
    reach=shares,
)


@given(counts, st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_weight_never_rises_with_what_is_missing(found, first, second):
    less, more = sorted((min(first, found.distinct), min(second, found.distinct)))

    weights = [evidence_from(replace(found, missing=missing)).weight for missing in (less, more)]
    assert weights[0] >= weights[1]


@given(counts.filter(lambda each: each.density is not None), shares)
def test_the_weight_never_rises_with_how_dense_the_keys_are(found, density):
    low, high = sorted((found.density, density))

    assert evidence_from(replace(found, density=low)).weight >= evidence_from(replace(found, density=high)).weight


@given(st.lists(st.floats(-60, 60), max_size=6), st.floats(0, 30))
def test_the_score_lies_between_0_and_1_and_rises_with_every_weight(weights, more):
    lower = score_of([Evidence(weight, "") for weight in weights])
    higher = score_of([Evidence(weight, "") for weight in [*weights, more]])

    assert 0 < lower <= higher < 1


def test_small_numbers_in_a_serial_key_say_little_and_uuids_much():
    flags = Containment(1000, 1000, 5, 0, "integer", density=1.0, reach=0.001)
    keys = Containment(1000, 1000, 5, 0, "uuid")

    assert evidence_from(flags).weight < 0 < 3 < evidence_from(keys).weight


def test_an_empty_table_says_nothing():
    assert evidence_from(Containment(0, 0, 0, 0)).weight == 0

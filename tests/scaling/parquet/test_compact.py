"""The compact protocol: what is written is read again, and no bytes hang the reader or take its memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SourceError
from planroom.scaling.parquet import compact
from planroom.scaling.parquet.compact import Field, Items, Kind, Struct, decoded, encoded

_SCALARS = {
    Kind.BYTE: st.integers(0, 255),
    Kind.I16: st.integers(-(2**15), 2**15 - 1),
    Kind.I32: st.integers(-(2**31), 2**31 - 1),
    Kind.I64: st.integers(-(2**63), 2**63 - 1),
    Kind.DOUBLE: st.floats(allow_nan=False),
    Kind.BINARY: st.binary(max_size=40),
}
_numbers = st.integers(-(2**15), 2**15 - 1)


def _items(structs):
    plain = [
        st.lists(values, max_size=20).map(lambda found, k=kind: Items(k, tuple(found)))
        for kind, values in _SCALARS.items()
    ]
    truths = st.builds(Items, st.sampled_from([Kind.TRUE, Kind.FALSE]), st.lists(st.booleans(), max_size=20).map(tuple))
    return st.one_of(*plain, truths, st.lists(structs, max_size=4).map(lambda found: Items(Kind.STRUCT, tuple(found))))


def _fields(structs):
    plain = [st.builds(Field, st.just(kind), values) for kind, values in _SCALARS.items()]
    return st.one_of(
        *plain,
        st.builds(Field, st.just(Kind.TRUE), st.booleans()),
        st.builds(Field, st.sampled_from([Kind.LIST, Kind.SET]), _items(structs)),
        st.builds(Field, st.just(Kind.STRUCT), structs),
    )


structs = st.recursive(
    st.just(Struct({})),
    lambda below: st.builds(Struct, st.dictionaries(_numbers, _fields(below), max_size=6)),
    max_leaves=12,
)


@given(structs)
def test_what_is_written_is_read(value):
    assert decoded(encoded(value)) == value


@given(structs)
def test_what_is_read_is_written_byte_by_byte(value):
    data = encoded(value)

    assert encoded(decoded(data)) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = decoded(data)
    except SourceError:
        return
    assert decoded(encoded(found)) == found


@given(structs, st.data())
def test_a_cut_text_is_refused(value, data):
    whole = encoded(value)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]

    with pytest.raises(SourceError):
        decoded(cut)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x1c" * 1_000_000, "nests more than"),
        (b"\x19\x19" * 500_000, "nests more than"),
        (b"\x19\xfc" + b"\xff" * 9 + b"\x01", "longer than what is left"),
        (b"\x18\xff\xff\xff\xff\x0f", "ends in the middle"),
        (b"\x16" + b"\xff" * 11, "more than 64 bits"),
        (b"\x15\xff\xff\xff\xff\xff\x01\x00", "does not fit into 32 bits"),
        (b"\x15\x02\x05\x02\x02\x00", "is there twice"),
        (b"\x1b\x00\x00", "no type 11"),
        (b"\x1d\x00\x00", "no type 13"),
        (b"\x00\x00", "1 bytes follow"),
        (b"", "ends in the middle"),
    ],
)
def test_hostile_bytes_are_refused_with_the_reason(data, why):
    with pytest.raises(SourceError, match=why):
        decoded(data, "evil.parquet")


def test_more_values_than_memory_should_hold_are_refused(monkeypatch):
    monkeypatch.setattr(compact, "MOST_VALUES", 1_000)
    data = b"\x19\xfc\xe8\x07" + b"\x00" * 1_001  # a list of a thousand empty structs

    with pytest.raises(SourceError, match="more than 1,000 values"):
        decoded(data)


def test_the_message_names_the_file_and_the_place():
    with pytest.raises(SourceError, match=r"orders\.parquet") as refused:
        decoded(b"\x15", "orders.parquet")

    assert "byte 1 of the footer" in str(refused.value)

"""Values are what the standard library's frozen dataclasses are, but for the time that their classes take to make."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS: tuple[dict[str, bool], ...] = (
    {"slots": True}, {"slots": False}, {"slots": True, "kw_only": True}, {"slots": True, "order": True},
    {"slots": False, "kw_only": True, "repr": False}, {"slots": True, "eq": False},
)  # fmt: skip


def place(decorator: Callable[..., Any], **options: bool) -> Any:
    """Return a class whose fields have all that fields can have."""

    @decorator(frozen=True, **options)
    class Place:
        """A place."""

        name: str
        line: int = 0
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False)
        secret: str = field(default="", repr=False)
        shape: int = field(default=1, hash=False)

    return Place


@dataclass(frozen=True, slots=True)
class Point:
    """A point; it is found by its name, as a pickle needs it."""

    x: int
    y: int = 0

    def __bool__(self) -> bool:
        return bool(self.x or self.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid(Point):
    """A point that has one field more."""

    z: int = 0


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@given(first=st.integers(0, 2), second=st.integers(0, 2), note=st.text(max_size=2))
def test_values_compare_and_show_themselves_as_the_standard_ones(
    options: dict[str, bool], first: int, second: int, note: str
) -> None:
    classes = place(dataclass, **options), place(dataclasses.dataclass, **options)
    ours, theirs = (cls(name="a", line=first, tags=["t"], note=note, secret="s") for cls in classes)
    our_other, their_other = (cls(name="a", line=second, tags=["t"], secret="s") for cls in classes)

    assert (ours == our_other) is (theirs == their_other)
    assert ours != theirs
    if options.get("repr", True):
        assert repr(ours) == repr(theirs)
    if options.get("order"):
        assert (ours < our_other, ours <= our_other) == (theirs < their_other, theirs <= their_other)
        assert (ours > our_other, ours >= our_other) == (theirs > their_other, theirs >= their_other)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_class_takes_the_same_arguments_as_a_standard_one(options: dict[str, bool]) -> None:
    ours, theirs = place(dataclass, **options), place(dataclasses.dataclass, **options)

    parameters = [
        [(each.name, each.kind, each.annotation) for each in inspect.signature(cls).parameters.values()]
        for cls in (ours, theirs)
    ]
    assert parameters[0] == parameters[1]
    assert ours.__init__.__annotations__ == theirs.__init__.__annotations__
    assert ours.__match_args__ == theirs.__match_args__
    assert hasattr(ours(name="a"), "__dict__") is hasattr(theirs(name="a"), "__dict__")


def test_each_value_has_a_fresh_default_where_a_factory_makes_it() -> None:
    cls = place(dataclass, slots=True)

    assert cls("a").tags == []
    assert cls("a").tags is not cls("a").tags


@pytest.mark.parametrize("slots", [True, False])
def test_a_value_cannot_be_changed(slots: bool) -> None:
    value = place(dataclass, slots=slots)("a")

    with pytest.raises(FrozenInstanceError, match="'line'"):
        value.line = 2
    with pytest.raises(FrozenInstanceError, match="'line'"):
        del value.line
    assert value.line == 0


def test_values_are_hashed_by_what_they_are_compared_by_but_for_what_is_left_out() -> None:
    cls = place(dataclass, slots=True)

    assert hash(cls("a", tags=(), shape=1)) == hash(cls("a", tags=(), shape=2, note="n"))
    assert hash(cls("a", tags=())) != hash(cls("b", tags=()))


def test_what_a_class_defines_itself_stays() -> None:
    @dataclass(frozen=True, slots=True)
    class Loud:
        name: str

        def __repr__(self) -> str:
            return self.name.upper()

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Loud) and self.name.lower() == other.name.lower()

        def __hash__(self) -> int:
            return 7

    assert (repr(Loud("a")), Loud("a") == Loud("A"), hash(Loud("a"))) == ("A", True, 7)


def test_a_subclass_has_the_fields_of_both() -> None:
    solid = Solid(1, 2, z=3)

    assert repr(solid) == "Solid(x=1, y=2, z=3)"
    assert dataclasses.replace(solid, y=5) == Solid(1, 5, z=3)
    assert solid != Point(1, 2)


@pytest.mark.parametrize("value", [Point(1, 2), Solid(1, z=3)])
def test_a_value_survives_copies_and_pickles(value: Point) -> None:
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == copy.copy(value) == value


def test_what_a_value_computes_at_its_making_is_run() -> None:
    @dataclass(frozen=True, slots=True)
    class Positive:
        number: int

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError(self.number)

    assert Positive(1).number == 1
    with pytest.raises(ValueError, match="-1"):
        Positive(-1)


def test_what_is_not_frozen_is_refused() -> None:
    with pytest.raises(TypeError, match="frozen"):
        place(lambda **options: dataclass(**{**options, "frozen": False}))  # type: ignore[call-overload]


def test_a_class_of_the_standard_library_cannot_be_its_base_unseen() -> None:
    standard = place(dataclasses.dataclass)

    with pytest.raises(TypeError, match="cannot inherit"):
        dataclass(frozen=True)(type("Heir", (standard,), {"__annotations__": {}}))

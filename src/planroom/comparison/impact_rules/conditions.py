"""When a rule applies: questions to a change, and to the old and the new value of a property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.comparison.widening import TypeChange, type_change

if TYPE_CHECKING:
    from planroom.comparison.changes import Change
    from planroom.comparison.impact_rules.rule import Condition

__all__ = [
    "enforced",
    "identity_always",
    "is_unique",
    "lost_labels",
    "materialised",
    "may_be_left_out",
    "must_be_given",
    "narrower",
    "new_labels",
    "no_more",
    "not_enforced",
    "not_unique",
    "now",
    "refuses_more",
    "reordered",
    "type_becomes",
]


def now(_: Change, __: Any, new: Any) -> bool:
    """Whether it holds, or is set, now."""
    return bool(new)


def no_more(_: Change, __: Any, new: Any) -> bool:
    """Whether it does not hold, or is not set, any more."""
    return not new


def must_be_given(change: Change, *_: Any) -> bool:
    """Whether an INSERT has to give a column its value."""
    column = change.new
    return not (column.nullable or column.default or column.identity or column.generated)


def may_be_left_out(change: Change, *_: Any) -> bool:
    """Whether an INSERT may leave a column out."""
    return not must_be_given(change)


def identity_always(_: Change, __: Any, new: Any) -> bool:
    """Whether a column makes its values itself, always."""
    return new is not None and new.always


def type_becomes(wanted: TypeChange) -> Condition:
    """Return the condition that a type is changed in one way."""
    return lambda _, old, new: type_change(old, new) is wanted


def is_unique(change: Change, *_: Any) -> bool:
    """Whether an index holds its keys apart, before or after."""
    return bool((change.old or change.new).unique or (change.new or change.old).unique)


def not_unique(change: Change, *_: Any) -> bool:
    """Whether an index holds no keys apart, before and after."""
    return not is_unique(change)


def enforced(change: Change, *_: Any) -> bool:
    """Whether a constraint is enforced."""
    return bool(getattr(change.new, "enforced", True))  # a domain's checks always are


def not_enforced(change: Change, *_: Any) -> bool:
    """Whether a constraint is not enforced."""
    return not enforced(change)


def refuses_more(_: Change, old: str, new: str) -> bool:
    """Whether the action of a foreign key may refuse what it let through."""
    return (old, new) != ("restrict", "no action")


def materialised(change: Change, *_: Any) -> bool:
    """Whether a view kept rows."""
    return bool(change.old.materialised)


def lost_labels(_: Change, old: Any, new: Any) -> bool:
    """Whether an enum has lost labels."""
    return not set(old) <= set(new)


def new_labels(_: Change, old: Any, new: Any) -> bool:
    """Whether an enum has new labels."""
    return not set(new) <= set(old)


def reordered(_: Change, old: Any, new: Any) -> bool:
    """Whether the labels that stay are in another order."""
    return [each for each in old if each in new] != [each for each in new if each in old]


def narrower(_: Change, old: Any, new: Any) -> bool:
    """Whether a limit is nearer than before, or cannot be told to be farther."""
    return old is None or new is None or abs(new) < abs(old)

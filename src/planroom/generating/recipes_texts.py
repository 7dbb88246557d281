"""Recipes for texts: words that suit the column's name, or what a pattern asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.generating.lexicon import texts_for
from planroom.generating.mixing import permuted, permuted_number
from planroom.generating.patterns import Pattern, parse_pattern
from planroom.generating.recipe import ENDLESS, Recipe

if TYPE_CHECKING:
    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind
    from planroom.generating.lexicon import Texts

__all__ = ["RECIPES"]


def _text(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    longest = min(filter(None, (kind.length, demands.longest)), default=0)
    own_type = kind.type.name if kind.type.schema else ""
    for texts in texts_for(column, table, type_name=own_type):
        if _fits(texts, longest, demands):
            return _cased(_of_texts(texts, longest, demands), demands)
    pattern = _wanted(demands) or _plain(longest, demands.shortest)
    return _cased(_of_pattern(pattern), demands)


def _fits(texts: Texts, longest: int, demands: Demands) -> bool:
    """Whether the texts, and some with a number behind them, are such as are demanded."""
    capacity = texts.pattern.capacity
    samples = [texts.sample(each % capacity) for each in (0, 1, 77, capacity - 1)]
    samples += [] if texts.few else [texts.sample(capacity * 10_000)]
    if longest and max(map(len, samples)) > longest:
        return False
    if min(map(len, samples)) < demands.shortest:
        return False
    if demands.upper:
        samples = [each.upper() for each in samples]
    if demands.lower:
        samples = [each.lower() for each in samples]
    likes = [re.escape(each).replace("%", ".*").replace("_", ".") for each in demands.prefixes]
    return all(re.fullmatch(like, each) for like in likes for each in samples) and all(
        _matches(pattern, each, ignore_case) for pattern, ignore_case in demands.patterns for each in samples
    )


_POSIX = {
    "[:space:]": r"\s", "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:alnum:]": "A-Za-z0-9", "[:upper:]": "A-Z",
    "[:lower:]": "a-z", "[:punct:]": r"!-/:-@\[-`{-~", "[:xdigit:]": "0-9A-Fa-f", "[:word:]": r"\w",
}  # fmt: skip


def _matches(pattern: str, text: str, ignore_case: bool) -> bool:
    """Whether Python, whose expressions are nearly PostgreSQL's, finds the pattern; False where it cannot tell."""
    for posix, python in _POSIX.items():
        pattern = pattern.replace(posix, python)
    try:
        return re.search(pattern, text, re.IGNORECASE if ignore_case else 0) is not None
    except (re.error, RecursionError):
        return False


def _of_texts(texts: Texts, longest: int, demands: Demands) -> Recipe:
    capacity = texts.pattern.capacity
    room = longest - texts.pattern.longest - len(texts.tail) - len(texts.joint) if longest else 12
    most = capacity * 10 ** min(max(room, 0), 12) if room > 0 else capacity
    if texts.few and (demands.patterns or demands.prefixes):
        most = capacity
    distinct = capacity if texts.few else 0
    return Recipe(texts.what, min(most, ENDLESS), texts.text, distinct, texts.skew, False, sample=texts.numbered)


def _wanted(demands: Demands) -> Pattern | None:
    """Return the texts that match what is demanded: one pattern can be turned round, others are only verified."""
    for pattern, _ in demands.patterns:
        if found := parse_pattern(pattern):
            return found
    for like in demands.prefixes:
        return Pattern(tuple(tuple("abcdefghij0123456789") * 1 if each in "%_" else (each,) for each in like))
    return None


def _plain(longest: int, shortest: int) -> Pattern:
    letters = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    length = max(1, shortest, min(longest or 12, 12))
    return Pattern((letters,) * length)


def _of_pattern(pattern: Pattern) -> Recipe:
    few = pattern.capacity if pattern.capacity <= 64 else 0
    return Recipe(
        f"a text such as {pattern.sample(min(pattern.capacity - 1, 7))}",
        pattern.capacity,
        lambda number, _: pattern.text(permuted(number, pattern.capacity, 0)),
        distinct=few,
        sample=lambda number, _: pattern.sample(permuted_number(number, pattern.capacity, 0)),
    )


def _cased(recipe: Recipe, demands: Demands) -> Recipe:
    if not demands.upper and not demands.lower:
        return recipe
    call = "upper" if demands.upper else "lower"
    make, sample = recipe.make, recipe.sample
    change = str.upper if demands.upper else str.lower
    return Recipe(
        f"{recipe.what}, in {call} case", recipe.capacity, lambda number, most: f"{call}({make(number, most)})",
        recipe.distinct, recipe.skew, recipe.spread,
        sample=sample and (lambda number, most: change(sample(number, most))),
    )  # fmt: skip


RECIPES = {"text": _text}
"""By family; see `planroom.generating.recipes`."""

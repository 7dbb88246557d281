"""How alike two things are, in [0, 1], and several pieces of evidence taken together."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = ["dice", "name_likeness", "together", "words"]


_WORDS = re.compile(r"[\W_]+|(?<=[^\W_A-Z])(?=[A-Z])")
_LONGEST = 64  # characters of a name that are looked at


@lru_cache(maxsize=1 << 14)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, in lower case, without a plural's s: ``order_lines`` has ``order`` and ``line``."""
    found = (each.lower() for each in _WORDS.split(name[:_LONGEST]) if each)
    return tuple(each[:-1] if len(each) > 3 and each.endswith("s") else each for each in found)


@lru_cache(maxsize=1 << 14)
def name_likeness(first: str, second: str) -> float:
    """Return how alike two names are: by their words, or by their letters, whichever says more."""
    by_words = dice(words(first), words(second))
    matcher = SequenceMatcher(None, first[:_LONGEST].lower(), second[:_LONGEST].lower(), autojunk=False)
    by_letters = matcher.ratio() if matcher.real_quick_ratio() > by_words else 0.0
    return max(by_words, by_letters**2)


def dice(first: Iterable[Hashable], second: Iterable[Hashable]) -> float:
    """Return the share that two multisets have in common (Sørensen-Dice)."""
    left, right = Counter(iter(first)), Counter(iter(second))
    total = left.total() + right.total()
    return 2.0 * (left & right).total() / total if total else 0.0


def together(*evidence: float) -> float:
    """Return how sure several independent pieces of evidence make us: the chance that not all of them deceive."""
    return 1.0 - prod(1.0 - each for each in evidence)

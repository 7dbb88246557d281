"""Numbers that look random and are not: the arithmetic that every generated value is made of, as SQL macros.

A value is a function of the seed, of what it is for, and of the number of its row; nothing else. So rows can be made
in any order and by any number of threads, and a column that is added changes no other. Plain integer arithmetic is
used, not DuckDB's ``hash()``, which promises nothing from one version to the next.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

__all__ = ["DRAWS", "MACROS", "Draw", "permuted", "permuted_number", "zipf_rank"]

DRAWS = 1 << 32
"""How many different numbers one draw can give."""

_MASK = DRAWS - 1

MACROS = (
    # xor-shift and multiply, twice, with a number of the draw's own in between; constants below 2^31, so that a signed
    # 64-bit product cannot overflow. Source: the finalisers of MurmurHash3 and of C. Wellons, "Hash Prospector", 2018.
    "CREATE OR REPLACE TEMP MACRO pr_first(x) AS ((xor(x, x >> 16) * 569420461) & 4294967295)",
    "CREATE OR REPLACE TEMP MACRO pr_second(x) AS ((xor(x, x >> 15) * 1935289751) & 4294967295)",
    "CREATE OR REPLACE TEMP MACRO pr_mixed(a, b, k) AS (pr_first(xor(k & 4294967295, a)) + b + (k >> 32) * 40503)",
    "CREATE OR REPLACE TEMP MACRO pr_bits(a, b, k) AS pr_second(pr_mixed(a, b, k) & 4294967295)",
    "CREATE OR REPLACE TEMP MACRO pr_u(a, b, k) AS (pr_bits(a, b, k) / 4294967296.0::DOUBLE)",
)
"""What a connection runs before it generates: ``pr_u(a, b, k)`` is in [0, 1) and evenly spread over ``k``."""

_STEPS = (1_618_033_989, 1_000_000_007, 998_244_353, 40_503, 7_919, 3, 2, 1)


class Draw:
    """One source of numbers: its own for each seed and purpose.

    Args:
        seed: The seed of the whole.
        purpose: What it is for, such as ``public.orders.status null``.
    """

    __slots__ = ("_first", "_second")

    def __init__(self, seed: int, purpose: str) -> None:
        digest = hashlib.blake2b(f"{seed}\0{purpose}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._first = int.from_bytes(digest[:4], "big")
        self._second = int.from_bytes(digest[4:], "big")

    def unit(self, key: str) -> str:
        """Return SQL for a number in [0, 1), from SQL for a whole number >= 0."""
        return f"pr_u({self._first}, {self._second}, {key})"

    def below(self, limit: int, key: str) -> str:
        """Return SQL for a whole number in [0, limit)."""
        return f"CAST(floor({self.unit(key)} * {limit}) AS BIGINT)" if limit > 1 else "0"

    def offset(self, size: int) -> int:
        """Return a fixed whole number in [0, size)."""
        return self._first % size if size > 0 else 0


def zipf_rank(unit: str, size: int, exponent: float) -> str:
    """Return SQL for a rank in [0, size) whose frequency falls as ``1 / (rank + 1) ** exponent``.

    The inverse of the continuous distribution's cumulative function: no table of weights is needed.

    Args:
        unit: SQL for a number in [0, 1).
        size: How many ranks there are, >= 1.
        exponent: 0 is uniform.
    """
    if size <= 1:
        return "0"
    if exponent <= 0:
        return f"least({size - 1}, CAST(floor({unit} * {size}) AS BIGINT))"
    if math.isclose(exponent, 1.0, abs_tol=1e-9):
        drawn = f"exp({unit} * {math.log(size + 1.0)!r})"
    else:
        power = 1.0 - exponent
        drawn = f"pow({math.pow(size + 1.0, power) - 1.0!r} * {unit} + 1.0, {1.0 / power!r})"
    return f"least({size - 1}, CAST(floor({drawn}) AS BIGINT) - 1)"


def permuted(rank: str, size: int, shift: int) -> str:
    """Return SQL that spreads ranks over [0, size), one to one: frequent ones are no neighbours.

    Args:
        rank: SQL for a whole number in [0, size).
        size: Below 2^52; the step is such that no product overflows 64 bits.
        shift: A whole number in [0, size).
    """
    return rank if size <= 2 else f"(({rank}) * {_step(size)} + {shift}) % {size}"


def permuted_number(rank: int, size: int, shift: int) -> int:
    """Return what the SQL of `permuted` gives."""
    return rank if size <= 2 else (rank * _step(size) + shift) % size


@lru_cache(maxsize=1024)
def _step(size: int) -> int:
    return next(each for each in _STEPS if each < size and each * size < 1 << 62 and math.gcd(each, size) == 1)

"""What PostgreSQL's own catalog offers to expressions: types, casts, operators and functions of pg_catalog.

The facts are those of PostgreSQL 18, kept in ``builtins.txt``, which a test holds against a server. A type is known by
its full name as text: ``integer``, ``text[]``, ``sales.status``; ``bpchar`` is ``character`` of any length.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from planroom.sqltext.names import FULL_NAMES
from planroom.sqltext.types import DataType
from planroom.values import dataclass

__all__ = [
    "OPAQUE",
    "UNKNOWN",
    "Builtins",
    "Signature",
    "builtins",
    "full_name",
    "functions_named",
    "operators_named",
    "rows_of",
    "type_key",
]

OPAQUE = ""
"""The type of what cannot be told without the server."""

UNKNOWN = "unknown"
"""The type of a string literal, or NULL, that nothing has given a type yet."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One function, aggregate or operator.

    Attributes:
        arguments: The types of its input arguments.
        result: The type of its result.
        variadic: The last argument may be repeated.
        defaults: How many of the last arguments may be left out.
        kind: ``f`` for a function or operator, ``a`` for an aggregate, ``w`` for a window function.
    """

    arguments: tuple[str, ...]
    result: str
    variadic: bool = False
    defaults: int = 0
    kind: str = "f"


@dataclass(frozen=True, slots=True)
class Builtins:
    """The facts, by name; operators and functions as lines that are read when asked for.

    Attributes:
        categories: The category of each type, such as ``N`` for numbers (pg_type.typcategory).
        preferred: The preferred types of their categories.
        subtypes: The subtype of each range type.
        casts: Context (``i``mplicit, ``a``ssignment, ``e``xplicit) and method (``b``inary, ``f``unction, ``i``n-out).
    """

    categories: dict[str, str]
    preferred: frozenset[str]
    subtypes: dict[str, str]
    casts: dict[tuple[str, str], str]
    operators: dict[str, str]
    functions: dict[str, str]
    rows: dict[str, str]


@lru_cache(maxsize=4096)
def type_key(type_: DataType) -> str:
    """Return a type's text without modifiers: what the rules of type conversion know it by."""
    suffix = "[]" if type_.array else ""
    if type_.name == "character" and not type_.schema:
        return "bpchar" + suffix
    return str(DataType(type_.name, (), type_.schema)) + suffix


@cache
def full_name(short: str) -> str:
    """Return a type's full name, given its name in the catalog: ``int4`` is ``integer``, ``_text`` is ``text[]``."""
    if short.startswith("_"):
        return full_name(short[1:]) + "[]"
    return '"char"' if short == "char" else FULL_NAMES.get(short, short)


@cache
def builtins() -> Builtins:
    """Return the facts, read once."""
    text = Path(__file__).with_name("builtins.txt").read_text(encoding="utf-8")
    sections = {}
    for section in text.split("\n[")[1:]:
        head, _, body = section.partition("]\n")
        sections[head] = body.splitlines()
    types = [line.split(" ") for line in sections["types"]]
    casts = [line.split(" ") for line in sections["casts"]]
    return Builtins(
        categories={full_name(short): category[0] for short, category, *_ in types},
        preferred=frozenset([full_name(short) for short, category, *_ in types if category.endswith("!")]),
        subtypes={full_name(short): full_name(subtype[0]) for short, _, *subtype in types if subtype},
        casts={(full_name(source), full_name(target)): how for source, target, how in casts},
        operators=_by_name(sections["operators"]),
        functions=_by_name(sections["functions"]),
        rows=_by_name(sections["rows"]),
    )


def _by_name(lines: list[str]) -> dict[str, str]:
    pairs = [line.partition(" ") for line in lines]
    return {name: rest for name, _, rest in pairs}


@cache
def operators_named(name: str) -> tuple[Signature, ...]:
    """Return the operators of that name; prefix operators have one argument."""
    return tuple(_signature(text) for text in builtins().operators.get(name, "").split(";") if text)


@cache
def functions_named(name: str) -> tuple[Signature, ...]:
    """Return the functions, aggregates and window functions of that name."""
    return tuple(_signature(text) for text in builtins().functions.get(name, "").split(";") if text)


@cache
def rows_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of a function that returns rows, such as ``jsonb_each``; empty for other functions."""
    pairs = [pair.partition(":") for pair in builtins().rows.get(name, "").split(",") if pair]
    return tuple((column, full_name(type_)) for column, _, type_ in pairs)


def _signature(text: str) -> Signature:
    left, _, result = text.rpartition(">")
    flags, _, arguments = left.rpartition(":")
    kind = next((flag for flag in flags if flag in "aw"), "f")
    defaults = flags.strip("aw*")
    types = tuple(full_name(short) for short in arguments.split(",") if short)
    return Signature(types, full_name(result), "*" in flags, int(defaults or 0), kind)

"""Recipes for enums, UUIDs, JSON, addresses, ranges and what is kept as PostgreSQL's text."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING

from planroom.generating.quoting import strings
from planroom.generating.recipe import ENDLESS, EPOCH, SPAN_S, Recipe, of_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind

__all__ = ["RECIPES", "spans", "uuids"]


def _enum(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    kept = tuple(each for each in kind.labels if each not in demands.excluded) or kind.labels
    return of_values(kind, kept) if kept else _always("NULL", "nothing: its type has no labels")


def _always(sql: str, what: str) -> Recipe:
    return Recipe(what, 1, lambda *_: sql, 1)


def uuids(*, rising: bool) -> Recipe:
    """UUIDs whose last digits are the number: of version 7, which rise, or of version 4, which do not."""

    def make(number: str, _: int) -> str:
        head = f"25_000_000 + ({number}) // 65_536" if rising else f"pr_bits(1, 2, {number})"
        second = f"({number}) % 65_536" if rising else f"pr_bits(3, 4, {number}) % 65_536"
        version = 7 if rising else 4
        return f"CAST(printf('%08x-%04x-{version}000-8000-%012x', {head}, {second}, {number}) AS UUID)"

    def sample(number: int, _: int) -> str:
        head = 25_000_000 + number // 65_536 if rising else _mixed(1, number)
        second = number % 65_536 if rising else _mixed(3, number) % 65_536
        return f"{head:08x}-{second:04x}-{7 if rising else 4}000-8000-{number:012x}"

    return Recipe(f"a UUID of version {7 if rising else 4}", 1 << 47, make, ordinal=rising, sample=sample)


def _mixed(purpose: int, number: int) -> int:
    """Return a number of 32 bits that looks random: of the same spread as the SQL's, not the same number."""
    return int.from_bytes(hashlib.blake2b(b"%d %d" % (purpose, number), digest_size=4).digest(), "big")


def _json(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, _: int) -> str:
        if demands.json == "array":
            return f"CAST('[' || ({number}) || ']' AS JSON)"
        if demands.json in {"number", "string", "boolean"}:
            shown = {"number": f"({number})", "string": f"'\"text ' || ({number}) || '\"'", "boolean": "'true'"}
            return f"CAST({shown[demands.json]} AS JSON)"
        word = f"{strings(('amber', 'jade', 'ivory', 'coral'))}[CAST(({number}) % 4 AS INTEGER) + 1]"
        return f'CAST(\'{{"synthetic": true, "number": \' || ({number}) || \', "tag": "\' || {word} || \'"}}\' AS JSON)'

    def sample(number: int, _: int) -> str:
        if demands.json in {"array", "number", "string", "boolean"}:
            return {"array": f"[{number}]", "number": f"{number}", "string": f'"text {number}"', "boolean": "true"}[
                demands.json
            ]
        tag = ("amber", "jade", "ivory", "coral")[number % 4]
        if kind.type.name == "jsonb":  # shorter keys first
            return f'{{"tag": "{tag}", "number": {number}, "synthetic": true}}'
        return f'{{"synthetic": true, "number": {number}, "tag": "{tag}"}}'

    return Recipe(f"a JSON {demands.json or 'object'}", ENDLESS, make, 1000, sample=sample)


def _bytes(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe(
        "a few bytes", ENDLESS, lambda number, _: f"encode('synthetic ' || ({number}))",
        sample=lambda number, _: "\\x" + f"synthetic {number}".encode().hex(),
    )  # fmt: skip


def _inet(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, most: int) -> str:
        four = f"'198.' || (18 + ({number}) // 65536) || '.' || (({number}) // 256 % 256) || '.' || (({number}) % 256)"
        if most <= _BENCHMARK_NET:
            return four
        six = f"'2001:db8::' || printf('%x:%x', ({number}) // 65536 % 65536, ({number}) % 65536)"
        return f"CASE WHEN ({number}) < {_BENCHMARK_NET} THEN {four} ELSE {six} END"

    def sample(number: int, most: int) -> str:
        if most <= _BENCHMARK_NET or number < _BENCHMARK_NET:
            return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
        return str(ipaddress.ip_address(f"2001:db8::{number // 65536 % 65536:x}:{number % 65536:x}"))

    return Recipe("an address for documentation", 1 << 32, make, 50_000, sample=sample)


_BENCHMARK_NET = 1 << 17  # addresses of 198.18.0.0/15


def _cidr(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe(
        "a network for documentation", 1 << 24,
        lambda n, _: f"'10.' || (({n}) // 65536 % 256) || '.' || (({n}) // 256 % 256) || '.' || (({n}) % 256) || '/32'",
        1000, sample=lambda n, _: f"10.{n // 65536 % 256}.{n // 256 % 256}.{n % 256}/32",
    )  # fmt: skip


def _macaddr(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    middle = "ff:fe:" if kind.family == "macaddr8" else ""

    def make(number: str, _: int) -> str:
        pairs = " || ':' || ".join(f"printf('%02x', ({number}) // {256**power} % 256)" for power in (2, 1, 0))
        return f"'02:00:5e:{middle}' || {pairs}"

    def sample(number: int, _: int) -> str:
        return f"02:00:5e:{middle}" + ":".join(f"{number // 256**power % 256:02x}" for power in (2, 1, 0))

    return Recipe("a made-up hardware address", 1 << 24, make, sample=sample)


def _bits(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    length = min(kind.length or 16, 48)
    fill = "" if kind.length <= 48 else f" || repeat('0', {kind.length - 48})"
    zeros = "0" * max(0, kind.length - 48)
    return Recipe(
        "bits", 1 << length, lambda n, _: f"lpad(bin(CAST({n} AS BIGINT)), {length}, '0'){fill}", 1000,
        sample=lambda n, _: f"{n:0{length}b}{zeros}",
    )  # fmt: skip


def _vector(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, _: int) -> str:
        parts = (
            f"list_transform(range({kind.length or 3}), lambda d: (({number}) * 7919 + d * 104729) % 2000 / 1000 - 1)"
        )
        return f"'[' || array_to_string({parts}, ',') || ']'"

    return Recipe("a vector of made-up numbers", 1 << 40, make)


def spans(kind: Kind) -> Recipe:
    """Return the recipe for ranges of moments or numbers, one after the other."""
    part = kind.parts[0]
    if part.temporal:
        unit = "INTEGER" if part.family == "date" else "BIGINT"

        def make(number: str, most: int) -> str:
            if part.family == "date":
                low, high = (f"DATE '{EPOCH:%Y-%m-%d}' + CAST(({number}) + {n} AS {unit})" for n in (0, 1))
            else:
                step = max(1, SPAN_S * 1_000_000 // max(most, 1))
                low, high = (
                    f"TIMESTAMP '{EPOCH:%Y-%m-%d %H:%M:%S}' + to_microseconds((({number}) + {n}) * {step})"
                    for n in (0, 1)
                )
            zone = "+00" if part.family == "timestamptz" else ""
            return f"'[\"' || ({low}) || '{zone}\",\"' || ({high}) || '{zone}\")'"

        return Recipe("spans that do not overlap", 1_000_000 if part.family == "date" else ENDLESS, make, ordinal=True)
    capacity = {2**31 - 1: 200_000_000}.get(part.high, ENDLESS)
    return Recipe(
        "spans that do not overlap", capacity,
        lambda n, _: f"'[' || (({n}) * 10) || ',' || (({n}) * 10 + 10) || ')'", ordinal=True,
    )  # fmt: skip


def _written(what: str, template: str, capacity: int = ENDLESS) -> Callable[..., Recipe]:
    """Return a maker for what is kept as PostgreSQL's text; ``{0}`` is the number."""
    return lambda *_: Recipe(what, capacity, lambda number, _: template.format(f"({number})"), 1000)


RECIPES = {
    "enum": _enum, "json": _json, "bytes": _bytes, "inet": _inet, "cidr": _cidr, "macaddr": _macaddr,
    "macaddr8": _macaddr, "bits": _bits, "vector": _vector,
    "tsvector": _written("words for searching", "'synthetic word' || {0}"),
    "tsquery": _written("a search", "'word' || {0}"),
    "point": _written("a point", "'(' || {0} % 1000 || ',' || {0} // 1000 || ')'"),
    "box": _written("a box", "'(1,1),(0,' || {0} || ')'"),
    "circle": _written("a circle", "'<(0,0),' || {0} || '>'"),
    "lseg": _written("a segment", "'[(0,0),(1,' || {0} || ')]'"),
    "line": _written("a line", "'{{1,-1,' || {0} || '}}'"),
    "path": _written("a path", "'[(0,0),(1,' || {0} || ')]'"),
    "polygon": _written("a polygon", "'((0,0),(1,0),(0,' || {0} || '))'"),
    "hstore": _written("a pair", "'\"number\"=>\"' || {0} || '\"'"),
    "ltree": _written("a path of labels", "'synthetic.n' || {0}"),
    "jsonpath": _written("a path in JSON", "'$.n' || {0}"),
    "pg_lsn": _written("a position", "'0/' || to_hex(CAST({0} AS BIGINT))", 1 << 31),
}  # fmt: skip
"""By family; see `planroom.generating.recipes`."""

"""How values of a column are made: a recipe turns the number of a value into the value, one to one.

Different numbers give different values, so a unique column takes the number of its row; any other column draws a
number, evenly or by a Zipf distribution. Nothing is ever made, looked at and thrown away.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.generating.lexicon import texts_for
from planroom.generating.mixing import permuted
from planroom.generating.patterns import Pattern, parse_pattern
from planroom.generating.quoting import literal, strings
from planroom.model.words import words_of

if TYPE_CHECKING:
    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind
    from planroom.generating.lexicon import Texts

__all__ = ["EPOCH", "Recipe", "recipe_for"]

ENDLESS = 1 << 52
EPOCH = datetime.datetime(2023, 1, 1)  # noqa: DTZ001  (a wall clock's time; where a zone is needed it is UTC)
"""When what is made up begins; fixed, so that the same seed gives the same rows next year."""
SPAN_S = 3 * 365 * 86_400
_COMMON_DISTINCT = 10_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """How values are made from their numbers.

    Attributes:
        what: What the values are, in words.
        capacity: How many different numbers give different values.
        make: From SQL for a number in [0, capacity), and the bound that it is known to be below, to SQL for the value.
        distinct: How many different values there are where nothing else is said; 0 for as many as there are rows.
        skew: The Zipf exponent where nothing else is said.
        spread: Frequent values lie anywhere, not at the beginning.
        ordinal: Consecutive numbers are consecutive values.
    """

    what: str
    capacity: int
    make: Callable[[str, int], str] = field(repr=False)
    distinct: int = 0
    skew: float = 0.0
    spread: bool = True
    ordinal: bool = False


def recipe_for(
    kind: Kind, column: str, table: str, demands: Demands, *, values: tuple[str, ...] = (), rising: bool = False
) -> Recipe | None:
    """Return the recipe for a column; None for a type whose values planroom cannot make up.

    Args:
        kind: What it can hold.
        column: Its name.
        table: Its table's name.
        demands: What CHECK constraints demand of it.
        values: Values that a designer gives.
        rising: UUIDs are made in the order of the rows, as version 7 has them.
    """
    if kind.family == "uuid":
        return _uuid(rising=rising)
    chosen = values or demands.values
    if chosen:
        kept = tuple(dict.fromkeys(each for each in chosen if each not in demands.excluded)) or tuple(chosen)
        return _of_values(kind, kept)
    maker = _MAKERS.get(kind.family)
    return maker(kind, column, table, demands) if maker else None


def _of_values(kind: Kind, values: tuple[str, ...]) -> Recipe:
    listed = f"CAST({strings(values)} AS {kind.stored}[])"
    shown = ", ".join(values[:4]) + (", ..." if len(values) > 4 else "")
    return Recipe(
        f"one of {shown}", len(values), lambda number, _: f"{listed}[CAST({number} AS INTEGER) + 1]",
        distinct=len(values), skew=0.8, spread=False,
    )  # fmt: skip


# -- numbers -----------------------------------------------------------------------------------------------------------

_RANGES: tuple[tuple[frozenset[str], float, float, float], ...] = tuple(
    (frozenset(words.split()), low, high, skew)
    for words, low, high, skew in (
        ("quantity qty amount_of pieces units items seats", 1, 20, 1.5),
        ("age", 18, 90, 0.0),
        ("year", 1990, 2025, 0.0),
        ("month", 1, 12, 0.0),
        ("day", 1, 28, 0.0),
        ("hour", 0, 23, 0.0),
        ("minute second", 0, 59, 0.0),
        ("rating stars", 1, 5, 0.0),
        ("percent percentage pct score probability", 0, 100, 0.0),
        ("latitude lat", -90, 90, 0.0),
        ("longitude lng lon", -180, 180, 0.0),
        ("position index order rank sort level depth priority sequence seq ordinal", 0, 20, 0.7),
        ("version revision attempt attempts retries", 1, 10, 1.2),
        ("port", 1024, 65535, 0.0),
        ("length width height weight size duration", 1, 2000, 0.5),
        ("price amount total cost fee net gross subtotal value charge salary balance revenue", 1, 2000, 0.7),
        ("tax discount shipping rate", 0, 50, 0.7),
        ("count number num views clicks", 0, 1000, 1.0),
    )
)


def _usual(column: str) -> tuple[float, float, float]:
    """Return the range and skew that a column's name suggests."""
    for word in reversed(words_of(column)):
        for known, low, high, skew in _RANGES:
            if word in known:
                return low, high, skew
    return 0, _COMMON_DISTINCT - 1, 0.0


def _limits(demands: Demands, step: float, low: float, high: float, column: str) -> tuple[float, float, float, bool]:
    """Return the least and greatest value, the skew, and whether the range is demanded rather than only usual."""
    lows = [_as_number(each.value) + (0 if each.inclusive else step) for each in demands.lows if _is_number(each.value)]
    highs = [
        _as_number(each.value) - (0 if each.inclusive else step) for each in demands.highs if _is_number(each.value)
    ]
    least, most = max([low, *lows]), min([high, *highs])
    usual_low, usual_high, skew = _usual(column)
    begin = max(least, usual_low) if max(least, usual_low) <= most else least
    end = min(most, usual_high) if min(most, usual_high) >= begin else most
    if end == most and most > begin + 1e6 and not highs:
        end = begin + _COMMON_DISTINCT
    return begin, end, skew, bool(lows and highs)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d*)?([eE][+-]?\d+)?", value) is not None


def _as_number(value: object) -> float:
    text = str(value)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _integer(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    begin, end, skew, _ = _limits(demands, 1, kind.low, kind.high, column)
    low, usual = math.ceil(begin), math.floor(end)
    hard = [_as_number(each.value) - (not each.inclusive) for each in demands.highs if _is_number(each.value)]
    high = math.floor(min([kind.high, *hard]))
    skipped = sorted({int(each) for each in demands.excluded if each.lstrip("-").isdigit() and low <= int(each) <= high})

    def make(number: str, _: int) -> str:
        value = f"({number}) + {low}" if low else f"({number})"
        for each in skipped:
            value = f"({value}) + CASE WHEN ({value}) >= {each} THEN 1 ELSE 0 END"
        return value

    distinct = max(1, usual - low + 1 - len(skipped))
    shown = f"a whole number from {low}" if usual >= ENDLESS else f"a whole number, {low} to {usual}"
    return Recipe(shown, high - low + 1 - len(skipped), make, distinct, skew, spread=False, ordinal=True)


def _decimal(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    step = 10.0**-kind.scale
    largest = 10.0 ** (kind.digits - kind.scale) - step
    begin, end, skew, _ = _limits(demands, step, -largest, largest, column)
    low, count = math.ceil(round(begin / step, 6)), max(1, math.floor(round((end - begin) / step, 6)) + 1)
    stored = kind.stored

    def make(number: str, most: int) -> str:
        stride = max(1, count // max(most, 1))
        whole = f"(({number}) * {stride} + {low})" if stride > 1 else f"(({number}) + {low})"
        if kind.scale == 0:
            return f"CAST({whole} AS {stored})"
        return f"CAST(CAST({whole} AS DECIMAL(38,{kind.scale})) / {10**kind.scale} AS {stored})"

    shown = f"a number, {begin:g} to {end:g}"
    return Recipe(shown, count, make, min(count, 200_000), skew, spread=False, ordinal=True)


def _float(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    begin, end, skew, _ = _limits(demands, 1e-3, -1e15, 1e15, column)
    count = 100_000
    width = (end - begin) / count
    return Recipe(
        f"a number, {begin:g} to {end:g}", count,
        lambda number, _: f"CAST({begin!r} + ({number}) * {width!r} AS {kind.stored})",
        count, skew, spread=False, ordinal=True,
    )  # fmt: skip


def _boolean(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    values = ("false", "true") if words_of(column)[:1] in {("is",), ("has",)} else ("true", "false")
    return _of_values(kind, values)


def _money(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe("an amount", ENDLESS, lambda n, _: f"CAST(CAST({n} AS DECIMAL(18,2)) / 100 AS VARCHAR)", 100_000, 0.7)


# -- moments -----------------------------------------------------------------------------------------------------------


def _moment(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    start, end = _window(column, demands)
    step_us = 1_000_000
    seconds = max(1, int((end - start).total_seconds()))
    origin = f"TIMESTAMP '{start:%Y-%m-%d %H:%M:%S}'"

    def make(number: str, most: int) -> str:
        step = step_us if most <= seconds else max(1, seconds * 1_000_000 // most)
        value = f"{origin} + to_microseconds(CAST({number} AS BIGINT) * {step})"
        return f"CAST({value} AS TIMESTAMPTZ)" if kind.family == "timestamptz" else f"({value})"

    return Recipe(f"a moment, {start:%Y} to {end:%Y}", seconds * 1_000_000, make, seconds, ordinal=True)


def _date(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    start, end = _window(column, demands)
    days = max(1, (end - start).days)
    return Recipe(
        f"a day, {start:%Y} to {end:%Y}", days if demands.highs else 365 * 5000,
        lambda number, _: f"DATE '{start:%Y-%m-%d}' + CAST({number} AS INTEGER)", days, ordinal=True,
    )  # fmt: skip


def _window(column: str, demands: Demands) -> tuple[datetime.datetime, datetime.datetime]:
    start, end = EPOCH, EPOCH + datetime.timedelta(seconds=SPAN_S)
    if {*words_of(column)} & {"birth", "born", "birthday", "dob", "birthdate"}:
        start, end = EPOCH.replace(year=1950), EPOCH.replace(year=2005)
    lows = [each for bound in demands.lows if (each := _moment_in(bound.value))]
    highs = [each for bound in demands.highs if (each := _moment_in(bound.value))]
    day = datetime.timedelta(days=1)
    if lows:
        start = max([start, *(each + day for each in lows)])
    if highs:
        end = min([end, *highs])
        start = start if start < end else max([end - day * 365, *(each + day for each in lows)])
    return start, end if end > start else start + day


def _moment_in(value: object) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return found.astimezone(datetime.UTC).replace(tzinfo=None) if found.tzinfo else found


def _time(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    value = "TIME '00:00:00' + to_seconds(CAST({0} AS BIGINT))"
    if kind.family == "timetz":
        value = f"CAST({value} AS VARCHAR) || '+00'"
    return Recipe("a time of day", 86_400, lambda number, _: value.format(number), 86_400, ordinal=True)


def _interval(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe("1 to 60 days", ENDLESS, lambda n, _: f"to_days(CAST({n} AS INTEGER) + 1)", 60, 0.5, ordinal=True)


# -- texts -------------------------------------------------------------------------------------------------------------


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
    return Recipe(texts.what, min(most, ENDLESS), texts.text, distinct, texts.skew, spread=False)


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
    )


def _cased(recipe: Recipe, demands: Demands) -> Recipe:
    if not demands.upper and not demands.lower:
        return recipe
    call = "upper" if demands.upper else "lower"
    make = recipe.make
    return Recipe(
        f"{recipe.what}, in {call} case", recipe.capacity, lambda number, most: f"{call}({make(number, most)})",
        recipe.distinct, recipe.skew, recipe.spread,
    )  # fmt: skip


# -- everything else ---------------------------------------------------------------------------------------------------


def _enum(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    kept = tuple(each for each in kind.labels if each not in demands.excluded) or kind.labels
    return _of_values(kind, kept) if kept else _always("NULL", "nothing: its type has no labels")


def _always(sql: str, what: str) -> Recipe:
    return Recipe(what, 1, lambda *_: sql, 1)


def _uuid(*, rising: bool) -> Recipe:
    """UUIDs whose last digits are the number: of version 7, which rise, or of version 4, which do not."""

    def make(number: str, _: int) -> str:
        head = f"25_000_000 + ({number}) // 65_536" if rising else f"pr_bits(1, 2, {number})"
        second = f"({number}) % 65_536" if rising else f"pr_bits(3, 4, {number}) % 65_536"
        version = 7 if rising else 4
        return f"CAST(printf('%08x-%04x-{version}000-8000-%012x', {head}, {second}, {number}) AS UUID)"

    return Recipe(f"a UUID of version {7 if rising else 4}", 1 << 47, make)


def _json(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, _: int) -> str:
        if demands.json == "array":
            return f"CAST('[' || ({number}) || ']' AS JSON)"
        if demands.json in {"number", "string", "boolean"}:
            shown = {"number": f"({number})", "string": f"'\"text ' || ({number}) || '\"'", "boolean": "'true'"}
            return f"CAST({shown[demands.json]} AS JSON)"
        word = f"{strings(('amber', 'jade', 'ivory', 'coral'))}[CAST(({number}) % 4 AS INTEGER) + 1]"
        return f"CAST('{{\"synthetic\": true, \"number\": ' || ({number}) || ', \"tag\": \"' || {word} || '\"}}' AS JSON)"

    return Recipe(f"a JSON {demands.json or 'object'}", ENDLESS, make, 1000)


def _bytes(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe("a few bytes", ENDLESS, lambda number, _: f"encode('synthetic ' || ({number}))")


def _inet(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, most: int) -> str:
        four = f"'198.' || (18 + ({number}) // 65536) || '.' || (({number}) // 256 % 256) || '.' || (({number}) % 256)"
        if most <= _BENCHMARK_NET:
            return four
        six = f"'2001:db8::' || printf('%x:%x', ({number}) // 65536 % 65536, ({number}) % 65536)"
        return f"CASE WHEN ({number}) < {_BENCHMARK_NET} THEN {four} ELSE {six} END"

    return Recipe("an address for documentation", 1 << 32, make, 50_000)


_BENCHMARK_NET = 1 << 17  # addresses of 198.18.0.0/15


def _cidr(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe(
        "a network for documentation", 1 << 24,
        lambda n, _: f"'10.' || (({n}) // 65536 % 256) || '.' || (({n}) // 256 % 256) || '.' || (({n}) % 256) || '/32'",
        1000,
    )  # fmt: skip


def _macaddr(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    middle = "ff:fe:" if kind.family == "macaddr8" else ""

    def make(number: str, _: int) -> str:
        pairs = " || ':' || ".join(f"printf('%02x', ({number}) // {256**power} % 256)" for power in (2, 1, 0))
        return f"'02:00:5e:{middle}' || {pairs}"

    return Recipe("a made-up hardware address", 1 << 24, make)


def _bits(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    length = min(kind.length or 16, 48)
    fill = "" if kind.length <= 48 else f" || repeat('0', {kind.length - 48})"
    return Recipe("bits", 1 << length, lambda n, _: f"lpad(bin(CAST({n} AS BIGINT)), {length}, '0'){fill}", 1000)


def _vector(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    def make(number: str, _: int) -> str:
        parts = f"list_transform(range({kind.length or 3}), lambda d: (({number}) * 7919 + d * 104729) % 2000 / 1000 - 1)"
        return f"'[' || array_to_string({parts}, ',') || ']'"

    return Recipe("a vector of made-up numbers", 1 << 40, make)


def _range(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
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


def _array(kind: Kind, column: str, table: str, demands: Demands) -> Recipe | None:
    from planroom.generating.conditions import Demands as Free

    part = recipe_for(kind.parts[0], column.rstrip("s"), table, Free())
    if part is None or kind.parts[0].family == "array":
        return None

    def make(number: str, most: int) -> str:
        limit = min(part.capacity, part.distinct or most, ENDLESS)
        first = part.make(f"({number}) % {part.capacity}", part.capacity) if part.capacity < most else ""
        first = first or part.make(number, most)
        second = part.make(f"(({number}) + 1) % {max(limit, 1)}", max(limit, 1))
        low = 1 if demands.nonempty else 0
        rest = f"[{second}][1:CAST(({number}) % 2 AS INTEGER)]"
        return f"list_concat([{first}], {rest})" if low or most > 1 else f"[{first}]"

    return Recipe(f"one or two of: {part.what}", part.capacity, make, part.distinct or 1000, part.skew)


def _composite(kind: Kind, column: str, table: str, demands: Demands) -> Recipe | None:
    from planroom.generating.conditions import Demands as Free
    from planroom.generating.conditions import domain_demands

    parts = [
        recipe_for(part, name, table, domain_demands(each.text for each in part.checks) if part.checks else Free())
        for part, name in zip(kind.parts, kind.names, strict=True)
    ]

    def make(number: str, most: int) -> str:
        cells = []
        for each in parts:
            made = each.make(f"({number}) % {each.capacity}", each.capacity) if each else "NULL"
            text = f"replace(replace(CAST({made} AS VARCHAR), '\\', '\\\\'), '\"', '\"\"')"
            cells.append(f"'\"' || {text} || '\"'" if each else "''")
        return "'(' || " + " || ',' || ".join(cells or ["''"]) + " || ')'"

    return Recipe("a row of made-up fields", max((each.capacity for each in parts if each), default=1), make, 10_000)


def _written(what: str, template: str, capacity: int = ENDLESS) -> Callable[..., Recipe]:
    """Return a maker for what is kept as PostgreSQL's text; ``{0}`` is the number."""
    return lambda *_: Recipe(what, capacity, lambda number, _: template.format(f"({number})"), 1000)


_MAKERS: dict[str, Callable[[Kind, str, str, Demands], Recipe | None]] = {
    "integer": _integer, "decimal": _decimal, "float": _float, "boolean": _boolean, "money": _money,
    "timestamp": _moment, "timestamptz": _moment, "date": _date, "time": _time, "timetz": _time, "interval": _interval,
    "text": _text, "enum": _enum, "json": _json, "bytes": _bytes, "inet": _inet, "cidr": _cidr,
    "macaddr": _macaddr, "macaddr8": _macaddr, "bits": _bits, "vector": _vector, "range": _range, "array": _array, "composite": _composite,
    "xml": _written("an XML element", "'<synthetic>' || {0} || '</synthetic>'"),
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

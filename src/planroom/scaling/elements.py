"""What the values of a column consist of: the entries of a GIN index."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planroom.scaling.statistics import ColumnStatistics
    from planroom.scaling.type_layouts import Layout

__all__ = ["Elements", "elements_of"]

_HASH = 4  # jsonb_path_ops keeps a hash of each path; pg_trgm three bytes in four
_USUAL_ELEMENTS = 4
_MOST_SAMPLES = 300


@dataclass(frozen=True, slots=True)
class Elements:
    """What values consist of.

    Attributes:
        groups: How many different elements there are, and in which share of the rows each of them is.
        bytes: Mean bytes of one.
    """

    groups: tuple[tuple[float, float], ...]
    bytes: float


def elements_of(layout: Layout, known: ColumnStatistics | None, rows: float, operator_class: str = "") -> Elements:
    """Return what the values of a column consist of, as far as statistics tell.

    ANALYZE counts the elements of arrays and text search vectors. Those of JSON, and trigrams, are counted here in the
    values that the histogram and the list of common values show; how many more there are is estimated from how many
    were seen once and twice (A. Chao, "Nonparametric estimation of the number of classes in a population", 1984).

    Args:
        layout: How the column's type is stored.
        known: What is known of the column.
        rows: How many rows have an entry.
        operator_class: The index's operator class; empty for the type's own.
    """
    rows = max(rows, 1.0)
    values = rows if known is None or known.distinct == 0 else known.distinct
    values = max(1.0, -values * rows if values < 0 else values)
    if layout.name in {"array", "tsvector"}:
        return _counted(layout, known, rows)
    shown = [*(known.histogram or ()), *(known.common_values or ())][:_MOST_SAMPLES] if known else []
    if layout.name in {"jsonb", "json", "hstore"}:
        paths = operator_class.endswith("path_ops")
        seen = _sampled([_of_json(each, paths=paths) for each in shown], rows, values)
        size = _HASH if paths else 9
    elif operator_class.endswith("trgm_ops"):
        seen, size = _sampled([_trigrams(each) for each in shown], rows, values), _HASH
    else:
        return Elements(((values, 1 / values),), known.width if known else layout.usual)
    return Elements(seen or ((rows / 10, 10 * _USUAL_ELEMENTS / rows),), size)


def _sampled(samples: Sequence[Iterable[str]], rows: float, values: float) -> tuple[tuple[float, float], ...]:
    """Return the groups of elements of all rows, from those of a few; rare ones are at most as many as values."""
    if len(samples) < 2:
        return ()
    counts = Counter(each for sample in samples for each in set(sample))
    groups = [(1.0, count / len(samples)) for count in counts.values() if count > 2]
    once = sum(1 for count in counts.values() if count == 1)
    twice = sum(1 for count in counts.values() if count == 2)
    rare = min(once + twice + once * (once - 1) / (2 * (twice + 1)), max(values, float(once + twice)))
    mass = (once + 2 * twice) / len(samples)  # rare elements a row
    if rare:
        rare = min(rare, max(mass * rows, 1.0))
        groups.append((rare, mass / rare))
    return tuple(groups)


def _of_json(text: str, *, paths: bool) -> Iterator[str]:
    try:
        yield from _walked(json.loads(text), "", paths=paths)
    except (ValueError, RecursionError):
        yield text


def _walked(value: Any, path: str, *, paths: bool) -> Iterator[str]:
    """Yield the elements of a document: each path with its value, or each key and each value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not paths:
                yield f"key {key}"
            yield from _walked(inner, f"{path}/{key}" if paths else "", paths=paths)
    elif isinstance(value, list):
        for inner in value:
            yield from _walked(inner, path, paths=paths)
    else:
        yield f"{path} {value!r}"


def _trigrams(text: str) -> Iterator[str]:
    """Yield the trigrams of a text as pg_trgm has them: of each word, with two blanks before and one behind."""
    for word in re.findall(r"\w+", text.lower()):
        padded = f"  {word} "
        for start in range(len(padded) - 2):
            yield padded[start : start + 3]


def _counted(layout: Layout, known: ColumnStatistics | None, rows: float) -> Elements:
    """Return the elements of arrays and text search vectors, which ANALYZE counts and lists."""
    size = layout.element.usual if layout.element else 8
    shown = known.common_elements if known and known.common_elements else ()
    if shown and (layout.element is None or layout.element.length < 0):
        size = round(sum(len(each.encode("utf-8", "surrogatepass")) for each in shown) / len(shown)) + 1
    if not known or not shown:
        return Elements(((max(1.0, rows / 10), min(1.0, 10 * _USUAL_ELEMENTS / rows)),), size)
    shares = (known.common_element_frequencies or ())[: len(shown)]
    each = known.element_counts[-1] if known.element_counts else sum(shares)
    groups = [(1.0, share * (1 - known.null_fraction)) for share in shares]
    rest, least = max(0.0, each - sum(shares)), min(shares, default=0.0)
    if rest > 0.02 * each and least > 0:  # the others are rarer than the rarest that is listed: half as common
        groups.append((max(1.0, min(rest * rows, rest / (least / 2))), least / 2))
    return Elements(tuple(groups), size)

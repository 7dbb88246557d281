"""The lines below a node's first line in PostgreSQL's text format, as the keys that FORMAT JSON has for them.

Most are ``Key: value`` under the same key. Some stand for several keys, and leave out what is zero.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.keys import FLAGS, LISTS, NUMBERS
from planroom.plans._postgres.text_tokens import NUMBER, number, split_list

if TYPE_CHECKING:
    from collections.abc import Callable

    Raw = dict[str, Any]

__all__ = ["KEY", "USAGE", "read_property"]

KEY = re.compile(r"(?P<key>[A-Z][A-Za-z/-]*(?: [A-Za-z/-]+)*): ?(?P<value>.*)", re.DOTALL)
_COUNT = re.compile(rf"(?P<name>[a-z][a-z ]*)=(?P<count>{NUMBER})")
_LABELLED = re.compile(r"(?P<label>[A-Z][A-Za-z-]*(?: [A-Z][A-Za-z-]*)*): (?P<value>.+?)(?=  [A-Z]|$)")
_ORIGINALLY = re.compile(r"(?P<now>\d+) \(originally (?P<planned>\d+)\)")
_SPACE = re.compile(r"(?P<method>.+?)\s+(?P<type>Memory|Disk): (?P<used>\d+)kB")
_SAMPLING = re.compile(r"(?P<method>\S+) \((?P<parameters>.*?)\)(?: REPEATABLE \((?P<seed>.*)\))?", re.DOTALL)
_SHARES = {"shared": "Shared", "local": "Local", "temp": "Temp", "shared/local": ""}
_WAL = {"records": "WAL Records", "fpi": "WAL FPI", "bytes": "WAL Bytes", "buffers full": "WAL Buffers Full"}
_TUPLES = ("Inserted", "Updated", "Deleted", "Skipped")


def read_property(key: str, value: str, into: Raw) -> None:
    """Add what one line says of a node, or of a worker's part in it.

    Raises:
        ValueError: There is no number where one belongs.
    """
    if special := _SPECIAL.get(key):
        special(value, into)
    elif key in LISTS:
        into[key] = split_list(value)
    elif key in FLAGS:
        into[key] = value == "true"
    elif key in NUMBERS:
        into[key] = number(value)
    else:
        into[key] = value


def _shares(value: str) -> list[tuple[str, dict[str, str]]]:
    """Return ``shared hit=1 read=2, temp read=3`` as the shares and their counts."""
    found = []
    for part in value.split(", "):
        head, _, rest = part.partition(" ")
        if "=" in head:  # up to version 14, I/O timings had no share
            head, rest = "shared/local", part
        found.append((_SHARES.get(head, head), {each["name"].strip(): each["count"] for each in _COUNT.finditer(rest)}))
    return found


def _buffers(value: str, into: Raw) -> None:
    into |= {f"{share} {what} Blocks": 0 for share in ("Shared", "Local") for what in ("Hit", "Read")}
    for share, counts in _shares(value):
        into |= {f"{share} {what.title()} Blocks": int(count) for what, count in counts.items()}


def _io_timings(value: str, into: Raw) -> None:
    into["Shared I/O Read Time"] = 0.0
    for share, times in _shares(value):
        into |= {f"{share} I/O {what.title()} Time".strip(): float(time) for what, time in times.items()}


def _wal(value: str, into: Raw) -> None:
    into["WAL Records"] = 0
    into |= {_WAL.get(each["name"].strip(), each["name"]): int(each["count"]) for each in _COUNT.finditer(value)}


def _tuples(value: str, into: Raw) -> None:
    into |= {f"Tuples {each['name'].strip().title()}": number(each["count"]) for each in _COUNT.finditer(value)}


def _heap_blocks(value: str, into: Raw) -> None:
    into |= {f"{each['name'].strip().title()} Heap Blocks": int(each["count"]) for each in _COUNT.finditer(value)}


def _labelled(value: str) -> dict[str, str]:
    """Return ``Batches: 1  Memory Usage: 24kB`` as labels and values, the unit left out."""
    return {each["label"]: each["value"].removesuffix("kB").strip() for each in _LABELLED.finditer(value)}


def _buckets(value: str, into: Raw) -> None:
    """Read a hash table; what was planned is only printed when it turned out otherwise."""
    found = _labelled(f"Buckets: {value}")
    for label in ("Buckets", "Batches"):
        original = _ORIGINALLY.fullmatch(found.get(label, ""))
        now, planned = (original["now"], original["planned"]) if original else (found.get(label, "0"),) * 2
        into |= {f"Hash {label}": int(now), f"Original Hash {label}": int(planned)}
    into["Peak Memory Usage"] = int(found.get("Memory Usage", 0))


def _aggregate(label: str) -> Callable[[str, Raw], None]:
    names = {
        "Planned Partitions": "Planned Partitions",
        "Batches": "HashAgg Batches",
        "Memory Usage": "Peak Memory Usage",
        "Disk Usage": "Disk Usage",
    }

    def read(value: str, into: Raw) -> None:
        into |= {names.get(each, each): int(count) for each, count in _labelled(f"{label}: {value}").items()}

    return read


def _cache(value: str, into: Raw) -> None:
    found = _labelled(f"Hits: {value}")
    into |= {f"Cache {name}": int(count) for name, count in found.items() if name != "Memory Usage"}
    into["Peak Memory Usage"] = int(found.get("Memory Usage", 0))


def _sort_method(value: str, into: Raw) -> None:
    found = _SPACE.fullmatch(value)
    if found is None:
        into["Sort Method"] = value
        return
    into |= {"Sort Method": found["method"], "Sort Space Used": int(found["used"]), "Sort Space Type": found["type"]}


def _sort_groups(name: str) -> Callable[[str, Raw], None]:
    def read(value: str, into: Raw) -> None:
        found = _labelled(f"Group Count: {value}")
        methods = found.get("Sort Methods") or found.get("Sort Method", "")
        group: dict[str, Any] = {"Group Count": int(found["Group Count"]), "Sort Methods Used": methods.split(", ")}
        for kind in ("Memory", "Disk"):
            if f"Peak {kind}" in found:
                group[f"Sort Space {kind}"] = {
                    f"{each} Sort Space Used": int(found[f"{each} {kind}"]) for each in ("Average", "Peak")
                }
        into[f"{name} Groups"] = group

    return read


def _storage(value: str, into: Raw) -> None:
    found = _labelled(f"Storage: {value}")
    into |= {"Storage": found["Storage"], "Maximum Storage": int(found.get("Maximum Storage", 0))}


def _sampling(value: str, into: Raw) -> None:
    found = _SAMPLING.fullmatch(value)
    if found is None:
        into["Sampling Method"] = value
        return
    into |= {"Sampling Method": found["method"], "Sampling Parameters": split_list(found["parameters"])}
    if found["seed"]:
        into["Repeatable Seed"] = found["seed"]


def _file_size(value: str, into: Raw) -> None:
    into["Foreign File Size"] = number(value.removesuffix(" b"))


_SPECIAL: dict[str, Callable[[str, Raw], None]] = {
    "Buffers": _buffers,
    "I/O Timings": _io_timings,
    "WAL": _wal,
    "Tuples": _tuples,
    "Heap Blocks": _heap_blocks,
    "Buckets": _buckets,
    "Planned Partitions": _aggregate("Planned Partitions"),
    "Batches": _aggregate("Batches"),
    "Hits": _cache,
    "Sort Method": _sort_method,
    "Full-sort Groups": _sort_groups("Full-sort"),
    "Pre-sorted Groups": _sort_groups("Pre-sorted"),
    "Storage": _storage,
    "Sampling": _sampling,
    "Foreign File Size": _file_size,
}
USAGE = frozenset({"Buffers", "I/O Timings", "WAL"})

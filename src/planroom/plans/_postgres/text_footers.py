"""What PostgreSQL's text format prints of the statement as a whole, after its tree, as the keys of FORMAT JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.text_tokens import NUMBER, number

if TYPE_CHECKING:
    Raw = dict[str, Any]

__all__ = ["jit_line", "memory_of", "serialization_of", "settings_of", "trigger_of"]

_SETTING = re.compile(r"(?P<name>[\w.]+) = (?:'(?P<value>.*?)'|NULL)(?=, [\w.]+ = (?:'|NULL)|$)", re.DOTALL)
_TRIGGER = re.compile(
    rf"Trigger(?: (?P<name>(?!for constraint ).+?))?(?: for constraint (?P<constraint>.+?))?(?: on (?P<relation>.+?))?"
    rf": (?:time=(?P<time>{NUMBER}) )?calls=(?P<calls>{NUMBER})"
)
_OPTION = re.compile(r"(?P<name>Inlining|Optimization|Expressions|Deforming):? (?P<value>true|false)")
_TIMING = re.compile(rf"(?P<name>[A-Z][a-z]+)(?: Time)?:? (?P<ms>{NUMBER}) ms")
_SERIALIZATION = re.compile(
    rf"(?:time=(?P<time>{NUMBER}) ms\s+)?output=(?P<output>\d+)kB\s+format=(?P<format>\w+)"
)  # fmt: skip
_MEMORY = re.compile(r"used=(?P<used>\d+)kB\s+allocated=(?P<allocated>\d+)kB")


def settings_of(value: str) -> dict[str, str]:
    """Return ``work_mem = '64kB', jit = 'off'`` as a mapping."""
    return {each["name"]: each["value"] or "" for each in _SETTING.finditer(value)}


def trigger_of(line: str) -> dict[str, Any] | None:
    """Return the trigger that a line tells of; None for another line."""
    found = _TRIGGER.fullmatch(line)
    if found is None:
        return None
    names = {"Trigger Name": found["name"], "Constraint Name": found["constraint"], "Relation": found["relation"]}
    time = {"Time": float(found["time"])} if found["time"] else {}
    return {**{key: value for key, value in names.items() if value}, **time, "Calls": number(found["calls"])}


def jit_line(key: str, value: str, into: Raw) -> bool:
    """Add a line below ``JIT:`` and return whether it was one."""
    if key == "Functions":
        into["Functions"] = int(value)
    elif key == "Options":
        into["Options"] = {each["name"]: each["value"] == "true" for each in _OPTION.finditer(value)}
    elif key == "Timing":
        times = {each["name"]: float(each["ms"]) for each in _TIMING.finditer(value)}
        generation = {"Deform": times.pop("Deform", 0.0), "Total": times.pop("Generation", 0.0)}
        into["Timing"] = {"Generation": generation, **times}
    else:
        return False
    return True


def memory_of(value: str) -> dict[str, int]:
    """Return the memory that planning took, in KiB."""
    found = _MEMORY.fullmatch(value)
    return {"Memory Used": int(found["used"]), "Memory Allocated": int(found["allocated"])} if found else {}


def serialization_of(value: str) -> dict[str, Any]:
    """Return what turning the result into bytes took."""
    found = _SERIALIZATION.fullmatch(value)
    if found is None:
        return {}
    time = {"Time": float(found["time"])} if found["time"] else {}
    return {**time, "Output Volume": int(found["output"]), "Format": found["format"]}

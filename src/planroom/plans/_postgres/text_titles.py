"""The first line of a node in PostgreSQL's text format, as the keys that FORMAT JSON has for it."""

from __future__ import annotations

import re
from typing import Any

from planroom.plans._postgres.text_tokens import NAME, NUMBER, number, unquoted
from planroom.plans.operators import POSTGRES_OPERATORS

__all__ = ["estimates_of", "is_title", "node_of_title", "run_of", "target_of"]

_FIGURES = re.compile(
    rf"(?P<title>.*?)"
    rf"(?:\s+\(cost=(?P<startup>{NUMBER})\.\.(?P<total>{NUMBER}) rows=(?P<rows>{NUMBER}) width=(?P<width>\d+)\))?"
    rf"(?:\s+\((?:actual (?P<run>[^()]*)|(?P<never>never executed))\))?\s*"
)
_RUN = re.compile(
    rf"(?:time=(?P<startup>{NUMBER})\.\.(?P<total>{NUMBER}) )?rows=(?P<rows>{NUMBER}) loops=(?P<loops>{NUMBER})"
)
_TITLE = re.compile(
    rf"(?P<parallel>Parallel )?(?P<asynchronous>Async )?(?:(?P<partial>Partial|Finalize) )?"
    rf"(?:Custom Scan \((?P<provider>.*?)\)|(?P<name>[A-Z]\w*(?: (?!Backward\b)[A-Z]\w*)*))"
    rf"(?P<backward> Backward)?(?: using (?P<index>{NAME}))?"
    rf"(?P<on> on (?:(?P<schema>{NAME})\.)?(?P<object>{NAME})(?: (?P<alias>{NAME}))?)?"
)
_JOIN = re.compile(
    r"(?:(?P<loop>Nested Loop)|(?P<kind>Merge|Hash))"
    r"(?: (?P<type>Left|Full|(?:Right )?(?:Semi|Anti)|Right))?(?P<join> Join)?"
)
_SET_OPERATION = re.compile(r"(?P<hash>Hash)?SetOp (?P<command>\w+(?: All)?)")
_STRATEGIES = {
    "Aggregate": "Plain",
    "GroupAggregate": "Sorted",
    "HashAggregate": "Hashed",
    "MixedAggregate": "Mixed",
}
_CHANGES = frozenset({"Insert", "Update", "Delete", "Merge"})
# What the name after "on" is called; a node that is not here works on a relation.
_ONLY_ALIAS = frozenset({"Values Scan", "Subquery Scan"})
_OBJECTS = {
    "Function Scan": "Function Name",
    "Table Function Scan": "Table Function Name",
    "CTE Scan": "CTE Name",
    "WorkTable Scan": "CTE Name",
    "Named Tuplestore Scan": "Tuplestore Name",
    "Bitmap Index Scan": "Index Name",
}


def is_title(line: str) -> bool:
    """Return whether a line can be the first line of a plan: it has figures, or names a node that PostgreSQL has."""
    figures = _FIGURES.fullmatch(line)
    if figures is None:  # pragma: no cover  (the pattern takes every line)
        return False
    if figures["startup"] or figures["run"] or figures["never"]:
        return bool(_TITLE.fullmatch(figures["title"]))
    title = _TITLE.fullmatch(line.strip())
    return title is not None and _type_of(title)["Node Type"] in POSTGRES_OPERATORS


def node_of_title(line: str) -> dict[str, Any]:
    """Return the node that a line begins; a title of an unknown shape becomes the node's type as it stands."""
    figures = _FIGURES.fullmatch(line)
    assert figures is not None  # noqa: S101  (the pattern takes every line)
    title = _TITLE.fullmatch(figures["title"].strip())
    raw = {"Node Type": figures["title"].strip()} if title is None else _named(title)
    raw |= estimates_of(figures)
    if figures["never"]:
        raw |= {"Actual Rows": 0, "Actual Loops": 0}
    elif figures["run"]:
        raw |= run_of(figures["run"])
    return raw


def estimates_of(figures: re.Match[str]) -> dict[str, Any]:
    """Return the planner's figures of a first line."""
    if not figures["startup"]:
        return {}
    return {
        "Startup Cost": float(figures["startup"]),
        "Total Cost": float(figures["total"]),
        "Plan Rows": number(figures["rows"]),
        "Plan Width": int(figures["width"]),
    }


def run_of(text: str) -> dict[str, Any]:
    """Return what ``time=0.010..0.020 rows=1.00 loops=1`` says of a node or of a worker's part in it."""
    found = _RUN.search(text)
    if found is None:
        return {}
    keys = {"Actual Startup Time": found["startup"], "Actual Total Time": found["total"]} if found["total"] else {}
    times = {key: float(value) for key, value in keys.items()}
    return {**times, "Actual Rows": number(found["rows"]), "Actual Loops": number(found["loops"])}


def target_of(line: str) -> dict[str, Any] | None:
    """Return the table that a line such as ``Update on shop.orders o`` below a modification names; None for others."""
    title = _TITLE.fullmatch(line)
    if title is None or not title["on"] or title["name"].removeprefix("Foreign ") not in _CHANGES:
        return None
    return _target(title, "Relation Name")


def _named(title: re.Match[str]) -> dict[str, Any]:
    raw = _type_of(title)
    if title["partial"]:
        raw["Partial Mode"] = title["partial"]
    raw |= {"Parallel Aware": bool(title["parallel"]), "Async Capable": bool(title["asynchronous"])}
    if title["index"]:
        raw |= {
            "Scan Direction": "Backward" if title["backward"] else "Forward",
            "Index Name": unquoted(title["index"]),
        }
    if title["on"]:
        kind = raw["Node Type"]
        raw |= _target(title, _OBJECTS.get(kind, "Relation Name"), only_alias=kind in _ONLY_ALIAS)
    return raw


def _type_of(title: re.Match[str]) -> dict[str, Any]:
    """Return the node's type and what the title says of its kind."""
    name = title["name"]
    if name is None:
        return {"Node Type": "Custom Scan", "Custom Plan Provider": title["provider"]}
    if name in _STRATEGIES:
        return {"Node Type": "Aggregate", "Strategy": _STRATEGIES[name], "Partial Mode": "Simple"}
    if name in _CHANGES and title["on"]:
        return {"Node Type": "ModifyTable", "Operation": name}
    if name.startswith("Foreign ") and title["on"] and name.removeprefix("Foreign ") in _CHANGES:
        return {"Node Type": "Foreign Scan", "Operation": name.removeprefix("Foreign ")}
    if found := _SET_OPERATION.fullmatch(name):
        return {
            "Node Type": "SetOp",
            "Strategy": "Hashed" if found["hash"] else "Sorted",
            "Command": found["command"],
        }
    found = _JOIN.fullmatch(name)
    if found and (found["join"] or (found["loop"] and not found["type"])):
        kind = found["loop"] or f"{found['kind']} Join"
        return {"Node Type": kind, "Join Type": found["type"] or "Inner"}
    return {"Node Type": name}


def _target(title: re.Match[str], key: str, *, only_alias: bool = False) -> dict[str, Any]:
    name = unquoted(title["object"])
    if key == "Index Name":
        return {key: name}
    if only_alias:
        return {"Alias": name}
    schema = {"Schema": unquoted(title["schema"])} if title["schema"] else {}
    return {key: name, **schema, "Alias": unquoted(title["alias"]) if title["alias"] else name}

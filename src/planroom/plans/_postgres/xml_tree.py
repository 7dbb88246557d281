"""FORMAT XML as the value that FORMAT JSON has: tags are its keys with dashes, and every value is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.keys import DOCUMENT, FLAGS, KEPT_RAW, LISTS, NUMBERS, TYPED
from planroom.plans._postgres.text_tokens import number

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["value_of"]

_KEYS = {key.replace(" ", "-").replace("/", "-"): key for key in TYPED | KEPT_RAW | NUMBERS | LISTS | DOCUMENT}
_LISTED = frozenset({"Plans", "Workers", "Target Tables", "Grouping Sets", "Triggers"})
_YES = {"true": True, "false": False}


def value_of(root: Element) -> Any:
    """Return the documents below ``explain``, or the one that an element is."""
    name = _name(root)
    if name == "explain":
        return [_object(each) for each in root if _name(each) == "Query"]
    return {"Plan": _object(root)} if name == "Plan" else _object(root)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _key(element: Element) -> str:
    name = _name(element)
    return _KEYS.get(name, name.replace("-", " "))


def _object(element: Element) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    groups = 0
    for child in element:
        key = _key(child)
        if key == "Incremental Sort Groups":  # the tag does not say which; full sorts come first, always
            key = ("Full-sort Groups", "Pre-sorted Groups")[min(groups, 1)]
            groups += 1
        elif key == "Sort Space":  # nor this: memory comes first, and disk alone is not told from it
            key = "Sort Space Disk" if "Sort Space Memory" in raw else "Sort Space Memory"
        elif key == "Target Tables":
            raw |= {_key(each): _scalar(_key(each), each) for each in child if not len(each)}
        raw[key] = _value(key, child)
    return raw


def _value(key: str, element: Element) -> Any:
    if key == "Settings":
        return {_name(each): each.text or "" for each in element}
    if key in _LISTED:
        return [_object(each) for each in element if len(each)]
    if key in {"Group Keys", "Hash Keys"}:
        return [[item.text or "" for item in each] for each in element]
    if key in LISTS:
        return [each.text or "" for each in element]
    return _object(element) if len(element) else _scalar(key, element)


def _scalar(key: str, element: Element) -> Any:
    text = element.text or ""
    if key in FLAGS or (key not in NUMBERS and text in _YES and key in {"Expressions", "Deforming"}):
        return _YES.get(text, text)
    if key in NUMBERS:
        return _YES[text] if text in _YES else _number(text)
    return text


def _number(text: str) -> Any:
    try:
        return number(text)
    except ValueError:
        return text

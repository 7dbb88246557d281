"""Data types from the server's own words: what ``format_type`` says, as a `DataType`."""

from __future__ import annotations

import functools
import re

from planroom.sqltext import DataType

__all__ = ["data_type"]

_PART = r'"(?:[^"]|"")*"|[^".()\[\] ]+'
_USER_TYPE = re.compile(rf"(?P<schema>{_PART})\.(?P<name>{_PART})(?:\((?P<modifiers>.*)\))?", re.DOTALL)
_INTERVAL = re.compile(r"interval(?P<fields> [a-z ]+)?(?:\((?P<precision>\d+)\))?")
_BUILTIN = re.compile(r"(?P<head>[^()]+)(?:\((?P<modifiers>[^()]*)\))?(?P<tail>[^()]*)")


@functools.lru_cache(maxsize=4096)
def data_type(text: str) -> DataType:
    """Return the type that ``format_type`` prints as ``text`` while ``search_path`` is empty.

    Types that are built in come out bare, all others with their schema.

    Example:
        >>> data_type("timestamp(3) with time zone[]")
        DataType(name='timestamp with time zone', modifiers=('3',), schema='', array=True)
    """
    array = text.endswith("[]")
    bare = text.removesuffix("[]")
    if found := _USER_TYPE.fullmatch(bare):
        return DataType(
            _unquoted(found["name"]), _modifiers(found["modifiers"]), schema=_unquoted(found["schema"]), array=array
        )
    if found := _INTERVAL.fullmatch(bare):
        given = ((found["fields"] or "").strip(), found["precision"] or "")
        return DataType("interval", tuple(part for part in given if part), array=array)
    found = _BUILTIN.fullmatch(bare)
    if not found:
        return DataType(_unquoted(bare), array=array)
    return DataType(_unquoted(found["head"] + found["tail"]), _modifiers(found["modifiers"]), array=array)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _modifiers(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()

"""Decision records: read in every common style, kept byte for byte but for what was meant to change, and held together.

A `Record` is one decision; a `DecisionLog` is all of a folder's. What a record claims is named here (`affects`,
`checks`, `revisit`); what runs the checks is in `planroom.experiments`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.adr.log import DecisionLog
    from planroom.adr.reading import read_record
    from planroom.adr.record import Link, Record
    from planroom.adr.store import accept, deprecate, link, new, read_log, reject, renumber, supersede

__all__ = [
    "DecisionLog",
    "Link",
    "Record",
    "accept",
    "deprecate",
    "link",
    "new",
    "read_log",
    "read_record",
    "reject",
    "renumber",
    "supersede",
]

_HOMES = {"DecisionLog": "log", "Link": "record", "Record": "record", "read_record": "reading"}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'store')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

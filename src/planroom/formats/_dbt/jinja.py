"""What dbt does with strings: Jinja, ``ref`` and ``source``. planroom runs none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Reference", "escaped", "has_jinja", "reference", "unescaped"]

_OPENING = re.compile(r"\{[{%#]")
_FUNCTION = re.compile(r"(\s*)(?:ref|source|var|env_var)\s*\(")  # a data test calls what begins so, braces or not
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}(.*?)\{%[-+]?\s*endraw\s*[-+]?%\}", re.DOTALL)
_CALL = re.compile(r"\s*(?:\{\{-?)?\s*(ref|source)\s*\(([^()]*)\)\s*(?:-?\}\})?\s*")
_ARGUMENT = re.compile(r"""\s*(?:(v|version)\s*=\s*)?(?:'([^']*)'|"([^"]*)"|([\w.]+))\s*(?:,|$)""")


@dataclass(frozen=True, slots=True)
class Reference:
    """A call of ``ref`` or ``source``.

    Attributes:
        names: The names: of ``ref('package', 'model')`` the last alone, of ``source`` both.
        version: The version that is asked for; empty for the latest.
        package: The package of a model that is said to be another package's.
    """

    function: str
    names: tuple[str, ...]
    version: str = ""
    package: str = ""


def has_jinja(text: str) -> bool:
    """Whether Jinja would make something else of a text."""
    return bool(_OPENING.search(_RAW.sub("", text)))


def escaped(text: str) -> str:
    """Return a text that dbt gives back as it was: what would open a tag, or begin a call, stands in a raw block.

    Example:
        >>> escaped("costs {{ price }}")
        'costs {% raw %}{{{% endraw %} price }}'
    """
    call = _FUNCTION.match(text)
    before, rest = (f"{call[1]}{_raw(text[call.end(1)])}", text[call.end(1) + 1 :]) if call else ("", text)
    return before + _OPENING.sub(lambda found: _raw(found[0]), rest)


def _raw(text: str) -> str:
    return f"{{% raw %}}{text}{{% endraw %}}"


def unescaped(text: str) -> str:
    """Return a text without the marks of its raw blocks."""
    return _RAW.sub(lambda found: found[1], text)


def reference(text: str) -> Reference | None:
    """Return what a text such as ``ref('orders', v=2)`` refers to; None when it is no such call.

    Example:
        >>> reference("source('shop', 'raw_orders')").names
        ('shop', 'raw_orders')
    """
    call = _CALL.fullmatch(text)
    found = list(_ARGUMENT.finditer(call[2])) if call else []
    if not call or not found or found[-1].end() != len(call[2]):
        return None
    names = tuple(each[2] or each[3] or each[4] for each in found if not each[1])
    version = next((each[2] or each[3] or each[4] for each in found if each[1]), "")
    if call[1] == "source":
        return Reference("source", names) if len(names) == 2 else None
    package = names[0] if len(names) == 2 else ""
    return Reference("ref", names[-1:], version, package) if len(names) in {1, 2} else None

"""Names of a model as Python identifiers: readable, unique in their scope, and never code."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection

__all__ = ["Scope", "camel", "constant", "plural", "singular", "snake"]

_LONGEST = 60  # characters, so that a class and an attribute fit into a line
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "indices": "index"}
_AMBIGUOUS = {"l", "O", "I"}  # https://docs.astral.sh/ruff/rules/ambiguous-variable-name
_UNCHANGED = ("ss", "us", "is", "news", "series", "species")


class Scope:
    """The names that are taken where Python looks them up together.

    Args:
        reserved: Names that mean something else there.
    """

    def __init__(self, reserved: Collection[str] = ()) -> None:
        self._taken = set(reserved)

    def take(self, *candidates: str) -> str:
        """Return the first candidate that is free, else the first that is with an underscore or a number.

        Python takes names for the same that are so after normalisation.
        """
        candidates = tuple(unicodedata.normalize("NFKC", each) for each in candidates)
        for name in candidates:
            if self._free(name):
                break
        else:
            name, number = f"{candidates[0].rstrip('_')}_", 2
            while not self._free(name):
                name, number = f"{candidates[0].rstrip('_')}_{number}", number + 1
        self._taken.add(name)
        return name

    def _free(self, name: str) -> bool:
        return name not in self._taken and name not in _AMBIGUOUS and not keyword.iskeyword(name)


def snake(name: str) -> str:
    """Return a name as an attribute: ``orderLine`` stays, ``order line`` is ``order_line``, ``2nd`` is ``n2nd``."""
    return _identifier(name, "n")


def camel(name: str) -> str:
    """Return a name as a class: ``order_lines`` is ``OrderLines``."""
    words = re.split(r"_+", _identifier(name, "T"))
    joined = "".join(word[:1].upper() + word[1:] for word in words if word)
    return _identifier(joined, "T")


def constant(name: str) -> str:
    """Return a name as a constant: ``orderStatus`` is ``ORDER_STATUS``."""
    return _identifier(_HUMP.sub("_", name).upper(), "N")


def _identifier(name: str, prefix: str) -> str:
    """Return the nearest identifier, as Python itself normalises it; it begins with no underscore."""
    letters = (each if f"a{each}".isidentifier() else "_" for each in unicodedata.normalize("NFKC", name))
    text = re.sub(r"__+", "_", "".join(letters)).strip("_")[:_LONGEST].rstrip("_")
    text = unicodedata.normalize("NFKC", text)
    if not text:
        return f"{prefix.lower()}ameless" if prefix.lower() == "n" else "Table"
    return text if text.isidentifier() else prefix + text


def singular(name: str) -> str:
    """Return the singular of an English plural, as far as its ending tells.

    Example:
        >>> [singular(each) for each in ("orders", "categories", "addresses", "boxes", "status", "order_people")]
        ['order', 'category', 'address', 'box', 'status', 'order_person']
    """
    head, _, last = name.rpartition("_")
    lower = last.lower()
    if lower in _IRREGULAR:
        last = _IRREGULAR[lower]
    elif lower.endswith("ies") and len(lower) > 4:
        last = last[:-3] + "y"
    elif re.search(r"(?:ss|sh|ch|x|z|us)es$", lower):
        last = last[:-2]
    elif lower.endswith("s") and not lower.endswith(_UNCHANGED) and len(lower) > 2:
        last = last[:-1]
    return f"{head}_{last}" if head else last


def plural(name: str) -> str:
    """Return the plural of an English word; a plural stays as it is.

    Example:
        >>> [plural(each) for each in ("order", "category", "address", "orders", "child")]
        ['orders', 'categories', 'addresses', 'orders', 'children']
    """
    head, _, last = name.rpartition("_")
    known = {one: many for many, one in _IRREGULAR.items()}
    if last.lower() in known:
        last = known[last.lower()]
    elif singular(last) != last:
        pass
    elif re.search(r"[^aeiou]y$", last.lower()):
        last = last[:-1] + "ies"
    else:
        last += "es" if re.search(r"(?:s|sh|ch|x|z)$", last.lower()) else "s"
    return f"{head}_{last}" if head else last

"""What names of tables and columns are made of: words, endings that mark a key, abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache

from planroom.model.inflection import singular

__all__ = ["KEY_WORDS", "Name", "name_of", "words_of"]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_LONGEST = 256  # characters of a name that are looked at; PostgreSQL's longest has 63 bytes
_MOST_WORDS = 16

KEY_WORDS = frozenset("id uuid guid key code no nr num number pk oid sk ref fk".split())
"""Words that mark a key where they end a name: ``customer_id``, ``country_code``, ``emp_no``."""

_LEADING = frozenset("id fk cod idfk".split())
"""Words that mark a key where they begin a name: ``id_cliente``, ``fk_customer_id``."""

_LUMPED = ("uuid", "guid", "code", "key", "id", "no")
"""Endings that are looked for inside a word when nothing parts the words: ``customerid``."""

_SPELLED_OUT = {
    "dept": "department", "mgr": "manager", "acct": "account", "usr": "user", "grp": "group", "msg": "message",
    "txn": "transaction", "tx": "transaction", "pmt": "payment", "img": "image", "lang": "language", "qty": "quantity",
    "org": "organization", "organisation": "organization", "addr": "address", "cust": "customer", "emp": "employee",
    "prod": "product", "cat": "category", "doc": "document", "perm": "permission", "cfg": "configuration",
    "config": "configuration", "proj": "project", "ctry": "country", "curr": "currency", "stmt": "statement",
}  # fmt: skip
"""Abbreviations that mean one thing in a schema; both sides of a comparison are spelled out."""


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in lower case: of ``CamelCase``, ``snake_case``, ``kebab-case`` or a mixture.

    Example:
        >>> words_of("OrderHTTPLog_2id")
        ('order', 'http', 'log', '2', 'id')
    """
    return tuple(word.lower() for word in _WORD.findall(name[:_LONGEST])[:_MOST_WORDS])


@lru_cache(maxsize=16_384)
def _normal(word: str) -> str:
    return _SPELLED_OUT.get(singular(word), singular(word))


class Name:
    """A name, taken apart.

    Attributes:
        words: Its words in normal form: singular, abbreviations spelled out.
        stem: The words without those that mark a key; all of them when none does.
        mark: The word that marks a key, such as ``id``; empty when there is none.
        plural: Its last word is a plural.
    """

    __slots__ = ("mark", "plural", "stem", "words")

    def __init__(self, text: str) -> None:
        raw = words_of(text)
        self.words = tuple(map(_normal, raw))
        self.plural = bool(raw) and singular(raw[-1]) != raw[-1]
        stem, self.mark = _without_mark(raw)
        self.stem = tuple(map(_normal, stem))

    @property
    def unnumbered(self) -> tuple[str, ...]:
        """The stem without numbers at its end: ``tag`` of ``tag_2_id``."""
        end = len(self.stem)
        while end > 1 and self.stem[end - 1].isdigit():
            end -= 1
        return self.stem[:end]


def _without_mark(raw: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    if len(raw) > 2 and raw[-1] in {"fk", "ref"} and raw[-2] in KEY_WORDS:
        raw = raw[:-1]
    if len(raw) > 2 and raw[0] == "fk":
        raw = raw[1:]
    if len(raw) > 1 and raw[-1] in KEY_WORDS:
        return raw[:-1], raw[-1]
    if len(raw) > 1 and raw[0] in _LEADING:
        return raw[1:], "id"
    if raw and (
        ending := next((each for each in _LUMPED if raw[-1].endswith(each) and len(raw[-1]) > len(each) + 1), "")
    ):
        return (*raw[:-1], raw[-1].removesuffix(ending)), ending
    return raw, ""


@lru_cache(maxsize=16_384)
def name_of(text: str) -> Name:
    """Return a name taken apart; equal texts share the work."""
    return Name(text)

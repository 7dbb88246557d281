"""An expression of the old model with the names that the new model uses.

Canonical forms say of every column of a query which relation it belongs to, and name every output column. So their
words tell what each name means, and no parser is needed: the forms of other dialects can be treated alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.sqltext import qualified, quote_identifier
from planroom.sqltext.scopes import THIS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["NameMap", "rewritten"]

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[^\W\d][\w$]*|\s+|.""", re.DOTALL)
_WORD = re.compile(r'"|[^\W\d]')

_NOTHING: dict[str, str] = {}

Name = tuple[str, str]


@dataclass
class NameMap:
    """What things are called in the new model, by what they are called in the old.

    Attributes:
        schemas: Schemas.
        objects: Relations, types, sequences and routines, as (schema, name).
        ids: The same, by id.
        columns: The columns of each relation, by its old id.
        column_ids: The same, by the id of the column.
        parts: The constraints and indexes of each relation, by its old id.
    """

    schemas: dict[str, str] = field(default_factory=dict)
    objects: dict[Name, Name] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    column_ids: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.schemas or self.objects or self.columns or self.parts)

    def note(self, old: Name, new: Name) -> None:
        """Remember what an object is called now."""
        if old != new:
            self.objects[old] = new
            self.ids[qualified(*old)] = qualified(*new)

    def note_columns(self, old: Name, new: Name, columns: dict[str, str]) -> None:
        """Remember what columns of a relation are called now."""
        if columns:
            self.columns[qualified(*old)] = columns
            self.column_ids |= {qualified(*old, before): qualified(*new, after) for before, after in columns.items()}


def rewritten(text: str, names: NameMap, own: Mapping[str, str]) -> str:
    """Return a canonical expression or query in the new model's names.

    Args:
        text: The old form.
        names: The new names.
        own: The new names of the columns that stand without a qualifier: those of the expression's own table.
    """
    tokens = _TOKEN.findall(text)
    chains = list(_chains(tokens))
    relations = _relations(tokens, chains)
    for chain in chains:
        _rename_chain(tokens, chain, relations, names, own)
    return "".join(_literal(token, names) if token[0] == "'" else token for token in tokens)


def _chains(tokens: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of the names in each ``a.b.c``."""
    at = 0
    while at < len(tokens):
        if _WORD.match(tokens[at]):
            chain = [at]
            while at + 2 < len(tokens) and tokens[at + 1] == "." and _WORD.match(tokens[at + 2]):
                at += 2
                chain.append(at)
            yield chain
        at += 1


def _bare(token: str) -> str:
    return token[1:-1].replace('""', '"') if token[0] == '"' else token


def _word_after(tokens: Sequence[str], at: int) -> int:
    """Return the place of the next token that is no blank, or the number of tokens."""
    at += 1
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    return at


def _word_before(tokens: Sequence[str], at: int) -> str:
    at -= 1
    while at >= 0 and tokens[at].isspace():
        at -= 1
    return tokens[at] if at >= 0 else ""


def _relations(tokens: Sequence[str], chains: Sequence[Sequence[int]]) -> Mapping[str, tuple[set[Name], bool]]:
    """Return by alias or bare name the relations that bear it, and whether it is the relation's own name."""
    found: dict[str, tuple[set[Name], bool]] = {}
    for chain in chains:
        if len(chain) != 2 or _word_before(tokens, chain[0]) not in {"FROM", "JOIN", ",", "("}:
            continue
        name = (_bare(tokens[chain[0]]), _bare(tokens[chain[1]]))
        after = _word_after(tokens, chain[-1])
        aliased = after < len(tokens) and tokens[after] == "AS"
        if aliased:
            after = _word_after(tokens, after)
        alias = _bare(tokens[after]) if aliased and after < len(tokens) else name[1]
        known, own = found.get(alias, (set(), True))
        found[alias] = (known | {name}, own and not aliased)
    return found


def _rename_chain(
    tokens: list[str],
    chain: Sequence[int],
    relations: Mapping[str, tuple[set[Name], bool]],
    names: NameMap,
    own: Mapping[str, str],
) -> None:
    """Replace the names of one chain, in place."""
    first = _bare(tokens[chain[0]])
    if len(chain) == 1:
        after = _word_after(tokens, chain[0])
        is_call = after < len(tokens) and tokens[after] == "("
        if first in own and not is_call and _word_before(tokens, chain[0]) != "AS":
            tokens[chain[0]] = quote_identifier(own[first])
        return
    second = _bare(tokens[chain[1]])
    if (first, second) in names.objects:
        for place, name in zip(chain, names.objects[first, second], strict=False):
            tokens[place] = quote_identifier(name)
    elif first == THIS and first not in relations:
        tokens[chain[1]] = quote_identifier(own.get(second, second))
    elif first in relations:
        known, is_own_name = relations[first]
        for relation in sorted(known):
            columns = names.columns.get(qualified(*relation), _NOTHING)
            if second in columns:
                tokens[chain[1]] = quote_identifier(columns[second])
            if is_own_name and relation in names.objects:
                tokens[chain[0]] = quote_identifier(names.objects[relation][1])


def _literal(token: str, names: NameMap) -> str:
    """Return a literal that holds the id of something, such as a sequence's, with its new id."""
    held = token[1:-1].replace("''", "'")
    return token if held not in names.ids else "'" + names.ids[held].replace("'", "''") + "'"

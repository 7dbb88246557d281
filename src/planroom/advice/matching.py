"""Which tables a column's name may mean, and how it says so."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.advice.comments import mentioned
from planroom.model.words import Name, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planroom.advice.directory import Directory, Target
    from planroom.model import Column, Table

__all__ = ["Match", "Matcher", "Pattern"]


class Pattern(enum.Enum):
    """How a column's name leads to a table."""

    NAMED = "is named after the table"
    PLAIN = "bears the table's name"
    FAMILY = "with its own table's name before it, is the table's name"
    ROLE = "is a role before the table's name"
    PLAIN_ROLE = "is a role before the table's name, without a word that marks a key"
    ROLE_KEY = "is a role before the name of the table's key"
    SHARED_KEY = "is the key of a table named after the other, and nothing else fills it"
    ENDING = "is the end of the table's name"
    ROLE_ENDING = "is a role before the end of the table's name"
    QUALIFIED = "begins with the table's name"
    KEY_NAME = "bears the name of the table's key"
    PIECE = "ends with the table's name"
    ABBREVIATION = "abbreviates the table's name"
    SELF = "says which row of the same table"
    ACTOR = "says who did it"
    COMMENT = "has a comment that says so"
    LINK = "is one of the two ends of a table named after both"
    OWN = "bears the name of its own table"


@dataclass(frozen=True, slots=True)
class Match:
    """One table that a column's name may mean.

    Attributes:
        rivals: How many tables fit the name as well as this one, itself included.
    """

    pattern: Pattern
    target: Target
    rivals: int = 1


_SELF = frozenset(
    """
    parent ancestor descendant root child superior supervisor predecessor successor previous prev next original
    duplicate canonical replacement superseded replaced reply supersede replace report
    """.split()
)
"""Roles that a row has for another row of its own table."""

_SMALL = frozenset("to of by from in on as the".split())

_ACTORS = ("user", "account", "person", "member", "employee", "staff", "profile")
"""Tables whose rows act, by normal name; the first that there is stands for all."""

_DOERS = frozenset(
    """
    creator author owner approver uploader updater sender recipient receiver assignee reviewer editor deleter banner
    inviter invitee requester requestor reporter actor moderator modifier submitter publisher subscriber follower
    assigner assignor manager admin administrator responsible initiator voter commenter maintainer proposer seconder
    candidate leader supervisor instructor
    """.split()
)


class Matcher:
    """Finds what names mean; what does not depend on the child's table is found once a name."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[str, tuple[Match, ...]] = {}
        self._actors = self._who_acts()

    def _who_acts(self) -> Sequence[Target]:
        """Return the table whose rows do things: one with a usual name, else the most referenced that does things."""
        usual = next((found for word in _ACTORS if (found := self._directory.named((word,)))), ())
        if usual:
            return usual
        doers = [word for word in _DOERS if self._directory.named((word,))]
        word = min(doers, key=lambda each: (-self._directory.references((each,)), each), default="")
        return self._directory.named((word,)) if word else ()

    def matches(self, table: Table, column: Column) -> Iterator[Match]:
        """Yield the tables that a column may mean, in no order of likelihood."""
        name = name_of(column.name)
        own = self._directory.targets[table.id]
        alone = own.primary == (column.name,)
        if column.comment:
            yield from _each(Pattern.COMMENT, self._directory.named(name_of(mentioned(column.comment)).words))
        if alone and name.stem == own.words:
            return  # it is what identifies a row of its own table
        yield from self._elsewhere(own, column)
        if not alone:
            yield from self._family(own, name)
            yield from self._of_itself(own, name)
            yield from self._link(own, column.name)
        else:
            yield from self._shared_key(own, column)

    def _elsewhere(self, own: Target, column: Column) -> Iterator[Match]:
        for match in self._anywhere(column.name):
            if match.target is not own or match.pattern in _MAY_BE_OWN:
                yield match
            elif match.pattern in {Pattern.NAMED, Pattern.PLAIN}:
                yield Match(Pattern.OWN, own)

    def _anywhere(self, text: str) -> tuple[Match, ...]:
        if text not in self._known:
            self._known[text] = self._found_anywhere(text)
        return self._known[text]

    def _found_anywhere(self, text: str) -> tuple[Match, ...]:
        name = name_of(text)
        if not name.mark and name.plural:
            return ()  # a column with a plural name counts or lists; it does not refer to one row
        return tuple(self._search(name))

    def _search(self, name: Name) -> Iterator[Match]:
        marked = bool(name.mark)
        stem = name.stem if self._directory.named(name.stem) else name.unnumbered
        yield from _each(Pattern.NAMED if marked else Pattern.PLAIN, self._directory.named(stem))
        yield from _each(Pattern.KEY_NAME, self._directory.keyed(name.words))
        yield from self._roles(name, stem)
        if _is_doer(name):
            yield from _each(Pattern.ACTOR, self._actors)
        if marked and stem:
            yield from _each(Pattern.ENDING, self._directory.ending(stem))
            yield from _each(Pattern.QUALIFIED, self._head(stem))
            yield from _each(Pattern.PIECE, self._directory.within(stem[-1]))
        if marked and len(stem) == 1 and not self._directory.named(stem):
            yield from _each(Pattern.ABBREVIATION, self._directory.abbreviated(stem[0]))

    def _roles(self, name: Name, stem: tuple[str, ...]) -> Iterator[Match]:
        marked = bool(name.mark)
        named = Pattern.ROLE if marked else Pattern.PLAIN_ROLE
        yield from _each(named, _longest(stem, self._directory.named))
        if marked:
            yield from _each(Pattern.ROLE_KEY, _longest(name.words, self._directory.keyed))
            yield from _each(Pattern.ROLE_ENDING, _longest(stem, self._directory.ending))

    def _head(self, stem: tuple[str, ...]) -> Sequence[Target]:
        return next((found for end in range(len(stem) - 1, 0, -1) if (found := self._directory.named(stem[:end]))), ())

    def _family(self, own: Target, name: Name) -> Iterator[Match]:
        """Yield the table called like the child's with the column's name after it: ``artist.type`` and artist_type."""
        for end in range(len(own.words), 0, -1):
            for start in range(end):
                found = self._directory.named((*own.words[start:end], *name.stem))
                if found and own not in found:
                    yield from _each(Pattern.FAMILY, found)
                    return

    def _of_itself(self, own: Target, name: Name) -> Iterator[Match]:
        """Yield the child's own table, or the one that it is named after, for a column such as ``parent_id``."""
        if not _is_self_role(name):
            return
        if own.single:
            yield Match(Pattern.SELF, own)
        else:
            yield from _each(Pattern.SELF, self._head(own.words))

    def _link(self, own: Target, text: str) -> Iterator[Match]:
        """Yield the end of a link table that a column such as ``entity1`` or ``target_id`` holds.

        A table called ``l_artist_label`` links two others; its columns bear one name and a number, or opposites.
        """
        for end, other in _opposites(text):
            if other in own.table.columns_by_name:
                ends = self._ends_of(own)
                yield from _each(Pattern.LINK, ends[end] if ends else ())
                return

    def _ends_of(self, own: Target) -> tuple[Sequence[Target], ...]:
        words = own.words
        for start in range(min(2, len(words) - 1)):
            for middle in range(start + 1, len(words)):
                ends = self._directory.named(words[start:middle]), self._directory.named(words[middle:])
                if all(ends):
                    return ends
        return ()

    def _shared_key(self, own: Target, column: Column) -> Iterator[Match]:
        """Yield the table that the child's name begins with, when only that table fills the key by itself."""
        for target in self._head(own.words):
            if target.fills_its_key and target.primary == (column.name,):
                yield Match(Pattern.SHARED_KEY, target)


_MAY_BE_OWN = frozenset({Pattern.ROLE, Pattern.PLAIN_ROLE, Pattern.ROLE_KEY, Pattern.PIECE, Pattern.ACTOR})
"""Patterns that tell a column of a table from the table's own key."""


def _longest(words: tuple[str, ...], found_by: Callable[[tuple[str, ...]], Sequence[Target]]) -> Sequence[Target]:
    """Return what the longest end of the words finds that finds something, with at least one word before it."""
    return next((found for start in range(1, len(words)) if (found := found_by(words[start:]))), ())


def _each(pattern: Pattern, targets: Sequence[Target]) -> Iterator[Match]:
    for target in targets:
        yield Match(pattern, target, len(targets))


_OPPOSITES = (("0", "1"), ("1", "2"), ("from", "to"), ("source", "target"), ("left", "right"))


def _opposites(text: str) -> Iterator[tuple[int, str]]:
    """Yield which of two ends a column may be, 0 or 1, and the name of the column at the other end."""
    for pair in _OPPOSITES:
        for end, word in enumerate(pair):
            before, found, after = text.rpartition(word)
            if found and after.lower() in {"", "_id", "id"}:
                yield end, f"{before}{pair[1 - end]}{after}"


def _is_self_role(name: Name) -> bool:
    words = [word for word in name.stem if word not in _SMALL]
    if not words:
        return False
    return words[-1] in _SELF or (words[0] in _SELF and bool(name.mark))


def _is_doer(name: Name) -> bool:
    words = [word for word in name.stem if not word.isdigit()]
    return bool(words) and (words[-1] in _DOERS or words[-1] == "by") and not _COUNTS & set(words)


_COUNTS = frozenset("count num number total".split())

"""What a report says beside what rules find: about comments that let findings pass, and about reading."""

from __future__ import annotations

from collections.abc import Mapping

from planroom.values import dataclass

__all__ = ["NOTICES", "Notice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of finding that no rule of a folder makes.

    Attributes:
        code: Its code, such as ``LNT003``.
        slug: Its name, such as ``allowance-unused``.
        summary: What is wrong, in one sentence.
        page: What to know about it, and what to do.
    """

    code: str
    slug: str
    summary: str
    page: str


_ALL = (
    Notice(
        "LNT001",
        "allowance-not-understood",
        "A comment that begins with planroom: lets nothing pass.",
        "It names no rule, gives no reason, or is no instruction. Write `-- planroom: allow CODE because REASON` above "
        "a statement, in it or at its end, or `allow-file` for the whole file; several rules stand between commas.",
    ),
    Notice(
        "LNT002",
        "allowance-of-unknown-rule",
        "A comment lets a rule pass that there is none of.",
        "The name is misspelt, or the rule is gone. `planroom rules` lists them; the finding names the nearest.",
    ),
    Notice(
        "LNT003",
        "allowance-unused",
        "A comment lets a rule pass that finds nothing there.",
        "What it excused is gone, and it would hide the next finding. Remove the comment, or the rule's name in it.",
    ),
    Notice(
        "READ001",
        "statement-unreadable",
        "A statement does not parse, or contradicts what is there.",
        "It is not judged; the statements around it are. Correct it, or give with --model what it stands on.",
    ),
    Notice(
        "READ002",
        "statement-not-represented",
        "A statement makes something that a model has no place for.",
        "What it makes is not judged. Look after it by hand.",
    ),
    Notice(
        "READ003",
        "dialect-read-as-best-effort",
        "A script of a dialect that planroom reads through a general parser.",
        "What is not told there is not judged.",
    ),
    Notice(
        "READ004",
        "dialect-guessed",
        "Nobody named the dialect of a script, and it was told by its signs.",
        "Name it where it is wrong: --dialect, or `dialect` in the configuration.",
    ),
    Notice(
        "READ005",
        "migrations-of-another-dialect",
        "Steps for another database than PostgreSQL.",
        "planroom knows the locks of PostgreSQL 12 to 18 alone: how such steps run is not judged.",
    ),
    Notice(
        "READ006",
        "reference-unreadable",
        "A foreign key refers to a table that nothing here makes.",
        "Its table is judged without it. Give the script that makes the other table as well, or --model with both.",
    ),
    Notice(
        "READ007",
        "script-is-a-template",
        "A script does not parse as it stands, and does with names in the place of what a tool puts in.",
        "What {{ x }}, ${x}, @x@, %x%, :x and the like stand for is not known: it is taken for a name, or for a value "
        "where one is asked for. Edits are left out: they would hold the names that were made up.",
    ),
    Notice(
        "DDL001",
        "unknown-type",
        "A column's type is none of PostgreSQL's, and nothing here makes it.",
        "It is misspelt, comes with an extension that the script does not create, or the script is another dialect's.",
    ),
    Notice(
        "NOTE001",
        "selector-matches-nothing",
        "An annotation speaks of what is not there.",
        "The selector is misspelt, or what it meant was renamed or removed.",
    ),
)
NOTICES: Mapping[str, Notice] = {each.code: each for each in _ALL}
"""All of them, by code."""

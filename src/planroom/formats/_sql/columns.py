"""A column's definition: its type, and what the clauses behind it say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.formats._sql.drafts import KeyDraft
from planroom.formats._sql.keys import reference
from planroom.model import Column, Generated, Identity, IndexColumn, SequenceOptions
from planroom.sqltext import DataType
from planroom.sqltext.dialect_expressions import dialect_expression
from planroom.sqltext.dialect_types import read_type

if TYPE_CHECKING:
    from planroom.sqltext.cursor import Cursor

__all__ = ["ColumnDraft", "read_column"]

_CLAUSES = frozenset(
    "NOT NULL DEFAULT PRIMARY UNIQUE KEY CHECK REFERENCES COLLATE GENERATED AS AUTO_INCREMENT AUTOINCREMENT IDENTITY "
    "COMMENT CONSTRAINT CHARSET ON USING COLUMN_FORMAT STORAGE VIRTUAL STORED PERSISTED PERSISTENT INVISIBLE VISIBLE "
    "FIRST AFTER BINARY ASCII UNICODE DEFERRABLE INITIALLY ENABLE DISABLE OPTIONS SRID SPARSE ROWGUIDCOL MASKED "
    "ENCODE DISTKEY SORTKEY HIDDEN WITHOUT TAG POLICY COMPRESSED AUTO_RANDOM".split()
)


@dataclass
class ColumnDraft:
    """A column, the constraints that stand with it, and what the model has no place for.

    Attributes:
        passed_over: Clauses as written.
        place: Where MySQL's FIRST or AFTER puts it: an empty string, or a column's name; None for last.
    """

    column: Column
    keys: list[KeyDraft] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    place: str | None = None


@dataclass
class _Facts:
    """What the clauses of one column have said so far."""

    name: str
    keys: list[KeyDraft] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    nullable: bool = True
    default: str = ""
    on_update: str = ""
    generated: str = ""
    stored: bool = False
    identity: Identity | None = None
    collation: str = ""
    comment: str = ""
    place: str | None = None
    constraint: str = ""

    def key(self, kind: str) -> KeyDraft:
        """Add and return a constraint on the column alone."""
        made = KeyDraft(kind, self.constraint, bool(self.constraint), (IndexColumn(column=self.name),))
        self.constraint = ""
        self.keys.append(made)
        return made


def read_column(cursor: Cursor) -> ColumnDraft:
    """Return the column whose definition begins here, up to the comma or parenthesis behind it."""
    facts = _Facts(cursor.name())
    kind = _type(cursor)
    while not (cursor.done or cursor.at(",") or cursor.at(")")):
        _clause(cursor, facts)
    return ColumnDraft(_column(facts, kind, cursor.dialect), facts.keys, facts.passed_over, facts.place)


def _column(facts: _Facts, kind: DataType, dialect: str) -> Column:
    default = facts.default or ("NULL" if facts.on_update else "")
    if facts.on_update:
        default += f" ON UPDATE {facts.on_update}"
    nullable = facts.nullable and facts.identity is None
    if default.upper() == "NULL":
        default = ""  # the same as none
    return Column(
        facts.name,
        kind,
        nullable=nullable,
        default=dialect_expression(default, dialect) if default else None,
        identity=facts.identity,
        generated=Generated(dialect_expression(facts.generated, dialect), facts.stored) if facts.generated else None,
        collation=facts.collation,
        comment=facts.comment,
    )


def _type(cursor: Cursor) -> DataType:
    """Return the type that stands here; SQLite's columns and computed ones may have none."""
    start, end = cursor.token.start, cursor.token.start
    while not (cursor.done or cursor.at(",") or cursor.at(")")) and not _begins_clause(cursor):
        token = cursor.token
        if token.kind == "mark" and token.text not in "([<.:%":
            break
        if token.text == "(" and token.kind == "mark":
            cursor.group()
        elif token.text in {"[", "<"} and token.kind == "mark":
            _past(cursor)
        else:
            cursor.skip()
        end = cursor.last_end
    text = cursor.text[start:end]
    if cursor.dialect in {"tsql", "sqlite", "fabric"}:
        text = text.replace("[", "").replace("]", "").replace('"', "").replace("`", "")
    return read_type(text, cursor.dialect)


def _past(cursor: Cursor) -> None:
    """Move past brackets: of a list in DuckDB, of a STRUCT in BigQuery."""
    close = {"[": "]", "<": ">"}[cursor.skip().text]
    depth = 1
    while depth and not cursor.done:
        token = cursor.skip()
        depth += {close: -1, ">>": -2, "<": 1, "[": 1}.get(token.text, 0) if token.kind == "mark" else 0


def _begins_clause(cursor: Cursor) -> bool:
    if cursor.at("CHARACTER", "SET") or cursor.at("WITH", "MASKED") or cursor.at("FOR", "BIT"):
        return True
    return cursor.at_any(_CLAUSES)


def _clause(cursor: Cursor, facts: _Facts) -> None:
    start = cursor.token.start
    for words, handler in _HANDLERS:
        if cursor.take(*words):
            handler(cursor, facts)
            return
    cursor.skip()
    cursor.until(_CLAUSES)
    facts.passed_over.append(cursor.text[start : cursor.last_end])


def _not_null(cursor: Cursor, facts: _Facts) -> None:
    facts.nullable, facts.constraint = False, ""
    cursor.take_any({"ENABLE"})
    _on_conflict(cursor, facts)


def _null(cursor: Cursor, facts: _Facts) -> None:
    facts.constraint = ""


def _default(cursor: Cursor, facts: _Facts) -> None:
    facts.constraint = ""
    text = cursor.until(_CLAUSES, least=1)
    bare = text.strip()
    facts.default = (
        bare[1:-1].strip() if _is_enclosed(bare) and cursor.dialect in {"sqlite", "tsql", "duckdb"} else bare
    )


def _is_enclosed(text: str) -> bool:
    """Whether one pair of parentheses is around all of a text."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    from planroom.sqltext.cursor import Cursor

    cursor = Cursor(text, "sqlite")
    cursor.group()
    return cursor.done


def _on_update(cursor: Cursor, facts: _Facts) -> None:
    facts.on_update = cursor.until(_CLAUSES, least=1)


def _primary(cursor: Cursor, facts: _Facts) -> None:
    key = facts.key("primary")
    facts.nullable = False
    cursor.take_any({"CLUSTERED", "NONCLUSTERED"})
    if cursor.take("DESC"):
        key.parts = (IndexColumn(column=facts.name, descending=True, nulls_first=True),)
    cursor.take("ASC")
    _on_conflict(cursor, facts)


def _unique(cursor: Cursor, facts: _Facts) -> None:
    facts.key("unique")
    cursor.take("KEY")
    cursor.take_any({"CLUSTERED", "NONCLUSTERED"})
    _on_conflict(cursor, facts)


def _on_conflict(cursor: Cursor, facts: _Facts) -> None:
    start = cursor.token.start
    if cursor.take("ON", "CONFLICT"):
        cursor.skip()
        facts.passed_over.append(cursor.text[start : cursor.last_end])


def _check(cursor: Cursor, facts: _Facts) -> None:
    text = cursor.group()
    key = KeyDraft(
        "check", facts.constraint, bool(facts.constraint), expression=dialect_expression(text, cursor.dialect)
    )
    facts.constraint = ""
    if cursor.take("NOT", "ENFORCED"):
        key.enforced = False
    cursor.take_any({"ENFORCED", "ENABLE"})
    facts.keys.append(key)


def _references(cursor: Cursor, facts: _Facts) -> None:
    key = facts.key("foreign")
    reference(cursor, key)


def _collate(cursor: Cursor, facts: _Facts) -> None:
    facts.collation = cursor.dotted()[-1]


def _charset(cursor: Cursor, facts: _Facts) -> None:
    facts.collation = facts.collation or cursor.name()


def _binary(cursor: Cursor, facts: _Facts) -> None:
    facts.collation = facts.collation or "_bin"  # the binary collation of the table's character set


def _generated(cursor: Cursor, facts: _Facts) -> None:
    if cursor.take("AS", "IDENTITY"):
        facts.identity = Identity(always=True, sequence=_sequence(cursor))
    else:
        cursor.expect("AS")
        _computed(cursor, facts)


def _by_default(cursor: Cursor, facts: _Facts) -> None:
    cursor.take("ON", "NULL")
    cursor.expect("AS", "IDENTITY")
    facts.identity = Identity(always=False, sequence=_sequence(cursor))


def _computed(cursor: Cursor, facts: _Facts) -> None:
    facts.generated = cursor.group()
    if cursor.take_any({"STORED", "PERSISTED", "PERSISTENT"}):
        facts.stored = True
    cursor.take("VIRTUAL")


def _auto_increment(cursor: Cursor, facts: _Facts) -> None:
    facts.identity = Identity(always=False)


def _identity(cursor: Cursor, facts: _Facts) -> None:
    options = SequenceOptions()
    if cursor.at("("):
        numbers = [int(each) for each in cursor.group().split(",") if each.strip().lstrip("-").isdigit()]
        start, increment = (*numbers, 1, 1)[:2] if len(numbers) != 1 else (numbers[0], 1)
        options = SequenceOptions(start=None if start == 1 else start, increment=increment)
    facts.identity = Identity(always=cursor.dialect == "tsql", sequence=options)


def _sequence(cursor: Cursor) -> SequenceOptions:
    if not cursor.at("("):
        return SequenceOptions()
    from planroom.formats._sql.sequences import sequence_options
    from planroom.sqltext.cursor import Cursor as Inner

    return sequence_options(Inner(cursor.group(), cursor.dialect))


def _comment(cursor: Cursor, facts: _Facts) -> None:
    cursor.take("=")
    facts.comment = cursor.string()


def _first(cursor: Cursor, facts: _Facts) -> None:
    facts.place = ""


def _after(cursor: Cursor, facts: _Facts) -> None:
    facts.place = cursor.name()


def _constraint(cursor: Cursor, facts: _Facts) -> None:
    facts.constraint = "" if cursor.at_any({"CHECK", "PRIMARY", "UNIQUE", "NOT"}) else cursor.name()


def _deferrable(cursor: Cursor, facts: _Facts) -> None:
    last = next((key for key in reversed(facts.keys)), None)
    if last:
        last.deferrable = True


_HANDLERS = (
    (("NOT", "NULL"), _not_null),
    (("NULL",), _null),
    (("DEFAULT",), _default),
    (("ON", "UPDATE"), _on_update),
    (("PRIMARY", "KEY"), _primary),
    (("PRIMARY",), _primary),
    (("UNIQUE",), _unique),
    (("KEY",), _primary),
    (("CHECK",), _check),
    (("REFERENCES",), _references),
    (("COLLATE",), _collate),
    (("CHARACTER", "SET"), _charset),
    (("CHARSET",), _charset),
    (("BINARY",), _binary),
    (("GENERATED", "ALWAYS"), _generated),
    (("GENERATED", "BY", "DEFAULT"), _by_default),
    (("AS",), _computed),
    (("AUTO_INCREMENT",), _auto_increment),
    (("AUTOINCREMENT",), _auto_increment),
    (("IDENTITY",), _identity),
    (("COMMENT",), _comment),
    (("FIRST",), _first),
    (("AFTER",), _after),
    (("CONSTRAINT",), _constraint),
    (("DEFERRABLE",), _deferrable),
    (("ENABLE",), _null),
)

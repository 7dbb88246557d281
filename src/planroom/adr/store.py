"""The decision log in its folder: read, and changed whole or not at all."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.adr.embedding import embedded
from planroom.adr.front_matter import today
from planroom.adr.log import REVERSE, DecisionLog
from planroom.adr.reading import read_record, style_of
from planroom.adr.record import Link, Record
from planroom.adr.settings import record_settings
from planroom.adr.styles import STYLES
from planroom.adr.styles.base import Draft, Style
from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.files import write_all_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.display import Displayable

__all__ = ["accept", "deprecate", "link", "new", "read_log", "reject", "renumber", "supersede"]

_SKIPPED = re.compile(r"template|^readme|^index", re.IGNORECASE)


def read_log(folder: str | Path | None = None) -> DecisionLog:
    """Return the decision log of a folder; templates, indexes and read-me files are no decisions.

    Args:
        folder: The folder; by default that of ``[tool.planroom.adr]``, of adr-tools' ``.adr-dir``, or the usual ones.

    Raises:
        SourceError: There is no such folder, or a file in it cannot be read.
        SyntaxProblem: The front matter of a record is broken.
    """
    where = Path(folder) if folder is not None else record_settings().folder
    if not where.is_dir():
        raise SourceError(
            f"There is no folder {_shown(where)}.",
            fix="name the folder of the decisions, or make the first: planroom adr new TITLE.",
        )
    records = [_read(path) for path in sorted(where.rglob("*.md")) if not _SKIPPED.search(path.name)]
    return DecisionLog.of(tuple(records), _shown(where))


def _read(path: Path) -> Record:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{_shown(path)} is not UTF-8.", why=f"byte {error.start} does not decode.") from None
    except OSError as error:
        raise SourceError(f"{_shown(path)} cannot be read.", why=f"{error.strerror}.") from None
    return read_record(text, _shown(path))


def _shown(path: Path) -> str:
    """Return a path as people would write it from here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def new(
    title: str,
    *,
    status: str = "proposed",
    context: str = "",
    decision: str = "",
    consequences: str = "",
    options: Sequence[str] = (),
    chosen: str = "",
    affects: Sequence[str] = (),
    checks: Sequence[Mapping[str, Any]] = (),
    evidence: Sequence[Displayable] = (),
    supersedes: str = "",
    date: str = "",
    style: str = "",
    folder: str | Path | None = None,
) -> Record:
    """Write a new decision, and return it.

    Args:
        title: What is decided, in a phrase.
        status: Its status.
        context: The problem, in Markdown.
        decision: Why the chosen option is the best.
        consequences: What follows, in Markdown.
        options: The options considered.
        chosen: The one that is chosen; the first by default.
        affects: Selectors of what it is about: ``table:orders``, ``column:*.email``.
        checks: Checks that hold it up, each a mapping such as ``{"sql": "select ...", "on": "schemas/shop.sql"}``.
        evidence: Pictures, tables, plans: anything of planroom's that shows itself; embedded with the context.
        supersedes: The decision that this one replaces, by number, id or name; it is changed too.
        date: As ISO 8601 writes it; today by default.
        style: ``madr`` or ``nygard``; by default that of most records that are there.
        folder: The folder of the log; made where it is not there.

    Raises:
        PlanroomError: The title is empty, or there is no such record to supersede.
        SourceError: A file cannot be written; then none is changed.
    """
    if not title.strip():
        raise PlanroomError("A decision needs a title.", fix="say in a phrase what is decided.")
    settings = record_settings()
    where = Path(folder) if folder is not None else settings.folder
    known = read_log(where) if where.is_dir() else DecisionLog(())
    writer = _writer(style or settings.style or _usual(known))
    draft = Draft(
        number=known.next_number,
        title=" ".join(title.split()),
        status=status,
        date=date or today(),
        context="\n\n".join(filter(None, (context.strip(), *map(embedded, evidence)))),
        decision=decision.strip().rstrip("."),
        consequences=consequences.strip(),
        options=tuple(options),
        chosen=chosen or (options[0] if options else ""),
        meta=tuple(_meta(affects, checks)),
    )
    path = where / writer.file_name(draft)
    record = read_record(writer.new(draft), _shown(path))
    record, texts = _superseding(known, _found(known, supersedes), record) if supersedes else (record, {})
    where.mkdir(parents=True, exist_ok=True)
    write_all_whole({path: record.text, **texts})
    return record


def _writer(name: str) -> Style:
    """Return the style of that name, which has to be one that planroom writes."""
    style = STYLES[name]
    if not style.writes:
        raise UnknownNameError.of("style to write", style.name, [each.name for each in STYLES if each.writes])
    return style


def _meta(affects: Sequence[str], checks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    """Yield what the front matter of a new record says beside its status and date."""
    if affects:
        yield "affects", list(affects)
    if checks:
        yield "checks", [dict(each) for each in checks]


def _usual(known: DecisionLog) -> str:
    """Return the style of most records that could be written."""
    styles = Counter(each.style for each in known.records if STYLES[each.style].writes)
    return styles.most_common(1)[0][0] if styles else "madr"


def _found(known: DecisionLog, name: str) -> Record:
    record = known.find(str(name))
    if record is None:
        raise UnknownNameError.of(
            "decision", str(name), [each.id for each in known.records], listing="planroom adr list"
        )
    return record


def _rewritten(record: Record, text: str) -> Record:
    return read_record(text, record.source)


def _target(record: Record, other: Record) -> str:
    """Return the path from one record's folder to another."""
    return os.path.relpath(other.source, Path(record.source).parent).replace(os.sep, "/")


def _titled(record: Record) -> str:
    return (
        f"{record.number}. {record.title}" if record.style == "nygard" and record.number is not None else record.title
    )


def _linked(record: Record, kind: str, other: Record) -> Record:
    """Return a record with one more link, unless it has it."""
    if any(each.kind == kind and each.number == other.number and other.number is not None for each in record.links):
        return record
    link = Link(kind, _target(record, other), other.number)
    return _rewritten(record, style_of(record).with_link(record, link, _titled(other)))


def _superseding(known: DecisionLog, old: Record, by: Record) -> tuple[Record, dict[Path, str]]:
    """Return the newer record and the texts that change, where one decision replaces another."""
    if old.source == by.source:
        raise PlanroomError(f"{old.id} cannot supersede itself.")
    if old in known.superseded_by(by):
        raise PlanroomError(f"{by.id} is itself superseded by {old.id}.", fix="name them the other way round.")
    link = Link("superseded by", _target(old, by), by.number)
    changed = style_of(old).with_status(old, "superseded", link)
    return _linked(by, "supersedes", old), {Path(old.source): changed}


def _set_status(name: str, status: str, folder: str | Path | None) -> Record:
    known = read_log(folder)
    record = _found(known, name)
    if record.status == status:
        return record
    changed = _rewritten(record, style_of(record).with_status(record, status))
    write_all_whole({Path(record.source): changed.text})
    return changed


def accept(name: str, *, folder: str | Path | None = None) -> Record:
    """Mark a decision as accepted, and return it; nothing else in its file changes.

    Raises:
        UnknownNameError: There is no such decision.
    """
    return _set_status(name, "accepted", folder)


def reject(name: str, *, folder: str | Path | None = None) -> Record:
    """Mark a decision as rejected, and return it.

    Raises:
        UnknownNameError: There is no such decision.
    """
    return _set_status(name, "rejected", folder)


def deprecate(name: str, *, folder: str | Path | None = None) -> Record:
    """Mark a decision as deprecated, and return it.

    Raises:
        UnknownNameError: There is no such decision.
    """
    return _set_status(name, "deprecated", folder)


def supersede(old: str, new: str, *, folder: str | Path | None = None) -> tuple[Record, Record]:
    """Mark a decision as superseded by another, in both of them; return both.

    Raises:
        UnknownNameError: There is no such decision.
        PlanroomError: The other is superseded by this one.
    """
    known = read_log(folder)
    older, newer = _found(known, old), _found(known, new)
    changed, texts = _superseding(known, older, newer)
    write_all_whole({**texts, **({Path(newer.source): changed.text} if changed.text != newer.text else {})})
    return _rewritten(older, texts[Path(older.source)]), changed


def link(name: str, kind: str, other: str, *, folder: str | Path | None = None) -> tuple[Record, Record]:
    """Link two decisions, in both of them: ``amends``, ``relates to``, ``conflicts with`` ...; return both.

    Raises:
        UnknownNameError: There is no such decision, or kind of link.
    """
    if kind in {"supersedes", "superseded by"}:
        older, newer = supersede(*((other, name) if kind == "supersedes" else (name, other)), folder=folder)
        return (newer, older) if kind == "supersedes" else (older, newer)
    if kind not in REVERSE:
        raise UnknownNameError.of("kind of link", kind, REVERSE)
    known = read_log(folder)
    one, two = _found(known, name), _found(known, other)
    if one.source == two.source:
        raise PlanroomError(f"{one.id} cannot be linked to itself.")
    first, second = _linked(one, kind, two), _linked(two, REVERSE[kind], one)
    write_all_whole({Path(each.source): each.text for each in (first, second)})
    return first, second


def renumber(name: str, number: int | None = None, *, folder: str | Path | None = None) -> Record:
    """Give a decision another number: its file, its title, and every link to it in the log.

    Of two records with one number, name the file of the one to move.

    Args:
        name: The decision, best by its file's name.
        number: The new number; the next free one by default.
        folder: The folder of the log.

    Raises:
        UnknownNameError: There is no such decision.
        PlanroomError: The number is taken, or the file's name bears none.
    """
    known = read_log(folder)
    record = _found(known, name)
    wanted = known.next_number if number is None else number
    if wanted in known.by_number:
        raise PlanroomError(
            f"{wanted:04} is taken.",
            why=f"{known.by_number[wanted][0].name} has it.",
            fix="leave the number out for the next free one.",
        )
    if record.number is None or not re.search(r"\d", record.name):
        raise PlanroomError(f"The file {record.name}.md bears no number.", fix="name it NNNN-title.md.")
    width = len(re.search(r"\d+", record.name)[0])  # type: ignore[index]
    file = re.sub(r"\d+", f"{wanted:0{width}}", Path(record.source).name, count=1)
    path = Path(record.source).with_name(file)
    alone = len(known.by_number[record.number]) == 1
    moved = _renumbered_title(record, wanted)
    others = {other.source: _retargeted(other, record, file, wanted, by_number=alone) for other in known.records}
    texts = {Path(each.source): others[each.source] for each in known.records if others[each.source] != each.text}
    texts.pop(Path(record.source), None)
    write_all_whole({path: moved, **texts})
    Path(record.source).unlink()
    return read_record(moved, _shown(path))


def _renumbered_title(record: Record, number: int) -> str:
    """Return the text with the number of its title changed, where the title bears one."""
    pattern = rf"^(# (?:ADR[- ]?)?)0*{record.number}([.:] )"
    return re.sub(pattern, rf"\g<1>{number}\g<2>", record.text, count=1, flags=re.MULTILINE)


def _retargeted(other: Record, record: Record, file: str, number: int, *, by_number: bool) -> str:
    """Return another record's text with its links to a renumbered one changed.

    Links that name the file are changed anywhere. Those that name the number alone, in the front matter, are changed
    where no second record bears that number; else nobody can tell which was meant.
    """
    text = re.sub(rf"{re.escape(record.name)}(?=\.md\b|[\])])", file.removesuffix(".md"), other.text)
    if not by_number:
        return text
    front = re.match(r"\A---\n.*?^---\n", text, re.DOTALL | re.MULTILINE)
    end = front.end() if front else 0
    ids = re.sub(rf"\bADR-0*{record.number}\b", f"ADR-{number:04}", text[:end])
    return ids + text[end:]

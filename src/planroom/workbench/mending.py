"""The edits of a report, put into the files that it is about: shown as a difference, or written, all or none."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import SourceError
from planroom.files import write_all_whole
from planroom.linting.editing import edited
from planroom.sqltext import parse_postgres
from planroom.values import dataclass
from planroom.workbench.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.findings import Edit, Finding
    from planroom.linting.reporting import Report

__all__ = ["Mended", "mended"]


@dataclass(frozen=True)
class Mended:
    """The files of a report with the edits of its findings in them; nothing is written yet.

    Attributes:
        texts: Each file's text as it is, and with the edits.
        done: The findings whose edits are in them.
        left: Those whose edits are not, each with the reason.
    """

    texts: Mapping[str, tuple[str, str]]
    done: tuple[Finding, ...] = ()
    left: tuple[tuple[Finding, str], ...] = ()

    @property
    def diff(self) -> str:
        """The changes as a unified diff, which ``git apply`` and ``patch -p1`` take."""
        return "".join(part for source, pair in self.texts.items() for part in _diff(source, *pair))

    def write(self) -> None:
        """Write the files: all of them, or none.

        Raises:
            SourceError: One of them cannot be written; the message names it.
        """
        write_all_whole({Path(source): new for source, (_, new) in self.texts.items()})

    def __str__(self) -> str:
        """Say what was changed, file by file, and what was not, and why."""
        lines = [f"{source}: {_counted(codes)}" for source, codes in self._codes().items()]
        reasons = Counter(reason for _, reason in self.left)
        lines += [f"{number} fix{'es' * (number > 1)} left out: {reason}" for reason, number in reasons.items()]
        return "\n".join(lines) or "nothing to fix"

    def _codes(self) -> Mapping[str, Counter[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for each in self.done:
            found[each.location.source][each.code] += 1
        return found


def _counted(codes: Counter[str]) -> str:
    number = codes.total()
    told = ", ".join(f"{code} × {count}" if count > 1 else code for code, count in sorted(codes.items()))
    return f"{number} fix{'es' * (number > 1)} ({told})"


def mended(report: Report) -> Mended:
    """Return the files of a report with those edits in them that do not touch one another.

    A fix is in all of its files or in none; a file that would not parse as well as before stays as it is.
    """
    fixes = [(each, edits) for each in report.findings if (edits := report.edits_of(each))]
    texts = {source: _text(source, report) for source in {one.location.source for _, edits in fixes for one in edits}}
    left = [(each, why) for each, edits in fixes if (why := _obstacle(edits, texts))]
    fixes = [(each, edits) for each, edits in fixes if not _obstacle(edits, texts)]
    while True:
        done, new = _put_in(fixes, texts)
        worse = {source for source, text in new.items() if _broken(text) > _broken(texts[source] or "")}
        if not worse:
            break
        left += [(each, "the file would not parse") for each, edits in fixes if worse & _sources(edits)]
        fixes = [(each, edits) for each, edits in fixes if not worse & _sources(edits)]
    left += [(each, "another fix changes the same place; run it again") for each, _ in fixes if each not in done]
    changed = {source: (texts[source] or "", new[source]) for source in sorted(new)}
    return Mended(changed, tuple(done), tuple(left))


def _put_in(
    fixes: list[tuple[Finding, tuple[Edit, ...]]], texts: Mapping[str, str | None]
) -> tuple[list[Finding], dict[str, str]]:
    """Return the findings whose edits fit, and the texts with them; what spans several files is in all or in none."""
    while True:
        new: dict[str, str] = {}
        refused: list[Finding] = []
        for source in sorted({source for _, edits in fixes for source in _sources(edits)}):
            here = [(each, edits) for each, edits in fixes if source in _sources(edits)]
            parts = [[one for one in edits if one.location.source == source] for _, edits in here]
            result = edited(texts[source] or "", parts)
            refused += [each for number, (each, _) in enumerate(here) if number not in result.done]
            new[source] = result.text
        spanning = [each for each, edits in fixes if len(_sources(edits)) > 1 and each in refused]
        if not spanning:
            return [each for each, _ in fixes if each not in refused], new
        fixes = [(each, edits) for each, edits in fixes if each not in spanning]


def _sources(edits: tuple[Edit, ...]) -> set[str]:
    return {each.location.source for each in edits}


def _obstacle(edits: tuple[Edit, ...], texts: Mapping[str, str | None]) -> str:
    return "it is no file that can be written back" if any(texts[each] is None for each in _sources(edits)) else ""


def _text(source: str, report: Report) -> str | None:
    """Return a file's text; None for what is no file, is not as it was judged, or would not be written as it is."""
    path = Path(source)
    try:
        if not path.is_file():
            return None
        text = read_text(path)
        same = path.read_bytes() == text.encode()
    except (OSError, SourceError, ValueError):
        return None
    return text if same and len(text) == len(report.texts.get(source, "")) else None


def _broken(text: str) -> int:
    return sum(each.kind == "broken" for each in parse_postgres(text))


def _diff(source: str, old: str, new: str) -> Iterator[str]:
    before, now = (text.splitlines(keepends=True) for text in (old, new))
    for line in difflib.unified_diff(before, now, f"a/{source}", f"b/{source}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

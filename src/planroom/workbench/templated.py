"""What a report says of scripts that are templates: what was put in, and that they are left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Finding, Fix, Location, Severity
from planroom.sqltext import may_be_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["template_note", "templates_told"]

_CODE, _MOST_SHOWN = "READ007", 3


def templates_told(found: Iterable[Finding], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield findings without the edits of templates, and a note about the scripts that were read as such.

    An edit holds the names of the design, and those of a template are made up.

    Args:
        found: What was found.
        texts: The text of each source.
    """
    marks = {source: told for source, text in texts.items() if (told := _marks(text))}
    if marks:
        yield _note(marks)
    for each in found:
        if each.code != _CODE:  # of a part alone
            yield each.without_edits() if each.location.source in marks else each


def template_note(texts: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """Return the note about those scripts (sources and texts) that were read as templates; nothing where none was."""
    marks = {source: told for source, text in texts if (told := _marks(text))}
    return (_note(marks),) if marks else ()


def _marks(text: str) -> tuple[str, ...]:
    """Return what was taken for names and more in a text that the server would not take as it is."""
    if not may_be_template(text):
        return ()
    from planroom.sqltext import is_template
    from planroom.sqltext.templates import names_to_fill

    marks = names_to_fill(text)
    return marks if marks and is_template(text) else ()


def _note(templates: Mapping[str, tuple[str, ...]]) -> Finding:
    from planroom.linting.notices import NOTICES

    notice, (first, *others) = NOTICES[_CODE], templates
    marks = tuple(dict.fromkeys(" ".join(each.split()) for told in templates.values() for each in told))
    shown = ", ".join(marks[:_MOST_SHOWN]) + (
        f" and {len(marks) - _MOST_SHOWN} more" if len(marks) > _MOST_SHOWN else ""
    )
    scripts = f"this and {len(others)} more are templates" if others else "this is a template"
    return Finding(
        code=notice.code,
        slug=notice.slug,
        severity=Severity.NOTE,
        message=f"{scripts}: {shown} {'stands for a name' if len(marks) == 1 else 'stand for names'}",
        location=Location(first),
        why=notice.page,
        fix=Fix("lint what the tool makes of it, where that differs in more than names."),
    )

"""Migrations that hold both ways in one file: what undoes them is left out, every line of the rest in its place.

Marks are comments: goose's ``-- +goose Down``, sql-migrate's ``-- +migrate Down``, dbmate's ``-- migrate:down``.
"""

from __future__ import annotations

import re

__all__ = ["up_only"]

_MARK = re.compile(
    r"^[ \t]*--[ \t]*(?:\+(?:goose|migrate|micrate)[ \t]+|migrate:)(?P<way>up|down)\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_INK = re.compile(r"[^\n]+")


def up_only(text: str) -> str:
    r"""Return a script without the sections that undo it: they are blank, so that places stay what they were.

    Example:
        >>> up_only("-- +goose Up\ncreate table a ();\n-- +goose Down\ndrop table a;").split("\n")[-1].strip()
        ''
    """
    if "down" not in text.lower():
        return text
    marks = list(_MARK.finditer(text))
    if not any(mark["way"].lower() == "down" for mark in marks):
        return text
    parts, position = [], 0
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        if mark["way"].lower() == "down":
            parts += [text[position : mark.start()], _INK.sub(lambda ink: " " * len(ink[0]), text[mark.start() : end])]
            position = end
    return "".join([*parts, text[position:]])

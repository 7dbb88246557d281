"""dataxplan reads a plan, or analyses it."""

from __future__ import annotations

from pathlib import Path

import dataxplan


def prepare(path, work):
    return Path(path).read_text(encoding="utf-8"), work


def work(prepared):
    text, what = prepared
    if what == "parse":
        return f"parsed into a {type(dataxplan.parse(text)).__name__}"
    return f"{len(dataxplan.analyze(text).findings):,} findings"

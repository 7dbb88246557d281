"""What a finding is known by when the lines around it move."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.findings import Finding

__all__ = ["fingerprint"]


def fingerprint(finding: Finding, text: str, file: str | None = None) -> str:
    """Return the hash of a finding's rule, file, subject and text, whatever blanks and capitals that text has.

    Args:
        finding: The finding.
        text: The lines that its place spans.
        file: What its file is called; as the source is by default.
    """
    source = finding.location.source if file is None else file
    place = PurePath(source).as_posix() if source else ""
    told = finding.subject or finding.message
    parts = "\0".join((finding.code, place, told, " ".join(text.split()).lower()))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]

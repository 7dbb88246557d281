"""What a finding is known by when the lines around it move."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.findings import Finding

__all__ = ["fingerprint"]


def fingerprint(finding: Finding, line: str) -> str:
    """Return the hash of a finding's rule, file, subject and line of source, whatever blanks that line has."""
    place = PurePath(finding.location.source).as_posix() if finding.location.source else ""
    told = finding.subject or finding.message
    parts = "\0".join((finding.code, place, told, " ".join(line.split()).lower()))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""Secrets kept out of what planroom says: a password in a URL is shown to nobody."""

from __future__ import annotations

import re

__all__ = ["HIDDEN", "without_secrets"]

HIDDEN = "***"

# An unescaped @ in a password is common: everything up to the last @ before the path belongs to the user information.
_USER_INFORMATION = re.compile(r"(?P<before>\w[\w+.-]*:/{1,3}[^\s:/?#@]*):(?P<secret>[^\s/?#]*|[^\s'\"]*)@(?=[^\s@]*)")
_PARAMETER = re.compile(
    r"(?P<name>\b(?:\w*password|passwd|pwd|\w*secret|\w*token|api_?key)\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&;'\"]+)",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return the text with the passwords in URLs and in connection strings replaced by ``***``.

    Example:
        >>> without_secrets("postgresql://ann:geheim@db.example/shop and host=db password='ge heim' user=ann")
        "postgresql://ann:***@db.example/shop and host=db password=*** user=ann"
    """
    text = _USER_INFORMATION.sub(rf"\g<before>:{HIDDEN}@", text)
    return _PARAMETER.sub(rf"\g<name>{HIDDEN}", text)

"""Secrets kept out of what planroom says: a password in a URL is shown to nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.errors import PlanroomError

__all__ = ["HIDDEN", "scrubbed", "without_secrets"]

HIDDEN = "***"

# An unescaped @ or / in a password is common: everything up to the last @ is taken for it. A scheme is short and
# begins a word, and no part is endless: the search stays linear in the text's length.
_USER_INFORMATION = re.compile(r"(?P<before>(?<![\w+.-])\w[\w+.-]{0,30}:/{1,3}[^\s:/?#@]{0,200}):[^\s'\"]{0,400}@")
# What stands for a value is no secret: $1, ?, %s, %(name)s, and :token for token, with no more than a cast behind it.
_PLACEHOLDER = r"(?:\$\d{1,3}|\?|%s|%\(\w{1,63}\)s|:(?P=key))(?:::\w{1,63}(?:\[\])?)?[),]{0,9}(?=[\s&;'\"]|\Z)"
_PARAMETER = re.compile(
    r"(?P<name>(?P<key>password|passwd|pwd|secret|token|api_?key)\s{0,9}=\s{0,9})"
    rf"(?!{_PLACEHOLDER})(?:'(?:[^'\\]|\\.)*'|[^\s&;'\"]+)",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return the text with the passwords in URLs and in connection strings replaced by ``***``.

    Example:
        >>> without_secrets("postgresql://ann:geheim@db.example/shop and host=db password='ge heim' user=ann")
        'postgresql://ann:***@db.example/shop and host=db password=*** user=ann'
        >>> without_secrets("select id from sessions where token = $1")
        'select id from sessions where token = $1'
    """
    text = _USER_INFORMATION.sub(rf"\g<before>:{HIDDEN}@", text)
    return _PARAMETER.sub(rf"\g<name>{HIDDEN}", text)


def scrubbed(error: PlanroomError) -> PlanroomError:
    """Return the error without the passwords that may stand in it."""
    for part in ("what", "where", "why", "fix"):
        setattr(error, part, without_secrets(getattr(error, part)))
    error.args = (error.what,)
    return error

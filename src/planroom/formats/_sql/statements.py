"""What each kind of statement does to the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable

from planroom.formats._sql.altering import alter_table
from planroom.formats._sql.commenting import comment
from planroom.formats._sql.creating import create
from planroom.formats._sql.drafts import Catalog, LeftAlone
from planroom.formats._sql.dropping import drop
from planroom.formats._sql.stating import Stated

__all__ = ["apply", "left_alone"]

_FIRST_WORD = re.compile(r"[A-Za-z]+")
_LEADING: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ["INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "TRUNCATE", "MERGE", "COPY", "IMPORT"],
        ("data", "rows are not part of the design"),
    ),
    **dict.fromkeys(
        "SET LOCK UNLOCK PRAGMA BEGIN START COMMIT ROLLBACK END SAVEPOINT RELEASE ANALYZE VACUUM ATTACH DETACH "
        "OPTIMIZE FLUSH INSTALL CHECKPOINT EXIT QUIT CONNECT PRINT DECLARE IF SOURCE REINDEX PROMPT SPOOL "
        "WHENEVER".split(),
        ("session", "a setting of the session is not part of the design"),
    ),
    **dict.fromkeys(["GRANT", "REVOKE", "DENY"], ("privileges", "who may do what is not part of the model")),
    **dict.fromkeys(
        ["SELECT", "WITH", "VALUES", "EXPLAIN", "SHOW", "DESCRIBE", "DESC", "CALL", "EXEC", "EXECUTE", "FROM"],
        ("query", "a query changes no structure"),
    ),
}


def left_alone(text: str) -> LeftAlone | None:
    """Return why a statement has no part in the design, told by its first word; None when it may have one."""
    word = _FIRST_WORD.match(text)
    found = _LEADING.get(word[0].upper()) if word else None
    return LeftAlone(*found) if found else None


def apply(catalog: Catalog, stated: Stated) -> None:
    """Let a statement change the catalog.

    Raises:
        LeftAlone: The model has no place for it.
        Problem: It contradicts what was read before.
        UnexpectedToken: It is not written as its grammar wants.
    """
    cursor = stated.cursor
    word = cursor.token.text if cursor.token.kind == "word" else ""
    handler = _HANDLERS.get(word)
    if handler is None:
        raise LeftAlone("structure", "planroom does not know what it does")
    cursor.skip()
    handler(catalog, stated)
    if not cursor.done:
        stated.pass_over(catalog, cursor.rest())


def _use(catalog: Catalog, stated: Stated) -> None:
    catalog.database = stated.cursor.dotted()[-1]
    stated.cursor.rest()
    raise LeftAlone("session", "it says in which database the objects stand: the model's name")


def _rename(catalog: Catalog, stated: Stated) -> None:
    cursor = stated.cursor
    cursor.expect("TABLE")
    while True:
        old = cursor.dotted()
        cursor.expect("TO")
        stated.rename(catalog, old, cursor.dotted())
        if not cursor.take(","):
            return


def _alter(catalog: Catalog, stated: Stated) -> None:
    cursor = stated.cursor
    cursor.take_any({"ONLINE", "IGNORE"})
    if cursor.take("TABLE"):
        alter_table(catalog, stated)
        return
    kind = cursor.token.text
    cursor.rest()
    if kind in {"DATABASE", "SESSION", "SYSTEM", "USER"}:
        raise LeftAlone("session", "it changes what is around the design")
    raise LeftAlone("structure", f"planroom does not follow ALTER {kind}")


_HANDLERS: dict[str, Callable[[Catalog, Stated], None]] = {
    "CREATE": create, "ALTER": _alter, "DROP": drop, "RENAME": _rename, "COMMENT": comment, "USE": _use,
}  # fmt: skip

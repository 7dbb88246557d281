"""What each kind of statement does to the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.formats._sql.altering import alter_table
from planroom.formats._sql.columns import read_column
from planroom.formats._sql.drafts import Catalog, KeyDraft, LeftAlone, Problem, TableDraft
from planroom.formats._sql.keys import index_options, is_key, key_parts, read_key
from planroom.formats._sql.options import table_options
from planroom.formats._sql.sequences import sequence_options
from planroom.formats._sql.stating import Stated
from planroom.model import Column, Enum, Sequence, View
from planroom.sqltext import DataType
from planroom.sqltext.cursor import without_qualifier
from planroom.sqltext.dialect_expressions import dialect_expression, dialect_query, query_columns

if TYPE_CHECKING:
    from planroom.sqltext.cursor import Cursor

__all__ = ["apply", "left_alone"]

_FIRST_WORD = re.compile(r"[A-Za-z]+")
_KINDS_OF_TABLE = frozenset(
    {"TRANSIENT", "EXTERNAL", "VIRTUAL", "UNLOGGED", "COLUMN", "ROW", "MULTISET", "SET", "IMMUTABLE", "DYNAMIC"}
)
_TEMPORARY = frozenset({"TEMP", "TEMPORARY", "LOCAL", "GLOBAL"})
_INDEX_WORDS = frozenset({"UNIQUE", "FULLTEXT", "SPATIAL", "CLUSTERED", "NONCLUSTERED", "BITMAP", "COLUMNSTORE"})
_VIEW_WORDS = frozenset({"ALGORITHM", "DEFINER", "SQL", "FORCE", "NOFORCE", "EDITIONABLE", "SECURE", "RECURSIVE"})
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


def _create(catalog: Catalog, stated: Stated) -> None:
    cursor = stated.cursor
    replaces = cursor.take("OR", "REPLACE") or cursor.take("OR", "ALTER")
    temporary = False
    while cursor.at_any(_TEMPORARY):
        temporary = cursor.skip().text.startswith("TEMP") or temporary
    while cursor.at_any(_VIEW_WORDS):
        _view_attribute(catalog, stated)
    kinds = [cursor.skip().text for _ in range(3) if cursor.at_any(_INDEX_WORDS | _KINDS_OF_TABLE)]
    if temporary:
        raise LeftAlone("session", "what is temporary ends with its session")
    if "VIRTUAL" in kinds or "EXTERNAL" in kinds:
        raise LeftAlone("structure", "a table whose rows are elsewhere, or made by a module, has no place in the model")
    for words, handler in _CREATES:
        if cursor.take(*words):
            handler(catalog, stated, _Create(replaces, frozenset(kinds)))
            return
    raise LeftAlone("structure", f"planroom does not model what CREATE {cursor.token.text} makes")


@dataclass(frozen=True)
class _Create:
    """What stands between CREATE and the kind of object."""

    replaces: bool
    words: frozenset[str]


def _view_attribute(catalog: Catalog, stated: Stated) -> None:
    """Pass over who made a view and how it is computed; whose rights it uses is an option."""
    cursor = stated.cursor
    if cursor.take("SQL", "SECURITY"):
        stated.options["security_invoker"] = "true" if cursor.skip().text == "INVOKER" else "false"
        return
    start = cursor.token.start
    cursor.skip()
    while (
        not cursor.at_any(_VIEW_WORDS | {"VIEW", "TABLE", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"})
        and not cursor.done
    ):
        cursor.skip()
    stated.pass_over(catalog, cursor.text[start : cursor.last_end], kind="privileges")


def _exists(catalog: Catalog, stated: Stated, place: tuple[str, str], what: _Create, *, if_not_exists: bool) -> None:
    """Return when the name is free.

    Raises:
        LeftAlone: IF NOT EXISTS, and it does.
        Problem: It is taken.
    """
    if place not in catalog.tables and place not in catalog.views:
        return
    if if_not_exists:
        raise LeftAlone("session", f"{place[1]} is there already (IF NOT EXISTS)")
    if not what.replaces:
        raise Problem(f"a table or view called {place[1]!r} exists already")
    catalog.tables.pop(place, None)
    catalog.views.pop(place, None)


# -- tables ------------------------------------------------------------------------------------------------------------


def _create_table(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    _exists(catalog, stated, catalog.key(parts), what, if_not_exists=if_not_exists)
    if (
        cursor.at_any({"AS", "SELECT", "LIKE", "CLONE", "PARTITION"})
        or cursor.at("(", "LIKE")
        or cursor.at("(", "SELECT")
    ):
        raise LeftAlone("structure", "its columns follow from another table or a query")
    schema, name = catalog.place(parts)
    table = TableDraft(schema, name, origin=origin)
    cursor.expect("(")
    keys: list[tuple[KeyDraft, int]] = []
    while True:
        _item(catalog, stated, table, keys)
        if not cursor.take(",") or (catalog.dialect == "tsql" and cursor.at(")")):  # T-SQL forgives a last comma
            break
    cursor.expect(")")
    for word in table_options(cursor, table):
        stated.pass_over(catalog, word, table=table)
    if cursor.at_any({"AS", "SELECT"}):
        raise LeftAlone("structure", "its columns follow from a query")
    catalog.tables[catalog.key(parts)] = table
    for key, offset in keys:
        stated.add_key(catalog, table, key, offset)


def _item(catalog: Catalog, stated: Stated, table: TableDraft, keys: list[tuple[KeyDraft, int]]) -> None:
    """Read one column or constraint of CREATE TABLE."""
    cursor = stated.cursor
    offset = cursor.token.start
    if cursor.at("PERIOD", "FOR"):
        stated.pass_over(catalog, cursor.until(), table=table)
    elif is_key(cursor):
        key, passed_over = read_key(cursor)
        keys.append((key, offset))
        for text in passed_over:
            stated.pass_over(catalog, text, table=table)
    else:
        found = read_column(cursor)
        stated.add_column(catalog, table, found, offset, keys)


def _create_index(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    offset = cursor.token.start
    parts = () if cursor.at("ON") else cursor.dotted()
    method = cursor.name().lower() if cursor.take("USING") else "btree"
    cursor.expect("ON")
    target = cursor.dotted()
    if len(target) == 1 and len(parts) > 1:
        target = (*parts[:-1], *target)
    table = catalog.table(target)
    name = parts[-1] if parts else ""
    if if_not_exists and any(each.name.casefold() == name.casefold() for each in table.keys):
        raise LeftAlone("session", f"{name} is there already (IF NOT EXISTS)")
    unique = "UNIQUE" in what.words
    key = KeyDraft("unique index" if unique else "index", name, True, method=method)
    key.method = next(
        (each.lower() for each in ("FULLTEXT", "SPATIAL", "BITMAP", "COLUMNSTORE") if each in what.words), method
    )
    if cursor.take("USING"):
        key.method = cursor.name().lower()
    key.parts = key_parts(cursor)
    if cursor.take("INCLUDE"):
        key.include = cursor.names()
    if cursor.take("WHERE"):
        key.expression = dialect_expression(cursor.rest(), cursor.dialect)
    for text in index_options(cursor, key):
        stated.pass_over(catalog, text, table=table)
    if unique and catalog.dialect == "mysql" and key.is_plain:
        key.kind = "unique"  # the two are one in MySQL
    stated.add_key(catalog, table, key, offset)


# -- other objects -----------------------------------------------------------------------------------------------------


def _create_view(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    _exists(catalog, stated, catalog.key(parts), what, if_not_exists=if_not_exists)
    names = cursor.names() if cursor.at("(") else ()
    comment = cursor.string() if cursor.take("COMMENT") or cursor.take("COMMENT", "=") else ""
    while not cursor.at("AS"):
        stated.pass_over(catalog, cursor.until({"AS"}, least=1))
        if cursor.done:
            raise cursor.unexpected("AS")
    cursor.expect("AS")
    text = cursor.rest()
    query, options = _checked(without_qualifier(text, catalog.database) if cursor.dialect == "mysql" else text)
    schema, name = catalog.place(parts)
    columns = names or query_columns(query, cursor.dialect)
    catalog.views[catalog.key(parts)] = View(
        schema=schema,
        name=name,
        query=dialect_query(query, cursor.dialect),
        columns=tuple(Column(each, DataType.UNKNOWN) for each in columns),
        options=tuple(sorted({**options, **stated.options}.items())),
        comment=comment,
        origin=origin,
    )


_CHECK_OPTION = re.compile(r"\s+with\s+(?:(cascaded|local)\s+)?check\s+option\s*$", re.IGNORECASE)


def _checked(text: str) -> tuple[str, dict[str, str]]:
    """Return a view's query and the option that may stand behind it."""
    found = _CHECK_OPTION.search(text)
    if not found:
        return text, {}
    return text[: found.start()], {"check_option": (found[1] or "cascaded").lower()}


def _create_type(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    cursor.expect("AS")
    if not cursor.at("ENUM"):
        cursor.rest()
        raise LeftAlone("structure", "of the types that a script makes, planroom reads enums")
    cursor.skip()
    cursor.expect("(")
    labels = [cursor.string()] if not cursor.at(")") else []
    while cursor.take(","):
        labels.append(cursor.string())
    cursor.expect(")")
    schema, name = catalog.place(parts)
    if catalog.key(parts) in catalog.enums and not what.replaces:
        raise Problem(f"a type called {name!r} exists already")
    catalog.enums[catalog.key(parts)] = Enum(schema=schema, name=name, labels=tuple(labels), origin=origin)


def _create_sequence(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    if cursor.take("AS"):
        stated.pass_over(catalog, f"AS {cursor.name()}")
    schema, name = catalog.place(parts)
    catalog.sequences[catalog.key(parts)] = Sequence(
        schema=schema, name=name, type=DataType("bigint"), options=sequence_options(cursor), origin=origin
    )


def _create_schema(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    name = cursor.dotted()[-1]
    cursor.rest()
    if catalog.dialect == "mysql":
        catalog.database = catalog.database or name
        raise LeftAlone("session", "a database is made around the design: the model's name")
    catalog.schemas[name] = origin


def _create_database(catalog: Catalog, stated: Stated, what: _Create) -> None:
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    catalog.database = catalog.database or cursor.name()
    raise LeftAlone("session", "a database is made around the design: the model's name")


_CREATES: tuple[tuple[tuple[str, ...], Callable[[Catalog, Stated, _Create], None]], ...] = (
    (("TABLE",), _create_table),
    (("INDEX",), _create_index),
    (("VIEW",), _create_view),
    (("TYPE",), _create_type),
    (("SEQUENCE",), _create_sequence),
    (("SCHEMA",), _create_schema),
    (("DATABASE",), _create_database),
)


# -- dropping, renaming, commenting ------------------------------------------------------------------------------------


def _drop(catalog: Catalog, stated: Stated) -> None:
    cursor = stated.cursor
    cursor.take("TEMPORARY")
    kind = cursor.skip().text
    if_exists = cursor.take("IF", "EXISTS")
    if kind in {"DATABASE", "SCHEMA"} and catalog.dialect in {"mysql", "tsql"}:
        cursor.rest()
        raise LeftAlone("session", "what is dropped with a database was never part of the design")
    if kind == "INDEX":
        _drop_index(catalog, cursor, if_exists=if_exists)
        return
    rooms: dict[str, dict[tuple[str, str], Any]] = {
        "TABLE": catalog.tables,
        "VIEW": catalog.views,
        "TYPE": catalog.enums,
        "SEQUENCE": catalog.sequences,
    }
    if kind not in rooms:
        cursor.rest()
        raise LeftAlone("structure", f"planroom does not model what DROP {kind} drops")
    missing = []
    while True:
        parts = cursor.dotted()
        if rooms[kind].pop(catalog.key(parts), None) is None:
            missing.append(".".join(parts))
        if not cursor.take(","):
            break
    cursor.take_any({"CASCADE", "RESTRICT", "PURGE"})
    cursor.take_any({"CONSTRAINTS"})
    if missing and if_exists:
        raise LeftAlone("session", f"there is no {missing[0]} (IF EXISTS)")
    if missing:
        raise Problem(f"there is no {kind.lower()} {missing[0]}")


def _drop_index(catalog: Catalog, cursor: Cursor, *, if_exists: bool) -> None:
    parts = cursor.dotted()
    tables = [catalog.table(cursor.dotted())] if cursor.take("ON") else list(catalog.tables.values())
    for table in tables:
        for key in table.keys:
            if key.name.casefold() == parts[-1].casefold() and key.kind in {"index", "unique index", "unique"}:
                table.keys.remove(key)
                return
    if if_exists:
        raise LeftAlone("session", f"there is no {parts[-1]} (IF EXISTS)")
    raise Problem(f"there is no index {parts[-1]}")


def _rename(catalog: Catalog, stated: Stated) -> None:
    cursor = stated.cursor
    cursor.expect("TABLE")
    while True:
        old = cursor.dotted()
        cursor.expect("TO")
        stated.rename(catalog, old, cursor.dotted())
        if not cursor.take(","):
            return


def _comment(catalog: Catalog, stated: Stated) -> None:
    from dataclasses import replace

    cursor = stated.cursor
    cursor.expect("ON")
    kind = cursor.skip().text
    parts = cursor.dotted()
    cursor.expect("IS")
    text = "" if cursor.take("NULL") else cursor.string()
    if kind == "COLUMN" and (table := catalog.tables.get(catalog.key(parts[:-1]))):
        place = table.place(parts[-1])
        table.columns[place] = replace(table.columns[place], comment=text)
    elif kind == "COLUMN" and (view := catalog.views.get(catalog.key(parts[:-1]))):
        columns = (replace(each, comment=text) if each.name == parts[-1] else each for each in view.columns)
        catalog.views[catalog.key(parts[:-1])] = replace(view, columns=tuple(columns))
    elif kind == "TABLE":
        catalog.table(parts).comment = text
    elif kind == "INDEX":
        _commented_index(catalog, parts).comment = text
    else:
        rooms: dict[str, dict[tuple[str, str], Any]] = {
            "VIEW": catalog.views,
            "TYPE": catalog.enums,
            "SEQUENCE": catalog.sequences,
        }
        key = catalog.key(parts)
        if key not in rooms.get(kind, {}):
            raise Problem(f"there is no {kind.lower()} {'.'.join(parts)}")
        rooms[kind][key] = replace(rooms[kind][key], comment=text)


def _commented_index(catalog: Catalog, parts: tuple[str, ...]) -> KeyDraft:
    for table in catalog.tables.values():
        for key in table.keys:
            if key.name.casefold() == parts[-1].casefold() and "index" in key.kind:
                return key
    raise Problem(f"there is no index {'.'.join(parts)}")


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
    "CREATE": _create, "ALTER": _alter, "DROP": _drop, "RENAME": _rename, "COMMENT": _comment, "USE": _use,
}  # fmt: skip

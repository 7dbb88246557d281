"""Rules that look at names alone, as other tools use them, in words of our own.

Each takes tables (name, columns, key columns) and yields (child, column, parent, referenced column). Partitions
and views have been taken away before, which flatters the rules: the tools do not do it.
"""

from __future__ import annotations


def _plural(word):
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _pairs(tables, stem_of, table_of, column_of):
    """For each column with a stem, the table that the stem means, if it has the column that is meant."""
    known = {table.name.lower(): table for table in tables}
    for table in tables:
        for column in table.columns:
            stem = stem_of(column.name.lower())
            parent = known.get(table_of(stem)) if stem else None
            wanted = column_of(stem) if stem else ""
            if parent is None or parent is table:
                continue
            found = next((each.name for each in parent.columns if each.name.lower() == wanted), None)
            if found is not None:
                yield table.id, (column.name,), parent.id, (found,)


def _before_id(name):
    return name.removesuffix("_id") if name.endswith("_id") else ""


def _same(stem):
    return stem


def plural_id(tables):
    """``user_id`` means ``users.id``."""
    return _pairs(tables, _before_id, _plural, lambda stem: "id")


def singular_id(tables):
    """``user_id`` means ``user.id``."""
    return _pairs(tables, _before_id, _same, lambda stem: "id")


def plural_identical(tables):
    """``user_id`` means ``users.user_id``."""
    return _pairs(tables, _before_id, _plural, lambda stem: f"{stem}_id")


def singular_identical(tables):
    """``user_id`` means ``user.user_id``."""
    return _pairs(tables, _before_id, _same, lambda stem: f"{stem}_id")


def singular_inverted(tables):
    """``id_user`` means ``user.id``."""
    return _pairs(
        tables, lambda name: name.removeprefix("id_") if name.startswith("id_") else "", _same, lambda stem: "id"
    )


def same_name(tables):
    """A column with the name and type of the only key column of another table, as implied relations are drawn."""
    keys = {}
    for table in tables:
        if table.primary_key and len(table.primary_key.columns) == 1:
            column = table.columns_by_name[table.primary_key.columns[0]]
            keys.setdefault((column.name.lower(), str(column.type)), []).append(table)
    for table in tables:
        own = set(table.primary_key.columns) if table.primary_key and len(table.primary_key.columns) == 1 else set()
        for column in table.columns:
            for parent in keys.get((column.name.lower(), str(column.type)), ()):
                if parent is not table and column.name not in own:
                    yield table.id, (column.name,), parent.id, parent.primary_key.columns


def suffix_and_plural(tables):
    """A word before ``id``, ``key``, ``code`` or ``no``, or its plural, is a table with a key of one column."""
    known = {table.name.lower(): table for table in tables if table.primary_key}
    for table in tables:
        for column in table.columns:
            name = column.name.lower()
            ending = next((each for each in ("_id", "id", "_key", "_code", "_no") if name.endswith(each)), "")
            stem = name[: len(name) - len(ending)] if ending else ""
            parents = [known[each] for each in (stem, _plural(stem), stem + "s", f"{stem}es") if stem and each in known]
            if not parents and "_" in stem:
                last = stem.rpartition("_")[2]
                parents = [known[each] for each in (last, _plural(last)) if each in known]
            for parent in parents[:1]:
                if (parent is not table or "_" in stem) and len(parent.primary_key.columns) == 1:
                    yield table.id, (column.name,), parent.id, parent.primary_key.columns


RULES = {
    "plural_id": plural_id,
    "singular_id": singular_id,
    "plural_identical": plural_identical,
    "singular_identical": singular_identical,
    "singular_inverted": singular_inverted,
    "same_name": same_name,
    "suffix_and_plural": suffix_and_plural,
}
"""The five strategies of tbls, the first being its default; SchemaSpy's implied relations; the short rule of thumb."""

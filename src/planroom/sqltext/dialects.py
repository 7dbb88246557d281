"""Which dialect a script seems to be written in, told by what no other dialect has."""

from __future__ import annotations

import re

__all__ = ["guess_dialect", "product"]

_SIGNS = {
    "mysql": (
        r"`\w+`", r"\bengine\s*=\s*\w+", r"\bauto_increment\b", r"/\*!\d{5}", r"^-- (?:mysql|mariadb) dump",
        r"\bunsigned\b", r"^\s*delimiter\s",
    ),
    "tsql": (
        r"^\s*go\s*$", r"\[\w+\]\.\[\w+\]", r"\bidentity\s*\(\s*\d+\s*,", r"\bnvarchar\b", r"\b(?:non)?clustered\b",
        r"^\s*(?:create|alter)\s+table\s+\[", r"\bdbo\.", r"\bset\s+(?:ansi_nulls|quoted_identifier)\b",
    ),
    "oracle": (
        r"\bvarchar2\b", r"\bnumber\s*\(", r"^\s*/\s*$", r"\bsysdate\b", r"\bnvarchar2\b",
        r"\b(?:pctfree|initrans|storage\s*\(\s*initial)\b", r"\benable\s+primary\s+key\b|\busing\s+index\b",
    ),
    "sqlite": (r"\bautoincrement\b", r"^\s*pragma\s", r"\bwithout\s+rowid\b"),
    "snowflake": (r"\bcreate\s+or\s+replace\s+(?:transient\s+)?table\b", r"\bvariant\b", r"\bcluster\s+by\s*\("),
    "bigquery": (r"`[\w-]+\.\w+\.\w+`", r"\bint64\b", r"\boptions\s*\(", r"\bpartition\s+by\s+date\s*\("),
}  # fmt: skip
_PRODUCTS = {
    "mysql": "MySQL", "tsql": "SQL Server (T-SQL)", "oracle": "Oracle", "sqlite": "SQLite", "snowflake": "Snowflake",
    "bigquery": "BigQuery",
}  # fmt: skip
_LOOKED_AT = 200_000  # characters: a script shows its dialect long before


def guess_dialect(text: str) -> str:
    """Return the dialect, as sqlglot names it, with the most signs in the text; empty when there are none.

    Example:
        >>> guess_dialect("create table `t` (id int unsigned auto_increment) engine=InnoDB;")
        'mysql'
    """
    head = text[:_LOOKED_AT]
    numbers = {
        dialect: sum(bool(re.search(sign, head, re.IGNORECASE | re.MULTILINE)) for sign in signs)
        for dialect, signs in _SIGNS.items()
    }
    best = max(numbers, key=lambda dialect: numbers[dialect])
    return best if numbers[best] else ""


def product(dialect: str) -> str:
    """Return what people call the database of a dialect."""
    return _PRODUCTS.get(dialect, dialect)

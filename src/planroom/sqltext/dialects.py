"""Which dialect a script seems to be written in, told by what no other dialect has."""

from __future__ import annotations

import re

from planroom.sqltext.lexis import BLOCK_COMMENT

__all__ = ["LOOKED_AT", "guess_dialect", "product"]

_SIGNS = {  # in lower case, as the text is in which they are looked for
    "mysql": (
        r"`[\w$ ]+`", r"\bengine\s*=?\s*(?:innodb|myisam|memory|aria|archive)\b", r"\bauto_increment\b", r"/\*m?!\d{5}",
        r"^-- (?:mysql|mariadb) dump",
        r"\b(?:int|integer|bigint|smallint|tinyint|decimal)\b(?:\([\d, ]+\))?\s+unsigned\b",
        r"^\s*delimiter\s+\S+\s*$", r"\bdefault\s+charset\b", r"\bon\s+update\s+current_timestamp\b",
        r"^\s*(?:unique\s+|fulltext\s+|spatial\s+)?key\s+\w+\s*\(",
        r"\bmedium(?:text|blob|int)\b|\blong(?:text|blob)\b",
    ),
    "tsql": (
        r"^\s*go\s*;?\s*$", r"\[\w+\]\.\[\w+\]", r"\bidentity\s*\(\s*\d+\s*,\s*\d+\s*\)(?!\s*as)",
        r"\bnvarchar\s*\(\s*max",
        r"\b(?:primary\s+key|unique)\s+(?:non)?clustered\b", r"\bdbo\.", r"\bset\s+(?:ansi_nulls|quoted_identifier)\b",
        r"\[n?varchar\]|\[int\]|\[datetime2?\]", r"\buniqueidentifier\b", r"\bgetdate\s*\(\)",
        r"\bint\s+not\s+null\s+identity\b",
    ),
    "oracle": (
        r"\bn?varchar2\b", r"\bnumber\s*\(\s*\d+", r"^\s*/\s*$", r"\bsysdate\b", r"\bfrom\s+dual\b", r":new\.",
        r"\b(?:pctfree|initrans|storage\s*\(\s*initial)\b", r"\benable\s+primary\s+key\b|\busing\s+index\b",
    ),
    "sqlite": (
        r"\bautoincrement\b", r"^\s*pragma\s", r"\bwithout\s+rowid\b", r"\bsqlite_(?:sequence|master|stat1)\b",
        r"\bcreate\s+virtual\s+table\b", r"\bdatetime\s*\(\s*'now'", r"\)\s*strict\s*;", r"\bstrftime\s*\(\s*'%",
        r"\bcreate\s+(?:temp\s+)?trigger\s[^;]*?\son\s+\S+(?:\s+for\s+each\s+row)?(?:\s+when\s[^;]*?)?\s+begin\b",
        r"^\s*(?:create|drop)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?\[\w+\]\s*[(;]", r"\bsub_type\s+text\b",
    ),
    "duckdb": (
        r"\b(?:u?hugeint|utinyint|usmallint|uinteger|ubigint)\b", r"\b(?:struct|map)\s*\(\s*\w+[ ,]",
        r"\bread_(?:csv|parquet)\b",
        r"\bcreate\s+(?:or\s+replace\s+)?(?:temp\s+)?macro\b", r"^\s*(?:install|load)\s+\w+\s*;",
        r"\btimestamp_(?:s|ms|ns)\b",
    ),
    "snowflake": (
        r"\bcreate\s+(?:or\s+replace\s+)?transient\s+table\b", r"\bvariant\b", r"\bcluster\s+by\s*\(",
        r"\btimestamp_(?:ntz|ltz|tz)\b",
    ),
    "bigquery": (r"`[\w-]+\.\w+\.\w+`", r"\bint64\b", r"\boptions\s*\(\s*\w+\s*=", r"\bpartition\s+by\s+date\s*\("),
    "postgres": (
        r"\b(?:big|small)?serial\b", r"\w::\s*\w", r"\bjsonb\b",
        r"\btimestamptz\b|\btimestamp\s+with(?:out)?\s+time\s+zone\b",
        r"\bcharacter\s+varying\b", r"\bnextval\s*\(", r"\blanguage\s+'?(?:plpgsql|sql)\b", r"\bsearch_path\b",
        r"\bowner\s+to\b",
        r"\bcreate\s+extension\b", r"\bpg_catalog\b", r"\busing\s+(?:btree|gin|gist|brin)\b", r"\bbytea\b", r"\$\w*\$",
        r"\bexecute\s+(?:procedure|function)\b", r"^-- postgresql database dump", r"\bcreate\s+domain\b", r"^\\\w",
        r"\bfrom\s+stdin\b", r"\bon\s+conflict\s*\(", r"\bwith\s+\(\s*fillfactor\b", r"\bcomment\s+on\s+\w+\s",
    ),
}  # fmt: skip
_PRODUCTS = {
    "mysql": "MySQL", "tsql": "SQL Server (T-SQL)", "oracle": "Oracle", "sqlite": "SQLite", "snowflake": "Snowflake",
    "bigquery": "BigQuery", "duckdb": "DuckDB", "postgres": "PostgreSQL",
}  # fmt: skip

LOOKED_AT = 200_000
"""How many characters of a script are looked at: it shows its dialect long before."""

_TEXTS = re.compile(
    rf"(?P<kept>/\*M?!\d+|^-- (?:mysql|mariadb|postgresql) [^\n]*)|--[^\n]*|{BLOCK_COMMENT}|'[^'\n]*'",
    re.IGNORECASE | re.MULTILINE,
)
_KEPT_TEXTS = re.compile(r"'(?:now|%)", re.IGNORECASE)  # a sign itself: datetime('now')


def guess_dialect(text: str) -> str:
    """Return the dialect, as sqlglot names it, with the most signs in the text; empty for PostgreSQL, or none.

    What is said in comments and texts counts for nothing. PostgreSQL wins where it has as many signs.

    Example:
        >>> guess_dialect("create table `t` (id int unsigned auto_increment) engine=InnoDB;")
        'mysql'
    """
    head = _TEXTS.sub(_without_text, text[:LOOKED_AT]).lower()
    numbers = {dialect: _signs_in(head, dialect) for dialect in _SIGNS if dialect != "postgres"}
    best = max(numbers, key=lambda dialect: numbers[dialect])
    return best if numbers[best] and numbers[best] > _signs_in(head, "postgres") else ""


def _signs_in(text: str, dialect: str) -> int:
    return sum(_is_in(text, sign) for sign in _SIGNS[dialect])


def _is_in(text: str, sign: str) -> bool:
    r"""Whether a sign is in a text.

    Python finds a pattern that begins with letters thirty times quicker than one that begins with ``\b``: what lacks
    the letters is not looked through for words.
    """
    letters = re.search(sign.removeprefix(r"\b"), text, re.MULTILINE)
    return letters is not None and re.search(sign, text, re.MULTILINE) is not None


def _without_text(found: re.Match[str]) -> str:
    return found[0] if found["kept"] or _KEPT_TEXTS.match(found[0]) else "''" if found[0].startswith("'") else " "


def product(dialect: str) -> str:
    """Return what people call the database of a dialect."""
    return _PRODUCTS.get(dialect, dialect)

"""The only place that sees a parser: split, parse, locate, normalise, fingerprint, print, canonicalise.

It hands out planroom's own values: `Statement`, `DataType`, `Expression`.
"""

from planroom.sqltext.expressions import Expression
from planroom.sqltext.identifiers import MAX_IDENTIFIER_BYTES, ObjectId, qualified, quote_identifier
from planroom.sqltext.statements import Statement, Tree, parse_postgres
from planroom.sqltext.types import DataType

__all__ = [
    "MAX_IDENTIFIER_BYTES",
    "DataType",
    "Expression",
    "ObjectId",
    "Statement",
    "Tree",
    "parse_postgres",
    "qualified",
    "quote_identifier",
]

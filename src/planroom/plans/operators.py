"""What the engines' operators are called, and what each does, in words that both engines share."""

from __future__ import annotations

import enum

__all__ = ["POSTGRES_OPERATORS", "Kind", "kind_of"]


class Kind(enum.StrEnum):
    """What an operator does, whichever engine it runs in."""

    SCAN = "scan"
    INDEX_SCAN = "index scan"
    BITMAP = "bitmap"
    JOIN = "join"
    AGGREGATE = "aggregate"
    SORT = "sort"
    LIMIT = "limit"
    UNION = "union"
    SET_OPERATION = "set operation"
    WINDOW = "window"
    DISTINCT = "distinct"
    FILTER = "filter"
    PROJECT = "project"
    MATERIALIZE = "materialize"
    GATHER = "gather"
    CTE = "cte"
    MODIFY = "modify"
    OTHER = "other"


_POSTGRES = {
    Kind.SCAN: "Seq Scan|Sample Scan|Tid Scan|Tid Range Scan|Function Scan|Table Function Scan|Values Scan|"
    "Foreign Scan|"
    "Named Tuplestore Scan|WorkTable Scan|Custom Scan",
    Kind.INDEX_SCAN: "Index Scan|Index Only Scan|Bitmap Heap Scan",
    Kind.BITMAP: "Bitmap Index Scan|BitmapAnd|BitmapOr",
    Kind.JOIN: "Nested Loop|Hash Join|Merge Join",
    Kind.AGGREGATE: "Aggregate|Group",
    Kind.SORT: "Sort|Incremental Sort",
    Kind.LIMIT: "Limit",
    Kind.UNION: "Append|Merge Append|Recursive Union",
    Kind.SET_OPERATION: "SetOp",
    Kind.WINDOW: "WindowAgg",
    Kind.DISTINCT: "Unique",
    Kind.PROJECT: "Result|ProjectSet|Subquery Scan",
    Kind.MATERIALIZE: "Materialize|Memoize|Hash",
    Kind.GATHER: "Gather|Gather Merge",
    Kind.CTE: "CTE Scan",
    Kind.MODIFY: "ModifyTable|LockRows",
}
# DuckDB's PhysicalOperatorType, as EXPLAIN and the profiler print it.
_DUCKDB = {
    Kind.SCAN: "SEQ_SCAN|TABLE_SCAN|COLUMN_DATA_SCAN|DELIM_SCAN|DUMMY_SCAN|EMPTY_RESULT|CHUNK_SCAN|EXPRESSION_SCAN|"
    "POSITIONAL_SCAN|"
    "REC_CTE_SCAN|READ_PARQUET|READ_CSV|READ_CSV_AUTO|READ_JSON|READ_JSON_AUTO|ARROW_SCAN|PANDAS_SCAN|"
    "RANGE|GENERATE_SERIES|UNNEST_SCAN",
    Kind.INDEX_SCAN: "INDEX_SCAN",
    Kind.JOIN: "HASH_JOIN|NESTED_LOOP_JOIN|BLOCKWISE_NL_JOIN|PIECEWISE_MERGE_JOIN|IE_JOIN|CROSS_PRODUCT|ASOF_JOIN|"
    "POSITIONAL_JOIN|"
    "LEFT_DELIM_JOIN|RIGHT_DELIM_JOIN|DELIM_JOIN|INDEX_JOIN",
    Kind.AGGREGATE: "HASH_GROUP_BY|PERFECT_HASH_GROUP_BY|UNGROUPED_AGGREGATE|SIMPLE_AGGREGATE|PARTITIONED_AGGREGATE",
    Kind.SORT: "ORDER_BY|TOP_N",
    Kind.LIMIT: "LIMIT|STREAMING_LIMIT|LIMIT_PERCENT",
    Kind.UNION: "UNION|REC_CTE|REC_KEY_CTE|RECURSIVE_CTE|RECURSIVE_KEY_CTE",
    Kind.WINDOW: "WINDOW|STREAMING_WINDOW",
    Kind.FILTER: "FILTER|PREFILTER",
    Kind.PROJECT: "PROJECTION|UNNEST|INOUT_FUNCTION|PIVOT|STREAMING_SAMPLE|RESERVOIR_SAMPLE",
    Kind.MATERIALIZE: "RESULT_COLLECTOR|BUFFERED_RESULT_COLLECTOR",
    Kind.CTE: "CTE|CTE_SCAN",
    Kind.MODIFY: "INSERT|BATCH_INSERT|DELETE|UPDATE|MERGE_INTO|MERGE_ACTION_SOURCE|CREATE_INDEX|CREATE_TABLE|"
    "CREATE_TABLE_AS|BATCH_CREATE_TABLE_AS|COPY_TO_FILE|BATCH_COPY_TO_FILE",
}
POSTGRES_OPERATORS = frozenset(name for text in _POSTGRES.values() for name in text.split("|"))
"""What PostgreSQL calls its operators, in the words of FORMAT JSON."""
_KINDS = {name: kind for names in (_POSTGRES, _DUCKDB) for kind, text in names.items() for name in text.split("|")}


def kind_of(operator: str) -> Kind:
    """Return what an operator does; one that planroom does not know is `Kind.OTHER`, or a scan by its name.

    Example:
        >>> kind_of("Hash Join"), kind_of("HASH_JOIN"), kind_of("Sock Merge")
        (<Kind.JOIN: 'join'>, <Kind.JOIN: 'join'>, <Kind.OTHER: 'other'>)
    """
    found = _KINDS.get(operator)
    if found is None:
        return Kind.SCAN if operator.upper().endswith("SCAN") else Kind.OTHER
    return found

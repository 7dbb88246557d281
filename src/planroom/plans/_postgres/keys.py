"""Every key that PostgreSQL's EXPLAIN writes: what has a field, what is kept as written, and what each holds."""

from __future__ import annotations

__all__ = ["DOCUMENT", "FLAGS", "KEPT_RAW", "LISTS", "NUMBERS", "TYPED"]

TYPED = frozenset(
    "Node Type|Strategy|Partial Mode|Operation|Parent Relationship|Subplan Name|Custom Plan Provider|Parallel Aware|"
    "Async Capable|Scan Direction|Index Name|Relation Name|Schema|Alias|CTE Name|Function Name|Table Function Name|"
    "Tuplestore Name|Join Type|Command|Startup Cost|Total Cost|Plan Rows|Plan Width|Actual Startup Time|"
    "Actual Total Time|Actual Rows|Actual Loops|Disabled|Output|Inner Unique|Index Cond|Recheck Cond|Order By|Filter|"
    "Join Filter|Hash Cond|Merge Cond|TID Cond|One-Time Filter|Run Condition|Conflict Filter|Function Call|"
    "Table Function Call|Rows Removed by Filter|Rows Removed by Join Filter|Rows Removed by Index Recheck|"
    "Rows Removed by Conflict Filter|Heap Fetches|Index Searches|Exact Heap Blocks|Lossy Heap Blocks|Workers Planned|"
    "Workers Launched|Single Copy|Workers|Sort Key|Presorted Key|Group Key|Grouping Sets|Window|Sort Method|"
    "Sort Space Used|Sort Space Type|Full-sort Groups|Pre-sorted Groups|Hash Buckets|Original Hash Buckets|"
    "Hash Batches|Original Hash Batches|Peak Memory Usage|Planned Partitions|HashAgg Batches|Disk Usage|Cache Key|"
    "Cache Mode|Cache Hits|Cache Misses|Cache Evictions|Cache Overflows|Storage|Maximum Storage|Sampling Method|"
    "Sampling Parameters|Repeatable Seed|Conflict Resolution|Conflict Arbiter Indexes|Tuples Inserted|Tuples Updated|"
    "Tuples Deleted|Tuples Skipped|Conflicting Tuples|Target Tables|Subplans Removed|Shared Hit Blocks|"
    "Shared Read Blocks|Shared Dirtied Blocks|Shared Written Blocks|Local Hit Blocks|Local Read Blocks|"
    "Local Dirtied Blocks|Local Written Blocks|Temp Read Blocks|Temp Written Blocks|Shared I/O Read Time|"
    "Shared I/O Write Time|Local I/O Read Time|Local I/O Write Time|Temp I/O Read Time|Temp I/O Write Time|"
    "I/O Read Time|I/O Write Time|WAL Records|WAL FPI|WAL Bytes|WAL Buffers Full|Plans".split("|")
)

KEPT_RAW = frozenset(
    {
        "JIT",  # of one worker, inside Workers; the plan's own is typed
        "Params Evaluated",  # up to version 16: which InitPlans a Gather works out for its workers
        "Remote SQL",  # postgres_fdw's own words, like those below
        "Relations",
        "Batch Size",
        "Foreign File",
        "Foreign File Size",
        "Foreign Program",
        "Foreign Plans",
    }
)

DOCUMENT = frozenset(
    "Plan|Settings|Query Identifier|Planning|Planning Time|Triggers|JIT|Serialization|Execution Time|Query Text|"
    "Query Parameters".split("|")
)
"""Keys beside the tree, auto_explain's with them."""

NUMBERS = frozenset(
    "Startup Cost|Total Cost|Plan Rows|Plan Width|Actual Startup Time|Actual Total Time|Actual Rows|Actual Loops|"
    "Rows Removed by Filter|Rows Removed by Join Filter|Rows Removed by Index Recheck|Rows Removed by Conflict Filter|"
    "Heap Fetches|Index Searches|Exact Heap Blocks|Lossy Heap Blocks|Workers Planned|Workers Launched|"
    "Sort Space Used|Hash Buckets|Original Hash Buckets|Hash Batches|Original Hash Batches|Peak Memory Usage|"
    "Planned Partitions|HashAgg Batches|Disk Usage|Cache Hits|Cache Misses|Cache Evictions|Cache Overflows|"
    "Maximum Storage|Tuples Inserted|Tuples Updated|Tuples Deleted|Tuples Skipped|Conflicting Tuples|Subplans Removed|"
    "Shared Hit Blocks|Shared Read Blocks|Shared Dirtied Blocks|Shared Written Blocks|Local Hit Blocks|"
    "Local Read Blocks|Local Dirtied Blocks|Local Written Blocks|Temp Read Blocks|Temp Written Blocks|"
    "Shared I/O Read Time|Shared I/O Write Time|Local I/O Read Time|Local I/O Write Time|Temp I/O Read Time|"
    "Temp I/O Write Time|I/O Read Time|I/O Write Time|WAL Records|WAL FPI|WAL Bytes|WAL Buffers Full|Worker Number|"
    "Query Identifier|Planning Time|Execution Time|Memory Used|Memory Allocated|Time|Calls|Output Volume|Functions|"
    "Deform|Total|Generation|Inlining|Optimization|Emission|Foreign File Size|Group Count|Average Sort Space Used|"
    "Peak Sort Space Used".split("|")
)
"""Keys whose value is a number; under ``Options``, two of them are yes or no."""

FLAGS = frozenset({"Parallel Aware", "Async Capable", "Disabled", "Inner Unique", "Single Copy"})
"""Keys of a node whose value is yes or no."""

LISTS = frozenset(
    "Output|Sort Key|Presorted Key|Group Key|Conflict Arbiter Indexes|Sampling Parameters|Params Evaluated|"
    "Sort Methods Used".split("|")
)
"""Keys whose value is a list of texts, in the text format one line with commas."""

"""What dialects have: functions, and constructs that sqlglot writes for any of them.

Sources: the lists of built-in functions in the manuals of MySQL, MariaDB and SQLite (what MySQL and MariaDB share), and
what the engines refused of what sqlglot wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FUNCTIONS", "MISSING", "SHARED", "WORDS"]

SHARED: Mapping[str, frozenset[str]] = {
    "duckdb": frozenset(
        (
            "age chr clock_timestamp concat_ws currval degrees format gen_random_uuid md5 nextval now pi random "
            "repeat reverse row starts_with transaction_timestamp translate trunc"
        ).split()
    ),
    "postgres": frozenset("concat_ws degrees left md5 nextval now pi random repeat reverse".split()),
    "mysql": frozenset("concat_ws degrees left md5 now pi repeat reverse right uuid".split()),
    "sqlite": frozenset("changes char hex ifnull instr printf typeof unicode".split()),
}
"""Functions that sqlglot has no class for and that mean the same there, by the dialect that is written."""

WORDS = frozenset(
    (
        "all and any as between bigint binary blob by case cast char character check collate convert date datetime "
        "decimal distinct double else end except exists filter float from group having in int integer intersect "
        "interval is join json key like limit materialized nchar not numeric on or order over partition primary real "
        "references rows select set signed smallint some text then time timestamp union unique unsigned using values "
        "varchar when where with"
    ).split()
)
"""What may stand before a parenthesis and is no function."""

FUNCTIONS: Mapping[str, frozenset[str]] = {
    "sqlite": frozenset(
        (
            "abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling changes char coalesce cos cosh count "
            "cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value "
            "floor format glob group_concat hex ifnull iif instr json json_array json_array_length json_extract "
            "json_group_array json_group_object json_insert json_object json_patch json_quote json_remove "
            "json_replace json_set json_type json_valid julianday lag last_insert_rowid last_value lead length like "
            "likelihood likely ln log log10 log2 lower ltrim max min mod nth_value ntile nullif percent_rank pi pow "
            "power printf quote radians random randomblob rank replace round row_number rtrim sign sin sinh soundex "
            "sqrt strftime substr substring sum tan tanh time total trim trunc typeof unicode unixepoch unlikely "
            "upper zeroblob"
        ).split()
    ),
    "mysql": frozenset(
        (
            "abs acos adddate ascii asin atan atan2 avg bin bin_to_uuid bit_and bit_count bit_length bit_or bit_xor "
            "ceil ceiling char_length character_length coalesce concat concat_ws conv cos cot count crc32 cume_dist "
            "curdate current_date current_time current_timestamp current_user curtime database date_add date_format "
            "date_sub datediff day dayname dayofmonth dayofweek dayofyear degrees dense_rank elt exp extract field "
            "find_in_set first_value floor format from_base64 from_unixtime greatest group_concat hex hour if ifnull "
            "inet_aton inet_ntoa insert instr json_array json_arrayagg json_contains json_extract json_keys "
            "json_length json_object json_objectagg json_quote json_search json_set json_type json_unquote json_valid "
            "json_value lag last_day last_insert_id last_value lcase lead least left length ln localtime "
            "localtimestamp locate log log10 log2 lower lpad ltrim makedate max md5 microsecond mid min minute mod "
            "month monthname now nth_value ntile nullif oct octet_length ord percent_rank pi position pow power "
            "quarter quote radians rand rank regexp_instr regexp_replace regexp_substr repeat replace reverse right "
            "round row_number rpad rtrim second sha sha1 sha2 sign sin soundex space sqrt std stddev stddev_pop "
            "stddev_samp str_to_date strcmp subdate substr substring substring_index sum sysdate tan time_format "
            "time_to_sec timediff timestampadd timestampdiff to_base64 to_days trim truncate ucase unhex "
            "unix_timestamp upper user utc_date utc_time utc_timestamp uuid var_pop var_samp variance week weekday "
            "year"
        ).split()
    ),
}
"""The functions that a dialect has; what sqlglot writes besides is no good there."""

MISSING: Mapping[str, frozenset[str]] = {
    "sqlite": frozenset(
        (
            "Array ArrayContainsAll AtTimeZone Explode GroupConcatOrder Interval JSONBContains JSONBContainsTopKey "
            "Lateral RegexpILike RegexpLike SimilarTo TimestampTrunc"
        ).split()
    ),
    "duckdb": frozenset(
        "JSONBContains JSONBContainsAllTopKeys JSONBContainsAnyTopKeys JSONBContainsTopKey Placeholder".split()
    ),
    "mysql": frozenset(
        "Array AtTimeZone Explode Filter FilterAggregate JSONBContains JSONBContainsTopKey Lateral SimilarTo".split()
    ),
}
"""Constructs, by sqlglot's names of them, that a dialect has not, whatever sqlglot writes."""

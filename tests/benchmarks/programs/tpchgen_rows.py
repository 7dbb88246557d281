"""tpchgen-cli makes the rows of all tables of TPC-H, unless an earlier run has."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.benchmarks.tpch_rows import rows


def work(arguments):
    folder = rows(float(arguments[0]))
    return f"{sum(each.stat().st_size for each in folder.glob('*.csv')) / 1e6:,.0f} MB"

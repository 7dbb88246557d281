"""tpchgen-cli makes the rows of all tables of TPC-H, unless an earlier run has."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.benchmarks.tpch_rows import rows


def work(arguments):
    scale, form = (*arguments, "csv")[:2]
    folder = rows(float(scale), form)
    return f"{sum(each.stat().st_size for each in folder.glob(f'*.{form}')) / 1e6:,.0f} MB"

"""Makes one more database on a server that runs, asks it something, and drops it."""

from __future__ import annotations

from planroom.engines import ENGINES


def prepare():
    with ENGINES["postgres"].connect() as first:
        first.query("select 1")


def work(_):
    with ENGINES["postgres"].connect() as database:
        answer = database.query("select 1").rows
    return f"answers {answer[0][0]}"

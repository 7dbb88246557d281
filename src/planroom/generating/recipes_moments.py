"""Recipes for moments, days, times and intervals: within what CHECK constraints allow."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from planroom.generating.recipe import ENDLESS, EPOCH, SPAN_S, Recipe
from planroom.model.words import words_of

if TYPE_CHECKING:
    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind

__all__ = ["RECIPES"]


def _moment(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    start, end = _window(column, demands)
    step_us = 1_000_000
    seconds = max(1, int((end - start).total_seconds()))
    origin = f"TIMESTAMP '{start:%Y-%m-%d %H:%M:%S}'"

    def make(number: str, most: int) -> str:
        step = step_us if most <= seconds else max(1, seconds * 1_000_000 // most)
        value = f"{origin} + to_microseconds(CAST({number} AS BIGINT) * {step})"
        return f"CAST({value} AS TIMESTAMPTZ)" if kind.family == "timestamptz" else f"({value})"

    def sample(number: int, most: int) -> str:
        step = step_us if most <= seconds else max(1, seconds * 1_000_000 // most)
        moment = start + datetime.timedelta(microseconds=number * step)
        shown = moment.isoformat(" ")
        shown = shown.rstrip("0") if "." in shown else shown
        return shown + ("+00" if kind.family == "timestamptz" else "")

    what = f"a moment, {start:%Y} to {end:%Y}"
    return Recipe(what, seconds * 1_000_000, make, seconds, ordinal=True, sample=sample)


def _date(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    start, end = _window(column, demands)
    days = max(1, (end - start).days)
    return Recipe(
        f"a day, {start:%Y} to {end:%Y}", days if demands.highs else 365 * 5000,
        lambda number, _: f"DATE '{start:%Y-%m-%d}' + CAST({number} AS INTEGER)", days, ordinal=True,
        sample=lambda number, _: f"{start + datetime.timedelta(days=number):%Y-%m-%d}",
    )  # fmt: skip


def _window(column: str, demands: Demands) -> tuple[datetime.datetime, datetime.datetime]:
    start, end = EPOCH, EPOCH + datetime.timedelta(seconds=SPAN_S)
    if {*words_of(column)} & {"birth", "born", "birthday", "dob", "birthdate"}:
        start, end = EPOCH.replace(year=1950), EPOCH.replace(year=2005)
    lows = [each for bound in demands.lows if (each := _moment_in(bound.value))]
    highs = [each for bound in demands.highs if (each := _moment_in(bound.value))]
    day = datetime.timedelta(days=1)
    if lows:
        start = max([start, *(each + day for each in lows)])
    if highs:
        end = min([end, *highs])
        start = start if start < end else max([end - day * 365, *(each + day for each in lows)])
    return start, end if end > start else start + day


def _moment_in(value: object) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return found.astimezone(datetime.UTC).replace(tzinfo=None) if found.tzinfo else found


def _time(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    value = "TIME '00:00:00' + to_seconds(CAST({0} AS BIGINT))"
    if kind.family == "timetz":
        value = f"CAST({value} AS VARCHAR) || '+00'"
    zone = "+00" if kind.family == "timetz" else ""
    return Recipe(
        "a time of day", 86_400, lambda number, _: value.format(number), 86_400, ordinal=True,
        sample=lambda number, _: f"{datetime.timedelta(seconds=number)!s:0>8}{zone}",
    )  # fmt: skip


def _interval(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe(
        "1 to 60 days", ENDLESS, lambda n, _: f"to_days(CAST({n} AS INTEGER) + 1)", 60, 0.5, ordinal=True,
        sample=lambda number, _: "1 day" if number == 0 else f"{number + 1} days",
    )  # fmt: skip


RECIPES = {
    "timestamp": _moment, "timestamptz": _moment, "date": _date, "time": _time, "timetz": _time, "interval": _interval,
}  # fmt: skip
"""By family; see `planroom.generating.recipes`."""

"""A comparison as a card: the verdict, the numbers, what moved, the picture; the texts are folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.display import card, details, escape, figure, html_table, preformatted
from planroom.plans.comparing.text import headline, on_each_line, tree_lines

if TYPE_CHECKING:
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.comparing.measures import Measure

__all__ = ["html"]

_MOST_LINES = 300


def html(comparison: PlanComparison) -> str:
    """Return the card."""
    from planroom.plans.comparing.picture import drawn, drawn_alone

    picture = drawn(comparison)
    parts = [html_table(("", *comparison.names, ""), map(_row, comparison.measures), numeric={1, 2})]
    parts += [_list(comparison.circumstances, "differs: ")] if comparison.circumstances else []
    parts += [_list(comparison.sentences, "")] if comparison.sentences else []
    parts += [_figure(picture)] if picture is not None else []
    parts += _side_by_side(comparison)
    tree = on_each_line("\n".join(tree_lines(comparison.merged)))
    parts.append(details("as text", preformatted(tree), opened=picture is None))
    for name, plan, alone in zip(
        comparison.names, (comparison.old, comparison.new), drawn_alone(comparison), strict=True
    ):
        parts.append(details(f"{name} alone", _figure(alone) if alone is not None else preformatted(_cut(str(plan)))))
    return card(headline(comparison), *parts)


def _figure(tree: Any) -> str:
    return figure(tree.svg, tree.summary, width=int(tree.picture.width))


def _cut(tree: str) -> str:
    lines = tree.split("\n")
    more = [f"... {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return on_each_line("\n".join([*lines[:_MOST_LINES], *more]))


def _row(measure: Measure) -> tuple[str, ...]:
    told = measure.reason or measure.word
    return (measure.name, measure.shown(measure.old), measure.shown(measure.new), told)


def _list(texts: tuple[str, ...], mark: str) -> str:
    items = "".join(f"<li>{escape(f'{mark}{each}')}</li>" for each in texts)
    return f'<ul style="margin:4px 0 8px 0;padding-left:20px">{items}</ul>'


def _side_by_side(comparison: PlanComparison) -> list[str]:
    if not comparison.across:
        return []
    from planroom.plans.comparing.engines import side_by_side

    table = side_by_side(comparison)
    return [html_table(table.header, table.rows, numeric=table.numeric)] if table.rows else []

"""Coverage as text, as a card, as a page and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.documentation_figure import figure_of
from planroom.display import caption_line, card, details, figure, html_table, page, text_table
from planroom.markup import code, prose, table
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.advice.documentation import Coverage, Gap, Tally

__all__ = ["facts", "headline", "html_card", "markdown", "page_of", "text_card"]

_AREA = ("area", "documented", "tables", "columns", "others")
_GAP = ("lacks words", "kind", "what is missing")
_NUMERIC = frozenset({1, 2, 3, 4})
_SHOWN = 12
_IN_MARKDOWN = 50
_MOST_COLUMNS = 6


def headline(coverage: Coverage) -> str:
    """Return the one line that answers how much is documented."""
    total = coverage.total
    if not total.total:
        return "There is nothing to document"
    noun = "object is" if total.total == 1 else "objects are"
    return f"{total.percent} % of {format_count(total.total)} {noun} documented"


def facts(coverage: Coverage) -> str:
    """Return what else is declared, and what was not counted."""
    parts = [f"{_of(tally)} {kind}{'' if tally.total == 1 else 's'}" for kind, tally in coverage.kinds]
    declared = [
        f"{tally.documented} of {tally.total} tables have {what}"
        for what, tally in (("an owner", coverage.owners), ("a context", coverage.contexts))
        if tally.documented > 0
    ]
    declared += _personal(coverage.classified, len(coverage.suspects))
    counted = [f"{format_count(coverage.left_out)} columns of keys are not counted"] if coverage.left_out else []
    return "; ".join(filter(None, [", ".join(parts), ", ".join(declared), *counted]))


def _personal(classified: int, suspects: int) -> list[str]:
    """Return how many columns are declared as personal data, and how many more are named like it."""
    parts = [f"{classified} {_columns(classified)} declared as personal data"] if classified else []
    if suspects:
        more = "more is" if suspects == 1 else "more are"
        parts.append(
            f"{suspects} {more} named like it"
            if classified
            else f"{suspects} {_columns(suspects)} named like personal data"
        )
    return parts


def _columns(number: int) -> str:
    return "column is" if number == 1 else "columns are"


def _of(tally: Tally) -> str:
    return f"{format_count(tally.documented)} of {format_count(tally.total)}" if tally.total else ""


def _area_rows(coverage: Coverage, shown: Callable[[str], str] = str) -> list[tuple[str, ...]]:
    return [
        (shown(each.name), f"{each.total.percent} %", _of(each.tables), _of(each.columns), _of(each.others))
        for each in coverage.areas
    ]


def _gap_rows(gaps: Sequence[Gap], shown: Callable[[str], str] = str) -> list[tuple[str, str, str]]:
    return [(shown(gap.subject), gap.kind, _missing(gap, shown)) for gap in gaps]


def _missing(gap: Gap, shown: Callable[[str], str]) -> str:
    """Return what lacks words of an object: itself, and its columns by their bare names."""
    names = [shown(each.removeprefix(f"{gap.subject}.")) for each in gap.columns[:_MOST_COLUMNS]]
    more = len(gap.columns) - len(names)
    columns = f"{'column' if len(gap.columns) == 1 else 'columns'} {', '.join(names)}" + (
        f" and {more} more" * (more > 0)
    )
    return " and ".join(part for part, there in ((f"the {gap.kind} itself", gap.itself), (columns, names)) if there)


def text_card(coverage: Coverage) -> str:
    """Return it as text: the headline, a row for each area, the largest gaps."""
    lines = [f"{coverage.name or 'model'}: {headline(coverage)}"]
    if coverage.areas:
        lines += ["", text_table(_AREA, _area_rows(coverage), numeric=_NUMERIC), "", facts(coverage)]
    if coverage.gaps:
        lines += ["", text_table(_GAP, _gap_rows(coverage.gaps[:_SHOWN]))]
    if len(coverage.gaps) > _SHOWN:
        lines.append(f"... and {format_count(len(coverage.gaps) - _SHOWN)} more")
    lines += [f"named like personal data: {', '.join(coverage.suspects)}"] if coverage.suspects else []
    return "\n".join(lines)


def html_card(coverage: Coverage) -> str:
    """Return it as a card: the picture, the numbers, and the gaps in a fold."""
    parts = []
    if coverage.areas:
        picture = figure_of(coverage)
        numbers = html_table(_AREA, _area_rows(coverage), numeric=_NUMERIC)
        parts.append(figure(picture.svg, picture.summary, caption=facts(coverage), width=int(picture.width)))
        parts.append(details("In numbers", numbers))
    if coverage.gaps:
        shown = coverage.gaps[: 4 * _SHOWN]
        rest = len(coverage.gaps) - len(shown)
        more = caption_line("div", f"... and {format_count(rest)} more" if rest else "")
        parts.append(details(f"{_objects(len(coverage.gaps))} words", html_table(_GAP, _gap_rows(shown)) + more))
    if coverage.suspects:
        rows = [(each,) for each in coverage.suspects]
        parts.append(details("Named like personal data, with no class declared", html_table((), rows)))
    return card(f"{coverage.name or 'Model'}: {headline(coverage)}", *parts)


def _objects(number: int) -> str:
    return "1 object lacks" if number == 1 else f"{format_count(number)} objects lack"


def page_of(coverage: Coverage) -> str:
    """Return it as a page of its own."""
    return page(f"Documentation of {coverage.name or 'a model'}", html_card(coverage))


def markdown(coverage: Coverage) -> str:
    """Return it as Markdown, with at most 50 gaps."""
    blocks = [f"### {prose(coverage.name or 'model')}: {headline(coverage)}"]
    if coverage.areas:
        blocks += [table(_AREA, _area_rows(coverage, code), numeric=_NUMERIC), prose(facts(coverage))]
    if coverage.gaps:
        blocks.append(table(_GAP, _gap_rows(coverage.gaps[:_IN_MARKDOWN], code)))
    if len(coverage.gaps) > _IN_MARKDOWN:
        blocks.append(f"... and {format_count(len(coverage.gaps) - _IN_MARKDOWN)} more")
    return "\n\n".join(blocks) + "\n"

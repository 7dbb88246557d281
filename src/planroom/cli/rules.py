"""planroom rules: what the linter knows, and what is found in plans."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, text

__all__ = ["command"]


@click.command(short_help="All rules, or the page of one.")
@click.argument("name", required=False, metavar="[RULE]")
@format_option
def command(name: str | None, *, as_json: bool) -> int:
    """List the rules, or tell about RULE, by its code or name: what it finds, why, examples, and what to do.

    The letters of a kind, such as MIG, list that kind: SCH, MIG and QRY are the linter's, PLN those about query plans.
    """
    from planroom.display import text_table
    from planroom.linting.rulebook import all_rules, as_plain, rule_called, rule_page
    from planroom.plans.findings import PLAN_RULES

    every = sorted((*all_rules(), *PLAN_RULES), key=lambda each: each.code)
    kind = [each for each in every if name and each.code.rstrip("0123456789") == name.upper()]
    alone = bool(name) and not kind
    chosen = [rule_called(name or "", PLAN_RULES)] if alone else kind or every
    if as_json:
        object_of("planroom.rules/1", rules=[as_plain(each) for each in chosen])
    elif alone:
        text(rule_page(chosen[0]))
    else:
        header = ("rule", "judges", "severity", "name", "what it finds")
        plain = map(as_plain, chosen)
        rows = [[str(each[key]) for key in ("code", "judges", "severity", "slug", "summary")] for each in plain]
        text(text_table(header, rows))
    return 0

"""planroom rules: what the linter knows."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, text

__all__ = ["command"]


@click.command(short_help="The rules of the linter, or the page of one.")
@click.argument("name", required=False, metavar="[RULE]")
@format_option
def command(name: str | None, *, as_json: bool) -> int:
    """List the rules, or tell about RULE, by its code or name: what it finds, why, examples, and what to do."""
    from planroom.display import text_table
    from planroom.linting.rulebook import all_rules, rule_called, rule_page

    chosen = [rule_called(name)] if name else list(all_rules())
    if as_json:
        rules = [
            {
                "code": each.code,
                "slug": each.slug,
                "judges": str(each.subject),
                "severity": str(each.severity),
                "effect": str(each.effect),
                "summary": (type(each).__doc__ or "").partition("\n")[0],
                "fix": each.fix,
                "source": each.source,
                "bad": list(each.bad),
                "good": list(each.good),
                "before": each.before,
                "unproven": each.unproven,
            }
            for each in chosen
        ]
        object_of("planroom.rules/1", rules=rules)
    elif name:
        text(rule_page(chosen[0]))
    else:
        rows = [
            (each.code, str(each.subject), str(each.severity), each.slug, (type(each).__doc__ or "").partition("\n")[0])
            for each in chosen
        ]
        text(text_table(("rule", "judges", "severity", "name", "what it finds"), rows))
    return 0

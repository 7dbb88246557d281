"""Every rule, whatever it judges, has what its page and the table of rules show."""

from __future__ import annotations

import pytest

from planroom.linting.base import LintRule
from planroom.linting.rulebook import all_rules


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug)
def test_a_rule_says_what_is_wrong_why_what_to_do_and_where_it_comes_from(rule: LintRule) -> None:
    first, _, rest = (type(rule).__doc__ or "").partition("\n")

    assert first.endswith(".")
    assert len(first) <= 112, "it stands in a table"
    assert rest.strip(), "the rest of its page"
    assert rule.fix.endswith(".")
    assert rule.source.startswith("https://")
    assert rule.bad
    assert rule.good

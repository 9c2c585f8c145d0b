"""What holds of every rule: what you can cure never excludes, what starts within the horizon is told, a proposal binds nobody."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from law_examples import BINDING, CATALOG, READS, examples, verdict

from planner.judging.compliance import judgement_of
from planner.judging.lawbook import LawBook

EARLY = LawBook(CATALOG, date(2024, 12, 31))


@pytest.mark.parametrize("rule", [r for r in BINDING if r.cure_by == "deployer"], ids=lambda rule: rule.id)
def test_a_demand_that_the_organisation_can_cure_never_excludes_and_is_planned(rule):
    for facts, _, _ in examples(rule.id, READS[rule.id]):
        found = verdict(rule, facts)
        judged = judgement_of((found,) if found else ())
        assert not judged.blocked_by, facts
        assert found is None or found.status != "unmet" or [name for name, _ in judged.cures] == [rule.id]


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_only_an_unmet_rule_that_forbids_excludes(rule):
    for facts, _, _ in examples(rule.id, READS[rule.id]):
        found = verdict(rule, facts)
        if judgement_of((found,) if found else ()).blocked_by:
            assert found.status == "unmet" and rule.severity.value == "forbids" and rule.status != "proposal"


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_a_rule_that_starts_within_the_horizon_is_told_before_it_does_and_one_that_starts_after_it_is_not(rule):
    told = [(facts, found) for facts, _, _ in [({}, {}, ""), *examples(rule.id, READS[rule.id])] if (found := verdict(rule, facts, EARLY))]
    assert told
    for facts, found in told[:3]:
        assert found.finding().timing == ("upcoming" if found.applies_from > EARLY.as_of else "in-force")
        until = LawBook(CATALOG, EARLY.as_of, found.applies_from - timedelta(days=1))
        assert rule not in until.rules or verdict(rule, facts, until) is None

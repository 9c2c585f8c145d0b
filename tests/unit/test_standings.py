"""Who clears a floor, who is unmeasured, and the test that would decide."""
from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from planner.domain.assessment import QualityFloor
from planner.domain.catalog import QualityTest
from planner.judging.standings import cheapest_test, items_needed, standings

SOLID = QualityFloor(tier="solid")


def exam(**changes):
    fields = {"id": "exam", "name": "Exam", "kind": "exam", "family": "reasoning", "slope": "3", "difficulty": "0.5", "own_error": "0.1",
              "misfit": "0.2", "source": "qu-epoch", "date": "2026-08-11"}
    return QualityTest.model_validate_json(json.dumps({**fields, **changes}))


def of_chat(catalog):
    return [m for _, m in sorted(catalog.models.items()) if m.kind == "chat"]


def test_the_unmeasured_never_pass_whatever_their_vendors_claim(catalog):
    rows = standings(SOLID, "chat", ["en"], of_chat(catalog), catalog)
    measured = {a.model for a in catalog.abilities}
    for row in rows:
        if row.model.id not in measured:
            assert row.verdict.passes is None and row.effort is None and row.date is None
    assert any(row.model.claims and row.verdict.passes is None for row in rows)


def test_every_effort_of_a_model_stands_for_itself(catalog):
    rows = standings(SOLID, "chat", ["en"], of_chat(catalog), catalog)
    efforts = sorted(row.effort for row in rows if row.model.id == "gpt-5")
    assert efforts == sorted(a.effort for a in catalog.abilities if a.model == "gpt-5") and len(efforts) > 1


def test_those_that_pass_come_first_and_the_surest_before_the_others(catalog):
    rows = standings(SOLID, "extraction", ["de"], of_chat(catalog), catalog)
    order = [{True: 0, False: 1, None: 2}[row.verdict.passes] for row in rows]
    sure = [row.verdict.probability for row in rows if row.verdict.passes]
    assert order == sorted(order) and sure == sorted(sure, reverse=True)


def test_no_number_of_items_takes_away_what_a_benchmark_measures_besides():
    assert items_needed(exam(own_error="0.1", misfit="0.6"), 0.5, 0.5) is None


@given(error=st.floats(0.25, 1.5), tighter=st.floats(0.5, 0.99))
def test_a_smaller_error_never_needs_fewer_items(error, tighter):
    loose, tight = items_needed(exam(), 0.6, error), items_needed(exam(), 0.6, error * tighter)
    assert loose is not None and (tight is None or tight >= loose)


def test_an_exam_too_easy_for_the_model_needs_more_items():
    assert items_needed(exam(difficulty="-3"), 0.5, 0.4) > items_needed(exam(), 0.5, 0.4)


def test_the_test_that_is_named_decides_with_the_items_it_has(catalog):
    unmeasured = catalog.models["devstral-2"]
    found = cheapest_test(SOLID, "chat", ["en"], unmeasured, Decimal("0.75"), catalog)
    assert found is not None and found.test.kind == "exam" and found.items <= found.test.items
    assert items_needed(found.test, 0.35 + 0.75, float(found.standard_error) + 0.005) <= found.items


def test_a_wider_margin_never_needs_more_items_and_a_tiny_one_cannot_be_shown(catalog):
    unmeasured = catalog.models["devstral-2"]
    near, far = (cheapest_test(SOLID, "chat", ["en"], unmeasured, Decimal(m), catalog) for m in ("0.75", "1.0"))
    assert far.items <= near.items
    assert cheapest_test(SOLID, "chat", ["en"], unmeasured, Decimal("0.05"), catalog) is None


def test_against_a_reference_nobody_measured_no_test_decides(catalog):
    floor = QualityFloor(at_least_as_good_as="devstral-2")
    assert "devstral-2" not in {a.model for a in catalog.abilities}
    assert cheapest_test(floor, "chat", ["en"], catalog.models["mistral-large-4"], Decimal(1), catalog) is None


# ----------------------------------------------------------------------------------------------- the command


def invoke(*arguments):
    from planner.cli.app import app

    return CliRunner().invoke(app, ["catalog", "quality", *arguments])


def test_the_command_shows_p_sources_dates_and_the_test():
    document = json.loads(invoke("--tier", "solid", "--task", "extraction", "--language", "de", "--json").stdout)
    assert all(row["probability"] and row["sources"] and row["date"] for row in document["passes"] if row["model"] != document["floor"]["reference"])
    assert document["unmeasured"] and document["test"]["items"] > 0 and document["test"]["standard_error"]
    shown = invoke("--tier", "solid").stdout
    assert "claimed, which never counts" in shown and "The cheapest test that would decide" in shown


def test_tasks_on_scales_of_their_own_are_never_answered_by_the_ability_scale():
    document = json.loads(invoke("--reference", "voxtral-small", "--task", "speech", "--json").stdout)
    assert document["test"] is None and document["own_scale"] and document["gates"]


@pytest.mark.parametrize(("arguments", "says"), [
    ([], "--tier"), (["--tier", "sold"], "did you mean 'solid'"), (["--reference", "gpt-55"], "did you mean"), (["--tier", "solid", "--task", "chatt"], "chat"),
])
def test_what_is_not_known_is_refused_in_words(arguments, says):
    assert says in str(invoke(*arguments).exception)

"""Floors of quality: what was measured decides by its odds, and what nobody measured passes nothing."""
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.assessment import QualityFloor
from planner.domain.catalog import Ability, GateScore, QualityTier
from planner.judging.quality import abilities_for, passes_floor

REFERENCE, CANDIDATE, OTHER, SUCCESSOR = "llama-3-3-70b", "mistral-large-3", "gemma-3-27b-it", "mistral-large-4"
FLOOR = QualityFloor(at_least_as_good_as=REFERENCE)


def ability(model, value, error="0.1", effort="on", families=None, languages=None) -> Ability:
    return Ability(
        model=model, effort=effort, ability=Decimal(str(value)), standard_error=Decimal(error), families=families or {},
        languages={code: (Decimal(str(v)), Decimal("0.4")) for code, v in (languages or {}).items()}, sources=("qu-arena",), date="2026-08",
    )


def world(catalog, *abilities, **update):
    return catalog.model_copy(update={"abilities": tuple(_with_family(a) for a in abilities), **update})


def _with_family(entry: Ability) -> Ability:
    return entry if entry.families else entry.model_copy(update={"families": {"general-knowledge": entry.ability}})


def judge(catalog, model=CANDIDATE, effort=None, floor=FLOOR, task="chat", languages=("en",)):
    return passes_floor(model, effort, floor, task, languages, catalog)


def chance(catalog, *abilities, **asked) -> Decimal | None:
    return judge(world(catalog, *abilities), **asked).probability


BYSTANDERS = (ability(OTHER, 0.5), ability("phi-4", 0.1), ability("gpt-5", 1.2))


def test_the_odds_are_those_of_a_normal_difference(catalog):
    # errors of 0.3 and 0.4 make one of 0.5: a difference of 0.3 is 0.6 of it, so 72.6 %; one of 0.25 is half of it, so 69.1 %
    assert chance(catalog, ability(CANDIDATE, 0.8, "0.3"), ability(REFERENCE, 0.5, "0.4"), *BYSTANDERS) == Decimal("0.726")
    assert chance(catalog, ability(CANDIDATE, 0.75, "0.3"), ability(REFERENCE, 0.5, "0.4"), *BYSTANDERS) == Decimal("0.691")
    assert chance(catalog, ability(CANDIDATE, 0.5), ability(REFERENCE, 0.5), *BYSTANDERS) == Decimal("0.500")


def test_what_is_estimated_is_never_certain_however_far_apart_two_models_are(catalog):
    far = (ability(CANDIDATE, 9), ability(REFERENCE, -9), *BYSTANDERS)
    assert chance(catalog, *far) == Decimal("0.999")
    assert chance(catalog, *far, model=REFERENCE, floor=QualityFloor(at_least_as_good_as=CANDIDATE)) == Decimal("0.001")


def test_a_floor_asks_for_odds_and_not_for_a_better_number(catalog):
    here = world(catalog, ability(CANDIDATE, 0.6), ability(REFERENCE, 0.5), *BYSTANDERS)
    assert judge(here).passes is False and judge(here).probability > Decimal("0.5")
    assert judge(here, floor=QualityFloor(at_least_as_good_as=REFERENCE, probability=Decimal("0.7"))).passes is True
    assert "0.9 is asked for" in judge(here).because


def test_a_reference_is_as_good_as_itself(catalog):
    verdict = judge(world(catalog, ability(REFERENCE, 0.5, "0.9"), *BYSTANDERS), model=REFERENCE, languages=("de", "ga"))
    assert (verdict.passes, verdict.probability) == (True, Decimal("1.000"))


def test_what_nobody_measured_passes_nothing_and_a_successor_inherits_nothing(catalog):
    verdict = judge(world(catalog, ability(CANDIDATE, 2), ability(REFERENCE, 0.5), *BYSTANDERS), model=SUCCESSOR)
    assert (verdict.passes, verdict.probability, verdict.pinned) == (None, None, False)
    assert verdict.because == "nobody has measured Mistral Large 4"


def test_a_reference_nobody_measured_lets_nobody_through(catalog):
    assert judge(world(catalog, ability(CANDIDATE, 2), *BYSTANDERS)).passes is None


def test_the_user_may_let_an_unmeasured_model_in_but_not_one_that_was_measured_and_fell_short(catalog):
    floor = QualityFloor(at_least_as_good_as=REFERENCE, accept_unmeasured=("mistral-large-4-0", CANDIDATE))
    here = world(catalog, ability(CANDIDATE, 0.1), ability(REFERENCE, 0.5), *BYSTANDERS)
    pinned, short = judge(here, model=SUCCESSOR, floor=floor), judge(here, floor=floor)
    assert (pinned.passes, pinned.pinned, pinned.probability) == (True, True, None) and "all the same" in pinned.because
    assert (short.passes, short.pinned) == (False, False)


def test_efforts_are_separate_identities_of_a_model_that_reasons(catalog):
    here = world(catalog, ability("gpt-5", 1.4), ability("gpt-5", 0.2, effort="off"), ability(REFERENCE, 0.5), *BYSTANDERS[:2])
    assert judge(here, model="gpt-5").passes is True
    assert judge(here, model="gpt-5", effort="off").passes is False
    assert judge(here, model="gpt-5", effort="low").passes is None


def test_a_model_that_does_not_reason_is_the_same_at_every_effort(catalog):
    here = world(catalog, ability(CANDIDATE, 1.4), ability(REFERENCE, 0.5), *BYSTANDERS)
    assert "reasoning" not in catalog.models[CANDIDATE].writes.value
    assert {judge(here, effort=effort).passes for effort in (None, "on", "low", "off")} == {True}


def test_a_tier_stands_for_its_reference_at_its_effort(catalog):
    tiers = {"some": QualityTier(id="some", says="…", reference="gpt-5", effort="off")}
    here = world(catalog, ability("gpt-5", 2), ability("gpt-5", 0.2, effort="off"), ability(CANDIDATE, 1), *BYSTANDERS[:2], tiers=tiers)
    assert judge(here, floor=QualityFloor(tier="some")).passes is True


def test_the_family_of_the_task_moves_the_odds(catalog):
    strong, weak = {"coding": Decimal("0.9")}, {"coding": Decimal("0.3")}
    base = (ability(OTHER, 0.5, families={"coding": Decimal("0.5")}), ability(REFERENCE, 0.5, families={"coding": Decimal("0.5")}))
    at = [chance(catalog, ability(CANDIDATE, 0.6, families=f), *base, task="coding") for f in (strong, weak)]
    assert at[0] > Decimal("0.95") > Decimal("0.5") > at[1]


def test_the_worst_language_decides(catalog):
    measured = {"de": 0.5, "fr": 0.5}
    base = (ability(REFERENCE, 0.5, languages=measured), ability(OTHER, 0.5, languages={"de": 0.6, "fr": 0.4}))
    mine = ability(CANDIDATE, 0.9, languages={"de": 1.0, "fr": 0.3})
    german, french, both = (chance(catalog, mine, *base, languages=codes) for codes in (("de",), ("fr",), ("en", "de", "fr")))
    assert both == french < german
    assert "in fr" in judge(world(catalog, mine, *base), languages=("de", "fr")).because


def test_a_language_nobody_measured_for_a_model_widens_the_error_and_one_that_nobody_measured_at_all_decides_nothing(catalog):
    base = [ability(model, 0.5, languages={"de": value}) for model, value in ((REFERENCE, 0.5), (OTHER, 0.9), ("phi-4", 0.1))]
    here = world(catalog, ability(CANDIDATE, 0.8), *base)
    assert Decimal("0.5") < judge(here, languages=("de",)).probability < judge(here).probability
    assert judge(here, languages=("ga",)).passes is None and "the language ga" in judge(here, languages=("ga",)).because


@pytest.mark.parametrize("task", ["ocr", "speech", "embedding"])
def test_tasks_on_scales_of_their_own_are_never_judged_by_ability(catalog, task):
    here = world(catalog, ability(CANDIDATE, 9), ability(REFERENCE, 0.5), *BYSTANDERS, gate_scores=())
    assert judge(here, task=task).passes is None


def test_a_gate_compares_scores_of_one_source_only(catalog):
    def score(model, value, source="s", higher=False, gate="speech-word-error"):
        return GateScore(model=model, gate=gate, value=Decimal(value), unit="%", higher_is_better=higher, source=source, date="2026-05")

    def passes(*scores):
        return judge(world(catalog, gate_scores=scores), task="speech").passes

    assert passes(score(CANDIDATE, 4), score(REFERENCE, 5)) is True
    assert passes(score(CANDIDATE, 6), score(REFERENCE, 5)) is False
    assert passes(score(CANDIDATE, 6, higher=True), score(REFERENCE, 5, higher=True)) is True
    assert passes(score(CANDIDATE, 4), score(REFERENCE, 5, source="another")) is None
    assert passes(score(CANDIDATE, 4, gate="faithfulness-x"), score(REFERENCE, 5, gate="faithfulness-x")) is None


values = st.integers(-200, 200).map(lambda n: Decimal(n) / 100)


@given(low=values, more=st.integers(0, 100).map(lambda n: Decimal(n) / 100), yardstick=values)
def test_more_ability_never_lowers_the_odds_and_the_two_odds_of_a_pair_add_up(catalog, low, more, yardstick):
    rest = (ability(REFERENCE, yardstick), *BYSTANDERS)
    first, second = (chance(catalog, ability(CANDIDATE, v), *rest) for v in (low, low + more))
    assert first <= second
    turned = judge(
        world(catalog, ability(CANDIDATE, low), *rest), model=REFERENCE, floor=QualityFloor(at_least_as_good_as=CANDIDATE),
    ).probability
    assert abs(first + turned - 1) <= Decimal("0.001")


# ------------------------------------------------------------------------------------------- what is shipped


def test_every_tier_is_cleared_by_its_reference_and_tiers_are_in_order(catalog):
    order = ["basic", "solid", "strong", "frontier"]
    assert set(order) <= set(catalog.tiers)
    cleared = []
    for name in order:
        tier = catalog.tiers[name]
        assert passes_floor(tier.reference, tier.effort, QualityFloor(tier=name), "chat", ("en", "de"), catalog).passes is True
        cleared.append({m for m in catalog.models if judge(catalog, model=m, floor=QualityFloor(tier=name)).passes})
    assert all(len(upper) < len(lower) for lower, upper in zip(cleared, cleared[1:]))


def test_shipped_abilities_are_on_one_scale_with_their_errors(catalog):
    assert len({a.model for a in catalog.abilities}) == 59
    assert len({code for a in catalog.abilities for code in a.languages}) == 28
    assert all(0 < a.standard_error < 1 and abs(a.ability) < 3 and a.families for a in catalog.abilities)
    assert [a.effort for a in abilities_for("gpt-5", catalog)] == ["off", "on"] and abilities_for("mistral-small-4", catalog) == ()


def test_no_model_without_an_ability_clears_a_shipped_tier(catalog):
    measured = {a.model for a in catalog.abilities}
    for model in sorted(set(catalog.models) - measured):
        assert judge(catalog, model=model, floor=QualityFloor(tier="basic")).passes is None, model

"""Everyone held against one floor: who clears it, who does not, whom nobody has measured, and the cheapest test that would decide."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, exp
from statistics import NormalDist

from planner.domain.assessment import QualityFloor
from planner.domain.catalog import Ability, Catalog, Model, QualityTest
from planner.judging.quality import DEFAULT_EFFORT, QualityVerdict, abilities_for, passes_floor

_KINDS = ("exam", "agent-run", "votes")  # the cheapest first
_HALVINGS = 14  # of the standard error that is looked for, from 2 units down
_MOST_ERROR = 2.0
_FEWEST_OF_EACH = 5  # right and wrong answers to expect, or log-odds have no normal error


@dataclass(frozen=True, slots=True)
class Standing:
    """One model at one effort (None: nobody has measured it at any) against a floor. `claims` are its vendor's words and count for nothing."""

    model: Model
    effort: str | None
    verdict: QualityVerdict
    date: str | None


@dataclass(frozen=True, slots=True)
class TestToRun:
    """The benchmark that decides with the least work: so many items, for a standard error of the ability of at most so much."""

    test: QualityTest
    items: int
    standard_error: Decimal


def standings(floor: QualityFloor, task: str, languages: Sequence[str], models: Iterable[Model], catalog: Catalog) -> list[Standing]:
    """Every measured effort of every model, and the unmeasured models once; those that pass first, the surest first."""
    found = []
    for model in models:
        measured = abilities_for(model.id, catalog)
        dates = {a.effort: a.date for a in measured}
        for effort in sorted(dates) or (None,):
            verdict = passes_floor(model.id, effort, floor, task, languages, catalog)
            found.append(Standing(model, effort, verdict, dates.get(effort or "")))
    rank = {True: 0, False: 1, None: 2}
    return sorted(found, key=lambda s: (rank[s.verdict.passes], -(s.verdict.probability or Decimal(0)), s.model.id, s.effort or ""))


def cheapest_test(
    floor: QualityFloor, task: str, languages: Sequence[str], unmeasured: Model, margin: Decimal, catalog: Catalog
) -> TestToRun | None:
    """The cheapest test that shows a model to clear the floor, if it truly is `margin` units of ability above the reference.

    It shows so even where luck is as bad as the floor's probability allows for. Exams before agent runs before votes, then the fewest
    items. None: no single test of the catalog is sharp enough for that, or nobody has measured the reference. Each test is tried on
    the judge itself, with the ability it would give.
    """
    reference = _reference_ability(floor, catalog)
    if reference is None:
        return None
    found = []
    for test in (catalog.quality_tests[key] for key in sorted(catalog.quality_tests)):
        error = _needed_error(floor, task, languages, unmeasured, test, reference, float(margin), catalog)
        items = None if error is None else items_needed(test, float(reference.ability + margin), error)
        if items is not None and error is not None and items <= (test.items or items):
            found.append(TestToRun(test, items, Decimal(repr(error)).quantize(Decimal("0.01"))))
    return min(found, key=lambda t: (_KINDS.index(t.test.kind), t.items, t.test.id), default=None)


def items_needed(test: QualityTest, ability: float, standard_error: float) -> int | None:
    """How many items measure an ability to a standard error; None where no number does, for what the benchmark measures besides."""
    left = standard_error**2 - float(test.own_error) ** 2 - float(test.misfit) ** 2
    if left <= 0:
        return None
    right = 1 / (1 + exp(-float(test.slope) * (ability - float(test.difficulty))))
    sharp = 1 / (right * (1 - right) * float(test.slope) ** 2 * left)
    return ceil(max(sharp, _FEWEST_OF_EACH / min(right, 1 - right)))


def _reference_ability(floor: QualityFloor, catalog: Catalog) -> Ability | None:
    """What is measured of the model that the floor stands for, at the effort at which it counts."""
    tier = catalog.tiers[floor.tier] if floor.tier else None
    name = tier.reference if tier else floor.at_least_as_good_as or ""
    known = {a.effort: a for a in abilities_for(catalog.model_names[name], catalog)}
    return known.get(tier.effort if tier else DEFAULT_EFFORT) or (next(iter(known.values())) if len(known) == 1 else None)


def _needed_error(
    floor: QualityFloor, task: str, languages: Sequence[str], model: Model, test: QualityTest, reference: Ability, margin: float, catalog: Catalog
) -> float | None:
    """The largest standard error with which the judge lets the model pass on this test alone; None where none is small enough."""
    luck = NormalDist().inv_cdf(float(floor.probability))
    low, high = 0.0, _MOST_ERROR
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        unlucky = _measured(model, test, reference, margin - luck * middle, middle)
        low, high = (middle, high) if _would_pass(floor, task, languages, unlucky, catalog) else (low, middle)
    return low or None


def _measured(model: Model, test: QualityTest, reference: Ability, margin: float, error: float) -> Ability:
    """The ability that the test would give: above the reference in general, and in the test's own family and languages too."""
    above, sharp = Decimal(repr(margin)), Decimal(repr(error))
    families = {test.family: reference.families.get(test.family, reference.ability) + above}
    spoken = {lang: reference.languages.get(lang, (reference.ability, sharp))[0] + above for lang in test.languages}
    return Ability(
        model=model.id, effort=DEFAULT_EFFORT, ability=reference.ability + above, standard_error=sharp, families=families,
        languages={lang: (value, sharp) for lang, value in spoken.items()}, sources=(test.source,), date=test.date,
    )


def _would_pass(floor: QualityFloor, task: str, languages: Sequence[str], ability: Ability, catalog: Catalog) -> bool:
    fields = {name: getattr(catalog, name) for name in Catalog.model_fields}
    with_it = Catalog.model_construct(**{**fields, "abilities": (*(a for a in catalog.abilities if a.model != ability.model), ability)})
    return passes_floor(ability.model, DEFAULT_EFFORT, floor, task, languages, with_it).passes is True

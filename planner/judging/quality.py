"""Whether a model is at least as good as a reference, with which probability. What nobody measured is unknown and passes nothing.

Abilities lie on one latent scale; only differences mean anything. The chance that one model is at least as good as another follows
from the difference of their abilities, for the family of the task and in the worst of the languages, and from all their errors.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import erf, sqrt
from statistics import fmean, pstdev

from planner.domain.assessment import QualityFloor
from planner.domain.catalog import Ability, Catalog, GateScore, Modality, Model

DEFAULT_EFFORT = "on"
# The family of scores that stands for a task. Tasks on scales of their own are not among them.
_FAMILY = {
    "chat": "general-knowledge", "extraction": "extraction", "classification": "extraction", "retrieval": "extraction",
    "summarisation": "summarisation", "coding": "coding", "agents": "agents", "translation": "european-languages", "reasoning": "reasoning",
}
_MEASURED_IN = "en"  # most of the scores behind an ability are in English, so English has no gap of its own
_FEWEST = 3  # models that must be measured in a language or family before the others may be judged by their mean and spread
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class QualityVerdict:
    """Whether the floor is cleared: None where nobody knows. `pinned`: the user lets the model in although nobody measured it."""

    passes: bool | None
    probability: Decimal | None  # rounded to three digits; None where it cannot be told
    because: str
    sources: tuple[str, ...] = ()
    pinned: bool = False


class _Unmeasured(Exception):
    """Something the judgement needs has never been measured; the message says what."""


def abilities_for(model: str, catalog: Catalog) -> tuple[Ability, ...]:
    """Everything measured of a model on the ability scale, one entry a reasoning effort. Empty: nobody measured it."""
    return tuple(a for a in catalog.abilities if a.model == model)


def passes_floor(
    model_id: str, effort: str | None, floor: QualityFloor, task: str, languages: Sequence[str], catalog: Catalog
) -> QualityVerdict:
    """The verdict on one model at one effort (None: with reasoning, where it has it) for a task in some languages.

    The model is held against the floor's reference; it always clears a floor that is itself. A successor inherits nothing.
    """
    model = catalog.models[catalog.model_names.get(model_id, model_id)]
    if task not in _FAMILY:
        verdict = _by_gates(model, floor, task, catalog)
    else:
        verdict = _by_ability(model, effort or DEFAULT_EFFORT, floor, task, languages, catalog)
    pins = {catalog.model_names.get(name, name) for name in floor.accept_unmeasured}
    if verdict.passes is None and model.id in pins:
        return QualityVerdict(True, None, f"{verdict.because}; the assessment lets it in all the same", verdict.sources, pinned=True)
    return verdict


def _reference(floor: QualityFloor, catalog: Catalog) -> tuple[Model, str]:
    """The model a floor stands for, and the effort at which it counts."""
    if floor.tier is not None:
        tier = catalog.tiers[floor.tier]
        return catalog.models[catalog.model_names[tier.reference]], tier.effort
    return catalog.models[catalog.model_names[floor.at_least_as_good_as or ""]], DEFAULT_EFFORT


# ------------------------------------------------------------------------------------------------- the ability scale


def _by_ability(model: Model, effort: str, floor: QualityFloor, task: str, languages: Sequence[str], catalog: Catalog) -> QualityVerdict:
    reference, reference_effort = _reference(floor, catalog)
    try:
        yardstick = _measured(reference, reference_effort, catalog)
        if model.id == reference.id and effort == yardstick.effort:
            return QualityVerdict(True, Decimal("1.000"), f"{model.name} is the reference itself", tuple(sorted(yardstick.sources)))
        candidate = _measured(model, effort, catalog)
        probability, worst = _probability(candidate, yardstick, _FAMILY[task], languages, catalog)
    except _Unmeasured as unknown:
        return QualityVerdict(None, None, str(unknown))
    passes = probability >= floor.probability
    because = f"{model.name} is at least as good as {reference.name} with a probability of {probability}{f' in {worst}' if worst else ''}"
    because += "" if passes else f", and {floor.probability} is asked for"
    return QualityVerdict(passes, probability, because, tuple(sorted({*candidate.sources, *yardstick.sources})))


def _measured(model: Model, effort: str, catalog: Catalog) -> Ability:
    """The ability of a model at an effort. A model that does not reason has one ability, whatever effort is asked."""
    known = abilities_for(model.id, catalog)
    exact = [a for a in known if a.effort == effort]
    if not exact and len(known) == 1 and Modality.REASONING not in model.writes.value:
        exact = list(known)
    if exact:
        return exact[0]
    at = "" if not known else f" with reasoning {effort}, only with {', '.join(sorted(a.effort for a in known))}"
    raise _Unmeasured(f"nobody has measured {model.name}{at}")


def _probability(one: Ability, other: Ability, family: str, languages: Sequence[str], catalog: Catalog) -> tuple[Decimal, str | None]:
    """The chance that `one` is at least as good as `other` in the worst language, and which that is (None: only English was asked)."""
    offset, offset_variance = _difference(one, other, f"tasks of the family {family}", lambda a: _in_family(a, family), catalog)
    base = float(one.ability - other.ability) + offset
    variance = float(one.standard_error) ** 2 + float(other.standard_error) ** 2 + offset_variance
    found: list[tuple[Decimal, str | None]] = []
    for language in dict.fromkeys(languages):
        if language == _MEASURED_IN:
            found.append((_chance(base, variance), language))
            continue
        gap, gap_variance = _difference(one, other, f"the language {language}", lambda a: _in_language(a, language), catalog)
        found.append((_chance(base + gap, variance + gap_variance), language))
    probability, worst = min(found, key=lambda pair: pair[0])
    return probability, None if len(found) == 1 and worst == _MEASURED_IN else worst


Deviation = tuple[float, float]  # from the general ability, and its own error


def _in_family(ability: Ability, family: str) -> Deviation | None:
    """Family offsets were shrunk when they were fitted, so their error is that of the ability itself."""
    value = ability.families.get(family)
    return None if value is None else (float(value - ability.ability), 0.0)


def _in_language(ability: Ability, language: str) -> Deviation | None:
    measured = ability.languages.get(language)
    return None if measured is None else (float(measured[0] - ability.ability), float(measured[1]))


def _difference(
    one: Ability, other: Ability, what: str, own: Callable[[Ability], Deviation | None], catalog: Catalog
) -> tuple[float, float]:
    """Difference of two models' deviations from their general ability, and its variance.

    A model that was not measured is taken at the mean of those that were, with the spread between models as its error. The error of
    a measured deviation is no larger than that spread, which contains it.
    """
    known = sorted(deviation[0] for a in catalog.abilities if (deviation := own(a)) is not None)
    if len(known) < _FEWEST:
        raise _Unmeasured(f"too few models were measured in {what}")
    mean, spread = fmean(known), pstdev(known)
    (first, first_error), (second, second_error) = (own(a) or (mean, spread) for a in (one, other))
    return first - second, min(first_error, spread) ** 2 + min(second_error, spread) ** 2


def _chance(difference: float, variance: float) -> Decimal:
    """The normal chance that a difference with this variance is not negative, to three digits; what is estimated is never certain."""
    if variance <= 0:
        return Decimal("1.000") if difference >= 0 else Decimal("0.000")
    chance = Decimal(repr(0.5 * (1 + erf(difference / sqrt(2 * variance))))).quantize(_THOUSANDTH)
    return min(max(chance, _THOUSANDTH), 1 - _THOUSANDTH)


# --------------------------------------------------------------------------------------------------- own scales


def _by_gates(model: Model, floor: QualityFloor, task: str, catalog: Catalog) -> QualityVerdict:
    """Tasks on scales of their own: no worse than the reference on every score that both have from one source, and at least one."""
    reference, _ = _reference(floor, catalog)
    if model.id == reference.id:
        return QualityVerdict(True, Decimal("1.000"), f"{model.name} is the reference itself")
    pairs = list(_shared(model.id, reference.id, f"{task}-", catalog))
    if not pairs:
        return QualityVerdict(None, None, f"there is no {task} score that both {model.name} and {reference.name} have")
    sources = tuple(sorted({mine.source for mine, _ in pairs}))
    for mine, theirs in pairs:
        if (mine.value < theirs.value) if mine.higher_is_better else (mine.value > theirs.value):
            because = f"{model.name} has {mine.value} {mine.unit} on {mine.gate}, and {reference.name} has {theirs.value}"
            return QualityVerdict(False, None, because, sources)
    gates = ", ".join(mine.gate for mine, _ in pairs)
    return QualityVerdict(True, None, f"{model.name} is no worse than {reference.name} on {gates}", sources)


def _shared(one: str, other: str, prefix: str, catalog: Catalog) -> Iterator[tuple[GateScore, GateScore]]:
    scores = {(g.model, g.gate, g.source): g for g in catalog.gate_scores if g.gate.startswith(prefix)}
    for model, gate, source in sorted(scores):
        if model == one and (other, gate, source) in scores:
            yield scores[model, gate, source], scores[other, gate, source]

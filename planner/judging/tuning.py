"""How far a general-purpose model may be tuned before whoever tunes it becomes the provider of what comes out."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from planner.domain.catalog import Catalog, Model
from planner.domain.conditions import Between
from planner.domain.report import TuningRoom
from planner.judging.classes import Classifier
from planner.judging.facts import Known, model_facts

FLOP_A_TOKEN = 6  # forward and backward take about six operations a token and active parameter (C(2025) 7719, annex on compute)
_ROLE, _TUNES, _SPENT = "class.gpai_modifier_provider", "mod.finetunes_model", "mod.flop"
_STEP = Decimal("1.01")  # how far past its threshold a number is tried


def tuning_room(model: Model, catalog: Catalog, classifier: Classifier) -> TuningRoom | None:
    """The FLOP that tuning a model may take before the role can flip, by the rules of the catalog; None where no amount flips it.

    Of a training compute known within a band its least counts. Where it is not known, the lowest threshold that could hold counts.
    """
    facts = model_facts(model, catalog)
    for flop in sorted(_thresholds(facts, classifier)):
        if classifier.classify({**facts, _TUNES: True, _SPENT: flop * _STEP}).facts.get(_ROLE) is not False:
            return _room(model, flop)
    return None


def _thresholds(facts: Known, classifier: Classifier) -> Iterator[Decimal]:
    """The amounts at which a rule on the role turns."""
    original = facts.get("m.training_flop")
    for rule in classifier.rules.get(_ROLE, ()):
        for leaf in rule.when.leaves():
            if leaf.above is not None and leaf.fact == _SPENT:
                yield leaf.above
            elif leaf.above is not None and original is not None and classifier.catalog.facts[leaf.fact or ""].ratio_of:
                yield leaf.above * Between.of(original).least


def _room(model: Model, flop: Decimal) -> TuningRoom:
    active, trained = model.parameters_active_b or model.parameters_total_b, model.training_compute
    return TuningRoom(
        model=model.id, flop=flop, tokens=int(flop / (FLOP_A_TOKEN * active.value * 10**9)) if active else None,
        original=Between(least=trained.value.least, most=trained.value.most) if trained else None,
        source=trained.source if trained else None, date=trained.date if trained else None,
    )

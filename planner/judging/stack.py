"""The stack of one choice, from agents down to chips: who owns each layer, under whose law, and who could switch it off."""
from __future__ import annotations

from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, OfferKind, Party, SovereigntyFramework
from planner.domain.report import Stack, StackLayer
from planner.judging.deployment import OWN, Deployment
from planner.judging.rungs import FactSet
from planner.judging.sovereignty import DEFAULT_FRAMEWORK
from planner.judging.subject import Facts

UNKNOWN = "not known"
_COULD_BE_WITHDRAWN = {"open-source": False, "proprietary-eu": False, "proprietary-foreign": True}
_STOPS = {"stops": True, "delay": True, "contract": False, "substitutable": False, "autonomous": False}


def stack_of(
    deployment: Deployment, catalog: Catalog, assessment: Assessment | None, framework_id: str = DEFAULT_FRAMEWORK,
) -> Stack:
    """The layers L4 (applications) to L1 (compute) of one deployment, with owner, law, and whether that owner could switch it off.

    `could_switch_off` is None where neither mode, licence nor facts tell. The law is that of the country of whoever controls the
    owner in the end. Raises KeyError where the catalog has no such framework.
    """
    framework: SovereigntyFramework = catalog.frameworks[framework_id]
    facts = Facts(assessment, catalog, framework)
    subject = facts.subject(deployment)
    operator, owner = deployment.operator, deployment.site_owner or deployment.operator
    run_by_customer = bool(_value(subject.facts, "sov.operated_by_customer"))
    seats = deployment.offer is not None and deployment.offer.kind is OfferKind.SEATS
    customer = catalog.parties.get(OWN)
    serving = catalog.parties.get(framework.serving_stack or "") if run_by_customer else operator
    chips, _ = facts.chips_of(deployment)
    layers = (
        _layer("L4", "Agents and applications", operator if seats else customer, facts, True if seats else False,
               "a product of the operator" if seats else "your own applications"),
        _layer("L3", "Serving and tools", serving, facts, False if run_by_customer else operator.id != OWN,
               "open source that you run yourself" if run_by_customer else "run by the operator"),
        _layer("L2", "Model", deployment.vendor, facts, *_model(_value(subject.facts, "sov.weights"))),
        _layer("L1", "Cloud platform", operator, facts, *_platform(operator, facts.of_party(operator))),
        _layer("L1", "Servers and site", owner, facts, owner.id != OWN, deployment.country and f"in {deployment.country}"),
        _layer("L1", "Chips", chips, facts, *_chips(chips, subject.facts)),
    )
    return Stack(workload=deployment.workload.id if deployment.workload else "none", layers=layers)


def _layer(layer: str, name: str, owner: Party | None, facts: Facts, could_switch_off: bool | None, note: str | None = None) -> StackLayer:
    law = _value(facts.of_party(owner), "party.owner_country") or owner.country if owner else None
    return StackLayer(
        layer=layer, name=name, owner=owner.name if owner else UNKNOWN, law=law or UNKNOWN, could_switch_off=could_switch_off,
        note=note or None,
    )


def _value(facts: FactSet, name: str) -> Any:
    known = facts.get(name)
    return known.value if known else None


def _model(terms: str | None) -> tuple[bool | None, str]:
    """Who holds the weights decides whether their maker can take the model away."""
    return {
        "held": (False, "you hold the weights under an irrevocable licence"),
        "open": (False, "the weights are open for good; another operator can serve them"),
        "at-will": (True, "the licence can be called back"),
        "closed": (True, "the weights are with their maker"),
        "no-model": (None, "no model is judged"),
    }.get(terms or "", (None, "the licence does not say whether it can be called back"))


def _platform(operator: Party, facts: FactSet) -> tuple[bool | None, str]:
    """The operator can always stop its own service; the note says whether somebody behind it could stop the operator."""
    if operator.id == OWN:
        return False, "your own operation"
    withdrawal = _value(facts, "party.cut_off")
    base = _value(facts, "party.software_base")
    behind = _STOPS.get(withdrawal) if withdrawal else _COULD_BE_WITHDRAWN.get(base)
    return True, {
        True: "the technology behind it could be withdrawn too", False: "no technology supplier behind it could stop it at once",
        None: "whether a supplier behind it could stop it is not known",
    }[behind]


def _chips(maker: Party | None, facts: FactSet) -> tuple[bool | None, str]:
    """Installed chips keep running; supply, drivers and firmware stay with the maker. Nothing is said of a maker not known."""
    if maker is None:
        return None, "the maker of the accelerators is not known"
    if _value(facts, "sov.on_own_hardware"):
        return False, "installed chips keep running; new supply and firmware depend on the maker"
    return None, "chips of the operator; new supply and firmware depend on the maker"


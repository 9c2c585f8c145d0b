"""What a licence lets a licensee do, use by use: three-valued, from its terms alone. Unknown is never read as allowed."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from planner.domain.assessment import Assessment, Organisation
from planner.domain.base import Facts
from planner.domain.catalog import Catalog, Colour, Effect, Licence, Modality, Model, Permission, Trigger, Use
from planner.domain.conditions import Groups, deciding, holds
from planner.judging.deployment import Deployment
from planner.quantities import exact

REVIEWED = "licensee.terms_reviewed"  # counsel found that the terms allow the use
SEPARATE = "licensee.separate_licence"  # an agreement with the licensor covers the use
_PASSES_ON = (Use.REDISTRIBUTE, Use.HOST, Use.EMBED)  # somebody else gets the model, or a service made of it


class Ruling(StrEnum):
    """What a licence says of one use, from good to bad."""

    ALLOWED = "allowed"
    WITH_DUTIES = "allowed-with-duties"
    CANNOT_TELL = "cannot-tell"
    NEEDS_LICENCE = "needs-licence"
    FORBIDDEN = "forbidden"


_LIMITS = {Effect.FORBIDS: Ruling.FORBIDDEN, Effect.NEEDS_LICENCE: Ruling.NEEDS_LICENCE}


@dataclass(frozen=True, slots=True)
class LicenceVerdict:
    """One use: the ruling, what set it off (kind of trigger, clause), the source, a sentence, facts that would settle it, duties."""

    use: Use
    verdict: Ruling
    trigger: str | None
    clause: str | None
    source: str
    because: str
    unknown: frozenset[str] = frozenset()
    duties: tuple[str, ...] = ()


def colour(licence: Licence) -> Colour:
    """Open: every use is allowed to everybody on the same terms. Restricted: weights with a limit. Closed: no weights."""
    if not licence.weights_available:
        return Colour.CLOSED
    free = all(licence.permissions.get(use) is Permission.YES for use in Use)
    return Colour.OPEN if free and not licence.triggers else Colour.RESTRICTED


# ------------------------------------------------------------------------------------------------- the judge


def judge_licence(licence: Licence, licensee: Facts, uses: Sequence[Use], groups: Groups) -> tuple[LicenceVerdict, ...]:
    """A verdict for each use, in the order asked. `licensee` are `licensee.` facts; `groups` are the catalog's country groups."""
    return tuple(_judge(licence, licensee, use, groups) for use in uses)


def _judge(licence: Licence, licensee: Facts, use: Use, groups: Groups) -> LicenceVerdict:
    permission = licence.permissions.get(use, Permission.UNKNOWN)
    triggers = [trigger for trigger in licence.triggers if use in trigger.uses]
    verdict = _limit(licence, licensee, use, triggers, groups)
    if verdict is None and permission is Permission.NO:
        verdict = _verdict(licence, use, Ruling.FORBIDDEN, f"{licence.name} does not allow this use")
    if verdict is not None and licensee.get(SEPARATE) is True:
        why, agreement = "a separate agreement with the licensor covers it", ("Keep to the separate agreement",)
        return _verdict(licence, use, Ruling.WITH_DUTIES, why, duties=agreement)
    verdict = verdict or _unsettled(licence, licensee, use, permission, triggers)
    return verdict or _allowed(licence, licensee, use, permission, triggers, groups)


def _limit(licence: Licence, licensee: Facts, use: Use, triggers: Sequence[Trigger], groups: Groups) -> LicenceVerdict | None:
    """The worst limit that is set off; else what has to be known to be sure that none is; else None."""
    limits = [(trigger, holds(trigger.when, licensee, groups)) for trigger in triggers if trigger.effect in _LIMITS]
    met = [trigger for trigger, truth in limits if truth is True]
    if met:
        worst = min(met, key=lambda trigger: trigger.effect is not Effect.FORBIDS)
        return _verdict(licence, use, _LIMITS[worst.effect], _sentence(worst), worst)
    open_ = [trigger for trigger, truth in limits if truth is None]
    if not open_ or licence.permissions.get(use) is Permission.NO:
        return None
    unknown = frozenset().union(*(deciding(trigger.when, licensee, groups)[1] for trigger in open_))
    return _verdict(licence, use, Ruling.CANNOT_TELL, f"it is not known whether this holds: {open_[0].says}", open_[0], unknown)


def _unsettled(licence: Licence, licensee: Facts, use: Use, permission: Permission, triggers: Sequence[Trigger]) -> LicenceVerdict | None:
    """Terms nobody has read, or that leave a use open, allow nothing until counsel says so."""
    limited = any(trigger.effect in _LIMITS for trigger in triggers)
    stated = permission is Permission.YES or (permission is Permission.CONDITIONAL and (limited or licence.conditions or triggers))
    if stated and licence.evidence != "not-read":
        return None
    if licensee.get(REVIEWED) is True:
        return _verdict(licence, use, Ruling.WITH_DUTIES, "counsel found that the terms allow it", duties=licence.conditions)
    why = f"the text of {licence.name} was not read" if licence.evidence == "not-read" else f"{licence.name} leaves this use open"
    return _verdict(licence, use, Ruling.CANNOT_TELL, why, unknown=frozenset({REVIEWED}))


def _allowed(
    licence: Licence, licensee: Facts, use: Use, permission: Permission, triggers: Sequence[Trigger], groups: Groups
) -> LicenceVerdict:
    """Allowed; with duties where one is set off or might be, where the model is passed on, or where the use depends on the conditions."""
    duties = [(trigger, holds(trigger.when, licensee, groups)) for trigger in triggers if trigger.effect is Effect.ADDS_DUTY]
    raised = [trigger for trigger, truth in duties if truth is not False]
    unknown = frozenset().union(*(deciding(trigger.when, licensee, groups)[1] for trigger, truth in duties if truth is None))
    limited = any(trigger.effect in _LIMITS for trigger in triggers)
    bound = use in _PASSES_ON or not licence.weights_available or (permission is Permission.CONDITIONAL and not limited)
    conditions = licence.conditions if bound else ()
    if not raised and not conditions:
        return _verdict(licence, use, Ruling.ALLOWED, f"{licence.name} allows it")
    because = f"{licence.name} allows it, under conditions"
    first = raised[0] if raised else None
    return _verdict(licence, use, Ruling.WITH_DUTIES, because, first, unknown, (*conditions, *(trigger.says for trigger in raised)))


def _sentence(trigger: Trigger) -> str:
    text = trigger.says[0].lower() + trigger.says[1:]
    return text + (f"; the way out: {trigger.remedy[0].lower() + trigger.remedy[1:]}" if trigger.remedy else "")


def _verdict(
    licence: Licence, use: Use, ruling: Ruling, because: str, trigger: Trigger | None = None, unknown: frozenset[str] = frozenset(),
    duties: tuple[str, ...] = (),
) -> LicenceVerdict:
    kind, clause = (trigger.kind.value, trigger.clause) if trigger else (None, None)
    return LicenceVerdict(use, ruling, kind, clause, licence.source, because, unknown, duties)


def duties(licence: Licence, verdicts: Sequence[LicenceVerdict]) -> tuple[str, ...]:
    """What has to be done where a use is allowed: the standing conditions, then the duties that were raised; else nothing."""
    allowed = [v for v in verdicts if v.verdict in (Ruling.ALLOWED, Ruling.WITH_DUTIES)]
    if not allowed:
        return ()
    return tuple(dict.fromkeys((*licence.conditions, *(duty for v in allowed for duty in v.duties))))


def art_53_2(licence: Licence) -> dict[str, str]:
    """Whether the terms count as free and open for the AI Act's exemption: `verdict`, `paragraph` of the guidelines, `because`.

    Only the licence limb: weights, architecture and usage information have to be public too, and systemic risk ends it.
    """
    return {"verdict": licence.art_53_2, "paragraph": licence.art_53_2_paragraph, "because": licence.art_53_2_because}


# ------------------------------------------------------------------------------------- who asks, and for what


def licensee_facts(assessment: Assessment, deployment: Deployment, catalog: Catalog, as_of: date) -> Facts:
    """The `licensee.` facts of an organisation and one deployment. Revenue is converted to USD at the latest rate on or before `as_of`.

    What is declared under `licensee.` wins over what follows from other figures, the workload's words over the organisation's.
    """
    organisation, workload = assessment.organisation, deployment.workload
    public = _public(organisation)
    facts: dict[str, Any] = {
        "licensee.country": organisation.country, "licensee.public_body": public,
        "licensee.commercial_use": True if public is False else None,
        "licensee.monthly_active_users": organisation.monthly_active_users,
        "licensee.hosts_for_third_parties": organisation.hosts_for_third_parties,
        "licensee.monthly_revenue_usd": _revenue_usd(organisation, catalog, as_of),
        "licensee.multimodal_use": deployment.model and _multimodal(deployment.model),
        SEPARATE: True if assessment.evidence.get("ev.separate_licence") or assessment.evidence.get("ev.commercial_licence") else None,
    }
    sources: list[Mapping[str, Any]] = [organisation.facts, assessment.evidence]
    if workload is not None:
        facts["licensee.embeds_in_product"] = workload.embeds_in_product
        facts["licensee.fine_tunes"] = workload.tuning.kind in ("fine-tune", "adapter")
        facts["licensee.distils_outputs"] = workload.tuning.kind == "distil"
        sources.append(workload.facts)
    for source in sources:
        facts |= {name: value for name, value in source.items() if name.startswith("licensee.")}
    return {name: value for name, value in facts.items() if value is not None}


def _multimodal(model: Model) -> bool:
    """Whether a model takes images, sound or video: a licence that treats such models apart looks at the model, not at its use."""
    return any(modality in (Modality.IMAGE, Modality.AUDIO, Modality.VIDEO) for modality in model.reads.value)


def _public(organisation: Organisation) -> bool | None:
    """A public administration is a public body; nothing else follows from a sector, as hospitals or schools may be either."""
    if organisation.public_body is None and organisation.sector == "public-administration":
        return True
    return organisation.public_body


def _revenue_usd(organisation: Organisation, catalog: Catalog, as_of: date) -> Decimal | None:
    """The group's revenue of a month in dollars; None where it, or a rate for its currency, is not known."""
    revenue = organisation.group_monthly_revenue
    if revenue is None or revenue.currency == "USD":
        return revenue.amount if revenue else None
    try:
        into, out_of = catalog.rate("USD", as_of).per_eur, catalog.rate(revenue.currency, as_of).per_eur
    except KeyError:
        return None
    with exact():
        return revenue.amount * into / out_of


def uses_of(deployment: Deployment, assessment: Assessment) -> tuple[Use, ...]:
    """What a deployment does under the terms of the model.

    Whoever holds the weights is bound by their licence. Over an API, on seats or on the licensor's own machines the weights' licence
    binds the operator; the customer is bound by it only for what is made of the outputs. Where no weights are to be had, the terms are
    those of the API, and bind whoever calls it.
    """
    mode, licence, workload = deployment.mode, deployment.licence, deployment.workload
    if mode is None or licence is None:
        return ()
    tuning = workload.tuning.kind if workload else "none"
    distils = (Use.DISTIL,) if tuning == "distil" else ()
    if not mode.weights_held_by_customer and licence.weights_available:
        return distils
    uses = [Use.INTERNAL, *(() if _public(assessment.organisation) else (Use.COMMERCIAL,))]
    if tuning in ("fine-tune", "adapter"):
        uses.append(Use.FINE_TUNE)
    if workload is not None and workload.embeds_in_product:
        uses.append(Use.EMBED)
    return (*uses, *distils)


# ------------------------------------------------------------------------------------------- one model, asked alone

_MEANT_BY = {
    "licensee.fine_tunes": (Use.MODIFY, Use.FINE_TUNE), "licensee.redistributes": (Use.REDISTRIBUTE,),
    "licensee.hosts_for_third_parties": (Use.HOST,), "licensee.embeds_in_product": (Use.EMBED,), "licensee.distils_outputs": (Use.DISTIL,),
}


def desk(model: Model, licensee: Facts, catalog: Catalog) -> dict[str, Any]:
    """What one licensee may do with one model's weights (or API), as plain data: licence, colour, verdicts, duties, art_53_2.

    Internal use is always judged, commercial use unless the licensee is a public body, other uses where a fact says that they are meant.
    """
    uses = [Use.INTERNAL, *(() if licensee.get("licensee.public_body") else (Use.COMMERCIAL,))]
    uses += [use for name, meant in _MEANT_BY.items() if licensee.get(name) for use in meant]
    licence = catalog.licences[model.licence.value]
    verdicts = judge_licence(licence, _asking(model, licensee), uses, catalog.country_groups)
    return _answer(licence, verdicts)


def every_use(model: Model, licensee: Facts, catalog: Catalog) -> dict[str, Any]:
    """As `desk`, for every use, each judged as if the licensee meant it: whoever asks about hosting hosts for others."""
    licence = catalog.licences[model.licence.value]
    verdicts: list[LicenceVerdict] = []
    for use in Use:
        meant = {name: True for name, uses in _MEANT_BY.items() if use in uses}
        facts = _asking(model, {**licensee, **meant, **({"licensee.commercial_use": True} if use is Use.COMMERCIAL else {})})
        verdicts += judge_licence(licence, facts, [use], catalog.country_groups)
    return _answer(licence, verdicts)


def _asking(model: Model, licensee: Facts) -> Facts:
    """The licensee's facts with what follows from the model, and from being no public body."""
    facts = {"licensee.multimodal_use": _multimodal(model), **licensee}
    return {"licensee.commercial_use": True, **facts} if facts.get("licensee.public_body") is False else facts


def _answer(licence: Licence, verdicts: Sequence[LicenceVerdict]) -> dict[str, Any]:
    return {
        "licence": licence.name, "colour": colour(licence).value, "verdicts": [_plain(v) for v in verdicts],
        "duties": list(duties(licence, verdicts)), "art_53_2": art_53_2(licence),
    }


def _plain(verdict: LicenceVerdict) -> dict[str, Any]:
    plain = asdict(verdict)
    words = {"use": verdict.use.value, "verdict": verdict.verdict.value}
    return plain | words | {"unknown": sorted(verdict.unknown), "duties": list(verdict.duties)}

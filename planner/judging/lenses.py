"""Second lenses on the same party facts: SecNumCloud, C5, laws that ask for them, proposed Union assurance levels. Unknown is never met."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.domain.catalog import Catalog, Party
from planner.domain.catalog.lenses import Lens, LensCriterion
from planner.domain.conditions import Condition, Groups, Truth, deciding, holds
from planner.domain.lens import CriterionVerdict, LensReading
from planner.judging.deployment import OWN
from planner.judging.rungs import FactSet, certain, fact_set

_ORDER = ("law", "scheme", "proposal")


def lens_readings(party: Party, catalog: Catalog) -> tuple[LensReading, ...]:
    """One reading for each lens of the catalog: law before schemes before proposals."""
    facts = fact_set(party.facts)
    if party.id == OWN and party.country:
        facts["party.entity_country"] = certain(party.country)
    lenses = sorted(catalog.lenses.values(), key=lambda lens: (_ORDER.index(lens.status), lens.id))
    return tuple(_reading(lens, party, facts, catalog.country_groups) for lens in lenses)


def _reading(lens: Lens, party: Party, facts: FactSet, groups: Groups) -> LensReading:
    verdicts = [_verdict(c, level, facts, groups) for level, one in enumerate(lens.levels, 1) for c in one.criteria]
    return LensReading(
        lens=lens.id, name=lens.name, status=lens.status, says=lens.says, party=party.id, party_name=party.name,
        levels=tuple(level.name for level in lens.levels), criteria=tuple(verdicts), asked_by=lens.asked_by, source=lens.source,
        checked=lens.checked, verified=lens.verified,
        proven=_reached(lens, {v.id for v in verdicts if v.status == "met"}),
        known=_reached(lens, {v.id for v in verdicts if v.status == "met" or v.status == "unknown" and v.to_verify}),
        possible=_reached(lens, {v.id for v in verdicts if v.status != "unmet"}),
    )


def _reached(lens: Lens, held: set[str]) -> int:
    """The highest level whose demands hold, and those of all levels below it."""
    for number, level in enumerate(lens.levels):
        if not {criterion.id for criterion in level.criteria} <= held:
            return number
    return len(lens.levels)


def _verdict(criterion: LensCriterion, level: int, facts: FactSet, groups: Groups) -> CriterionVerdict:
    """Met by what is proved; broken by anything that is known, for an unread fact is a warning all the same; else open.

    A value that is only the least a scheme gives can meet a demand and never break one.
    """
    proved = {name: known.proof for name, known in facts.items() if known.proof is not None}
    said = {name: known.value for name, known in facts.items()}
    sure = {name: known.value for name, known in facts.items() if not known.least}
    met, said_met = (_holds(criterion.met_by, facts_so, groups) for facts_so in (proved, said))
    broken = _holds(criterion.broken_by, sure, groups)
    status = "met" if met else "unmet" if broken else "unknown"
    carried = criterion.broken_by if status == "unmet" else criterion.met_by
    unread = status == "unmet" and _holds(criterion.broken_by, _only(proved, sure), groups) is not True
    return CriterionVerdict(
        id=criterion.id, level=level, says=criterion.says, cites=criterion.cites, status=status,
        to_verify=bool(status == "unknown" and said_met or unread), facts=_carrying(carried, said, groups),
        ask=None if status == "met" else criterion.ask,
    )


def _holds(condition: Condition | None, facts: Mapping[str, Any], groups: Groups) -> Truth:
    return None if condition is None else holds(condition, facts, groups)


def _only(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}


def _carrying(condition: Condition | None, facts: Mapping[str, Any], groups: Groups) -> tuple[str, ...]:
    return () if condition is None else tuple(sorted(deciding(condition, facts, groups)[0]))

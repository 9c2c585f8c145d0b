"""The rows of DORA's register of information that follow from a plan: who is who, which contract, which function, which service."""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.domain.base import Basis
from planner.domain.catalog import Party
from planner.quantities import round_cents
from planner.reporting.exports.known import Known, Use

FINANCIAL = "org.financial_entity"
FOREVER = "9999-12-31"  # what the Regulation asks for where there is no end
_CRITICAL = "wl.critical_or_important_function"
_YES, _NO, _NOT_ASSESSED = "eba_BT:x28", "eba_BT:x29", "eba_BT:x21"
_ENTITY = "PLACEHOLDER-LEI"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and why it is so: known, not-applicable, missing, placeholder, or proposed from the plan, the kind or the catalog."""

    value: str = ""
    why: str = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a template: its cells by column, what it is about in words, the provider it speaks of, and whether it is the entity's own."""

    cells: Mapping[str, Cell]
    about: str
    provider: str = ""
    own: bool = False


NOT_APPLICABLE = Cell("", "not-applicable")
ENTITY = Cell(_ENTITY, "placeholder")


def rows_of(known: Known, services: Mapping[str, str], entities: Mapping[str, str]) -> dict[str, tuple[Row, ...]]:
    """Template -> its rows. `services` and `entities` say which type of service an offer, and of entity a sector, is taken for."""
    maker = _Rows(known, services, entities)
    return {
        "B_01.01": (maker.keeper(),), "B_01.02": (maker.entity(),), "B_02.01": tuple(maker.contracts()), "B_02.02": tuple(maker.uses()),
        "B_03.01": tuple(maker.signers()), "B_03.02": tuple(maker.providers_signing()), "B_04.01": tuple(maker.users()),
        "B_05.01": tuple(maker.providers()), "B_05.02": tuple(maker.chains()), "B_06.01": tuple(maker.functions()),
        "B_07.01": tuple(maker.assessments()),
    }


class _Rows:
    def __init__(self, known: Known, services: Mapping[str, str], entities: Mapping[str, str]):
        self.known, self.services, self.entities = known, services, entities
        self.organisation = known.assessment.organisation
        self.function = {key: f"F{number}" for number, key in enumerate(dict.fromkeys(use.workload.id for use in known.uses), 1)}
        self.by_operator: dict[str, list[Use]] = {}
        for use in known.uses:
            if use.outside:
                self.by_operator.setdefault(use.choice.operator, []).append(use)

    # ---------------------------------------------------------------------------------------- the entity

    def _entity_head(self) -> dict[str, Cell]:
        kind = self.entities.get(self.organisation.sector)
        return {"c0010": ENTITY, "c0020": Cell(self.organisation.name, "known"), "c0030": Cell(_country(self.organisation.country), "known"),
                "c0040": Cell(kind, "kind") if kind else Cell()}

    def keeper(self) -> Row:
        """B_01.01: who keeps the register."""
        return Row(self._entity_head(), self.organisation.name)

    def entity(self) -> Row:
        """B_01.02: the one entity that a plan knows."""
        day = Cell(self.known.report.provenance.as_of.isoformat(), "plan")
        more = {"c0070": day, "c0080": day, "c0090": Cell(FOREVER, "plan"), "c0100": Cell("eba_CU:EUR", "plan")}
        return Row({**self._entity_head(), **more}, self.organisation.name)

    # ------------------------------------------------------------------------------------- the contracts

    def contracts(self) -> Iterator[Row]:
        """B_02.01: one arrangement for each operator, at the plan's mean cost of twelve months."""
        for operator in self.by_operator:
            cells = {"c0010": _contract(operator), "c0020": Cell("eba_CO:x1", "plan"), "c0030": NOT_APPLICABLE, "c0040": Cell("eba_CU:EUR", "plan"),
                     "c0050": Cell(self._yearly(operator), "plan")}
            yield self._row(cells, operator)

    def uses(self) -> Iterator[Row]:
        """B_02.02: one row for each function that an arrangement serves."""
        for operator, uses in self.by_operator.items():
            for use in _first_of_each(uses, lambda use: (use.workload.id, self._service(use).value, use.choice.country)):
                cells = {
                    "c0010": _contract(operator), "c0020": ENTITY, "c0030": _code(operator), "c0050": Cell(self.function[use.workload.id], "known"),
                    "c0060": self._service(use), "c0070": Cell(self.known.assessment.horizon.start.isoformat(), "plan"), "c0090": NOT_APPLICABLE,
                    **self._conditions(use),
                }
                yield self._row(cells, operator, use)

    def _conditions(self, use: Use) -> dict[str, Cell]:
        """What is mandatory for a critical or important function, and asked where nobody has said that it is not one."""
        asked = NOT_APPLICABLE if use.facts.get(_CRITICAL) is False else Cell()
        place = Cell(_country(use.choice.country), "plan") if use.choice.country else None
        offer = use.deployment.offer
        kept = offer.retains_days if offer else None
        stored = asked if kept is None else Cell(_YES if kept else _NO, "catalog")
        about_stored = NOT_APPLICABLE if kept == 0 else asked
        law = _seen(use.deployment.operator, "party.contract_law_country")
        return {
            "c0100": asked, "c0110": asked, "c0120": Cell(_country(law), "catalog") if law else asked, "c0130": place or asked, "c0140": stored,
            "c0150": about_stored, "c0160": place or Cell(), "c0170": about_stored, "c0180": asked,
        }

    def signers(self) -> Iterator[Row]:
        """B_03.01: the entity signs every arrangement."""
        for operator in self.by_operator:
            yield self._row({"c0010": _contract(operator), "c0020": ENTITY, "c0030": Cell("true", "known")}, operator)

    def providers_signing(self) -> Iterator[Row]:
        """B_03.02: each operator signs its own."""
        for operator in self.by_operator:
            yield self._row({"c0010": _contract(operator), "c0020": _code(operator), "c0045": Cell("true", "known")}, operator)

    def users(self) -> Iterator[Row]:
        """B_04.01: the entity uses every service; branches are its own to add."""
        for operator in self.by_operator:
            cells = {"c0010": _contract(operator), "c0020": ENTITY, "c0030": Cell("eba_ZZ:x839", "plan"), "c0040": NOT_APPLICABLE}
            yield self._row(cells, operator)

    # ------------------------------------------------------------------------------------- the providers

    def providers(self) -> Iterator[Row]:
        """B_05.01: each operator, and who owns the site where that is somebody else."""
        below = {owner.id: owner for use in self.known.uses if use.outside and (owner := _below(use))}
        for operator, uses in self.by_operator.items():
            yield self._provider(uses[0].deployment.operator, Cell(self._yearly(operator), "plan"))
        for key in sorted(below.keys() - self.by_operator.keys()):
            yield self._provider(below[key], NOT_APPLICABLE)

    def _provider(self, party: Party, cost: Cell) -> Row:
        name = Cell(party.name, "catalog")
        parent = _code(party.parent) if party.parent else Cell()
        cells = {
            "c0010": _code(party.id), "c0050": name, "c0060": name, "c0070": Cell("eba_CT:x212", "kind"),
            "c0080": Cell(_country(party.country), "catalog") if party.country else Cell(),
            "c0090": Cell("eba_CU:EUR", "plan") if cost.value else NOT_APPLICABLE, "c0100": cost, "c0110": parent,
        }
        return Row(cells, party.name, party.name)

    def chains(self) -> Iterator[Row]:
        """B_05.02: the operator at rank 1, and the owner of the site at rank 2 where the catalog knows one."""
        seen = set()
        for operator, uses in self.by_operator.items():
            for use in uses:
                service, owner = self._service(use), _below(use)
                if (operator, service) not in seen:
                    seen.add((operator, service))
                    yield self._row({"c0010": _contract(operator), "c0020": service, "c0030": _code(operator), "c0050": Cell("1", "known"),
                                     "c0060": NOT_APPLICABLE, "c0070": NOT_APPLICABLE}, operator)
                if owner and (operator, owner.id) not in seen:
                    seen.add((operator, owner.id))
                    cells = {"c0010": _contract(operator), "c0020": Cell("eba_TA:S07", "kind"), "c0030": _code(owner.id),
                             "c0050": Cell("2", "catalog"), "c0060": _code(operator)}
                    yield Row(cells, f"{self._name(operator)} / {owner.name}", owner.name)

    # ------------------------------------------------------------------------------- functions, assessments

    def functions(self) -> Iterator[Row]:
        """B_06.01: each workload as the function it serves."""
        for use in _first_of_each(self.known.uses, lambda use: use.workload.id):
            critical = use.facts.get(_CRITICAL)
            cells = {
                "c0010": Cell(self.function[use.workload.id], "known"), "c0030": Cell(use.workload.name, "plan"), "c0040": ENTITY,
                "c0050": Cell(_NOT_ASSESSED, "plan") if critical is None else Cell(_YES if critical else _NO, "known"),
            }
            yield Row(cells, f"{self.function[use.workload.id]} {use.workload.name}", own=not use.outside)

    def assessments(self) -> Iterator[Row]:
        """B_07.01: one row for each kind of service of an arrangement; the judgement itself is the entity's."""
        ready = {use.workload.id for use in self.known.uses if use.choice.stands_by}
        for operator, uses in self.by_operator.items():
            for service in dict.fromkeys(self._service(use) for use in uses):
                ours = [use for use in uses if self._service(use) == service]
                plans = {use.facts.get("dep.exit_plan") for use in ours}
                exits = Cell(_YES, "known") if plans == {True} else Cell(_NO, "known") if False in plans else Cell()
                standby = all(use.workload.id in ready for use in ours)
                cells = {"c0010": _contract(operator), "c0020": _code(operator), "c0040": service, "c0080": exits,
                         "c0110": Cell(_YES, "plan") if standby else Cell()}
                yield self._row(cells, operator)

    # ------------------------------------------------------------------------------------------- pieces

    def _row(self, cells: dict[str, Cell], operator: str, use: Use | None = None) -> Row:
        name = self._name(operator)
        return Row(cells, f"{name} / {self.function[use.workload.id]}" if use else name, name)

    def _name(self, operator: str) -> str:
        return self.known.world.parties[operator].name

    def _service(self, use: Use) -> Cell:
        kind = use.deployment.offer.kind.value if use.deployment.offer else ""
        return Cell(self.services[kind], "kind") if kind in self.services else Cell()

    def _yearly(self, operator: str) -> str:
        plan = self.known.report.plan
        assert plan is not None
        return format(round_cents(plan.cost.by_operator.get(operator, Decimal(0)) * 12 / plan.months), "f")


def _first_of_each(uses: Iterable[Use], key: Callable[[Use], Hashable]) -> list[Use]:
    """One use for each key, in their order: a workload may be served in several ways."""
    found: dict[Hashable, Use] = {}
    for use in uses:
        found.setdefault(key(use), use)
    return list(found.values())


def _below(use: Use) -> Party | None:
    """Who owns the site, where that is neither the operator nor unknown."""
    owner = use.deployment.site_owner
    return owner if owner and owner.id != use.choice.operator else None


def _seen(party: Party, fact: str) -> str | None:
    """A fact of a party that somebody has read or declared."""
    return next((str(r.value) for r in party.facts if r.fact == fact and r.basis in (Basis.SEEN, Basis.DECLARED)), None)


def _country(code: str | None) -> str:
    return f"eba_GA:{code}"


def _code(party: str) -> Cell:
    return Cell(f"PLACEHOLDER-{party.upper()}", "placeholder")


def _contract(operator: str) -> Cell:
    return Cell(f"PLACEHOLDER-CONTRACT-{operator.upper()}", "placeholder")

"""Sovereignty by itself: the scorecard, the paradox page, and the supply chain, of a saved plan or of one party."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.common import AsJson, CatalogFolder, console, emit, open_catalog, say
from planner.problems import UsageError, nearest

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog
    from planner.domain.lens import LensReading
    from planner.domain.paradox import Chain
    from planner.domain.report import Report, Scorecard
    from planner.judging.paradox import Resolve

FORMAT = {"format_version": "1"}


def score(
    plan_file: Annotated[Path | None, typer.Argument(metavar="[PLAN.json]", help="A saved plan.")] = None,
    operator: Annotated[str | None, typer.Option("--operator", metavar="ID", help="Score one operator or vendor by itself.")] = None,
    all_operators: Annotated[bool, typer.Option("--all-operators", help="Score every operator of the catalog.")] = False,
    page: Annotated[bool, typer.Option("--page", help="What is achieved, what still depends on whom, and the cheapest next step.")] = False,
    chain: Annotated[bool, typer.Option("--chain", help="The supply chain from chips to agents: who, under which law, who else.")] = False,
    lens: Annotated[bool, typer.Option("--lens", help="By other yardsticks: SecNumCloud, C5, proposed Union assurance levels.")] = False,
    resolve: Annotated[bool, typer.Option("--resolve", help="With --page: plan again without each party, for what leaving it costs.")] = False,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Score sovereignty by the Commission's 48 factors: proven, known and possible, with the causes."""
    if sum([plan_file is not None, operator is not None, all_operators]) != 1:
        raise UsageError("score: give a saved plan, or --operator ID, or --all-operators")
    if page + chain + lens > 1 or all_operators and (page or chain):
        raise UsageError("score: --page or --chain of one plan or one party, or --lens of any")
    if resolve and not (page and plan_file):
        raise UsageError("score: --resolve goes with --page and a saved plan")
    world = open_catalog(catalog)
    if all_operators:
        _all_by_lens(world, as_json) if lens else _all(world, as_json)
        return
    report = _saved(plan_file) if plan_file is not None else None
    head = FORMAT if report else {**FORMAT, "id": operator}
    if chain:
        _show_chains(list(_chains(report, operator, world)), head, as_json)
        return
    if lens:
        _show_lenses(report, operator, head, as_json, world)
        return
    card = report.scorecard if report else _party_card(operator or "", world)
    if page:
        _show_page(card, head, as_json, world, report if resolve else None, operator)
        return
    from planner.reporting.terminal import show_scorecard

    if as_json:
        beside = {} if operator is None else {"lenses": _lenses(None, operator, world)}
        emit({**head, **_fields(card), **beside})
    else:
        show_scorecard(card, console())


def _saved(plan_file: Path) -> Report:
    from planner.reading.saved import load_report

    report = load_report(plan_file)
    if report.scorecard is None:
        raise UsageError(f"{plan_file}: it holds no plan, so there is nothing to score")
    return report


def _party(operator: str, world: Catalog) -> Any:
    if operator not in world.parties:
        raise UsageError(f"--operator {operator}: the catalog has no such party; {nearest(operator, world.parties)}")
    return world.parties[operator]


def _party_card(operator: str, world: Catalog) -> Scorecard:
    from planner.judging.sovereignty import Scorer

    return Scorer(None, world).party_scorecard(_party(operator, world))


def _show_page(
    card: Scorecard, head: dict[str, Any], as_json: bool, world: Catalog, again: Report | None, operator: str | None,
) -> None:
    from planner.judging.given import compared
    from planner.judging.paradox import page_of
    from planner.judging.sovereignty import DEFAULT_FRAMEWORK
    from planner.reporting.paradox import show_page

    page = page_of(card, world.frameworks[DEFAULT_FRAMEWORK], _resolver(again, world) if again else None)
    if operator:
        page = page.model_copy(update={"compared": compared(_party(operator, world), world)})
    emit({**head, **_fields(page)}) if as_json else show_page(page, console())


def _resolver(report: Report, world: Catalog) -> Resolve | None:
    """Plans again without a party, on the day and by the assessment of the saved plan."""
    from planner.reading.assessment import assessment_from_data
    from planner.studies.cutting import leaving, replanner

    if report.plan is None:
        return None
    say("planning again without each party that holds a factor down; this can take a minute")
    assessment = assessment_from_data(report.assessment, world)
    return leaving(report.plan, assessment, world, replanner(world, report.provenance.as_of, report.assessment))


def _chains(report: Report | None, operator: str | None, world: Catalog) -> Iterator[Chain]:
    """One chain for a party, or one for every distinct way in a plan whose offer and model the catalog holds."""
    from planner.judging.chain import chain_of
    from planner.judging.deployment import deployment_of
    from planner.judging.sovereignty import alone

    if report is None or report.plan is None:
        party = _party(operator or "", world)
        yield chain_of(alone(party), world, None, party.name)
        return
    seen: dict[tuple[Any, ...], list[str]] = {}
    for choice in report.plan.choices:
        seen.setdefault((choice.model, choice.offer, choice.site), []).append(choice.workload)
    for (model, offer, site), workloads in seen.items():
        if model not in world.models or offer not in world.offers or (site and site not in world.sites):
            say(f"{', '.join(workloads)}: its model, offer or site is the assessment's own; its chain cannot be drawn from the catalog")
            continue
        subject = f"{', '.join(dict.fromkeys(workloads))}: {world.models[model].name}, {world.offers[offer].name}"
        yield chain_of(deployment_of(world, None, world.models[model], world.offers[offer], site), world, None, subject)


def _show_chains(chains: list[Chain], head: dict[str, Any], as_json: bool) -> None:
    from planner.reporting.paradox import show_chain

    if as_json:
        emit({**head, "chains": chains})
        return
    for chain in chains:
        show_chain(chain, console())


def _lenses(report: Report | None, operator: str | None, world: Catalog) -> list[LensReading]:
    """One party, or the operators of a plan other than the organisation itself, by every lens of the catalog."""
    from planner.judging.deployment import OWN
    from planner.judging.lenses import lens_readings

    if report is None or report.plan is None:
        return list(lens_readings(_party(operator or "", world), world))
    keys = sorted({c.operator for c in report.plan.choices} - {OWN})
    return [reading for key in keys if key in world.parties for reading in lens_readings(world.parties[key], world)]


def _show_lenses(report: Report | None, operator: str | None, head: dict[str, Any], as_json: bool, world: Catalog) -> None:
    from planner.reporting.lenses import show_lenses

    readings = _lenses(report, operator, world)
    emit({**head, "lenses": readings}) if as_json else show_lenses(readings, console())


def _operators(world: Catalog) -> dict[str, Any]:
    from planner.judging.deployment import OWN

    return {key: party for key, party in sorted(world.parties.items()) if "operator" in party.kinds and key != OWN}


def _all_by_lens(world: Catalog, as_json: bool) -> None:
    from planner.judging.lenses import lens_readings
    from planner.reporting.lenses import lens_grid

    found = {key: lens_readings(party, world) for key, party in _operators(world).items()}
    if as_json:
        emit({**FORMAT, "operators": [{"id": key, "lenses": readings} for key, readings in found.items()]})
    else:
        lens_grid(list(found.values()), console())


def _all(world: Catalog, as_json: bool) -> None:
    from planner.judging.sovereignty import Scorer

    scorer = Scorer(None, world)
    cards = [(key, scorer.party_scorecard(party)) for key, party in _operators(world).items()]
    if as_json:
        emit({**FORMAT, "operators": [{"id": key, **_fields(card)} for key, card in cards]})
    else:
        _ranking(cards)


def _fields(noun: Any) -> dict[str, Any]:
    """A noun's fields by name, for a document that has more keys than the noun."""
    return {name: getattr(noun, name) for name in type(noun).model_fields}


def _ranking(cards: list[tuple[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold")
    for column in ("operator", "SEAL proven", "known", "possible", "score", "range", "known share"):
        table.add_column(column)
    for _, card in sorted(cards, key=lambda item: (-item[1].overall.rating_out_of_10, item[0])):
        o = card.overall
        weights = sorted(o.score)[-1]
        low, high = o.score_range[weights]
        known = o.score[weights]
        table.add_row(Text(card.subject), str(o.seal.proven), "not known" if o.seal.known is None else str(o.seal.known), str(o.seal.possible),
                      "not known" if known is None else f"{known:.1f}", f"{low:.0f} to {high:.0f}", f"{o.coverage_percent:.0f} %")
    console().print(table)

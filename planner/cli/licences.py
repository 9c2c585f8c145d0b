"""The licence desk: what licences are known, what one says, and what it allows whom."""
from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, CatalogFolder, console, emit, open_catalog, say
from planner.problems import UsageError, nearest

app = typer.Typer(no_args_is_help=True)
FORMAT = {"format_version": "1"}

LicenseeFile = Annotated[
    Path | None, typer.Option("--licensee", metavar="FILE", help="Who asks: `facts: {licensee.country: DE, ...}`; a flag beside it wins.")
]
LicenseeCountry = Annotated[str | None, typer.Option("--country", help="The licensee's country, as two letters.")]
Revenue = Annotated[str | None, typer.Option("--monthly-revenue-usd", help="Of the whole group, in the preceding calendar month.")]
PublicBody = Annotated[bool | None, typer.Option("--public-body/--no-public-body", help="Whether the licensee is a public body.")]
ActiveUsers = Annotated[int | None, typer.Option("--monthly-active-users", min=0)]
Hosts = Annotated[bool | None, typer.Option("--hosts-for-third-parties/--no-hosts-for-third-parties")]
FineTunes = Annotated[bool | None, typer.Option("--fine-tunes/--no-fine-tunes")]
Distils = Annotated[bool | None, typer.Option("--distils/--no-distils")]
Embeds = Annotated[bool | None, typer.Option("--embeds/--no-embeds", help="Builds the model into a product.")]


@app.command("list")
def list_(catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """List the licences: colour, the AI Act's open-source exemption with its paragraphs, and whether the text was read."""
    world = open_catalog(catalog)
    items = [_row(licence, world) for licence in sorted(world.licences.values(), key=lambda licence: licence.id)]
    if as_json:
        emit({**FORMAT, "items": items})
        return
    _table(["licence", "colour", "Art. 53(2)", "par.", "text"], [
        [item["id"], item["colour"], item["art_53_2"]["verdict"], item["art_53_2"]["paragraph"], item["evidence"].removeprefix("text-")]
        for item in items])
    say(f"{len(items)} licences")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A licence's id, or a model whose licence is meant.")],
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show one licence: permissions, conditions, what sets off a limit, Art. 53(2), and its models with the openness that is known."""
    world = open_catalog(catalog)
    key = world.models[world.model_names[name]].licence.value if name in world.model_names else name
    if key not in world.licences:
        known = [*world.licences, *world.model_names]
        raise UsageError(f"licence show {name}: no such licence or model; {nearest(name, known) or 'see sovplan licence list'}")
    licence = world.licences[key]
    row = _row(licence, world)
    opened = {model: _openness(world.models[model], world) for model in row["models"]}
    if as_json:
        emit({**FORMAT, **row, "terms": licence, "openness": opened})
        return
    typer.echo(f"{licence.name} ({row['colour']}), by {licence.licensor}; {licence.spdx}")
    for use, permission in licence.permissions.items():
        typer.echo(f"  {use.value}: {permission.value}")
    for condition in licence.conditions:
        typer.echo(f"  duty: {condition}")
    for trigger in licence.triggers:
        way_out = f"; the way out: {trigger.remedy}" if trigger.remedy else ""
        typer.echo(f"  {trigger.effect.value} ({trigger.clause}): {trigger.says}{way_out}")
    _say_exemption(row["art_53_2"])
    typer.echo(f"  text: {'sha256 ' + licence.text_sha256 if licence.text_sha256 else 'no hash is kept'}")
    typer.echo(f"  evidence: {licence.evidence}, source {licence.source}, checked {licence.checked}, confidence {licence.confidence.value}")
    if licence.note:
        typer.echo(f"  note: {licence.note}")
    for model, openness in opened.items():
        if openness is not None:
            typer.echo(f"  openness of {model}: {_openness_words(openness)}")
    if silent := [model for model, openness in opened.items() if openness is None]:
        typer.echo(f"  openness not known: {', '.join(silent)}")


@app.command()
def check(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's id or alias.")],
    licensee: LicenseeFile = None,
    country: LicenseeCountry = None,
    monthly_revenue_usd: Revenue = None,
    public_body: PublicBody = None,
    monthly_active_users: ActiveUsers = None,
    hosts_for_third_parties: Hosts = None,
    fine_tunes: FineTunes = None,
    distils: Distils = None,
    embeds: Embeds = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say, use by use, what a licence allows this licensee: allowed, with duties, needs a licence, forbidden, or cannot tell."""
    from planner.judging.licences import desk

    world = open_catalog(catalog)
    found = _model(model, "check", world)
    flags = _flags(country, monthly_revenue_usd, public_body, monthly_active_users, hosts_for_third_parties, fine_tunes, distils, embeds)
    answer = desk(found, {**_licensee(licensee, world), **flags}, world)
    openness = _openness(found, world)
    if as_json:
        emit({**FORMAT, "model": found.id, **answer, "openness": openness})
        return
    typer.echo(f"{found.name}: {answer['licence']} ({answer['colour']})")
    for verdict in answer["verdicts"]:
        typer.echo(f"  {verdict['use']}: {verdict['verdict']}" + (f", because {verdict['because']}" if verdict["because"] else ""))
    for duty in answer["duties"]:
        typer.echo(f"  duty: {duty}")
    _say_exemption(answer["art_53_2"])
    typer.echo(f"  openness: {_openness_words(openness)}")


@app.command()
def compare(
    models: Annotated[list[str], typer.Argument(metavar="MODEL MODEL...", help="Ids or aliases of models.")],
    licensee: LicenseeFile = None,
    country: LicenseeCountry = None,
    monthly_revenue_usd: Revenue = None,
    public_body: PublicBody = None,
    monthly_active_users: ActiveUsers = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Lay the licences of several models side by side, use by use, each use judged as if this licensee meant it."""
    from planner.judging.licences import every_use

    world = open_catalog(catalog)
    found = {model.id: model for model in (_model(name, "compare", world) for name in models)}
    who = {**_licensee(licensee, world), **_flags(country, monthly_revenue_usd, public_body, monthly_active_users)}
    answers = {key: every_use(model, who, world) for key, model in found.items()}
    openness = {key: _openness(model, world) for key, model in found.items()}
    uses = [verdict["use"] for verdict in next(iter(answers.values()))["verdicts"]]
    by_use = {use: {key: answer["verdicts"][index] for key, answer in answers.items()} for index, use in enumerate(uses)}
    if as_json:
        heads = [{"model": key, **{k: answer[k] for k in ("licence", "colour", "art_53_2", "duties")}, "openness": openness[key]}
                 for key, answer in answers.items()]
        emit({**FORMAT, "licensee": who, "models": heads, "uses": [{"use": use, "verdicts": verdicts} for use, verdicts in by_use.items()]})
        return
    rows = [["licence", *(answer["licence"] for answer in answers.values())], ["colour", *(answer["colour"] for answer in answers.values())]]
    rows += [[use, *(verdict["verdict"].replace("-", " ") for verdict in verdicts.values())] for use, verdicts in by_use.items()]
    rows.append(["Art. 53(2)", *(f"{a['art_53_2']['verdict']} ({a['art_53_2']['paragraph']})" for a in answers.values())])
    rows.append(["openness", *(_openness_words(openness[key]) for key in answers)])
    _table(["", *answers], rows)
    for key, answer in answers.items():
        for because in dict.fromkeys(v["because"] for v in answer["verdicts"] if v["verdict"] not in ("allowed", "allowed-with-duties")):
            typer.echo(f"{key}: {because}")


# ------------------------------------------------------------------------------------------------- who asks


def _flags(
    country: str | None, revenue: str | None, public_body: bool | None, users: int | None, hosts: bool | None = None, tunes: bool | None = None,
    distils: bool | None = None, embeds: bool | None = None,
) -> dict[str, Any]:
    """The facts that flags state; a flag that was not given states none."""
    try:
        amount = None if revenue is None else Decimal(revenue)
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not (amount.is_finite() and amount >= 0):
        raise UsageError(f"--monthly-revenue-usd {revenue}: a number is needed, not below 0")
    given = {
        "country": country, "monthly_revenue_usd": amount, "public_body": public_body, "monthly_active_users": users,
        "hosts_for_third_parties": hosts, "fine_tunes": tunes, "distils_outputs": distils, "embeds_in_product": embeds,
    }
    return {f"licensee.{name}": value for name, value in given.items() if value is not None}


def _licensee(file: Path | None, world: Any) -> dict[str, Any]:
    """The facts of a licensee's file; facts about anything else are refused, as they would change nothing."""
    if file is None:
        return {}
    from planner.reading.facts_file import load_facts

    facts = load_facts(file, world)
    if foreign := [name for name in facts if not name.startswith("licensee.")]:
        raise UsageError(f"{file}: {foreign[0]} is no fact about a licensee; they begin with `licensee.`")
    return facts


def _model(name: str, command: str, world: Any) -> Any:
    if name not in world.model_names:
        raise UsageError(f"licence {command} {name}: the catalog has no such model; {nearest(name, world.model_names)}")
    return world.models[world.model_names[name]]


# -------------------------------------------------------------------------------------------------- answers


def _row(licence: Any, world: Any) -> dict[str, Any]:
    from planner.judging.licences import art_53_2, colour

    return {
        "id": licence.id, "name": licence.name, "spdx": licence.spdx, "licensor": licence.licensor, "colour": colour(licence).value,
        "art_53_2": art_53_2(licence), "evidence": licence.evidence, "source": licence.source, "checked": licence.checked,
        "models": sorted(key for key, model in world.models.items() if model.licence.value == licence.id),
    }


def _openness(model: Any, world: Any) -> dict[str, Any] | None:
    """The openness class of a model as plain data; None where its components are not known."""
    from planner.judging.openness import openness_of

    opened = openness_of(model, world)
    return None if opened is None else {
        "class": opened.reached, "name": opened.name, "progress": {str(level): round(share, 1) for level, share in opened.progress.items()},
        "missing": list(opened.missing), "unlicensed": list(opened.unlicensed), "not_open": list(opened.not_open),
        "source": model.components.source, "date": model.components.date,
    }


def _openness_words(openness: dict[str, Any] | None) -> str:
    if openness is None:
        return "not known"
    level = max(openness["class"] - 1, 1) if openness["class"] else 3
    ahead = f", {openness['progress'][str(level)]:.0f} % of Class {'I' * level}" if openness["class"] != 1 else ""
    return f"{openness['name']}{ahead}"


def _say_exemption(answer: dict[str, str]) -> None:
    typer.echo(f"  AI Act Art. 53(2) exemption: {answer['verdict']} (guidelines, par. {answer['paragraph']}): {answer['because']}")


def _table(columns: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)

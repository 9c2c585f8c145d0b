"""Many plans: frontier, scenarios, sensitivity, Monte Carlo and break-even, here, in several processes or on a cluster."""
from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, say
from planner.problems import Exit, Refused, Problem, UsageError

app = typer.Typer(no_args_is_help=True)
AssessmentFile = Annotated[Path, typer.Argument(metavar="ASSESSMENT", help="An assessment file (YAML).")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=256, help="How many processes work on it.")]
Dask = Annotated[str | None, typer.Option("--dask", metavar="ADDRESS", help="The scheduler of a Dask cluster (extra `cluster`).")]
Resume = Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Keep finished work here, and go on from it.")]
AsSvg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture to this file.")]
Limit = Annotated[float, typer.Option("--limit", metavar="SECONDS", min=0.1, help="How long the solver may work on one plan.")]


@app.callback()
def group() -> None:
    """Many plans of one assessment: what trades against what, what the future may bring, what the figures turn on."""


class StateFile(MutableMapping[str, Any]):
    """Results by key, one line of JSON each, written as they come; a line cut short by a kill is passed over."""

    def __init__(self, path: Path):
        self.path, self.kept = path, dict[str, Any]()
        if path.exists():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if not isinstance(entry, dict) or set(entry) != {"key", "result"}:
                    raise Refused([Problem(str(path), number, 1, "", "this is not a state file of a study", "give another name to --resume")])
                self.kept[entry["key"]] = entry["result"]

    def __setitem__(self, key: str, result: Any) -> None:
        self.kept[key] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "result": result}) + "\n")

    def __getitem__(self, key: str) -> Any:
        return self.kept[key]

    def __delitem__(self, key: str) -> None:
        del self.kept[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)


def _progress(what: str) -> Callable[[int, int], None]:
    """Talk on stderr: a line that is written over on a terminal, else a line for every tenth."""
    last = [-1]

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what}: {done} of {total}" + ("\n" if done == total else ""))
            sys.stderr.flush()
        elif total and (tenth := done * 10 // total) > last[0]:
            say(f"{what}: {done} of {total}")
            last[0] = tenth

    return tell


def _study(file: Path, as_of: str | None, folder: Path | None, limit: float, workers: int, dask: str | None, resume: Path | None, study: Any) -> Any:
    """Read, open an executor, and run `study(case, world, assessment, on, run)`; the time goes to stderr."""
    from planner.reading.assessment import load_assessment
    from planner.studies.executor import executor, run_all
    from planner.studies.question import ask, case_of

    world = open_catalog(folder)
    assessment, on = load_assessment(file, world), day(as_of)
    case = case_of(world, assessment, on, [folder] if folder else [], seconds=limit)
    kept: MutableMapping[str, Any] = StateFile(resume) if resume else {}
    begun = time.monotonic()
    with executor(workers, dask) as pool:
        def run(tasks: Sequence[Any]) -> list[Any]:
            return run_all(ask, tasks, pool, kept, _progress("plans"))

        made = study(case, world, assessment, on, run)
    say(f"{len(kept)} plans in {time.monotonic() - begun:.1f} s")
    return {"format_version": "1", "as_of": on, **made}


def _possible(made: dict[str, Any]) -> None:
    if made["today"]["outcome"] != "planned":
        say(f"today's assessment has no plan ({made['today']['outcome']}): `sovplan plan` says why")
        raise typer.Exit(int(Exit.NO_PLAN if made["today"]["outcome"] == "no-plan" else Exit.NOT_PROVED))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@app.command()
def frontier(
    assessment: AssessmentFile, points: Annotated[int, typer.Option("--points", min=3, max=100, help="How many levels are tried.")] = 8,
    svg: AsSvg = None, workers: Workers = 1, dask: Dask = None, resume: Resume = None, limit: Limit = 60, as_of: AsOf = None,
    catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show what sovereignty costs: plans that no other beats in both cost and score, and in cost and carbon where it is known."""
    from planner.reporting.study_drawings import Point, draw_frontier
    from planner.studies.frontier import frontier as study

    made = _study(assessment, as_of, catalog, limit, workers, dask, resume, lambda case, _w, a, _d, run: study(case, a, run, points))
    curve = [(Point(Decimal(p["cost_eur"]), Decimal(p["score"])), p["today"]) for p in made["points"] if p["curve"] == "sovereignty"]
    _save(svg, draw_frontier([p for p, _ in curve], next((p for p, today in curve if today), None)))
    if as_json:
        emit(made)
    else:
        table(["curve", "cost", "score", "carbon", "SEAL", "operators", ""], [
            [p["curve"], euros(p["cost_eur"]), f"{Decimal(p['score']):.1f}", "not known" if p["carbon_kg"] is None else f"{p['carbon_kg']:,} kg",
             str(p["seal"]), ", ".join(sorted({c["operator"] for c in p["choices"]})),
             " ".join(["today's plan"] * p["today"] + ["not proved"] * (not p["proved"]))] for p in made["points"]])
        if not made["carbon_known"]:
            typer.echo("Carbon: no plan whose carbon is known throughout, so there is no such curve.")
    _possible(made)


@app.command()
def scenarios(
    assessment: AssessmentFile, svg: AsSvg = None, workers: Workers = 1, dask: Dask = None, resume: Resume = None, limit: Limit = 60,
    as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Hold the plan against the futures of the catalog: what each would call for, what today's plan would be regretted by, early signs."""
    from planner.reporting.study_drawings import Regret, draw_regret
    from planner.studies.scenarios import scenarios as study

    made = _study(assessment, as_of, catalog, limit, workers, dask, resume, lambda case, world, _a, _d, run: study(case, world, run))
    rows = made["scenarios"]
    worlds = list(made["candidates"][0]["regret_eur"]) if made["candidates"] else []
    names = {s["id"]: s["name"] for s in rows}
    _save(svg, draw_regret(Regret(
        tuple(names.get(c["plan"], c["plan"]) for c in made["candidates"]), tuple(names.get(w, w) for w in worlds),
        tuple(tuple(_amount(c["regret_eur"][w]) for w in worlds) for c in made["candidates"]),
    )))
    if as_json:
        emit(made)
    else:
        table(["future", "its best plan", "today's, kept", "regret", "what changes"], [
            [s["name"], euros(s["plan"].get("cost_eur")), euros(s["today_kept_eur"], "not possible"), euros(s["regret_eur"]),
             ", ".join(s["changes"] or ()) or "nothing"] for s in rows])
        if made["least_regret"]:
            worst = next(c for c in made["candidates"] if c["plan"] == made["least_regret"])["largest_regret_eur"]
            typer.echo(f"\nLeast regret: the plan made for {made['least_regret']}; never more than {euros(worst)} above the best.")
        else:
            typer.echo("\nNo plan on the list is possible in every future.")
        for s in rows:
            typer.echo(f"\nSigns of: {s['name']}")
            for sign in s["signs"]:
                typer.echo(f"- {sign}")
    _possible(made)


@app.command()
def sensitivity(
    assessment: AssessmentFile, svg: AsSvg = None, workers: Workers = 1, dask: Dask = None, resume: Resume = None, limit: Limit = 60,
    as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show which assumptions move the plan: its cost at the low and the high end of each, and whether the choices change."""
    from planner.reporting.study_drawings import Swing, draw_tornado
    from planner.studies.sensitivity import sensitivity as study

    made = _study(assessment, as_of, catalog, limit, workers, dask, resume, study)
    _save(svg, draw_tornado([
        Swing(b["says"], Decimal(b["ends"]["low"]["cost_eur"]), Decimal(b["ends"]["high"]["cost_eur"]), Decimal(made["today"]["cost_eur"]))
        for b in made["bars"] if b["span_eur"] is not None
    ]))
    if as_json:
        emit(made)
    else:
        table(["assumption", "low", "value", "high", "cost at low", "cost at high", "choices change"], [
            [b["assumption"], b["low"], b["value"], b["high"], euros(b["ends"]["low"]["cost_eur"], "no plan"),
             euros(b["ends"]["high"]["cost_eur"], "no plan"), ", ".join(e for e in ("low", "high") if b["ends"][e]["changes"]) or "no"]
            for b in made["bars"]])
    _possible(made)


@app.command()
def montecarlo(
    assessment: AssessmentFile, draws: Annotated[int, typer.Option("--draws", min=1, max=100_000, help="How many worlds are drawn.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other draws.")] = 1,
    svg: AsSvg = None, workers: Workers = 1, dask: Dask = None, resume: Resume = None, limit: Limit = 60, as_of: AsOf = None,
    catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Draw many worlds over assumptions, price paths and growth: how often today's plan stays the best, and how its cost spreads."""
    from planner.reporting.study_drawings import draw_bars
    from planner.studies.montecarlo import montecarlo as study

    made = _study(assessment, as_of, catalog, limit, workers, dask, resume,
                  lambda case, world, a, on, run: study(case, world, a, on, run, draws, seed))
    _possible(made)
    told = made["summary"]
    _save(svg, draw_bars("Cost of today's plan over the draws", [(k, _amount(v)) for k, v in (told["cost_eur"] or {}).items()]))
    if as_json:
        emit(made)
        return
    typer.echo(f"Today's plan stays the best in {told['stays_best']} of {told['draws']} draws and possible in {told['possible']}; "
               f"in {told['no_plan_at_all']} nothing was possible. It keeps to its budget in {told['within_budget']}.")
    heads = ["p5", "p25", "median", "p75", "p95", "mean"]
    spreads = [("cost", told["cost_eur"] or {}), ("regret", told["regret_eur"] or {})]
    table(["", *heads], [[what, *(euros(spread.get(h)) for h in heads)] for what, spread in spreads])
    missed = [Decimal(m) for m in made["audit"]["missed_eur"] if m is not None]
    typer.echo(f"Searched: {len(made['short_list'])} offers a draw. {made['audit']['draws']} draws were searched again in the whole market: "
               f"the short list missed at most {euros(str(max(missed, default=Decimal(0))))}.")


@app.command()
def breakeven(
    assessment: AssessmentFile,
    workload: Annotated[str | None, typer.Option("--workload", metavar="ID", help="This workload alone.")] = None,
    cached: Annotated[str, typer.Option("--cached", metavar="SHARE,…", help="Shares of input that a cache answers; as stated where left out.")] = "",
    svg: AsSvg = None, workers: Workers = 1, dask: Dask = None, resume: Resume = None, limit: Limit = 60, as_of: AsOf = None,
    catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show from which traffic on renting or buying machines costs less than paying by the token, for each workload and for all."""
    from planner.reporting.study_drawings import draw_breakeven
    from planner.studies.breakeven import breakeven as study

    shares = [_share(s) for s in cached.split(",")] if cached else [None]

    def work(case: Any, world: Any, asked: Any, _on: Any, run: Any) -> Any:
        if workload is not None:
            chosen = [w for w in case["assessment"]["workloads"] if w["id"] == workload]
            if not chosen:
                raise UsageError(f"--workload {workload}: one of {', '.join(w.id for w in asked.workloads)}")
            case = {**case, "assessment": {**case["assessment"], "workloads": chosen}}
        return study(case, sorted(world.modes), run, cached=shares)

    made = _study(assessment, as_of, catalog, limit, workers, dask, resume, work)
    rows = [r for r in made["rows"] if workload is None or r["subject"] == workload]
    made = {**made, "rows": rows, "crossings": [c for c in made["crossings"] if workload is None or c["subject"] == workload]}
    _save(svg, draw_breakeven(rows))
    if as_json:
        emit(made)
        return
    modes = list(rows[0]["cost_eur"]) if rows else []
    table(["subject", "cached", "traffic", *modes, "cheapest"], [
        [r["subject"], r["cached_share"] or "as stated", r["traffic"], *(euros(r["cost_eur"][m]) for m in modes), r["cheapest"] or "none"]
        for r in rows])
    for c in made["crossings"]:
        typer.echo(c["says"] + ("" if c["cached_share"] is None else f" (cached share {c['cached_share']})") + ".")


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except ArithmeticError:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise UsageError(f"--cached {text}: a share between 0 and 1")
    return share


def _save(path: Path | None, svg: str) -> None:
    if path is not None:
        from planner.reporting.write import write_atomically

        write_atomically(path, svg.encode())
        say(f"written: {path}")


def euros(amount: str | None, none: str = "-") -> str:
    """An amount to the euro."""
    return none if amount is None else f"€ {Decimal(amount):,.0f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table on stdout; words of others stay words."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        made.add_column(Text(head))
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console().print(made)

"""One scale of ability from many public scores: the fit behind the catalog's abilities, in pure Python.

    python -m planner.studies.ability SCORES.csv [--json]

A score on an item (a benchmark in one edition and protocol) becomes log-odds; they rise with the ability of the model:
`y = slope x (ability - difficulty)`. Abilities and items are fitted in turn. Slopes are shrunk towards the usual slope of their source, so
that an item seen on few models says little. Each source measures something of its own besides ability, its misfit, which is learned from how
far the sources disagree: a source counts as one witness, however many rows it has. Scores on scales of their own (errors of speech,
hallucinations), composites, and runs in another harness stay out. What a study finds is compared with the catalog; it does not change it.
"""
from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from statistics import fmean, median, pstdev

ROUNDS = 40
EDGE = 0.02  # scores this close to nothing or to everything say no more than that
FEWEST = 4  # configurations that must share an item or two sources before anything is learned from them
PRIOR_SLOPE_WEIGHT = 4.0  # an item counts its source's usual slope like so many models, one standard deviation apart
FIRST_MISFIT = 0.3
LEAST_MISFIT = 0.1
RANGES = {"fraction 0-1": 1.0, "0-100": 100.0, "%": 100.0}
COLUMNS = ("model_id", "benchmark", "epoch", "score", "unit", "higher_is_better", "same_harness", "source", "effort", "config")
EFFORTS = {"off": "off", "low": "low"}  # whatever else a row says, or its silence, is "on"

Configuration = tuple[str, str]  # model, effort


@dataclass(frozen=True, slots=True)
class Cell:
    """One configuration's score on one item, in log-odds."""

    configuration: Configuration
    item: str
    source: str
    y: float


@dataclass(frozen=True, slots=True)
class Item:
    """Log-odds gained for one unit of ability, the ability at which they are even, and the scatter about the line."""

    source: str
    slope: float
    difficulty: float
    scatter: float
    models: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Abilities with standard errors (mean 0, standard deviation 1), the items, and each source's misfit in units of ability."""

    abilities: Mapping[Configuration, tuple[float, float]]
    items: Mapping[str, Item]
    misfits: Mapping[str, float]


def log_odds(score: float, unit: str) -> float | None:
    """A score in log-odds; None where its unit is not one of chances or of Elo points. Elo points are log-odds already, times 400 / ln 10."""
    if "Elo" in unit:
        return score * log(10) / 400
    top = next((top for prefix, top in RANGES.items() if unit.startswith(prefix)), None)
    if top is None or not 0 <= score <= top:
        return None
    share = min(max(score / top, EDGE), 1 - EDGE)
    return log(share / (1 - share))


def cells(rows: Iterable[Mapping[str, str]]) -> list[Cell]:
    """The cells of a table of scores; several rows of one configuration on one item are averaged. Items of few models are left out."""
    found: dict[tuple[Configuration, str, str], list[float]] = defaultdict(list)
    for row in rows:
        if row["same_harness"] not in ("yes", "mixed") or row["higher_is_better"] != "yes":
            continue
        y = log_odds(float(row["score"]), row["unit"])
        if y is None:
            continue
        source = row["source"].split()[0]
        protocol = row["config"] if source == "EuroEval" else ""  # elsewhere the column names the run
        item = " | ".join(part for part in (row["benchmark"], row["epoch"], protocol) if part)
        found[(row["model_id"], EFFORTS.get(row["effort"], "on")), item, source].append(y)
    seen: dict[str, int] = defaultdict(int)
    for _, item, _ in found:
        seen[item] += 1
    return [Cell(who, item, source, fmean(ys)) for (who, item, source), ys in sorted(found.items()) if seen[item] >= FEWEST]


def fit(table: Sequence[Cell]) -> Fit:
    """Abilities, items and misfits by turns, from standardised means as a start. Raises ValueError where nothing is shared."""
    by_item, by_one = _grouped(table)
    if not by_item:
        raise ValueError("no item is shared by enough configurations")
    abilities = _start(by_item, by_one)
    misfits = {source: FIRST_MISFIT for source in sorted({c.source for c in table})}
    items: dict[str, Item] = {}
    errors: dict[Configuration, float] = {}
    for _ in range(ROUNDS):
        items = _items(by_item, abilities)
        witnesses = {who: _witnesses(mine, items) for who, mine in by_one.items()}
        misfits = _misfits(witnesses, misfits)
        estimates = {who: _combined(seen, misfits) for who, seen in witnesses.items()}
        middle, spread = fmean(a for a, _ in estimates.values()), pstdev(a for a, _ in estimates.values()) or 1.0
        abilities = {who: (a - middle) / spread for who, (a, _) in estimates.items()}
        errors = {who: e / spread for who, (_, e) in estimates.items()}
    return Fit({who: (abilities[who], errors[who]) for who in sorted(abilities)}, items, misfits)


def _grouped(table: Sequence[Cell]) -> tuple[dict[str, list[Cell]], dict[Configuration, list[Cell]]]:
    by_item: dict[str, list[Cell]] = defaultdict(list)
    by_one: dict[Configuration, list[Cell]] = defaultdict(list)
    for cell in table:
        by_item[cell.item].append(cell)
        by_one[cell.configuration].append(cell)
    return dict(by_item), dict(by_one)


def _start(by_item: Mapping[str, list[Cell]], by_one: Mapping[Configuration, list[Cell]]) -> dict[Configuration, float]:
    """Each configuration's mean standardised score."""
    scale = {item: (fmean(c.y for c in some), pstdev(c.y for c in some) or 1.0) for item, some in by_item.items()}
    return {who: fmean((c.y - scale[c.item][0]) / scale[c.item][1] for c in mine) for who, mine in by_one.items()}


def _items(by_item: Mapping[str, list[Cell]], abilities: Mapping[Configuration, float]) -> dict[str, Item]:
    """A line through each item's scores, its slope shrunk to the median slope of its source."""
    raw: dict[str, tuple[float, float, float, float]] = {}
    for item, some in by_item.items():
        x, y = [abilities[c.configuration] for c in some], [c.y for c in some]
        mx, my = fmean(x), fmean(y)
        raw[item] = (mx, my, sum((a - mx) * (b - my) for a, b in zip(x, y)), sum((a - mx) ** 2 for a in x))
    slopes: dict[str, list[float]] = defaultdict(list)
    for item, (_, _, sxy, sxx) in raw.items():
        slopes[by_item[item][0].source].append(max(sxy / sxx, 0.0) if sxx else 0.0)
    usual = {source: max(median(some), 0.05) for source, some in slopes.items()}
    lines: dict[str, Item] = {}
    for item, some in by_item.items():
        source, (mx, my, sxy, sxx) = some[0].source, raw[item]
        slope = max((sxy + PRIOR_SLOPE_WEIGHT * usual[source]) / (sxx + PRIOR_SLOPE_WEIGHT), 0.01)
        residuals = [c.y - my - slope * (abilities[c.configuration] - mx) for c in some]
        scatter = sqrt((sum(r * r for r in residuals) + 0.25) / (len(some) + 1))
        lines[item] = Item(source, slope, mx - my / slope, scatter, len(some))
    return lines


Witnesses = dict[str, tuple[float, float]]  # source -> ability by its rows alone, and the variance of that


def _witnesses(mine: Sequence[Cell], items: Mapping[str, Item]) -> Witnesses:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for cell in mine:
        item = items[cell.item]
        weight = (item.slope / item.scatter) ** 2
        sums[cell.source][0] += weight * (cell.y / item.slope + item.difficulty)
        sums[cell.source][1] += weight
    return {source: (total / weight, 1 / weight) for source, (total, weight) in sums.items()}


def _combined(seen: Witnesses, misfits: Mapping[str, float], leave_out: str = "") -> tuple[float, float]:
    """Ability and standard error by all witnesses and the prior of mean 0 and variance 1."""
    total, weight = 0.0, 1.0
    for source, (value, variance) in seen.items():
        if source != leave_out:
            precision = 1 / (variance + misfits[source] ** 2)
            total, weight = total + precision * value, weight + precision
    return total / weight, 1 / sqrt(weight)


def _misfits(witnesses: Mapping[Configuration, Witnesses], before: Mapping[str, float]) -> dict[str, float]:
    """How far each source strays from the others, beyond what both sides' own errors explain; the usual one where too few share."""
    strays: dict[str, list[float]] = defaultdict(list)
    for seen in witnesses.values():
        for source, (value, variance) in seen.items():
            if len(seen) > 1:
                rest, error = _combined(seen, before, source)
                strays[source].append((value - rest) ** 2 - variance - error**2)
    learned = {s: sqrt(max(fmean(some), LEAST_MISFIT**2)) for s, some in strays.items() if len(some) >= FEWEST}
    usual = median(learned.values()) if learned else FIRST_MISFIT
    return {source: (before[source] + learned.get(source, usual)) / 2 for source in before}  # half-way, so that the turns settle


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Spearman's correlation of ranks; ties share their mean rank. Raises ValueError for fewer than three pairs."""
    if len(pairs) < 3:
        raise ValueError("a rank correlation needs three pairs")
    x, y = _ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs])
    mx, my = fmean(x), fmean(y)
    spread = sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / spread if spread else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values)):
        places[value].append(place)
    return [fmean(places[value]) for value in values]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit a table of scores, print what came out, and how it ranks the models against the shipped catalog."""
    from planner.reading.catalog import load_catalog
    from planner.resources import bundled

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scores", type=Path, help=f"a CSV file with the columns {', '.join(COLUMNS)}")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    with asked.scores.open(encoding="utf-8", newline="") as file:
        result = fit(cells(csv.DictReader(file)))
    world = load_catalog([bundled("catalog")])
    kept = {(a.model, a.effort): float(a.ability) for a in world.abilities}
    ours = {(world.model_names.get(model.replace(".", "-"), model), effort): a for (model, effort), (a, _) in result.abilities.items()}
    pairs = [(ours[key], kept[key]) for key in sorted(ours.keys() & kept.keys())]
    document = {
        "format_version": "1",
        "compared": len(pairs),
        "rank_correlation": round(rank_correlation(pairs), 3),
        "catalog_scale": dict(zip(("start", "unit", "mean_difference"), (round(x, 3) for x in _line(pairs)))),
        "misfits": {source: round(value, 3) for source, value in sorted(result.misfits.items())},
        "abilities": [
            {"model": m, "effort": e, "ability": round(a, 3), "standard_error": round(s, 3)} for (m, e), (a, s) in result.abilities.items()
        ],
        "items": [
            {"item": name, "source": i.source, "slope": round(i.slope, 3), "difficulty": round(i.difficulty, 3), "scatter": round(i.scatter, 3),
             "models": i.models} for name, i in sorted(result.items.items())
        ],
    }
    print(json.dumps(document, indent=1) if asked.json else "\n".join(_lines(document)))


def _line(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Zero and unit of our scale on the other one, by least squares, and the mean absolute difference that is left."""
    mx, my = fmean(a for a, _ in pairs), fmean(b for _, b in pairs)
    unit = sum((a - mx) * (b - my) for a, b in pairs) / sum((a - mx) ** 2 for a, _ in pairs)
    start = my - unit * mx
    return start, unit, fmean(abs(b - start - unit * a) for a, b in pairs)


def _lines(document: dict) -> Iterable[str]:
    for row in sorted(document["abilities"], key=lambda r: -r["ability"]):
        yield f"{row['ability']:7.3f} +- {row['standard_error']:.3f}  {row['model']} ({row['effort']})"
    yield f"misfit of each source: {', '.join(f'{s} {m}' for s, m in document['misfits'].items())}"
    yield f"{len(document['items'])} items"
    yield f"rank correlation with the catalog's abilities {document['rank_correlation']} over {document['compared']} configurations"
    scale = document["catalog_scale"]
    yield f"on the catalog's scale: {scale['start']} + {scale['unit']} x ours, off by {scale['mean_difference']} in the mean"


if __name__ == "__main__":
    main()

"""The scorecard in full, from where each factor stands: levels, what is achieved, what remains and how to cut it, the next step."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from planner.domain.catalog import Catalog, Factor, SovereigntyFramework
from planner.domain.report import (
    Dependency, FactorVerdict, Levels, NextStep, ObjectiveScore, Overall, PartScore, Scorecard, Scores,
)
from planner.judging.rungs import Standing, Totals, totals, weighted, worst
from planner.quantities import exact

_TENTH, _FINE = Decimal("0.1"), Decimal("0.0001")
_LEVELS = ("proven", "known", "possible")
_ACRONYMS = {"api", "c5", "dora", "eea", "emas", "eu", "gdpr", "hds", "iso", "pue"}


@dataclass(frozen=True, slots=True)
class Part:
    """One workload's deployment in a plan: its weight, and where each factor stands (in the framework's order)."""

    workload: str
    weight: Decimal
    standings: tuple[Standing, ...]


def scorecard_of(framework: SovereigntyFramework, parts: Sequence[Part], subject: str, catalog: Catalog) -> Scorecard:
    """The scorecard of one or more parts: the worst SEAL counts, scores are weighed. ValueError without parts.

    The rating is the known score over ten, always shown with its range. The label rests on the known level only where enough
    factors are known (`label_needs_coverage` of the framework). Below that it rests on what is proven; where that supports no
    more than the lowest label, it says that too little is known, because silence is neither a good name nor a bad one.
    """
    if not parts:
        raise ValueError("a scorecard needs at least one part")
    factors = [f for o in framework.objectives for f in o.factors]
    together = [worst([p.standings[i] for p in parts]) for i in range(len(factors))]
    by_part = [{level: _level(framework, factors, p, level) for level in _LEVELS} for p in parts]
    shares = _shares(parts)
    coverage = Decimal(sum(s.settled for s in together)) / len(together)
    pairs = list(zip(factors, together, strict=True))
    return Scorecard(
        subject=subject,
        objectives={o.id: _objective(o.id, o.name, by_part, shares) for o in framework.objectives},
        overall=_overall(framework, by_part, shares, coverage),
        factors=tuple(_verdict(f, s) for f, s in pairs),
        achieved=_achieved(pairs),
        remaining=_remaining(framework, pairs),
        unknown=tuple(f"{f.id} {f.name}" for f, s in pairs if s.known is None),
        next_step=_next_step(framework, pairs, catalog),
        parts=tuple(_part(p, levels) for p, levels in zip(parts, by_part, strict=True) if p.workload),
    )


# ------------------------------------------------------------------------------------------------ numbers


def _level(framework: SovereigntyFramework, factors: Sequence[Factor], part: Part, level: str) -> Totals:
    rungs = {f.id: getattr(s, level) for f, s in zip(factors, part.standings, strict=True)}
    return totals(framework, rungs.__getitem__, framework.default_weights)


def _shares(parts: Sequence[Part]) -> list[Decimal]:
    whole = sum((p.weight for p in parts), Decimal(0))
    with exact():
        return [p.weight / whole if whole else Decimal(1) / len(parts) for p in parts]


def _mean(values: Sequence[Decimal | None], shares: Sequence[Decimal]) -> Decimal | None:
    """The weighted mean of what is known; None where nothing is."""
    return weighted({str(i): v for i, v in enumerate(values)}, {str(i): s for i, s in enumerate(shares)})


def _lowest(values: Sequence[int | None]) -> int | None:
    return min((v for v in values if v is not None), default=None)


def _objective(key: str, name: str, by_part: Sequence[Mapping[str, Totals]], shares: Sequence[Decimal]) -> ObjectiveScore:
    seals = {level: _lowest([p[level].objective_seal[key] for p in by_part]) for level in _LEVELS}
    percents = {level: _mean([p[level].objective_percent[key] for p in by_part], shares) for level in _LEVELS}
    return ObjectiveScore(name=name, seal=_levels(seals), percent=_scores(percents))


def _levels(seals: Mapping[str, int | None]) -> Levels:
    """SEAL levels; what is known never exceeds what is possible, since a factor half known may already rule a level out."""
    possible = seals["possible"] or 0
    known = seals["known"]
    return Levels(proven=seals["proven"] or 0, known=None if known is None else min(known, possible), possible=possible)


def _scores(scores: Mapping[str, Decimal | None]) -> Scores:
    return Scores(**{level: None if value is None else _round(value, _FINE) for level, value in scores.items()})


def _round(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(places, rounding=ROUND_HALF_EVEN)


def _overall(
    framework: SovereigntyFramework, by_part: Sequence[Mapping[str, Totals]], shares: Sequence[Decimal], coverage: Decimal,
) -> Overall:
    seal = _levels({level: _lowest([p[level].seal for p in by_part]) for level in _LEVELS})
    scores = {
        name: {level: _mean([weighted(p[level].objective_percent, weights) for p in by_part], shares) for level in _LEVELS}
        for name, weights in framework.weights.items()
    }
    main = _scores(scores[framework.default_weights])
    rating = main.proven if main.known is None else main.known
    return Overall(
        seal=seal,
        score={name: _scores(levels).known for name, levels in scores.items()},
        score_range={name: (_scores(levels).proven, _scores(levels).possible) for name, levels in scores.items()},
        coverage_percent=_round(coverage * 100, _TENTH),
        rating_out_of_10=_round(rating / 10, _TENTH),
        rating_range=(_round(main.proven / 10, _TENTH), _round(main.possible / 10, _TENTH)),
        label=_label(framework, seal, main, coverage),
    )


def _label(framework: SovereigntyFramework, seal: Levels, score: Scores, coverage: Decimal) -> str:
    if coverage >= framework.label_needs_coverage and score.known is not None and seal.known is not None:
        return label(framework, score.known, seal.known)
    proven = label(framework, score.proven, seal.proven)
    return framework.label_too_little_known if proven == framework.labels[-1].says else proven


def label(framework: SovereigntyFramework, score: Decimal, seal: int) -> str:
    """The first label whose bounds a score out of 100 and a SEAL meet; the last one where none does."""
    for band in framework.labels:
        if score >= band.score_at_least and seal >= band.seal_at_least:
            return band.says
    return framework.labels[-1].says


def _part(part: Part, levels: Mapping[str, Totals]) -> PartScore:
    return PartScore(
        workload=part.workload, weight=part.weight, seal=_levels({k: t.seal for k, t in levels.items()}),
        score=_scores({k: t.score for k, t in levels.items()}),
    )


# -------------------------------------------------------------------------------------------------- words


def _verdict(factor: Factor, s: Standing) -> FactorVerdict:
    rung = factor.rungs[(s.known or s.floor) - 1]
    because = rung.says if s.known is not None else f"at least: {rung.says}; at best: {factor.rungs[s.possible - 1].says}"
    return FactorVerdict(
        factor=factor.id, name=factor.name, rung_proven=s.proven, rung_known=s.known, rung_possible=s.possible, rungs=len(factor.rungs),
        points=None if s.known is None else factor.rungs[s.known - 1].points, party=s.party, because=because, facts=s.facts,
        unknown=s.missing, to_verify=s.to_verify,
    )


def _achieved(pairs: Sequence[tuple[Factor, Standing]]) -> tuple[str, ...]:
    """Factors known to earn at least three quarters of their points, those that are proven first."""
    strong = [(f, s) for f, s in pairs if s.known is not None and f.rungs[s.known - 1].points * 4 >= f.rungs[-1].points * 3]
    strong.sort(key=lambda pair: pair[1].proven != pair[1].known)
    return tuple(f"{f.name}: {f.rungs[(s.known or 1) - 1].says}" + ("" if s.proven == s.known else " (to verify)") for f, s in strong)


def _remaining(
    framework: SovereigntyFramework, pairs: Sequence[tuple[Factor, Standing]],
) -> tuple[Dependency, ...]:
    """Factors known to stand below their top rung: those that hold the SEAL down first, then by the points they cost."""
    found = []
    for f, s in pairs:
        if s.known is None or s.known == len(f.rungs):
            continue
        rung = f.rungs[s.known - 1]
        cause = rung.says + _by_facts(s) + (", to verify" if s.to_verify else "")
        dependency = Dependency(
            factor=f.id, name=f.name, party=s.party, cause=cause, cut_by=f.cut_by or "no way known", seal=rung.seal if f.gating else None,
        )
        found.append((rung.seal if f.gating else 5, -points_between(framework, f, s.known, len(f.rungs)), f.id, dependency))
    return tuple(dependency for *_, dependency in sorted(found, key=lambda line: line[:3]))


def _by_facts(s: Standing) -> str:
    """The facts that keep a factor off the next rung, with their values; those of the deployment only where no party fact does."""
    told = [f"{fact_in_words(name)}: {_value(value)}" for name, value in s.blocking if not name.startswith("sov.")]
    told = told or [f"{fact_in_words(name)}: {_value(value)}" for name, value in s.blocking]
    return f" ({'; '.join(told[:3])})" if told else ""


def fact_in_words(fact: str) -> str:
    """A fact's name in words: `party.non_eu_holders` becomes "non EU holders"."""
    words = fact.split(".")[1].split("_")
    return " ".join("SecNumCloud" if w == "secnumcloud" else w.upper() if w in _ACRONYMS else w for w in words)


def _value(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def points_between(framework: SovereigntyFramework, factor: Factor, low: int, high: int) -> Decimal:
    """How many points of the overall score (out of 100) lie between two rungs of a factor."""
    objective = next(o for o in framework.objectives if factor in o.factors)
    with exact():
        most = sum((f.rungs[-1].points for f in objective.factors), Decimal(0))
        weights = framework.weights[framework.default_weights]
        span = factor.rungs[high - 1].points - factor.rungs[low - 1].points
        return span / most * weights[objective.id] / sum(weights.values()) * 100


# ------------------------------------------------------------------------------------------- the next step


def _next_step(framework: SovereigntyFramework, pairs: Sequence[tuple[Factor, Standing]], catalog: Catalog) -> NextStep | None:
    """The single change that raises the proven score the most; finding out or confirming a fact (free) before a change of substance.

    Gains are on the proven score, because that is the one that never falls when more is learnt.
    """
    free: dict[tuple[str, str, str], Decimal] = {}
    for f, s in pairs:
        if s.floor > s.proven and s.unproved:
            _add(free, ("confirm", s.party, s.unproved[0]), points_between(framework, f, s.proven, s.floor))
        elif s.floor == s.proven and s.missing and s.possible > s.proven:
            _add(free, ("find out", s.party, s.missing[0]), points_between(framework, f, s.proven, min(s.proven + 1, s.possible)))
    if free:
        (verb, party, fact), gain = min(free.items(), key=lambda item: (-item[1], item[0]))
        definition = catalog.facts.get(fact)
        meaning = definition.meaning if definition else fact
        says = f"{verb.capitalize()} for {party}: {meaning}" + (f" ({definition.question})" if definition and definition.question else "")
        return NextStep(says=says, gain_points=_round(gain, _FINE), cost_eur=Decimal(0))
    steps = [(-points_between(framework, f, s.floor, s.floor + 1), f.id, f) for f, s in pairs if s.floor < len(f.rungs) and f.cut_by]
    if not steps:
        return None
    loss, _, factor = min(steps, key=lambda step: step[:2])
    return NextStep(says=f"{factor.name}: {factor.cut_by}", gain_points=_round(-loss, _FINE), cost_eur=None)


def _add(gains: dict[tuple[str, str, str], Decimal], key: tuple[str, str, str], gain: Decimal) -> None:
    gains[key] = gains.get(key, Decimal(0)) + gain

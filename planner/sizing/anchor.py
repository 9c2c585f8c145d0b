"""A user's own benchmark, laid over the general physics: what was measured against what was predicted.

Whatever the physics gets wrong about one deployment (its kernels, the engine's version, how a provider runs its machines) shifts all
predictions of it by much the same factor, and a few measurements show that factor: the median of measured over predicted on a
logarithmic scale, drawn towards 1 as if one more point had said that the physics is right. The nearest points count: of the same model,
accelerator, precision, engine and degree; else without the degree; else of the model on the accelerator; else of the model.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import median

from planner.domain.catalog import Catalog
from planner.sizing.constants import METRICS, Constants, engine_family
from planner.sizing.memory import canonical
from planner.sizing.points import NotPredictable, measured_over_predicted, point_of
from planner.sizing.replica import Replica


@dataclass(frozen=True, slots=True)
class Factors:
    """What multiplies a prediction, by metric (throughput, tpot, ttft, watts); 1 where nothing was measured. `says`: from what, in words."""

    throughput: float = 1.0
    tpot: float = 1.0
    ttft: float = 1.0
    watts: float = 1.0
    says: str = ""

    def of(self, metric: str) -> float:
        """The factor of one metric."""
        return float(getattr(self, metric))


NO_ANCHOR = Factors()


Place = tuple[str, str, str, str, int]  # model, accelerator, precision, engine, tensor-parallel degree
_NEAR = ((5, "this very deployment"), (4, "this precision and engine at another degree"), (2, "this model on this accelerator"),
         (1, "this model on other accelerators"))


@dataclass(frozen=True, slots=True)
class Anchor:
    """The logarithms of measured over predicted by place and metric, and points that could not be used, with the reason."""

    ratios: Mapping[Place, Mapping[str, tuple[float, ...]]]
    skipped: tuple[tuple[str, str], ...] = ()

    def factors(self, replica: Replica) -> Factors:
        """What to multiply predictions of a replica by; each metric from the nearest points that measured it."""
        made: dict[str, float] = {}
        words: list[str] = []
        for metric in METRICS:
            values, near = self._nearest(metric, _place(replica))
            if values:
                made[metric] = exp(median(values) * len(values) / (len(values) + 1))
                words.append(f"{metric} x {made[metric]:.3f} ({_points(len(values))} of {near})")
        return Factors(**made, says="pinned to your benchmark: " + ", ".join(words)) if made else NO_ANCHOR

    def _nearest(self, metric: str, place: Place) -> tuple[tuple[float, ...], str]:
        """The log ratios of the points that agree with a place in most, and how near they are in words."""
        for length, words in _NEAR:
            keys = [key for key in sorted(self.ratios) if key[:length] == place[:length]]
            if values := tuple(value for key in keys for value in self.ratios[key].get(metric, ())):
                return values, words
        return (), ""


def anchor_from(rows: Iterable[Mapping[str, str]], catalog: Catalog, constants: Constants) -> Anchor:
    """An anchor from rows in the format of measured points. Rows that cannot be predicted are set aside with their reason."""
    ratios: dict[Place, dict[str, tuple[float, ...]]] = {}
    skipped: list[tuple[str, str]] = []
    for row in rows:
        try:
            point = point_of(row, catalog)
            found = measured_over_predicted(point, constants)
        except NotPredictable as reason:
            skipped.append((row.get("row_id", ""), str(reason)))
            continue
        if not found:
            skipped.append((point.row_id, "it measured nothing"))
            continue
        mine = ratios.setdefault(_place(point.replica), {})
        for metric, ratio in found.items():
            mine[metric] = (*mine.get(metric, ()), log(ratio))
    return Anchor(ratios, tuple(skipped))


def _place(replica: Replica) -> Place:
    r = replica
    return (r.model.id, r.accelerator.id, canonical(r.precision), engine_family(r.engine), r.tensor_parallel)


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"

"""Measured serving points: read from rows of text, predicted row by row, and compared."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from planner.domain.catalog import Catalog
from planner.sizing.constants import METRICS, Constants
from planner.sizing.memory import canonical
from planner.sizing.prediction import Prediction, predict
from planner.sizing.replica import Replica

_COLUMNS = {"throughput": "out_tps_gpu", "tpot": "tpot_ms", "ttft": "ttft_ms", "watts": "watts_gpu"}
SATURATED = 2048  # requests in flight of a row that states none: more than engines admit


class NotPredictable(ValueError):
    """A row that cannot be predicted; the message says why."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measured point: the replica, the load, and what was measured by metric (absent: not measured)."""

    row_id: str
    source: str
    replica: Replica
    attention_dp: int
    kv_bytes: float | None
    input_tokens: int
    output_tokens: int
    concurrency: float
    measured: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PointsResult:
    """Errors by metric, how often the throughput lies within its band, every row, and rows left out with their reason."""

    summary: dict[str, dict[str, float]]
    band_coverage: float | None
    rows: tuple[dict[str, object], ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def predicted(self) -> int:
        """How many rows were predicted."""
        return len(self.rows)

    @property
    def of(self) -> int:
        """How many rows there were."""
        return len(self.rows) + len(self.skipped)


def point_of(row: Mapping[str, str], catalog: Catalog) -> Point:
    """One row as a point. Raises NotPredictable, saying what the catalog or the row lacks."""
    model = next((catalog.models[catalog.model_names[n]] for n in _model_names(row) if n in catalog.model_names), None)
    if model is None:
        raise NotPredictable(f"the model `{row.get('model_key') or row.get('model')}` is not in the catalog")
    wanted = _slug(row.get("gpu_key", ""))
    accelerator = next((a for a in catalog.accelerators.values() if a.id == wanted or wanted in a.aliases), None)
    if accelerator is None:
        raise NotPredictable(f"the accelerator `{row.get('gpu_key')}` is not in the catalog")
    try:
        precision = canonical(row.get("precision", ""))
    except KeyError:
        raise NotPredictable(f"the precision `{row.get('precision')}` cannot be sized") from None
    accelerators, inputs, outputs = (_number(row, name) for name in ("tp", "isl", "osl"))
    if not accelerators or inputs is None or not outputs:
        raise NotPredictable("`tp`, `isl` or `osl` is missing")
    measured = {metric: value for metric in METRICS if (value := _number(row, _COLUMNS[metric])) is not None and value > 0}
    return Point(
        row_id=row.get("row_id", ""), source=row.get("source_id", ""), kv_bytes=_number(row, "kv_bytes"),
        replica=Replica(model, accelerator, precision, int(accelerators), row.get("engine", "")),
        attention_dp=int(_number(row, "attn_dp") or 1), input_tokens=int(inputs), output_tokens=int(outputs),
        concurrency=_number(row, "concurrency") or SATURATED, measured=measured,
    )


def predict_rows(
    rows: Iterable[Mapping[str, str]], catalog: Catalog, constants: Constants, factor: Callable[[Replica, str], float] | None = None,
) -> PointsResult:
    """Every row predicted and compared with what it says was measured. Nothing of the measurements goes into a prediction.

    `factor(replica, metric)` multiplies predictions, where other measurements pin them.
    """
    done: list[dict[str, object]] = []
    skipped: list[tuple[str, str]] = []
    errors: dict[str, list[float]] = {metric: [] for metric in METRICS}
    inside: list[bool] = []
    for row in rows:
        try:
            point = point_of(row, catalog)
        except NotPredictable as reason:
            skipped.append((row.get("row_id", ""), str(reason)))
            continue
        made = predicted(point, constants)
        if made is None:
            skipped.append((point.row_id, _no_architecture(point)))
            continue
        scale = {metric: factor(point.replica, metric) if factor else 1.0 for metric in METRICS}
        values = {metric: value * scale[metric] for metric, value in _by_metric(made).items()}
        low, high = made.low * scale["throughput"], made.high * scale["throughput"]
        for metric, measured in point.measured.items():
            errors[metric].append(abs(values[metric] / measured - 1))
        if "throughput" in point.measured:
            inside.append(low <= point.measured["throughput"] <= high)
        columns = {_COLUMNS[metric]: value for metric, value in values.items()} | {"low": low, "high": high}
        done.append({"row_id": point.row_id, **{name: _rounded(value) for name, value in columns.items()}})
    summary = {metric: _errors(apes) for metric, apes in errors.items()}
    return PointsResult(summary, round(sum(inside) / len(inside), 4) if inside else None, tuple(done), tuple(skipped))


def predicted(point: Point, constants: Constants) -> Prediction | None:
    """A point's prediction, or None where its model cannot be sized."""
    p = point
    return predict(p.replica, p.input_tokens, p.output_tokens, p.concurrency, p.attention_dp, p.kv_bytes, p.replica.engine, constants)


def measured_over_predicted(point: Point, constants: Constants) -> dict[str, float]:
    """How far off the prediction of a point is, by metric, as a ratio. Raises NotPredictable where its model cannot be sized."""
    made = predicted(point, constants)
    if made is None:
        raise NotPredictable(_no_architecture(point))
    values = _by_metric(made)
    return {metric: measured / values[metric] for metric, measured in point.measured.items() if values[metric] > 0}


def _by_metric(made: Prediction) -> dict[str, float]:
    return dict(zip(METRICS, (made.out_tps_per_accelerator, made.tpot_ms, made.ttft_ms, made.watts_per_accelerator), strict=True))


def _no_architecture(point: Point) -> str:
    return f"the architecture of `{point.replica.model.id}` is not known"


def _errors(apes: list[float]) -> dict[str, float]:
    return {"n": len(apes), "median_ape": quantile(apes, 0.5), "p90_ape": quantile(apes, 0.9)} if apes else {"n": 0}


def quantile(values: Iterable[float], share: float) -> float:
    """A quantile, linear between neighbours, to four decimals."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (place - below) * (ordered[above] - ordered[below]), 4)


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _model_names(row: Mapping[str, str]) -> list[str]:
    """The names a row may mean, surest first: its key, then its published name without and with the publisher's suffix."""
    published = _slug(row.get("model", "").rsplit("/", 1)[-1])
    return [_slug(row.get("model_key", "")), re.sub(r"-(it|instruct|chat|hf)(-\d+)?$", "", published), published]


def _number(row: Mapping[str, str], name: str) -> float | None:
    """A cell as a number; None where it is empty or says that there is none."""
    text = (row.get(name) or "").strip()
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value else None

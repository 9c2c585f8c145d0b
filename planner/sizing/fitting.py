"""Robust least squares in pure Python: damped Gauss-Newton on the logarithms of positive constants. Deterministic, no dependencies."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log, sqrt

Residuals = list[tuple[float, float]]  # (weight, log of predicted over measured)
_SCALE = 0.05  # residuals well above 5 % pull with constant force
_PRIOR = 0.05  # a pull towards the start that decides only what the data leave open
_STEP = 1e-3


def fit(start: Sequence[float], residuals: Callable[[Sequence[float]], Residuals], rounds: int = 25) -> list[float]:
    """The constants that minimise the sum of weight × 2(√(1+(r/5 %)²) - 1), plus a weak pull towards `start`.

    All constants stay positive. `residuals` must give the same residuals in the same order for any constants.
    """
    origin = [log(v) for v in start]
    at, damping = list(origin), 1.0
    now = residuals(start)
    cost = _cost(now, at, origin)
    for _ in range(rounds):
        normal, gradient = _normal_equations(at, origin, now, residuals)
        while damping < 1e9:
            damped = [[v * (1 + damping) if i == j else v for j, v in enumerate(row)] for i, row in enumerate(normal)]
            step = _solve(damped, gradient)
            ahead = [a - max(-1.0, min(1.0, s)) for a, s in zip(at, step, strict=True)]
            then = residuals([exp(v) for v in ahead])
            better = _cost(then, ahead, origin)
            if better < cost:
                break
            damping *= 4
        else:
            break
        gained = (cost - better) / cost
        at, now, cost, damping = ahead, then, better, damping / 6
        if gained < 1e-4:
            break
    return [exp(v) for v in at]


def _cost(residuals: Residuals, at: Sequence[float], origin: Sequence[float]) -> float:
    data = sum(w * 2 * (sqrt(1 + (r / _SCALE) ** 2) - 1) for w, r in residuals)
    return data + sum((_PRIOR * (a - o)) ** 2 for a, o in zip(at, origin, strict=True))


def _normal_equations(
    at: list[float], origin: Sequence[float], now: Residuals, residuals: Callable[[Sequence[float]], Residuals],
) -> tuple[list[list[float]], list[float]]:
    """Iteratively reweighted: each residual counts by its weight over √(1+(r/5 %)²). Sparse, as few constants touch every residual."""
    count = len(at)
    columns = []
    for k in range(count):
        moved = residuals([exp(v + (_STEP if i == k else 0.0)) for i, v in enumerate(at)])
        columns.append({i: slope for i, ((_, a), (_, b)) in enumerate(zip(moved, now, strict=True)) if (slope := (a - b) / _STEP)})
    weights = [w / sqrt(1 + (r / _SCALE) ** 2) / _SCALE**2 for w, r in now]
    normal = [[0.0] * count for _ in range(count)]
    gradient = [0.0] * count
    for a in range(count):
        weighted = {i: weights[i] * slope for i, slope in columns[a].items()}
        gradient[a] = sum(v * now[i][1] for i, v in weighted.items()) + _PRIOR**2 * (at[a] - origin[a])
        for b in range(a, count):
            other = columns[b]
            normal[a][b] = normal[b][a] = sum(v * other[i] for i, v in weighted.items() if i in other)
        normal[a][a] += _PRIOR**2
    return normal, gradient


def _solve(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """Gaussian elimination with pivoting."""
    rows = [list(row) + [value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            if factor:
                rows[k] = [x - factor * y for x, y in zip(rows[k], rows[i], strict=True)]
    out = [0.0] * size
    for i in reversed(range(size)):
        out[i] = (rows[i][size] - sum(rows[i][j] * out[j] for j in range(i + 1, size))) / rows[i][i]
    return out

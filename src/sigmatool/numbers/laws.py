"""The distributions that a capability study meets: how each takes values to the scale of its kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .distribution import Family
from .kernels import FOLDED, GAMMA, LARGEST_EXTREME, LOGISTIC, NORMAL, SMALLEST_EXTREME
from .transforms import box_cox, box_cox_inverse, yeo_johnson, yeo_johnson_inverse

Floats = NDArray[np.float64]

INFINITE = float("inf")


def _above(x: Floats, threshold: Floats | float) -> Floats:
    """Distance above a threshold; 0 below it."""
    return np.asarray(np.maximum(x - threshold, 0.0), dtype=np.float64)


def _location_scale(name: str, kernel: str) -> Family:
    at = {"normal": NORMAL, "logistic": LOGISTIC, "smallest": SMALLEST_EXTREME, "largest": LARGEST_EXTREME}[kernel]
    return Family(
        name,
        ("mean", "sd") if kernel == "normal" else ("location", "scale"),
        2,
        at,
        lambda x, location, scale: (x - location) / scale,
        lambda z, location, scale: location + scale * z,
        lambda x, location, scale: -np.log(scale) + 0 * x,
        lambda *_: (-INFINITE, INFINITE),
    )


def _box_cox_score(
    x: Floats, power: Floats | float, mean: Floats | float, sd: Floats | float, unit: Floats | float
) -> Floats:
    """The normal scale goes on where that of a positive power ends: what lies beyond is left at zero."""
    return np.asarray(np.where(x < 0, -INFINITE, (box_cox(_above(x, 0.0) / unit, power) - mean) / sd))


LAWS: dict[str, Family] = {
    law.name: law
    for law in (
        _location_scale("normal", "normal"),
        _location_scale("logistic", "logistic"),
        _location_scale("smallest-extreme-value", "smallest"),
        _location_scale("largest-extreme-value", "largest"),
        Family(
            "exponential",
            ("rate",),
            1,
            SMALLEST_EXTREME,
            lambda x, rate: np.log(rate * _above(x, 0.0)),
            lambda z, rate: np.exp(z) / rate,
            lambda x, rate: -np.log(x) + 0 * rate,
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "exponential-2",
            ("rate", "threshold"),
            2,
            SMALLEST_EXTREME,
            lambda x, rate, threshold: np.log(rate * _above(x, threshold)),
            lambda z, rate, threshold: threshold + np.exp(z) / rate,
            lambda x, rate, threshold: -np.log(x - threshold) + 0 * rate,
            lambda rate, threshold: (threshold, INFINITE),
        ),
        Family(
            "lognormal",
            ("meanlog", "sdlog"),
            2,
            NORMAL,
            lambda x, meanlog, sdlog: (np.log(_above(x, 0.0)) - meanlog) / sdlog,
            lambda z, meanlog, sdlog: np.exp(meanlog + sdlog * z),
            lambda x, meanlog, sdlog: -np.log(x) - np.log(sdlog),
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "weibull",
            ("shape", "scale"),
            2,
            SMALLEST_EXTREME,
            lambda x, shape, scale: shape * np.log(_above(x, 0.0) / scale),
            lambda z, shape, scale: scale * np.exp(z / shape),
            lambda x, shape, scale: np.log(shape) - np.log(x),
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "weibull-3",
            ("shape", "scale", "threshold"),
            3,
            SMALLEST_EXTREME,
            lambda x, shape, scale, threshold: shape * np.log(_above(x, threshold) / scale),
            lambda z, shape, scale, threshold: threshold + scale * np.exp(z / shape),
            lambda x, shape, scale, threshold: np.log(shape) - np.log(x - threshold),
            lambda shape, scale, threshold: (threshold, INFINITE),
        ),
        Family(
            "gamma",
            ("shape", "rate"),
            2,
            GAMMA,
            lambda x, shape, rate: rate * x,
            lambda z, shape, rate: z / rate,
            lambda x, shape, rate: np.log(rate) + 0 * x,
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "gamma-3",
            ("shape", "rate", "threshold"),
            3,
            GAMMA,
            lambda x, shape, rate, threshold: rate * (x - threshold),
            lambda z, shape, rate, threshold: threshold + z / rate,
            lambda x, shape, rate, threshold: np.log(rate) + 0 * x,
            lambda shape, rate, threshold: (threshold, INFINITE),
        ),
        Family(
            "folded-normal",
            ("mean", "sd"),
            2,
            FOLDED,
            lambda x, mean, sd: x / sd,
            lambda z, mean, sd: z * sd,
            lambda x, mean, sd: -np.log(sd) + 0 * x,
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "box-cox",
            ("power", "mean", "sd", "unit"),
            3,
            NORMAL,
            _box_cox_score,
            lambda z, power, mean, sd, unit: unit * box_cox_inverse(mean + sd * z, power),
            lambda x, power, mean, sd, unit: (power - 1) * np.log(x / unit) - np.log(sd * unit),
            lambda *_: (0.0, INFINITE),
        ),
        Family(
            "yeo-johnson",
            ("power", "mean", "sd", "center", "scale"),
            3,
            NORMAL,
            lambda x, power, mean, sd, center, scale: (yeo_johnson((x - center) / scale, power) - mean) / sd,
            lambda z, power, mean, sd, center, scale: center + scale * yeo_johnson_inverse(mean + sd * z, power),
            lambda x, power, mean, sd, center, scale: (
                (power - 1) * np.sign(x - center) * np.log1p(np.abs(x - center) / scale) - np.log(sd * scale)
            ),
            lambda *_: (-INFINITE, INFINITE),
        ),
        Family(
            "johnson-sl",
            ("gamma", "delta", "xi"),
            3,
            NORMAL,
            lambda x, gamma, delta, xi: gamma + delta * np.log(_above(x, xi)),
            lambda z, gamma, delta, xi: xi + np.exp((z - gamma) / delta),
            lambda x, gamma, delta, xi: np.log(delta) - np.log(x - xi),
            lambda gamma, delta, xi: (xi, INFINITE),
        ),
        Family(
            "johnson-su",
            ("gamma", "delta", "xi", "lambda"),
            4,
            NORMAL,
            lambda x, gamma, delta, xi, lam: gamma + delta * np.arcsinh((x - xi) / lam),
            lambda z, gamma, delta, xi, lam: xi + lam * np.sinh((z - gamma) / delta),
            lambda x, gamma, delta, xi, lam: np.log(delta / lam) - 0.5 * np.log1p(((x - xi) / lam) ** 2),
            lambda *_: (-INFINITE, INFINITE),
        ),
        Family(
            "johnson-sb",
            ("gamma", "delta", "xi", "lambda"),
            4,
            NORMAL,
            lambda x, gamma, delta, xi, lam: gamma + delta * (np.log(_above(x, xi)) - np.log(_above(-x, -(xi + lam)))),
            lambda z, gamma, delta, xi, lam: xi + lam / (1 + np.exp((gamma - z) / delta)),
            lambda x, gamma, delta, xi, lam: np.log(delta * lam) - np.log(x - xi) - np.log(xi + lam - x),
            lambda gamma, delta, xi, lam: (xi, xi + lam),
        ),
    )
}
"""Every family by its name."""

"""A table that suits each chart kind, and how to cut it: what the properties of all kinds are tested on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sigmatool.charts.catalogue import COUNT_KINDS, MAKERS

ALL = (
    *MAKERS, "ewma(limits=asymptotic)", "ma(span=4)", "cusum(head_start=2)", "i-mr(window=3)",
    "p(limits=probability)", "u(limits=probability)", "g(limits=probability)", "g(center=median)",
    "t(method=exponential)", "z-mr(sigma=pooled)", "z-mr(sigma=relative)", "t2(covariance=successive)",
    "i-mr-rs(within=sd)", "mewma(limits=asymptotic)",
)  # fmt: skip
"""Every kind with its defaults, and the settings that draw it otherwise."""


def name_of(kind: str) -> str:
    return kind.partition("(")[0]


def table(kind: str, points: int, seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A table with one row a value, and the options that name its columns; sizes vary where they may."""
    rng = np.random.default_rng(seed)
    name = name_of(kind)
    if name in ("xbar-r", "xbar-s", "i-mr-rs"):
        sizes = rng.integers(2, 7, points)
        group = np.repeat(np.arange(points), sizes)
        return pd.DataFrame({"g": group, "y": rng.normal(10, 2, group.size)}), {"value": "y", "subgroup": "g"}
    if name in COUNT_KINDS:
        size = rng.integers(40, 120, points)
        frame = pd.DataFrame({"x": rng.binomial(size, 0.2), "n": size})
        return frame, {"value": "x"} if name == "c" else {"value": "x", "size": "n"}
    if name == "g":
        return pd.DataFrame({"y": rng.geometric(0.05, points)}), {"value": "y"}
    if name == "t":
        return pd.DataFrame({"y": rng.exponential(20, points)}), {"value": "y"}
    if name in ("z-mr", "dnom"):
        part = np.array(["a", "b"])[np.arange(points) // 2 % 2]
        nominal = np.where(part == "a", 50.0, 90.0)
        frame = pd.DataFrame({"y": rng.normal(nominal, 2), "part": part, "nominal": nominal})
        return frame, {"value": "y", "part": "part"} if name == "z-mr" else {"value": "y", "nominal": "nominal"}
    if name in ("t2", "mewma"):
        x = rng.multivariate_normal([10, 20], [[4, 2], [2, 3]], points)
        return pd.DataFrame(x, columns=["a", "b"]), {"value": ["a", "b"]}
    return pd.DataFrame({"y": rng.normal(10, 2, points)}), {"value": "y"}


def rows_of(frame: pd.DataFrame, options: dict[str, Any], first: int, last: int) -> pd.DataFrame:
    """The rows of the points from ``first`` to before ``last`` (0-based)."""
    return frame[frame["g"].between(first, last - 1)] if "subgroup" in options else frame.iloc[first:last]


def lines(chart: Any, start: int = 0, stop: int | None = None) -> list[np.ndarray]:
    """Values, centres and limits of all panels."""
    parts = ("value", "center", "lower", "upper")
    return [np.asarray(getattr(p, part))[start:stop] for p in chart.panels for part in parts]


def fed(frame: pd.DataFrame, options: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    """The same points as a stream takes them."""
    rows = rows_of(frame, options, first, last)
    if "subgroup" in options:
        wide = np.full((last - first, 6), np.nan)
        for i, (_, group) in enumerate(rows.groupby("g")):
            wide[i, : len(group)] = group["y"]
        return {"value": wide}
    if isinstance(options["value"], list):
        return {"value": rows[options["value"]].to_numpy()}
    out: dict[str, Any] = {"value": rows[options["value"]].to_numpy(dtype=float)}
    if "size" in options:
        out["size"] = rows["n"].to_numpy(dtype=float)
    for name in ("part", "nominal"):
        if name in options:
            out[name] = rows[name].tolist()
    return out

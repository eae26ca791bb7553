"""Make the example data: the same bytes every time.

    python benchmarks/make_datasets.py [FOLDER]

Real series are copied from where they are published; operations are simulated with the seeds written below, and
their cards state the truth they were made with.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent.parent / "datasets"


def ar1(rng: np.random.Generator, n: int, phi: float) -> np.ndarray:
    """A stationary AR(1) series of unit variance."""
    out = np.empty(n)
    out[0] = rng.standard_normal()
    for i in range(1, n):
        out[i] = phi * out[i - 1] + np.sqrt(1 - phi**2) * rng.standard_normal()
    return out


def contact_centre(seed: int = 20_260_901) -> pd.DataFrame:
    """Daily handling time; a new knowledge base on 2026-09-01, a week of learning, then 2.2 sd better."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2026-07-03", "2026-10-30", freq="D")
    n, rollout = days.size, int((days < "2026-09-01").sum())
    shared = ar1(rng, n, 0.3)
    own, other = ar1(rng, n, 0.3), ar1(rng, n, 0.3)
    after = np.arange(n) >= rollout
    learning = np.clip((np.arange(n) - rollout + 1) / 7, 0, 1) * after
    aht = 372 + 9 * np.sqrt(0.4) * shared + 9 * np.sqrt(0.6) * own - 19.8 * learning
    team = 365 + 9 * np.sqrt(0.4) * shared + 9 * np.sqrt(0.6) * other
    quality = 86 + 1.6 * rng.standard_normal(n) + 0.15 * after
    return pd.DataFrame(
        {
            "day": days.strftime("%Y-%m-%d"),
            "aht_s": np.round(aht, 1),
            "quality": np.round(quality, 1),
            "aht_other_team": np.round(team, 1),
        }
    )


def deployments(seed: int = 20_260_105) -> pd.DataFrame:
    """Weekly lead time that was falling before the new pipeline, and simply went on falling."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range("2025-06-02", periods=70, freq="7D")
    n = weeks.size
    lead = 61 - 0.34 * np.arange(n) + 4.2 * ar1(rng, n, 0.15)
    return pd.DataFrame(
        {
            "week": weeks.strftime("%Y-%m-%d"),
            "lead_time_h": np.round(lead, 1),
            "deployments": rng.poisson(24, n),
        }
    )


def filling(seed: int = 20_260_317) -> pd.DataFrame:
    """Bottles in fives; the new nozzles at sample 41 cut the spread inside a sample, not the mean."""
    rng = np.random.default_rng(seed)
    samples = np.repeat(np.arange(1, 81), 5)
    inside = np.where(samples >= 41, 0.83, 1.5)
    between = np.repeat(0.45 * rng.standard_normal(80), 5)
    fill = 500.2 + between + inside * rng.standard_normal(samples.size)
    return pd.DataFrame({"sample": samples, "fill_ml": np.round(fill, 2)})


def clinics(seed: int = 20_260_501) -> pd.DataFrame:
    """Waiting times of six clinics; five go live in turn and adopt at their own pace, all get faster anyway."""
    rng = np.random.default_rng(seed)
    names = ("Ashby", "Brook", "Cedar", "Dale", "Elm", "Ford")
    starts = (8, 11, 14, 17, 20, None)
    months = pd.date_range("2024-05-01", periods=28, freq="MS")
    t = np.arange(months.size)
    shared = 2.0 * np.sin(2 * np.pi * t / 12) - 0.12 * t
    parts = []
    for name, start in zip(names, starts, strict=True):
        first, pace = rng.uniform(0.3, 0.8), rng.uniform(0.01, 0.05)
        since = t - (t.size if start is None else start)
        adoption = np.where(since >= 0, np.clip(first + pace * since, 0, 1), 0.0)
        wait = rng.uniform(28, 36) + shared + 2.0 * ar1(rng, t.size, 0.3) - 7.0 * adoption
        parts.append(
            pd.DataFrame(
                {
                    "clinic": name,
                    "month": months.strftime("%Y-%m"),
                    "wait_days": np.round(wait, 1),
                    "live_from": "" if start is None else months[start].strftime("%Y-%m"),
                    "adoption": np.round(100 * adoption).astype(int),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def tickets(seed: int = 20_260_630) -> pd.DataFrame:
    """Tickets of half a year; from 2026-04-01 on a triage each morning, and a handful of stamps that are wrong."""
    rng = np.random.default_rng(seed)
    first, drawn = np.datetime64("2026-01-05T00:00"), np.datetime64("2026-07-01T00:00")
    days = np.arange(first.astype("datetime64[D]"), drawn.astype("datetime64[D]"))
    days = days[np.is_busday(days)]
    minutes = [np.sort(np.round(60 * rng.uniform(7.5, 17.5, rng.poisson(5.0))).astype(int)) for _ in days]
    opened = np.concatenate([day.astype("datetime64[m]") + m for day, m in zip(days, minutes, strict=True)])
    after = opened >= np.datetime64("2026-04-01T00:00")
    hours = np.where(after, 60.0, 84.0) * np.exp(np.where(after, 0.75, 0.9) * rng.standard_normal(opened.size))
    closed = opened + np.round(60 * hours).astype(int)
    touch = np.round(hours * rng.beta(2, 22, opened.size), 1)
    still = closed > drawn
    table = pd.DataFrame(
        {
            "ticket": [f"SD-{1001 + i}" for i in range(opened.size)],
            "opened": pd.Series(opened).dt.strftime("%Y-%m-%d %H:%M"),
            "closed": pd.Series(closed).dt.strftime("%Y-%m-%d %H:%M").mask(pd.Series(still), ""),
            "touch_h": pd.Series(touch).map("{:.1f}".format).mask(pd.Series(still), ""),
        }
    )
    for row, day in ((57, "2026-01-09 08:15"), (211, "2026-02-20 16:40"), (388, "2026-04-02 09:00")):
        table.loc[row, "closed"] = day
    table.loc[120, "closed"] = "see mail"
    table.loc[300, "opened"] = "2026-02-30 10:12"
    table.loc[455, "closed"] = "2062-06-03 11:20"
    twice = table.iloc[[150]]
    return pd.concat([table.iloc[:260], twice, table.iloc[260:]], ignore_index=True)


def service_desk(seed: int = 20_260_112) -> pd.DataFrame:
    """Weeks of a service desk of twelve, of whom a project takes nothing, then a tenth, then a sixth of the hours."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range("2026-01-05", periods=30, freq="7D")
    expected = 2600 * rng.gamma(1 / 0.05**2, 0.05**2, weeks.size)
    tickets = rng.poisson(expected)
    minutes = [rng.gamma(1 / 0.6, 0.6 * 8.5, n) for n in tickets]
    return pd.DataFrame(
        {
            "week": weeks.strftime("%Y-%m-%d"),
            "tickets": tickets,
            "handling_min": [round(float(m.mean()), 2) for m in minutes],
            "handling_sd_min": [round(float(m.std(ddof=1)), 2) for m in minutes],
            "people": 12,
            "project_h": np.repeat([0, 48, 80], 10),
        }
    )


def service_desk_hours(seed: int = 20_260_113) -> pd.DataFrame:
    """Hours promised to operations and three projects: two groups that may be shown, and two that are too small."""
    rng = np.random.default_rng(seed)
    rows = []
    for group, people, share in (("desk", 12, 0.84), ("platform", 8, 0.62), ("data", 3, 0.70), ("network", 2, 0.70)):
        for person in range(1, people + 1):
            for month in range(1, 7):
                available = float(rng.choice([144, 152, 160]))
                crm = 24.0 if group == "desk" and month >= 4 else 0.0
                portal = float(rng.choice([40, 60])) if group == "platform" else 16.0 if group == "data" else 0.0
                audit = 30.0 if month == 3 else 0.0
                operations = float(np.round(share * available + rng.normal(0, 4)))
                name = f"{group}-{person:02d}"
                rows.append((name, group, f"2026-{month:02d}", available, operations, crm, portal, audit))
    names = ["person", "group", "period", "available", "operations", "crm", "portal", "audit"]
    return pd.DataFrame(rows, columns=names)


def nile() -> pd.DataFrame:
    """Annual flow of the Nile at Aswan, from statsmodels' own data."""
    from statsmodels.datasets import nile as source

    held = source.load_pandas().data
    return pd.DataFrame({"year": held["year"].astype(int), "flow": held["volume"].astype(int)})


MADE = {
    "clinics": clinics,
    "contact_centre": contact_centre,
    "deployments": deployments,
    "filling": filling,
    "nile": nile,
    "service_desk": service_desk,
    "service_desk_hours": service_desk_hours,
    "tickets": tickets,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MADE.items():
        make().to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        print(f"wrote {name}.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

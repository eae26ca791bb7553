"""Which series are judged? Every scenario of the study, at every size."""

from __future__ import annotations

from typing import Any

from .cells import Cell

GRID_SIZES = (8, 12, 24, 50, 100, 200)
GRID_PHI = (0.0, 0.3, 0.6)


def _cells(family: str, truth: str, *sizes: int | tuple[int, int], **settings: Any) -> list[Cell]:
    pairs = [(s, s) if isinstance(s, int) else s for s in sizes]
    return [Cell(family, truth, before, after, **settings) for before, after in pairs]


def _ar(phi: float) -> str:
    return f", AR {phi:g}" if phi else ""


def grid() -> list[Cell]:
    """Regular in size and autocorrelation, with and without a control: what the rates on a page are read from."""
    cells = []
    for phi in GRID_PHI:
        name = f"null AR(1) {phi:g}" if phi else "null iid normal"
        cells += _cells(name, "null", *GRID_SIZES, phi=phi)
        cells += _cells(f"null, control{_ar(phi)}", "null", *GRID_SIZES, phi=phi, kind="control")
        for step in (0.5, 1.0, 2.0):
            cells += _cells(f"step {step:g} sd{_ar(phi)}", "step", *GRID_SIZES, step=step, phi=phi)
            cells += _cells(
                f"step {step:g} sd, control{_ar(phi)}", "step", *GRID_SIZES, step=step, phi=phi, kind="control"
            )
    return cells


def _unequal() -> list[Cell]:
    cells = _cells("null iid normal", "null", (24, 12)) + _cells("step 1 sd", "step", (24, 12), step=1.0)
    for phi in (0.0, 0.6):
        cells += _cells(f"null unequal{_ar(phi)}", "null", (12, 50), (50, 12), (24, 100), phi=phi)
        cells += _cells(f"step 1 sd, unequal{_ar(phi)}", "step", (12, 50), (50, 12), (24, 100), phi=phi, step=1.0)
    return cells


def _shapes() -> list[Cell]:
    return [
        *_cells("null heavy tails t3", "null", 12, 24, 100, shape="t3"),
        *_cells("null skewed lognormal", "null", 12, 24, 100, shape="lognormal"),
        *_cells("step 1 sd, t3", "step", 24, shape="t3", step=1.0),
        *_cells("stress: AR(1) 0.9", "stress", 24, 50, phi=0.9),
        *_cells("stress: slow wander+noise", "stress", 24, 50, 200, shape="wander"),
        *_cells("stress: random walk+noise", "stress", 24, 100, shape="walk"),
    ]


def _seasons() -> list[Cell]:
    return [
        *_cells("null season, declared", "null", 18, 24, 30, cycle=12, declared=True),
        *_cells("null season, undeclared", "null", 24, 30, cycle=12),
        *_cells("step 1 sd, season declared", "step", 24, cycle=12, declared=True, step=1.0),
        *_cells("null weekdays, undeclared", "null", 28, 56, cycle=7),
        *_cells("null weekdays, declared", "null", 28, 56, cycle=7, declared=True),
        *_cells("step 1 sd, weekdays undeclared", "step", 28, 56, cycle=7, step=1.0),
        *_cells("step 1 sd, weekdays declared", "step", 28, 56, cycle=7, declared=True, step=1.0),
    ]


def _trends() -> list[Cell]:
    cells = [
        *_cells("pre-trend 1 sd total", "trend", 24, 50, trend=1.0),
        *_cells("pre-trend 2 sd total", "trend", 12, 24, 50, 200, trend=2.0),
        *_cells("pre-trend 4 sd total", "trend", 24, trend=4.0),
        *_cells("pre-trend 2 sd, AR 0.3", "trend", 24, 50, trend=2.0, phi=0.3),
        *_cells("pre-trend 2 sd, AR 0.6", "trend", 24, 50, trend=2.0, phi=0.6),
        *_cells("step 1 sd on a trend of 2 sd", "step", 50, 100, step=1.0, trend=2.0),
    ]
    for phi in GRID_PHI:
        for fall in (1.0, 2.0, 4.0):
            cells += _cells(f"adverse pre-trend {fall:g} sd{_ar(phi)}", "trend", 24, 50, trend=-fall, phi=phi)
        for step, fall in ((1.0, 2.0), (2.0, 4.0)):
            name = f"step {step:g} sd against a trend of {fall:g} sd{_ar(phi)}"
            cells += _cells(name, "step", 24, 50, step=step, trend=-fall, phi=phi)
    return cells


def _dates() -> list[Cell]:
    return [
        *_cells("step 1 sd at 1/4", "date", 24, 50, step=1.0, at=0.25),
        *_cells("step 2 sd at 1/4", "date", 24, 50, step=2.0, at=0.25),
        *_cells("step 2 sd at 1/4, AR 0.6", "date", 50, step=2.0, at=0.25, phi=0.6),
        *_cells("step 2 sd at 3/4", "date", 24, 50, step=2.0, at=0.75),
        *_cells("step 2 sd at 3/4, AR 0.6", "date", 50, step=2.0, at=0.75, phi=0.6),
        *_cells("step 1 sd, then another", "second", 24, 50, step=1.0, second=1.0),
        *_cells("step 2 sd, then half of it back", "second", 24, 50, step=2.0, second=-1.0),
    ]


def _ramps() -> list[Cell]:
    """A gain that takes half of the stage after to arrive; once with a longer stage, so that 50 judged points stay."""
    cells = []
    for n in (24, 50):
        cells += _cells("ramp to 1.5 sd (learning)", "ramp", n, step=1.5, ramp=n // 2)
        cells += _cells("ramp to 1.5 sd, wash-out declared", "ramp", n, step=1.5, ramp=n // 2, washout=n // 2)
        cells += _cells(
            "ramp to 1.5 sd in a quarter, wash-out declared", "ramp", n, step=1.5, ramp=n // 4, washout=n // 4
        )
    cells += _cells("ramp to 1.5 sd, wash-out declared", "ramp", (50, 75), step=1.5, ramp=25, washout=25)
    cells += _cells("null with a wash-out", "null", 24, 50, washout=12)
    return cells


def _spreads() -> list[Cell]:
    return [
        *_cells("step 1 sd + sd cut 30%", "step", 24, 50, step=1.0, cut=0.3),
        *_cells("sd cut 30%", "spread", 24, 50, 100, cut=0.3),
        *_cells("sd cut 50%", "spread", 12, 24, 50, cut=0.5),
        *_cells("sd cut 50%, AR 0.6", "spread", 24, 50, cut=0.5, phi=0.6),
        *_cells("sd up 50%", "spread", 24, 50, cut=-0.5),
    ]


def _losses() -> list[Cell]:
    return [
        *_cells("step 2 sd then backslide", "backslide", 24, 50, step=2.0, lost=True),
        *_cells("step 1.5 then drift 2 back", "backslide", 24, 50, step=1.5, drift=2.0),
        *_cells("drift 2 sd worse after", "worse", 24, 50, drift=2.0),
    ]


def _counts() -> list[Cell]:
    share = {"kind": "proportion", "level": 0.15, "size": 100}
    rate = {"kind": "rate", "level": 20.0}
    cells = [
        *_cells("null binomial overdisp.", "null", 24, 50, **share),
        *_cells("binomial 15% -> 9%", "step", 24, 50, step=0.4, **share),
        *_cells("null Poisson var. exposure", "null", 24, 50, **rate),
        *_cells("Poisson rate x 0.7", "step", 24, 50, step=0.3, **rate),
    ]
    for mean in (0.5, 2.0):
        low = {"kind": "rate", "level": mean, "constant": True}
        cells += _cells(f"null low counts, mean {mean:g}", "null", 24, 50, 100, **low)
        cells += _cells(f"low counts, mean {mean:g} x 0.4", "step", 24, 50, 100, step=0.6, **low)
    for expected in (1, 2):
        low = {"kind": "proportion", "level": 0.05, "size": 20 * expected, "constant": True}
        cells += _cells(f"null low binomial, {expected} expected", "null", 24, 50, **low)
        cells += _cells(f"low binomial, {expected} expected x 0.4", "step", 24, 50, step=0.6, **low)
    return cells


def _measurements() -> list[Cell]:
    cells = []
    for phi in (0.0, 0.6):
        cells += _cells(f"null durations{_ar(phi)}", "null", 24, 50, kind="duration", phi=phi)
        cells += _cells(f"null off target{_ar(phi)}", "null", 24, 50, kind="target", level=1.0, phi=phi)
        cells += _cells(f"null on target{_ar(phi)}", "null", 24, 50, kind="target", phi=phi)
    cells += _cells("durations, step 1 sd", "step", 24, 50, kind="duration", step=1.0)
    cells += _cells("moved onto the target", "step", 24, 50, kind="target", level=1.5, step=1.5)
    cells += _cells("spread halved about the target", "step", 24, 50, kind="target", cut=0.5)
    for between in (0.0, 0.5):
        name = "subgroups" if not between else "subgroups with variance between"
        cells += _cells(f"null {name}", "null", 24, 50, kind="subgroups", between=between)
        cells += _cells(f"{name}, step 1 sd", "step", 24, 50, kind="subgroups", between=between, step=1.0)
        cells += _cells(f"{name}, sd cut 50% inside", "spread", 24, kind="subgroups", between=between, cut=0.5)
    cells += _cells("null subgroups with variance between, AR 0.6", "null", 24, kind="subgroups", between=0.5, phi=0.6)
    return cells


def _gaps() -> list[Cell]:
    cells = []
    for missing, name in (("random", "one in five missing"), ("holes", "long holes")):
        for phi in (0.0, 0.6):
            cells += _cells(f"null {name}{_ar(phi)}", "null", 24, 50, missing=missing, phi=phi)
        cells += _cells(f"step 1 sd, {name}", "step", 24, 50, missing=missing, step=1.0)
    return cells


def _triggered() -> list[Cell]:
    cells = []
    for declared in (False, True):
        told = "declared" if declared else "undeclared"
        for phi in (0.0, 0.6):
            for stretch in (4, 6):
                name = f"triggered by the worst {stretch}, {told}{_ar(phi)}"
                cells += _cells(name, "triggered", 24, 50, phi=phi, stretch=stretch, declared=declared)
            name = f"step 2 sd after the worst 6, {told}{_ar(phi)}"
            cells += _cells(name, "step", 24, 50, phi=phi, stretch=6, declared=declared, step=2.0)
    return cells


def _controls() -> list[Cell]:
    return [
        *_cells("null, control, shared trend 2 sd", "null", 24, 50, kind="control", trend=2.0),
        *_cells("step 1 sd, control, shared trend 2 sd", "step", 24, 50, kind="control", trend=2.0, step=1.0),
        *_cells(
            "stress: control without the trend of 2 sd", "stress", 24, 50, kind="control", trend=2.0, own_trend=True
        ),
    ]


def _waves() -> list[Cell]:
    """Six sites over 24 periods, unless said otherwise; all share a season."""

    def panel(family: str, truth: str, periods: int = 24, **settings: Any) -> Cell:
        held = {"sites": 6, "cycle": 12, "kind": "waves", "judge": "waves"} | settings
        return Cell(f"waves: {family}", truth, periods // 2, periods // 2, **held)

    return [
        panel("null", "null"),
        panel("null, AR 0.6", "null", phi=0.6),
        panel("null, 3 sites, AR 0.6", "null", sites=3, phi=0.6),
        panel("null, noise of sites 1 to 4", "null", uneven=4.0),
        panel("null, effects differ by 1 sd, AR 0.6", "null", differ=1.0, phi=0.6),
        panel(
            "null, shared trend of 4 sd, one in five missing, AR 0.6", "null", 30, trend=4.0, missing="random", phi=0.6
        ),
        panel("early sites on a better course by 2 sd", "trend", course=2.0),
        panel("early sites on a worse course by 4 sd", "trend", course=-4.0),
        panel("step 1 sd", "step", step=1.0),
        panel("step 2 sd, AR 0.6", "step", step=2.0, phi=0.6),
        panel("1.5 sd by dose", "step", step=1.5, dose=True),
        panel("step 3 sd, lost in 10 periods", "backslide", step=3.0, lost=True),
    ]


def _repeated() -> list[Cell]:
    cells = []
    for phi in (0.0, 0.6):
        for way in ("each look", "planned", "any"):
            name = f"seven looks, {way}{_ar(phi)}"
            cells += _cells(name, "null", (24, 36), phi=phi, looks=way, judge="looks")
            cells += _cells(f"{name}, step 1 sd", "step", (24, 36), phi=phi, step=1.0, looks=way, judge="looks")
    for step in (0.0, 2.0):
        name = "ten metrics" if not step else "ten metrics, step 2 sd in three"
        cells += _cells(f"{name}, AR 0.3", "step" if step else "null", 24, phi=0.3, step=step, judge="metrics")
    return cells


CELLS: tuple[Cell, ...] = (
    *grid(), *_unequal(), *_shapes(), *_seasons(), *_trends(), *_dates(), *_ramps(), *_spreads(), *_losses(),
    *_counts(), *_measurements(), *_gaps(), *_triggered(), *_controls(), *_waves(),
    *_repeated(),
)  # fmt: skip
"""The whole study, in the order of its table."""

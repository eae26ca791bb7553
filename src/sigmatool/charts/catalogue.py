"""All chart kinds by name: what each takes, and how its settings make it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from ..designs import DESIGNS, Design
from ..errors import SettingsError
from . import attributes, multivariate, rare_events, run, short_run, time_weighted, variables
from .kinds import Kind

MAKERS: dict[str, Callable[..., Kind]] = {
    "i-mr": variables.i_mr,
    "xbar-r": variables.xbar_r,
    "xbar-s": variables.xbar_s,
    "i-mr-rs": variables.i_mr_rs,
    "p": attributes.p,
    "np": attributes.np_,
    "c": attributes.c,
    "u": attributes.u,
    "laney-p": attributes.laney_p,
    "laney-u": attributes.laney_u,
    "g": rare_events.g,
    "t": rare_events.t,
    "ewma": time_weighted.ewma_kind,
    "cusum": time_weighted.cusum_kind,
    "ma": time_weighted.ma_kind,
    "run": run.run,
    "z-mr": short_run.z_mr,
    "dnom": short_run.dnom,
    "t2": multivariate.t2,
    "mewma": multivariate.mewma_kind,
}
"""A maker takes the settings of the kind; of several variables also their names."""

COUNT_KINDS = ("p", "np", "c", "u", "laney-p", "laney-u")
PROPORTION_KINDS = ("p", "np", "laney-p")
VECTOR_KINDS = ("t2", "mewma")
PART_KINDS = ("z-mr", "dnom")
LANEY_KINDS = ("laney-p", "laney-u")
"""Their sigma says how much more the points scatter than their law lets them."""
RARE_KINDS = ("g", "t")


def unknown(name: str) -> SettingsError:
    """A refusal that offers a near name."""
    near = difflib.get_close_matches(name.lower().replace("_", "-"), ("auto", *MAKERS), n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? Known" if near else "known"
    return SettingsError(f"kind {name!r} is unknown; {hint} are auto, {', '.join(MAKERS)}.")


def make(name: str, design: Design | None = None, names: tuple[str, ...] = ()) -> Kind:
    """The kind of a name with its settings, or with its defaults.

    Examples
    --------
    >>> make("ewma").title
    'Exponentially weighted moving average'
    """
    if name not in MAKERS:
        raise unknown(name)
    settings: Any = design
    if settings is None and name in DESIGNS:
        settings = DESIGNS[name]()
    return MAKERS[name](settings, names) if name in VECTOR_KINDS else MAKERS[name](settings)

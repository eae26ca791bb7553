"""The stage after as a capability study of its own: what the six-pack of a review shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..axis import Stage
from ..capability.asked import asked_of
from ..capability.capability import of_points
from ..errors import DataError
from ..points import Measurements
from .words import AFTER_TITLE

if TYPE_CHECKING:
    from ..capability.result import Capability
    from .case import Judged


def after_study(judged: Judged, lsl: float | None, usl: float | None, target: float | None) -> Capability | None:
    """Judge the points after the rollout against the specification; None where they cannot be.

    The study is that of :func:`sigmatool.capability` with every other point excluded.
    """
    points = judged.points
    if not isinstance(points, Measurements):
        return None
    kept = judged.used & judged.after & ~judged.washout & judged.compared
    settings = {
        "value": points.name, "time": None, "subgroup": None, "lsl": lsl, "usl": usl, "target": target, "sigma": None,
        "distribution": "auto", "confidence": 0.95, "boundary": None, "limits": None, "exclude": None,
        "title": AFTER_TITLE,
    }  # fmt: skip
    try:
        asked = asked_of(lsl, usl, target, None, None, "auto", 0.95, None)
        one = (Stage("all", 0, points.n),)
        return of_points(replace(points.only(kept), stages=one), asked, settings)
    except DataError:
        return None

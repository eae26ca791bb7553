"""The untouched series: what the metric would have done without the rollout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import Counts, Measurements, extra
from ..errors import DataError, SettingsError
from ..numbers.scales import WorkingScale, working_scale
from .request import Request

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def controls_of(
    data: Any, points: Measurements | Counts, asked: Request, used: Bools, blocks: Ints | None
) -> tuple[tuple[str, WorkingScale], ...]:
    """The untouched series on the working scale; each must be there wherever the metric is judged.

    ``blocks``: where periods of few events were merged, the block of each (-1: none), over all points.
    """
    sizes = asked.control_sizes or (None,) * len(asked.controls)
    pairs = zip(asked.controls, sizes, strict=True)
    return tuple((name, _control(data, points, asked, used, name, size, blocks)) for name, size in pairs)


def mean_of(scales: list[WorkingScale]) -> WorkingScale | None:
    """Several untouched series as one: their mean on the working scale."""
    if len(scales) < 2:
        return scales[0] if scales else None
    z = np.mean([scale.z for scale in scales], axis=0)
    sd = np.sqrt(np.mean([scale.relative_sd**2 for scale in scales], axis=0))
    return WorkingScale(scales[0].name, z, sd, float(np.mean([scale.offset for scale in scales])))


def _control(
    data: Any,
    points: Measurements | Counts,
    asked: Request,
    used: Bools,
    column: str,
    size: str | None,
    blocks: Ints | None,
) -> WorkingScale:
    name = asked.scale_name
    values = extra(data, column, points)[used]
    sizes = None
    if isinstance(points, Counts):
        if size is None and points.size_name is not None:
            raise SettingsError(
                f"control {column!r} is a count: give its denominator too, for example --control-size COLUMN."
            )
        sizes = np.ones(values.size) if size is None else extra(data, size, points)[used]
    missing = ~np.isfinite(values) | (False if sizes is None else ~np.isfinite(sizes))
    if missing.any():
        at = points.axis.labels[int(np.flatnonzero(used)[np.argmax(missing)])]
        raise DataError(
            f"the control {column!r} has no value at {at}: a control must be measured at every judged point; "
            "fill it in, exclude the point, or review without a control."
        )
    impossible = values <= 0 if name == "duration" else np.zeros(values.size, dtype=bool)
    if sizes is not None:
        impossible = (values < 0) | (sizes <= 0) | ((values > sizes) if name == "proportion" else False)
    if impossible.any():
        at = points.axis.labels[int(np.flatnonzero(used)[np.argmax(impossible)])]
        raise DataError(f"the control {column!r} has an impossible value at {at} for a {name}; correct it.")
    if float(np.ptp(values if sizes is None else values / sizes)) == 0.0:
        raise DataError(
            f"the control {column!r} never varies, so that it tells nothing of what else happened; leave it out, or "
            "name a series that is measured like the metric."
        )
    if blocks is not None and sizes is not None:
        inside = blocks[used] >= 0
        block = blocks[used][inside]
        values = np.bincount(block, values[inside]).astype(float)
        sizes = np.bincount(block, sizes[inside]).astype(float)
    return working_scale(name, values, sizes)

"""How much of what we measure is the measurement: gage repeatability and reproducibility."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..result import Provenance, command_line
from . import gage_caveat_words
from .gage_asked import Asked, Measured, asked, measured
from .gage_design import Layout, layout
from .gage_result import GageRR
from .gage_study import Study, study

DEFAULTS = (
    ("design", "auto"), ("method", "auto"), ("alpha", 0.05), ("multiplier", 6.0), ("confidence", 0.95),
)  # fmt: skip


def gage_rr(
    data: Any,
    *,
    value: str,
    part: str,
    operator: str,
    tolerance: float | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    factors: Sequence[str] = (),
    fixed: Sequence[str] = (),
    design: str = "auto",
    method: str = "auto",
    alpha: float = 0.05,
    multiplier: float = 6.0,
    confidence: float = 0.95,
    title: str | None = None,
) -> GageRR:
    """Split the variation of repeated measurements into gage, operators and parts, each with an interval.

    Parameters
    ----------
    data : DataFrame
        One row a measurement. Rows without a value are missing, and counted.
    value, part, operator : str
        Columns: the measurement, the part that was measured, who (or what) measured it.
    tolerance : float, optional
        Width of the specification, upper minus lower limit.
    lsl, usl : float, optional
        The limits themselves, in place of the width; one alone is held against the mean (twice the distance to it
        counts as the tolerance). With limits the chance of a wrong verdict on a part is told.
    factors, fixed : sequence of str
        Columns of further factors: random ones (a sample of machines or days), which belong to reproducibility, and
        fixed ones (two fixtures, and there are no others), which are taken out.
    design : {"auto", "crossed", "nested"}
        Crossed: the operators measure the same parts. Nested: each has parts of his own (as in a destructive test).
        ``auto``: nested where no part was measured by two operators.
    method : {"auto", "anova", "xbar-r", "reml"}
        ``anova``: mean squares; ``xbar-r``: ranges with their exact constants; ``reml``: restricted maximum
        likelihood, the interaction always in the model. ``auto``: ANOVA where the study is balanced, REML elsewhere.
    alpha : float
        The interaction of operators and parts is put to repeatability where its test gives ``p >= alpha``. Default
        0.05; AIAG uses 0.25; 1 never pools, 0 always.
    multiplier : float
        Standard deviations of study variation: 6 (99.73 % of a normal distribution), or 5.15 (99 %).
    confidence : float
        Of every interval.
    title : str

    Returns
    -------
    GageRR

    Raises
    ------
    DataError
        One operator, one part, no repeats, no common parts, values that are all equal; a cell that is no number.
    SettingsError
        A setting that is unknown, out of range or at odds with another.

    Notes
    -----
    Crossed, balanced: ``MS_E``; ``(MS_PO - MS_E) / r``; ``(MS_O - MS_PO) / (p r)``; ``(MS_P - MS_PO) / (o r)``. An
    estimate below zero is told as zero. Where cells are unequal or missing, ``anova`` takes unweighted cell means,
    parts adjusted for operators and operators for parts.

    Intervals come from the mean squares with the interaction, whatever its test says: sums of mean squares by modified
    large samples, differences and shares by generalized pivotal quantities; for further factors approximately, from the
    information. How often they hold the truth: docs/gage-coverage.md. With two operators the upper end is all but
    without bound: one difference tells next to nothing about a variance.

    References
    ----------
    AIAG (2010), Measurement Systems Analysis, 4th ed., ch. III; Burdick, Borror & Montgomery (2003), J. Quality
    Technology 35; (2005), Design and Analysis of Gauge R&R Studies; Wheeler (2006), EMP III.

    Examples
    --------
    >>> import sigmatool as st
    >>> found = st.gage_rr(st.datasets.load("gage"), value="y", part="part", operator="operator")
    >>> gage = found.components["gage"]
    >>> round(gage.sd.value, 3), round(gage.study.value, 3), found.ndc
    (0.302, 0.279, 4)
    """
    settled = asked(tolerance, lsl, usl, design, method, alpha, multiplier, confidence)
    held = measured(data, value, part, operator, factors, fixed)
    lay = layout(held, settled)
    found = study(held, lay, settled)
    settings = {
        "value": value, "part": part, "operator": operator, "tolerance": settled.tolerance, "lsl": settled.lsl,
        "usl": settled.usl, "factors": list(factors), "fixed": list(fixed), "design": design, "method": method,
        "alpha": settled.alpha, "multiplier": settled.multiplier, "confidence": settled.confidence, "title": title,
    }  # fmt: skip
    options = {k: v for k, v in settings.items() if (k, v) not in DEFAULTS}
    return GageRR(
        settings=settings,
        rows=held.rows,
        caveats=tuple(dict.fromkeys((*held.caveats, *_caveats(held, lay, found, settled)))),
        provenance=Provenance(
            held.sha256, command_line("msa gage-rr", held.source, options), held.file_sha256, held.source
        ),
        title=title or f"Gage R&R of {value}",
        measured=held,
        layout=lay,
        asked=settled,
        study=found,
    )


def _caveats(held: Measured, lay: Layout, found: Study, settled: Asked) -> list[Any]:
    return [c for c in gage_caveat_words.caveats(held, lay, found, settled) if c is not None]

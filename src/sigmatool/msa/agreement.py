"""Can judgements be trusted? Appraisers who put parts into categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ..capability.levels import level_of
from ..caveats import Caveat
from . import measure_caveat_words as words
from .agreement_asked import Rated, rated
from .agreement_result import AttributeAgreement
from .agreement_study import Study, study
from .study_table import chosen_options

USUAL: Final = 30
"""Parts of an attribute study."""

FEW_OF_A_KIND: Final = 5
"""Parts of a category under which the kappas are told to know little."""


def attribute_agreement(
    data: Any,
    *,
    value: str,
    part: str,
    operator: str,
    standard: str | None = None,
    order: Sequence[str] | str | None = None,
    good: str | None = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> AttributeAgreement:
    """Tell how far appraisers agree with themselves, with each other and with a standard.

    Parameters
    ----------
    data : DataFrame
        One row a rating. An empty rating is missing, and counted.
    value, part, operator : str
        Columns: the rating (text or numbers; 1, 1.0 and "1" are the same), what was rated, by whom. Repeats of a part
        by the same appraiser are trials, in the order of the rows.
    standard : str, optional
        Column with the true category of the part.
    order : sequence of str, or text such as "low,middle,high"
        The categories, lowest first, where they have an order: near misses then count as such.
    good : str, optional
        The category that passes: miss rate and false-alarm rate are told against the standard.
    confidence : float
        Of every interval.
    title : str

    Returns
    -------
    AttributeAgreement

    Raises
    ------
    DataError
        One part, a part with two standards, a rating that ``order`` does not name.
    SettingsError
        A setting that is unknown or out of range.

    Notes
    -----
    Percentages are of parts on which all ratings agree, with exact intervals (Clopper-Pearson). Among ratings of equal
    standing Fleiss' kappa, Gwet's AC1 and, with an order, weighted kappas, AC2 (quadratic weights) and Kendall's W;
    with the standard, and between two appraisers, the mean over trials of Cohen's kappa and of tau-b. Intervals by the
    jackknife over parts: :func:`sigmatool.numbers.agreement_interval.jackknife`.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., ch. III sect. C; Fleiss, Levin & Paik (2003), Statistical Methods for
    Rates and Proportions, ch. 18; Gwet (2014), Handbook of Inter-Rater Reliability.

    Examples
    --------
    >>> import pandas as pd
    >>> t = pd.DataFrame({"part": [1, 2, 3, 4] * 2, "who": list("aaaabbbb"), "y": ["ok", "no", "ok", "no"] * 2})
    >>> t.loc[7, "y"] = "ok"
    >>> found = attribute_agreement(t, value="y", part="part", operator="who")
    >>> found.study.between.share.value, round(found.study.between.coefficients["kappa"].value, 3)
    (0.75, 0.467)
    """
    level = level_of("confidence", confidence)
    held = rated(data, value, part, operator, standard, order, good)
    found = study(held, level)
    told = None if order is None else ",".join(held.categories)
    settings = {
        "value": value, "part": part, "operator": operator, "standard": standard, "order": told,
        "good": None if held.good is None else held.categories[held.good], "confidence": level, "title": title,
    }  # fmt: skip
    return AttributeAgreement(
        settings=settings,
        rows=held.table.rows,
        caveats=tuple(dict.fromkeys((*held.table.caveats, *_caveats(held, found)))),
        provenance=held.table.provenance("msa agreement", chosen_options(settings, [("confidence", 0.95)])),
        title=title or f"Agreement of {value}",
        metric=value,
        rated=held,
        study=found,
        confidence=level,
    )


def _caveats(held: Rated, found: Study) -> list[Caveat]:
    noted: list[Caveat] = []
    n = len(held.parts)
    if n < USUAL:
        noted.append(words.few_parts(n, USUAL))
    gone = int((held.codes < 0).sum())
    if gone:
        noted.append(words.missing_ratings(gone, held.codes.size))
    if held.trials == 1:
        noted.append(words.one_trial())
    counts = np.array([(held.wide == c).sum() for c in range(len(held.categories))], dtype=np.float64)
    largest = float(counts.max() / counts.sum())
    who = found.all_against or found.between or (found.within[0] if found.within else None)
    if who is not None:
        kappa, ac1 = who.coefficients["kappa"].value, who.coefficients["ac1"].value
        agree = _pairs_agree(held)
        if agree >= 0.8 and largest >= 0.75 and ac1 - kappa >= 0.2:
            noted.append(words.kappa_paradox(agree, kappa, ac1, largest))
    for j, name in enumerate(held.appraisers):
        seen = held.codes[:, j, :]
        if np.unique(seen[seen >= 0]).size == 1 and len(held.categories) > 1:
            noted.append(words.one_category(name))
    if held.standard is not None:
        true = np.array([(held.standard == c).sum() for c in range(len(held.categories))])
        rare = [c for c in np.flatnonzero(true) if true[c] < FEW_OF_A_KIND]
        if rare:
            noted.append(words.skewed(held.categories[rare[0]], int(true[rare[0]]), n))
        unknown = [held.categories[c] for c in np.flatnonzero((true == 0) & (counts > 0))]
        if unknown:
            noted.append(words.standard_not_rated(unknown))
        if held.good is None:
            noted.append(words.no_good())
    if not held.ordered and len(held.categories) > 2 and all(_is_number(c) for c in held.categories):
        noted.append(words.order_unknown())
    return noted


def _pairs_agree(held: Rated) -> float:
    """Share of pairs of ratings of a part that agree, the standard among them."""
    wide = held.wide if held.standard is None else np.column_stack([held.wide, held.standard])
    counts = np.stack([(wide == c).sum(axis=1) for c in range(len(held.categories))], axis=1)
    pairs = float((counts.sum(axis=1) * (counts.sum(axis=1) - 1)).sum())
    return float((counts * (counts - 1)).sum()) / pairs if pairs else float("nan")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""What a reader of a measurement study must know beside its numbers: each caveat with its code and its sentence."""

from __future__ import annotations

from ..caveats import Caveat
from ..charts.words import number, p_value, percent


def no_scatter(n: int) -> Caveat:
    """Readings that are all equal."""
    text = (
        f"All {n} readings are equal: the gage shows no scatter, so there is no index, no test and no interval. Its "
        "steps "
        "may be too coarse to show one."
    )
    return Caveat("no-scatter", text)


def coarse(step: float, share: float, most: float, given: bool) -> Caveat:
    """Steps above the usual share of the tolerance."""
    origin = "as given" if given else "the smallest step between readings, which the true one may be below"
    text = (
        f"The gage moves in steps of {number(step, 4)} ({origin}), {percent(share)} of the tolerance; at most "
        f"{percent(most)} is usual."
    )
    return Caveat("resolution", text)


def few_readings(n: int, usual: int) -> Caveat:
    """A type 1 study of few readings."""
    return Caveat("few-readings", f"{n} readings are few: {usual} are usual, and the intervals show what that costs.")


def one_sided(limit: str, reference: float) -> Caveat:
    """A tolerance with one limit."""
    text = (
        f"With {limit} alone the tolerance has no width: twice its distance from the reference "
        f"({number(reference, 6)}) "
        "stands in for it, and only a bias towards the limit counts in Cgk."
    )
    return Caveat("one-sided", text)


def reference_outside(reference: float) -> Caveat:
    """A master beyond the specification."""
    text = f"The reference {number(reference, 6)} lies outside the tolerance; a master near its middle is usual."
    return Caveat("reference-outside", text)


def readings_depend(r: float) -> Caveat:
    """Neighbouring readings alike."""
    text = (
        f"Neighbouring readings resemble each other (correlation {number(r, 2)}): the gage drifts, or steps, during "
        "the "
        "study, and tests and intervals are too sure of themselves."
    )
    return Caveat("dependent", text)


def several_tests(parts: int) -> Caveat:
    """A test for every part."""
    text = (
        f"{parts} parts are tested one by one: by chance alone about one test in twenty finds a bias. The column of "
        "adjusted p (Holm) allows for that."
    )
    return Caveat("several-tests", text)


def range_method() -> Caveat:
    """The manual's way to sigma."""
    text = (
        "The standard error is s / sqrt(n) with the sample standard deviation. The AIAG manual's example takes sigma "
        "from "
        "the range of all readings (R / d2), which wastes most of them: its interval differs."
    )
    return Caveat("range-method", text)


def single_readings(parts: int) -> Caveat:
    """Parts measured once."""
    return Caveat("single-readings", f"{parts} parts were measured once: their bias has no interval of its own.")


def lack_of_fit(f: float, p: float) -> Caveat:
    """Means that leave the line."""
    text = (
        f"The bias does not follow a straight line (lack of fit F {number(f)}, {p_value(p)}): the means leave it by "
        "more "
        "than repeats explain, and the band around the line is too narrow. Read the bias part by part."
    )
    return Caveat("lack-of-fit", text)


def uneven(ratio: float, p: float) -> Caveat:
    """Scatter that differs between references."""
    text = (
        f"The scatter differs between references (largest standard deviation {number(ratio)} times the smallest, "
        f"{p_value(p)}): one repeatability for all of them is an average."
    )
    return Caveat("uneven-scatter", text)


def no_process() -> Caveat:
    """Nothing to hold linearity against."""
    text = (
        "No process variation was given (six standard deviations of the process, or the tolerance): linearity and bias "
        "are told in units, not as a share."
    )
    return Caveat("no-process", text)


def drift_of_few(points: int) -> Caveat:
    """A short history."""
    return Caveat("few-points", f"{points} points are a short history: a slow drift stays hidden, limits are on trial.")


def gaps_left_out(parts: int, of: int) -> Caveat:
    """Items without a rating by everybody."""
    text = (
        f"{parts} of {of} parts lack a rating by one of the raters and are left out: these correlations need a "
        "complete "
        "table."
    )
    return Caveat("incomplete", text)


def below_zero() -> Caveat:
    """A negative correlation."""
    text = (
        "A correlation below zero means that raters differ within a part more than parts differ: read it as none. It "
        "is "
        "told as it is, so that intervals stay right."
    )
    return Caveat("below-zero", text)


def raters_few(raters: int) -> Caveat:
    """Agreement that rests on one or two differences."""
    text = (
        f"{raters} raters tell little about raters in general: the interval of absolute agreement, ICC(2), is wide and "
        "approximate."
    )
    return Caveat("few-raters", text)


def missing_ratings(cells: int, of: int) -> Caveat:
    """Ratings that are not there."""
    text = (
        f"{cells} of {of} ratings are missing: pairs are compared where both are there, and a part needs two to count."
    )
    return Caveat("missing-ratings", text)


def kappa_paradox(agree: float, kappa: float, ac1: float, largest: float) -> Caveat:
    """High agreement, low kappa."""
    text = (
        f"Pairs of ratings agree {percent(agree)} of the time, yet kappa is {number(kappa)}: {percent(largest)} of the "
        f"ratings are one category, so chance alone would agree often and kappa has little room. Gwet's AC1, "
        f"{number(ac1)}, does not shrink so. A study with about equal parts of each category settles it."
    )
    return Caveat("kappa-paradox", text)


def one_category(who: str) -> Caveat:
    """A rater who never varies."""
    text = (
        f"{who} named one category only: kappa, tau and W cannot tell skill from habit there, and are 0 or do not "
        "exist."
    )
    return Caveat("one-category", text)


def skewed(category: str, count: int, of: int) -> Caveat:
    """A category of which there are few parts."""
    text = (
        f"Only {count} of {of} parts are {category!r}: with so few of a kind the kappas know little, and their "
        "intervals "
        "hold the truth too seldom (docs/agreement-coverage.md). About a quarter of each kind is usual."
    )
    return Caveat("few-of-a-kind", text)


def order_unknown() -> Caveat:
    """Numbers as categories without an order."""
    text = (
        "The categories are taken for names without an order. If they have one, give it (order): weighted kappa, "
        "Kendall's W and tau-b then count near misses as such."
    )
    return Caveat("no-order", text)


def no_good() -> Caveat:
    """Nobody said which category passes."""
    text = "Name the category that passes (good) for miss and false-alarm rates."
    return Caveat("no-good", text)


def standard_not_rated(names: list[str]) -> Caveat:
    """Categories that only one side uses."""
    told = ", ".join(repr(n) for n in names[:3])
    text = (
        f"No part is {told} by the standard, but appraisers named it: they can only be wrong there. Is it spelled the "
        "same in both columns?"
    )
    return Caveat("unknown-to-standard", text)


def one_trial() -> Caveat:
    """Nobody judged a part twice."""
    text = "Nobody judged a part twice: whether appraisers agree with themselves cannot be told."
    return Caveat("one-trial", text)


def few_parts(n: int, usual: int) -> Caveat:
    """A small attribute study."""
    return Caveat("few-parts", f"{n} parts are few for an attribute study: {usual} or more are usual.")

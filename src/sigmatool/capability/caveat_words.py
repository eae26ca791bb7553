"""What a reader of a capability or tolerance study must know beside its numbers: each caveat with its sentence."""

from __future__ import annotations

from ..caveats import Caveat
from ..charts.words import number, p_value


def fit_failed(distribution: str, problem: str) -> Caveat:
    """The distribution that was asked for cannot be fitted."""
    return Caveat(
        "fit-failed", f"The distribution {distribution} cannot be fitted ({problem}); another one was chosen."
    )


def not_normal(statistic: float, p: float, law: str) -> Caveat:
    """The normal formulas mislead."""
    text = (
        f"The values are not normal (Anderson-Darling A² {statistic:.3g}, p {p:.2g}): Pp, Ppk and the expected share "
        f"outside are read from the {law} distribution; Cp and Cpk keep the normal formula, and mislead here."
    )
    return Caveat("not-normal", text)


def extrapolates(n: int) -> Caveat:
    """Too few values to read percentiles from."""
    text = (
        f"{n} values do not reach the 0.135 % point: the smallest and largest stand in for it, and the indices are too "
        "high; collect 740 values or more."
    )
    return Caveat("extrapolates", text)


def support_ends_inside(law: str) -> Caveat:
    """A distribution that knows nothing of a limit."""
    text = f"The {law} distribution ends inside the specification: beyond that limit it expects nothing at all."
    return Caveat("support-ends-inside", text)


def few_values(n: int) -> Caveat:
    """A small study."""
    text = f"{n} values are few: read the intervals, not the indices, and collect 100 or more."
    return Caveat("few-values", text)


def no_spread_within() -> Caveat:
    """Equal neighbours."""
    text = "Neighbouring values do not differ at all: there is no spread within, so Cp and Cpk do not exist."
    return Caveat("no-spread-within", text)


def subgroups_differ() -> Caveat:
    """More between subgroups than inside them foretells."""
    text = (
        "Subgroups differ by more than the spread inside them makes: Pp and Ppk are lower than Cp and Cpk for that "
        "reason, and their intervals count subgroups rather than values."
    )
    return Caveat("subgroups-differ", text)


def autocorrelated(r: float) -> Caveat:
    """Values that resemble their neighbours."""
    text = (
        f"Neighbouring values are alike (autocorrelation {r:.2f}): the intervals of Pp and Ppk are widened for it, and "
        "sigma within comes out too small, so Cp and Cpk flatter; read Ppk."
    )
    return Caveat("autocorrelated", text)


def columns_without_specification(names: list[str], most: int) -> Caveat:
    """Numbers that nobody gave limits for."""
    more = "" if len(names) <= most else f" and {len(names) - most:,} more"
    text = f"Columns of numbers without a specification were not judged: {', '.join(names[:most])}{more}."
    return Caveat("columns-without-specification", text)


def characteristics_refused(of: int, names: list[str], most: int) -> Caveat:
    """Characteristics whose data forbid a study."""
    told = ", ".join(names[:most])
    text = f"Of {of:,} characteristics {len(names):,} could not be judged ({told}); each has its reason."
    return Caveat("characteristics-refused", text)


def specification_columns(read: list[str], other: list[str]) -> Caveat:
    """Columns of a specification that mean nothing here."""
    text = f"Of the specification only {', '.join(read)} were read, not {', '.join(other[:8])}."
    return Caveat("specification-columns", text)


def method_chosen(law: str) -> Caveat:
    """How counts were taken; ``law`` is binomial or poisson."""
    why = "no count exceeds its size" if law == "binomial" else "counts exceed their size, or sizes are not whole"
    return Caveat("method-chosen", f"Counts were taken as {law}: {why}.")


def overdispersed(ratio: float) -> Caveat:
    """Counts that scatter more than chance."""
    text = (
        f"Points differ by more than chance (dispersion {number(ratio)}): the next sample can lie further off than "
        "these limits say, which take every unit for independent."
    )
    return Caveat("overdispersed", text)


def normality_unknown(fewest: int) -> Caveat:
    """Too few values for a test of normality."""
    text = f"Too few values to tell whether they are normal (at least {fewest}); the limits rest on it."
    return Caveat("normality-unknown", text)


def limits_not_normal(p: float, free: str, needed: int) -> Caveat:
    """Limits that rest on a normal distribution; ``free`` are those that rest on none, "" where there are too few."""
    first = (
        f"The values speak against a normal distribution (Anderson-Darling {p_value(p)}), on which these limits rest."
    )
    more = f": {free}." if free else f" take {needed:,} values."
    return Caveat("not-normal", f"{first} Limits that need no distribution{more}")


def hang_together(r: float) -> Caveat:
    """Values of a tolerance interval that resemble their neighbours."""
    text = (
        f"Neighbouring values hang together (autocorrelation {number(r, 2)}): they tell less than as many independent "
        "ones, and the confidence is lower than stated."
    )
    return Caveat("autocorrelated", text)


def without_frozen_limits(names: list[str], others: int, most: int) -> Caveat:
    """Characteristics without a ledger beside others that have one."""
    listed = ", ".join(names[:most]) + (" and others" if len(names) > most else "")
    text = (
        f"{others:,} of {others + len(names):,} characteristics are judged by frozen limits; by limits of their own: "
        f"{listed}."
    )
    return Caveat("without-frozen-limits", text)

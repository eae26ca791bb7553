"""Which check runs for an area, and how one case is run."""

from __future__ import annotations

from collections.abc import Callable

from . import (
    attribute_charts,
    before_after,
    capability,
    constants,
    hypothesis_tests,
    lean,
    measurement,
    multivariate,
    rules,
    run_charts,
    run_lengths,
    time_weighted,
    tolerance,
    variables_charts,
)
from .cases import Case
from .comparison import Comparison, Failure

CHECKS: dict[str, Callable[[Comparison], None]] = {
    "constants": constants.check,
    "variables_charts": variables_charts.check,
    "attribute_charts": attribute_charts.check,
    "time_weighted": time_weighted.check,
    "rules": rules.check,
    "run_charts": run_charts.check,
    "multivariate": multivariate.check,
    "arl": run_lengths.check,
    "before_after": before_after.check,
    "capability": capability.check,
    "tolerance": tolerance.check,
    "hypothesis_tests": hypothesis_tests.check,
    "lean": lean.check,
    "msa": measurement.check,
}

ROUTES: dict[str, tuple[str, ...]] = {
    "constants": constants.ROUTES,
    "variables_charts": variables_charts.ROUTES,
    "attribute_charts": attribute_charts.ROUTES,
    "time_weighted": time_weighted.ROUTES,
    "rules": rules.ROUTES,
    "run_charts": run_charts.ROUTES,
    "multivariate": multivariate.ROUTES,
    "arl": run_lengths.ROUTES,
    "before_after": before_after.ROUTES,
    "capability": capability.ROUTES,
    "tolerance": tolerance.ROUTES,
    "hypothesis_tests": hypothesis_tests.ROUTES,
    "lean": lean.ROUTES,
    "msa": measurement.ROUTES,
}
"""By which settings a number is reached where the source's convention is not the default here."""


def run(case: Case) -> Comparison:
    """Check one case; whatever goes wrong is a failure of the case and stops no other.

    Examples
    --------
    >>> from sigmatool.selftest.cases import shipped
    >>> done = run(shipped("constants")[0])
    >>> done.compared, done.failures
    (408, [])
    """
    c = Comparison(case)
    try:
        CHECKS[case.area](c)
    except LookupError as gap:
        wanted = "a check" if gap.args == (case.id,) else "a number"
        told = "no check for it" if gap.args == (case.id,) else f"{type(gap).__name__}: {gap}"
        c.failures.append(Failure(case.id, wanted, told))
        return c
    except Exception as problem:
        c.failures.append(Failure(case.id, "a number", f"{type(problem).__name__}: {problem}"))
        return c
    c.close()
    return c

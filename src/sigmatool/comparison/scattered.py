"""What differs between counts that vary more from point to point than their law lets them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..caveats import Caveat
from ..charts.words import number
from ..numbers.dependent_difference import Dependent, quasi_binomial_difference, quasi_poisson_ratio
from . import caveat_words
from .aware import LEAST_POINTS
from .finding import Finding
from .plain import PLAIN, Both, proportion_finding, rate_finding
from .stages import Compared


@dataclass(frozen=True, slots=True)
class Scattered:
    """The difference of totals, its error widened by how much the points scatter."""

    compared: Compared
    both: Both

    autocorrelation = 0.0

    def _found(self, confidence: float) -> Dependent:
        first, second = self.both
        method = quasi_binomial_difference if self.compared.scale == "proportion" else quasi_poisson_ratio
        return method(first.count, first.size, second.count, second.size, confidence)

    def finding(self, confidence: float) -> Finding:
        """The same effect as the plain account's, with its wider interval."""
        told = proportion_finding if self.compared.scale == "proportion" else rate_finding
        return replace(told(self.both, self._found(confidence).tested), dependent=True)

    def caveat(self, plain: Finding, reason: str) -> Caveat:
        """Why it leads."""
        times = self._found(0.95).inflation
        return caveat_words.overdispersion(number(times), PLAIN[plain.question], reason)


def scattered(compared: Compared, both: Both) -> Scattered | None:
    """The account of two groups of counts; None where their points cannot tell how they scatter."""
    if not compared.counted or min(g.n for g in both) < LEAST_POINTS:
        return None
    account = Scattered(compared, both)
    try:
        account.finding(0.95)
    except ValueError:
        # a stage of no events, or of nothing else, shows no scatter
        return None
    return account

"""The settings of a chart kind, as one value: ``kind="ewma"`` or ``kind=EWMA(weight=0.1)`` or ``"ewma(weight=0.1)"``.

Every choice on which packages and textbooks disagree is a named setting here, with its default and the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from .errors import SettingsError


@dataclass(frozen=True, slots=True)
class Design:
    """Base of all designs."""

    kind: ClassVar[str] = ""

    def __str__(self) -> str:
        told = ", ".join(
            f"{f.name}={getattr(self, f.name)}" for f in fields(self) if getattr(self, f.name) != f.default
        )
        return f"{self.kind}({told})" if told else self.kind


def _require(ok: bool, name: str, value: object, allowed: str) -> None:
    if not ok:
        raise SettingsError(f"{name} must be {allowed}, not {value!r}.")


def _among(name: str, value: object, allowed: tuple[str, ...]) -> None:
    _require(value in allowed, name, value, f"one of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class IMR(Design):
    """Individuals and moving ranges.

    Parameters
    ----------
    window : int
        Points in a moving range; 2 is what every table assumes.
    screened : bool
        Leave moving ranges above their own upper limit out of the estimate, once (Nelson 1982). Off by default: it
        makes limits narrower than textbooks print, so it is said in a caveat.
    """

    kind: ClassVar[str] = "i-mr"
    window: int = 2
    screened: bool = False

    def __post_init__(self) -> None:
        _require(
            isinstance(self.window, int) and 2 <= self.window <= 100, "window", self.window, "a number from 2 to 100"
        )


@dataclass(frozen=True, slots=True)
class IMRRS(Design):
    """Between and within subgroups; ``within``: the statistic of the third panel, ``range`` or ``sd``."""

    kind: ClassVar[str] = "i-mr-rs"
    within: Literal["range", "sd"] = "range"

    def __post_init__(self) -> None:
        _among("within", self.within, ("range", "sd"))


@dataclass(frozen=True, slots=True)
class _Attribute(Design):
    limits: Literal["sigma", "probability"] = "sigma"

    def __post_init__(self) -> None:
        _among("limits", self.limits, ("sigma", "probability"))


@dataclass(frozen=True, slots=True)
class P(_Attribute):
    """Proportions. ``limits="probability"`` takes exact binomial quantiles at the tail areas of ``nsigma``."""

    kind: ClassVar[str] = "p"


@dataclass(frozen=True, slots=True)
class NP(_Attribute):
    """Numbers defective; see :class:`P`."""

    kind: ClassVar[str] = "np"


@dataclass(frozen=True, slots=True)
class C(_Attribute):
    """Counts. ``limits="probability"`` takes exact Poisson quantiles at the tail areas of ``nsigma``."""

    kind: ClassVar[str] = "c"


@dataclass(frozen=True, slots=True)
class U(_Attribute):
    """Rates; see :class:`C`."""

    kind: ClassVar[str] = "u"


@dataclass(frozen=True, slots=True)
class G(Design):
    """Cases between rare events.

    Parameters
    ----------
    count : {"between", "including"}
        Whether the values count the non-events between two events (from 0 on; Benneyan, qicharts2) or the trials up
        to and including the event (from 1 on; qcc). The two give different limits.
    limits : {"sigma", "probability"}
        ``sigma``: mean and multiples of the geometric sd. ``probability``: geometric quantiles; the lower limit can
        then be above zero, so that deterioration shows.
    center : {"mean", "median"}
        Centre line. The mean is what textbooks draw; about the median of the values runs are as likely above as
        below (qicharts2).
    """

    kind: ClassVar[str] = "g"
    count: Literal["between", "including"] = "between"
    limits: Literal["sigma", "probability"] = "sigma"
    center: Literal["mean", "median"] = "mean"

    def __post_init__(self) -> None:
        _among("count", self.count, ("between", "including"))
        _among("center", self.center, ("mean", "median"))
        _among("limits", self.limits, ("sigma", "probability"))


@dataclass(frozen=True, slots=True)
class T(Design):
    """Time between rare events.

    Parameters
    ----------
    method : {"power", "exponential"}
        ``power``: an individuals chart of ``time ** (1/3.6)``, taken back (Nelson 1994; qicharts2).
        ``exponential``: exact quantiles of the exponential distribution at the tail areas of ``nsigma``.
    """

    kind: ClassVar[str] = "t"
    method: Literal["power", "exponential"] = "power"

    def __post_init__(self) -> None:
        _among("method", self.method, ("power", "exponential"))


@dataclass(frozen=True, slots=True)
class EWMA(Design):
    """Exponentially weighted moving average.

    Parameters
    ----------
    weight : float
        Of the newest point, in (0, 1]; smaller sees smaller shifts. 0.2 is the usual choice.
    limits : {"exact", "asymptotic"}
        ``exact`` limits are narrow at the start and settle; ``asymptotic`` ones are constant.
    """

    kind: ClassVar[str] = "ewma"
    weight: float = 0.2
    limits: Literal["exact", "asymptotic"] = "exact"

    def __post_init__(self) -> None:
        _require(0 < self.weight <= 1, "weight", self.weight, "above 0 and at most 1")
        _among("limits", self.limits, ("exact", "asymptotic"))


@dataclass(frozen=True, slots=True)
class CUSUM(Design):
    """Tabular cumulative sums.

    Parameters
    ----------
    reference : float
        k in sigma of the point: half the shift to be seen quickly. 0.5 looks for one sigma.
    decision : float
        h in sigma: an arm above it signals. 5 with k = 0.5 gives an ARL of 465.
    head_start : float
        First value of both arms in sigma (fast initial response); half of ``decision`` is usual. Default none.
    """

    kind: ClassVar[str] = "cusum"
    reference: float = 0.5
    decision: float = 5.0
    head_start: float = 0.0

    def __post_init__(self) -> None:
        _require(0 <= self.reference < 100, "reference", self.reference, "a number from 0 on")
        _require(0 < self.decision < 1000, "decision", self.decision, "above 0")
        _require(0 <= self.head_start < self.decision, "head_start", self.head_start, "from 0 on and below decision")


@dataclass(frozen=True, slots=True)
class MA(Design):
    """Moving average of ``span`` points; limits of the first points are wider, as fewer are averaged."""

    kind: ClassVar[str] = "ma"
    span: int = 3

    def __post_init__(self) -> None:
        _require(isinstance(self.span, int) and 2 <= self.span <= 1000, "span", self.span, "a number from 2 on")


@dataclass(frozen=True, slots=True)
class ZMR(Design):
    """Short runs: every point in sigmas of its own part.

    Parameters
    ----------
    sigma : {"by-part", "pooled", "relative"}
        ``by-part``: each part its own; ``pooled``: one for all parts; ``relative``: one for all parts on the log
        scale, for a spread that grows with the level.
    """

    kind: ClassVar[str] = "z-mr"
    sigma: Literal["by-part", "pooled", "relative"] = "by-part"

    def __post_init__(self) -> None:
        _among("sigma", self.sigma, ("by-part", "pooled", "relative"))


@dataclass(frozen=True, slots=True)
class DNOM(Design):
    """Short runs as deviations from a nominal value; it has no settings."""

    kind: ClassVar[str] = "dnom"


@dataclass(frozen=True, slots=True)
class T2(Design):
    """Hotelling's T².

    Parameters
    ----------
    covariance : {"auto", "within", "sample", "successive"}
        ``within`` subgroups; ``sample`` of individuals; ``successive`` differences, which a step in the middle of the
        baseline does not inflate. ``auto``: within for subgroups, sample for individuals.
    confidence : float
        Of one point. 0.9973 is the share inside three sigma.
    """

    kind: ClassVar[str] = "t2"
    covariance: Literal["auto", "within", "sample", "successive"] = "auto"
    confidence: float = 0.9973

    def __post_init__(self) -> None:
        _among("covariance", self.covariance, ("auto", "within", "sample", "successive"))
        _require(0.5 < self.confidence < 1, "confidence", self.confidence, "between 0.5 and 1")


@dataclass(frozen=True, slots=True)
class MEWMA(Design):
    """Multivariate EWMA.

    Parameters
    ----------
    weight : float
        Of the newest point, in (0, 1].
    arl : float
        Wanted run length of a steady process; the limit is computed from it.
    limits : {"exact", "asymptotic"}
        Covariance that scales the statistic.
    """

    kind: ClassVar[str] = "mewma"
    weight: float = 0.1
    arl: float = 370.4
    limits: Literal["exact", "asymptotic"] = "exact"

    def __post_init__(self) -> None:
        _require(0 < self.weight <= 1, "weight", self.weight, "above 0 and at most 1")
        _require(1 < self.arl < 1e6, "arl", self.arl, "above 1")
        _among("limits", self.limits, ("exact", "asymptotic"))


DESIGNS: dict[str, type[Design]] = {
    d.kind: d for d in (IMR, IMRRS, P, NP, C, U, G, T, EWMA, CUSUM, MA, ZMR, DNOM, T2, MEWMA)
}

_CALL = re.compile(r"\s*([\w-]+)\s*(?:\((.*)\))?\s*")


def design_of(kind: str | Design) -> tuple[str, Design | None]:
    """Name and settings of a kind given as a name, as text with settings, or as settings.

    Raises
    ------
    SettingsError
        An unknown setting or a value that is not allowed.

    Examples
    --------
    >>> design_of("ewma(weight=0.1)")
    ('ewma', EWMA(weight=0.1, limits='exact'))
    >>> str(EWMA(weight=0.1)), str(CUSUM())
    ('ewma(weight=0.1)', 'cusum')
    """
    if isinstance(kind, Design):
        return type(kind).kind, kind
    found = _CALL.fullmatch(str(kind))
    if found is None:
        raise SettingsError(f"kind {kind!r} must be a name, or a name with settings such as ewma(weight=0.1).")
    name, inside = found[1], found[2]
    design = DESIGNS.get(name)
    if design is None:
        if inside:
            raise SettingsError(f"kind {name} has no settings; leave {inside!r} out.")
        return name, None
    return name, design(**_settings(name, design, inside or ""))


def _settings(name: str, design: type[Design], text: str) -> dict[str, Any]:
    known = {f.name: f for f in fields(design)}
    out: dict[str, Any] = {}
    for part in (p for p in text.split(",") if p.strip()):
        key, equals, value = (t.strip() for t in part.partition("="))
        if not equals or key not in known:
            raise SettingsError(f"kind {name} has the settings {', '.join(known)}, not {part.strip()!r}.")
        out[key] = _typed(known[key].default, value.strip("'\""), key)
    return out


def _typed(default: Any, text: str, name: str) -> Any:
    if isinstance(default, bool):
        if text.lower() not in ("true", "false", "yes", "no"):
            raise SettingsError(f"{name} must be true or false, not {text!r}.")
        return text.lower() in ("true", "yes")
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise SettingsError(f"{name} must be a number, not {text!r}.") from None
    return text

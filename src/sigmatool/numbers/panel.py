"""What can be said of several sites that were followed over the same periods?

A regression ``y[i, t] = a[i] + b[t] + X b + u[i, t]``: every site has a level of its own, every period a level that
the sites share, and the noise of each site depends on its own past as in :mod:`.autoregression`, with the same
coefficients at every site. Whatever moved all sites alike (a trend of any shape, a season, a shock) is in ``b``.

:class:`Panel` removes both kinds of level once, exactly and for every noise model; what remains is small, so that
many regressions on the same panel cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import fdtrc

from .autoregression import WITH_WANDER, Contrast, Fit, NoiseGrid, Series, whiten

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPREAD_OF_EFFECTS = np.array([0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5])
"""Standard deviations between sites that are in play, in noise standard deviations."""

SPREAD_PRIOR = np.array([0.05, 0.05, 0.05, 0.1, 0.15, 0.15, 0.15, 0.15, 0.15])
"""Weights of :data:`SPREAD_OF_EFFECTS`. Little is held for no difference at all: a handful of sites look more alike by
luck than they are. With one in five for it and the rest even, 95 % intervals of the mean over six sites that differ
by one noise standard deviation held the truth in 93.7 %, with these weights in 95.1 %; where sites do not differ,
these are 7 % wider."""


class Panel(Series):
    """A panel with the candidate columns of its regressions, site and period levels removed once for all questions.

    Parameters
    ----------
    y : (n,) array
        Without NaN; a point that is missing has no row.
    columns : mapping of name to (n,) array
        Neither constant in every site nor in every period: those are the levels that are removed.
    site : (n,) array of int
        0, 1, ... S - 1, each with a point.
    period : (n,) array of int
        Place in the calendar from 0; no site twice in a period.
    relative_sd : (n,) array, optional
        Standard deviation of each point relative to the others; ones when left out.
    grid : NoiseGrid
        Default: with slow wander.

    Notes
    -----
    The precision matrix ``W'W`` of a whole calendar comes from the whitening of the unit matrix; a site with missing
    periods takes its Schur complement, so that memory fades over gaps exactly. Site levels leave by one projection a
    site, period levels by one system of P - 1 equations (Frisch, Waugh and Lovell). The restricted likelihood counts
    both among its regressors.

    Examples
    --------
    >>> site, period = np.repeat([0, 1], 12), np.tile(np.arange(12), 2)
    >>> live = ((site == 1) & (period >= 6)).astype(float)
    >>> y = 3.0 * site + period**2 + 5 * live + 0.1 * np.cos(7 * np.arange(24))
    >>> round(Panel(y, {"D": live}, site, period).fit(["D"]).contrast(D=1.0).estimate, 1)
    5.0
    """

    def __init__(
        self,
        y: Floats,
        columns: Mapping[str, Floats],
        site: Ints,
        period: Ints,
        relative_sd: Floats | None = None,
        grid: NoiseGrid = WITH_WANDER,
    ) -> None:
        self.names = list(columns)
        self.grid = grid
        self.shift = 0.0
        self.scale = float(y.std()) or 1.0
        self.random_sd = np.zeros(grid.phi.size)
        self.design = np.column_stack(list(columns.values()))
        relative = np.ones(y.size) if relative_sd is None else relative_sd
        table = np.column_stack([*columns.values(), (y - y.mean()) / self.scale])
        seen = np.unique(period)
        self.n = y.size - int(site.max()) - 1 - (seen.size - 1)
        inner, cross, gram, self.log_det = _sums(table, site, period, relative, grid)
        # one period is the base of the others; those without any point have no level
        free = seen[1:]
        inner, cross = inner[:, free][:, :, free], cross[:, free]
        self.gram = gram - np.swapaxes(cross, 1, 2) @ np.linalg.solve(inner, cross)
        self.log_det = self.log_det + np.linalg.slogdet(inner)[1]

    def fit(self, names: Sequence[str]) -> PanelFit:
        """Regress on the named columns, beside the levels of sites and periods."""
        return PanelFit(self, tuple(names))

    def estimable(self, names: Sequence[str]) -> bool:
        """Whether these columns say something that the levels of sites and periods, and each other, do not."""
        index = [self.names.index(name) for name in names]
        gram = self.gram[0][np.ix_(index, index)]
        length = np.diag(gram)
        if self.n <= len(index) or np.any(length <= 1e-9 * (self.design[:, index] ** 2).sum(axis=0)):
            return False
        root = np.sqrt(length)
        return float(np.linalg.eigvalsh(gram / np.outer(root, root))[0]) > 1e-9

    def varying(self, names: Sequence[str], sd: Floats = SPREAD_OF_EFFECTS, prior: Floats = SPREAD_PRIOR) -> Panel:
        """The same panel, where the coefficients of these columns vary about zero by an unknown spread.

        With one column a site, a further column that is their sum then stands for the *mean* effect of sites, and
        its interval includes that sites differ.

        Parameters
        ----------
        names : sequence of str
            Columns whose coefficients are random, independent, of one variance; they leave the panel.
        sd : (W,) array
            The spreads in play, in noise standard deviations; integrated out like the autocorrelation.
        prior : (W,) array
            Their weights.

        Notes
        -----
        ``G - G_e' (G_e + I / w^2)^-1 G_e`` with the determinant ``|I + w^2 G_e|`` (Henderson; Searle, Casella and
        McCulloch 1992, chapter 6).
        """
        random = [self.names.index(name) for name in names]
        kept = [i for i in range(self.gram.shape[1]) if i not in set(random)]
        own, cross = self.gram[:, random][:, :, random], self.gram[:, random][:, :, kept]
        base = self.gram[:, kept][:, :, kept]
        grams, dets = [], []
        for w in sd:
            inner = np.eye(len(random)) + w**2 * own
            grams.append(base - w**2 * np.swapaxes(cross, 1, 2) @ np.linalg.solve(inner, cross))
            dets.append(self.log_det + np.linalg.slogdet(inner)[1])
        out = object.__new__(Panel)
        out.names = [name for name in self.names if name not in set(names)]
        out.n, out.shift, out.scale = self.n, self.shift, self.scale
        out.design = self.design[:, kept[:-1]]
        out.gram, out.log_det = np.concatenate(grams), np.concatenate(dets)
        out.random_sd = np.repeat(sd, self.grid.phi.size)
        log_prior = np.tile(self.grid.log_prior, sd.size) + np.repeat(np.log(prior), self.grid.phi.size)
        out.grid = NoiseGrid(np.tile(self.grid.phi, sd.size), np.tile(self.grid.psi, sd.size), log_prior)
        return out


class PanelFit(Fit):
    """A regression on a panel, with the noise model (and the spread between sites) integrated out."""

    @property
    def _ones(self) -> Floats:
        """No combination of columns gives 1 everywhere: the levels of sites have taken the mean of y."""
        return np.zeros(len(self.names))

    def contrast(self, **weights: float) -> Contrast:
        """The posterior of a weighted sum of coefficients, in units of y.

        Models whose weights together come to less than 1e-9 are left out: most spreads and autocorrelations are.
        """
        full = super().contrast(**weights)
        order = np.argsort(-full.weights, kind="stable")
        kept = np.sort(order[: int(np.searchsorted(np.cumsum(full.weights[order]), 1 - 1e-9)) + 1])
        weight = full.weights[kept]
        return Contrast(full.means[kept], full.scales[kept], weight / weight.sum(), full.dof)

    @property
    def spread_between(self) -> float:
        """Posterior mean of the standard deviation of effects between sites, in units of y."""
        assert isinstance(self.series, Panel)
        sigma = np.sqrt(self.rss / self.dof) * self.series.scale
        return float(self.weights @ (self.series.random_sd * sigma))

    def p_equal(self) -> float:
        """p value of "all coefficients are equal": an F test under every noise model, averaged."""
        k = len(self.names)
        differences = np.column_stack([np.ones(k - 1), -np.eye(k - 1)])
        value = self.coefficients @ differences.T
        spread = differences @ self.covariance @ differences.T
        quadratic = np.einsum("fi,fi->f", value, np.linalg.solve(spread, value[..., None])[..., 0])
        return float(self.weights @ fdtrc(k - 1, self.dof, quadratic / (k - 1) / (self.rss / self.dof)))

    @property
    def log_evidence(self) -> float:
        """Logarithm of the likelihood of the regression, noise integrated out, up to a constant.

        Columns are not charged for their own length, so that equal columns at other dates compare as they fit.
        """
        log = self.series.grid.log_prior - 0.5 * self.series.log_det - 0.5 * self.dof * np.log(self.rss)
        return float(np.logaddexp.reduce(log))


def _sums(
    table: Floats, site: Ints, period: Ints, relative: Floats, grid: NoiseGrid
) -> tuple[Floats, Floats, Floats, Floats]:
    """Inner products of periods (F, P, P), periods by columns (F, P, m), columns (F, m, m), and determinants (F,).

    The level of each site is already projected out.
    """
    n, f, m = int(period.max()) + 1, grid.phi.size, table.shape[1]
    white, log_full = whiten(np.eye(n), np.arange(n), grid)
    full = np.swapaxes(white, 1, 2) @ white
    inner, cross, gram = np.zeros((f, n, n)), np.zeros((f, n, m)), np.zeros((f, m, m))
    log_det = np.zeros(f)
    sites = int(site.max()) + 1
    shares = np.zeros((f, n, sites))
    partial: dict[bytes, tuple[Floats, Floats]] = {}
    scaling: dict[bytes, Floats] = {}
    for i in range(sites):
        rows = np.flatnonzero(site == i)
        rows = rows[np.argsort(period[rows])]
        here = period[rows]
        key, inverse = here.tobytes(), 1 / relative[rows]
        if key not in partial:
            partial[key], scaling[key] = _observed(full, log_full, here), np.zeros((here.size, here.size))
        precision, log_observed = partial[key]
        scaling[key] += np.outer(inverse, inverse)
        ones = precision @ inverse * inverse
        total = ones.sum(axis=1)
        # most columns belong to other sites
        used = np.flatnonzero(table[rows].any(axis=0))
        part = table[np.ix_(rows, used)]
        weighted = inverse[:, None] * (precision @ (inverse[:, None] * part))
        level = weighted.sum(axis=1)
        gram[:, used[:, None], used] += part.T @ weighted - level[:, :, None] * level[:, None, :] / total[:, None, None]
        down, across = _block(here)
        cross[:, down, used] += weighted - ones[:, :, None] * (level / total[:, None])[:, None, :]
        shares[:, across, i] = ones / np.sqrt(total)[:, None]
        log_det += log_observed + np.log(total)
    # sites that were seen at the same periods share one product of (F, P, P)
    for key, scale in scaling.items():
        here = np.frombuffer(key, dtype=period.dtype)
        down, across = _block(here)
        inner[:, down, across] += partial[key][0] * scale
    inner -= shares @ np.swapaxes(shares, 1, 2)
    return inner, cross, gram, log_det


def _block(here: Ints) -> tuple[slice | Ints, slice | Ints]:
    """How to reach the square of some places: without a copy where they follow one another."""
    first, last = int(here[0]), int(here[-1])
    if last - first + 1 == here.size:
        return slice(first, last + 1), slice(first, last + 1)
    return here[:, None], here


def _observed(full: Floats, log_full: Floats, here: Ints) -> tuple[Floats, Floats]:
    """Precision and log determinant of the noise at some places of the calendar."""
    gone = np.setdiff1d(np.arange(full.shape[1]), here)
    down, across = _block(here)
    seen = full[:, down, across]
    if gone.size == 0:
        return seen, log_full
    between, lost = full[:, here][:, :, gone], full[:, gone][:, :, gone]
    schur = seen - between @ np.linalg.solve(lost, np.swapaxes(between, 1, 2))
    return schur, log_full + np.linalg.slogdet(lost)[1]


def is_connected(site: Ints, period: Ints) -> bool:
    """Whether every site can be compared with every other one over periods that they share, directly or in turn.

    Examples
    --------
    >>> is_connected(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3]))
    False
    """
    sites, periods = np.unique(site, return_inverse=True)[1], np.unique(period, return_inverse=True)[1]
    nodes = int(sites.max()) + 1 + int(periods.max()) + 1
    links = coo_array((np.ones(site.size), (sites, sites.max() + 1 + periods)), shape=(nodes, nodes))
    return int(connected_components(links, directed=False)[0]) == 1


def two_way_residuals(y: Floats, site: Ints, period: Ints, columns: Floats) -> Floats:
    """What is left of y after site levels, period levels and the columns (n, k), by least squares.

    Examples
    --------
    >>> site, period = np.repeat([0, 1], 3), np.tile(np.arange(3), 2)
    >>> two_way_residuals(5.0 * site + period**2, site, period, np.zeros((6, 0))).round(9) + 0.0
    array([0., 0., 0., 0., 0., 0.])
    """
    design = np.column_stack([np.eye(site.max() + 1)[site], np.eye(period.max() + 1)[period], columns])
    normal = design.T @ design
    # the levels are only known up to a constant, hence the least-norm solution
    centred = y - y.mean()
    coefficients = np.linalg.lstsq(normal, design.T @ centred, rcond=None)[0]
    return np.asarray(centred - design @ coefficients, dtype=np.float64)

"""What moved between two entries of a ledger of limits?"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ..caveats import Caveat, Rows
from ..errors import DataError, SettingsError
from ..ledger import Entry, intact
from ..result import Provenance, command_line
from .basis import dependence
from .diff_result import LimitsDiff
from .diff_words import dependent_entry, no_entry, nothing_before, shared_points, twice
from .moved import changed, moved, share_points


def diff_limits(
    ledger: str | Path, before: int | None = None, after: int | None = None, *, title: str | None = None
) -> LimitsDiff:
    """Say what moved between two entries: centre, sigma, limits and width, with intervals; and what else changed.

    Parameters
    ----------
    ledger : str or Path
    before, after : int, optional
        Numbers of the entries; default the last two, or the one before ``after``.
    title : str

    Returns
    -------
    LimitsDiff

    Raises
    ------
    DataError
        One entry only, or a ledger whose past was changed.
    SettingsError
        No such entry, or no ledger.

    Notes
    -----
    Intervals are of 95 % and take the stages as independent samples. The difference of centres of measurements: Welch's
    t from the spread of the points, widened for autocorrelation (Bartlett 1946); of entries that do not hold it, from
    sigma and the degrees of freedom of its estimator. Counts: their law, score and exact intervals joined; Laney's
    charts with their sigma z. The ratio of sigmas: F with the degrees of freedom of the estimators. An entry that does
    not hold what an interval needs has none, and the reason is said.

    References
    ----------
    Welch (1947), Biometrika 34; Newcombe (1998), Statistics in Medicine 17; Patnaik (1950), Biometrika 37.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> fills = st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/fills.toml"
    ...     for stage in ("before", "after"):
    ...         _ = st.freeze_limits(fills, path, by="A. Okoro", reason=f"{stage} the nozzles", of=stage, force=True)
    ...     found = diff_limits(path)
    >>> sigma = found.moved[1]
    >>> round(sigma.ratio, 2), round(sigma.interval.low, 2), round(sigma.interval.high, 2)
    (0.52, 0.44, 0.61)
    """
    name = Path(ledger).name
    entries = intact(ledger)
    if len(entries) < 2:
        raise DataError(nothing_before(name))
    new = _entry(entries, after, name, len(entries))
    old = _entry(entries, before, name, new.number - 1 if new.number > 1 else 2)
    if old.number == new.number:
        raise twice(old.number)
    caveats: list[Caveat] = []
    if share_points(old, new):
        caveats.append(shared_points())
    plain = {e.number: dependence(e.autocorrelation, e.points) for e in (old, new)}
    dependent = [number for number, r in plain.items() if r > 0]
    if dependent:
        caveats.append(dependent_entry(dependent, max(plain.values())))
    settings = {"from": old.number, "to": new.number, "title": title}
    whole = hashlib.sha256(Path(ledger).read_bytes()).hexdigest()
    return LimitsDiff(
        settings=settings, rows=Rows(len(entries), 2, 0, 0, len(entries) - 2), caveats=tuple(caveats),
        provenance=Provenance(
            new.sha256, command_line("limits diff", str(ledger), settings), whole, name
        ),
        title=title or f"Limits of {new.metric}: what moved", ledger=name, before=old, after=new,
        moved=moved(old, new), changed=changed(old, new),
    )  # fmt: skip


def _entry(entries: tuple[Entry, ...], given: Any, name: str, default: int) -> Entry:
    number = default if given is None else given
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(entries):
        raise SettingsError(no_entry(name, given, len(entries)))
    return entries[number - 1]

"""Do the published and independently computed numbers come out on this installation?"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from ..caveats import Rows
from ..errors import SettingsError
from ..result import Provenance
from .cases import AREAS, digest, from_folder, shipped
from .checks import run
from .result import Outcome, SelfTest


def selftest(areas: Sequence[str] | None = None, folder: str | Path | None = None) -> SelfTest:
    """Run the reference cases and compare every number that they expect.

    Parameters
    ----------
    areas : sequence of str, optional
        ``constants``, ``variables_charts``, ``attribute_charts``, ``time_weighted``, ``rules``, ``run_charts``,
        ``multivariate``, ``arl``, ``before_after``; default all.
    folder : str or Path, optional
        A folder of further cases in the same form, one ``AREA.json`` an area; where it has a folder ``third-party``,
        the files in that. Data sets that belong to other packages are read so, and not shipped.

    Returns
    -------
    SelfTest
        ``passed``, ``failed``, ``areas``; one outcome a case.

    Raises
    ------
    SettingsError
        An unknown area, or a folder without cases.

    Notes
    -----
    A number agrees when ``|got - expected| <= atol + rtol |expected|``, at the tolerance that its case states. Lists
    of points are compared as sets. A case passes when everything it expects was compared and agrees; a case without a
    check, and an expected number that no check compares, are failures.

    Examples
    --------
    >>> found = selftest(["constants", "multivariate"])
    >>> found.headline
    'All 6 reference cases pass: 726 numbers agree at the tolerances the cases state.'
    """
    wanted = tuple(areas or AREAS)
    for name in wanted:
        if name not in AREAS:
            raise SettingsError(f"area {name!r} is unknown; known are {', '.join(AREAS)}.")
    cases = [case for area in wanted for case in shipped(area)]
    if folder is not None:
        more = [case for area in wanted for case in from_folder(area, Path(folder))]
        if not more:
            raise SettingsError(f"{str(folder)!r} holds no case file of {', '.join(wanted)}: AREA.json is looked for.")
        cases += more
    outcomes = tuple(Outcome.of(run(case)) for case in cases)
    seen = sum(o.compared > 0 for o in outcomes)
    words = ["sigmatool", "selftest", *(w for name in areas or () for w in ("--area", name))]
    words += [] if folder is None else ["--folder", str(folder)]
    return SelfTest(
        settings={"areas": list(wanted), "folder": None if folder is None else str(folder)},
        rows=Rows(read=len(cases), used=seen, missing=len(cases) - seen),
        caveats=(),
        provenance=Provenance(digest(wanted), shlex.join(words), source="reference cases"),
        outcomes=outcomes,
    )

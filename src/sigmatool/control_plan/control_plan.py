"""The control plan as a file: read and checked."""

from __future__ import annotations

from pathlib import Path

from . import plan_words as words
from .fields import SCHEMA, Plan
from .reader import Reading


def read_control_plan(path: str | Path, *, to_run: bool = False, given: tuple[str, ...] = ()) -> Plan:
    """Read a control plan.

    Parameters
    ----------
    path : str or Path
        A ``.toml`` file.
    to_run : bool
        Refuse empty fields that :func:`sigmatool.monitor` cannot do without.
    given : tuple of str
        Fields that may be empty all the same, as they are given otherwise.

    Raises
    ------
    SettingsError
        The first fault, with file, line and field.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from sigmatool.errors import SettingsError
    >>> text = 'schema = "sigmatool.control-plan/1"\\n[[characteristic]]\\nname = "waiting time"\\nnumber = "one"\\n'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "plan.toml")
    ...     _ = path.write_text(text)
    ...     try: read_control_plan(path)
    ...     except SettingsError as problem: print(problem)
    plan.toml, line 4: characteristic 1, number must be a whole number from 1 on, not 'one'.
    """
    plan, reading = _read(path, to_run, given)
    reading.refuse()
    return plan


def checked(path: str | Path, *, to_run: bool = False) -> tuple[Plan, tuple[str, ...]]:
    """A control plan as far as it can be read, and its faults."""
    plan, reading = _read(path, to_run)
    return plan, reading.faults


def _read(path: str | Path, to_run: bool, given: tuple[str, ...] = ()) -> tuple[Plan, Reading]:
    reading = Reading(path, SCHEMA, to_run=to_run, given=given)
    plan: Plan = reading.whole(Plan)
    if not plan.characteristic:
        reading.fault(["characteristic"], words.none_watched())
    names = [c.name for c in plan.characteristic]
    for i, name in enumerate(names):
        if name and name in names[:i]:
            reading.fault(["characteristic", i, "name"], words.twice(name))
    return plan, reading

"""Reviews as history sees them: read from the JSON that they were saved as, and refused where something is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..documents import read_json
from ..errors import DataError, SettingsError
from ..numbers.estimate import Estimate
from ..sealed import digest

SCHEMA: Final = "sigmatool.review/1"


@dataclass(frozen=True, slots=True)
class Level:
    """A stage in numbers: its mean with the interval that the review gives it, its points, and its ends."""

    mean: Estimate
    n: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Change:
    """The effect as the review tells it, in the metric's own unit and as a ratio."""

    value: float
    low: float
    high: float
    ratio: Estimate | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review, of its last rollout.

    Attributes
    ----------
    file : str
    metric, unit, scale, better, verdict, sentence, rollout : str
    target : float or None
    effect : Change or None
    before, after : Level
    labels : tuple of str
        Of every point of its chart.
    values : tuple of float
        NaN where there is none, or the point is not judged.
    base, new : slice
        Places of the stage before and of the stage after.
    autocorrelation : float or None
    again_points : int or None
    again_date, again_text : str
        When the review asks to be made again.
    earlier : int
        Stages before the one that it starts from.
    sha256 : str
        Of its document.
    """

    file: str
    metric: str
    unit: str
    scale: str
    better: str
    verdict: str
    sentence: str
    rollout: str
    target: float | None
    effect: Change | None
    before: Level
    after: Level
    labels: tuple[str, ...]
    values: tuple[float, ...]
    base: slice
    new: slice
    autocorrelation: float | None
    again_points: int | None
    again_date: str
    again_text: str
    earlier: int
    sha256: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What reviews of one chain share."""
        return self.metric, self.unit, self.better, self.scale

    def stage(self, which: slice) -> dict[str, float]:
        """Judged points of a stage, by their labels."""
        return {
            label: value for label, value in zip(self.labels[which], self.values[which], strict=True) if value == value
        }


def listed(reports: Any) -> list[Any]:
    """One report or several, as a list.

    Raises
    ------
    SettingsError
    """
    if isinstance(reports, str | Path | Mapping) or hasattr(reports, "to_dict"):
        return [reports]
    if not isinstance(reports, Iterable):
        raise SettingsError(f"reports are {reports!r}; give files, folders, or reviews.")
    return list(reports)


def gather(given: list[Any]) -> tuple[list[Reviewed], list[str]]:
    """Reviews from files, folders and results, and the names of files of folders that are no reviews.

    Parameters
    ----------
    given : list of path or review
        A folder stands for its ``.json`` files, not those of folders in it.

    Raises
    ------
    DataError
        A file that was named is no review; there is none at all.
    SettingsError
        Something that is neither a path nor a review.
    """
    found: list[Reviewed] = []
    other: list[str] = []
    read: set[Path] = set()
    for place, item in enumerate(given):
        if isinstance(item, str | Path):
            for path, named in _files(Path(item)):
                if path.resolve() in read:
                    continue
                read.add(path.resolve())
                tree = _document(path, named)
                if tree is None:
                    other.append(path.name)
                else:
                    found.append(reviewed(tree, path.name))
        else:
            tree = item.to_dict() if hasattr(item, "to_dict") else item
            if not isinstance(tree, Mapping):
                raise SettingsError(f"report {place + 1} is a {type(item).__name__}; give files, folders, or reviews.")
            found.append(reviewed(tree, f"review {place + 1}"))
    if not found:
        raise DataError("there is no review among the reports: save reviews as .json (sigmatool review ... -o x.json).")
    return found, other


def _files(path: Path) -> list[tuple[Path, bool]]:
    """A file that was named, or those of a folder."""
    if path.is_dir():
        return [(file, False) for file in sorted(path.glob("*.json")) if file.is_file()]
    return [(path, True)]


def _document(path: Path, named: bool) -> dict[str, Any] | None:
    """The JSON of a review; None where a file of a folder is something else."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise DataError(f"cannot read the report {path}: {problem.strerror}.") from None
    if not named and SCHEMA.encode() not in data[:2_000]:
        return None
    tree = read_json(data, path.name)
    if tree.get("schema") != SCHEMA:
        if named:
            raise DataError(f"{path.name} is no review: its schema is {tree.get('schema')!r}; history takes {SCHEMA}.")
        return None
    return tree


def reviewed(tree: Mapping[str, Any], name: str) -> Reviewed:
    """A review from its JSON.

    Raises
    ------
    DataError
        A key is missing, or holds what it cannot.
    """
    if tree.get("schema") != SCHEMA:
        raise DataError(f"{name} is no review: its schema is {tree.get('schema')!r}; history takes {SCHEMA}.")
    try:
        return _read(tree, name)
    except KeyError as missing:
        raise DataError(
            f"{name} lacks the key {missing.args[0]!r} that history needs; make the review again and save it as .json."
        ) from None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise DataError(f"{name} is a review whose values are not those that a review writes; make it again.") from None


def _read(tree: Mapping[str, Any], name: str) -> Reviewed:
    chart, numbers = tree["charts"][0], tree["in_numbers"]
    panel, stages = chart["panels"][0], tree["stages"]
    labels = tuple(str(label) for label in panel["label"])
    out = {int(point["point"]) - 1 for point in chart["excluded"]}
    values = tuple(
        float("nan") if value is None or i in out else float(value) for i, value in enumerate(panel["value"])
    )
    if len(values) != len(labels) or not labels:
        raise ValueError
    if len(numbers) < 2 or len(stages) < 2:
        raise DataError(f"{name} has no two stages with points, and so nothing to add up; leave it out.")
    base, new = (slice(int(stage["first"]) - 1, int(stage["last"])) for stage in stages[-2:])
    if not 0 <= base.start < base.stop <= new.start < new.stop <= len(labels):
        raise ValueError
    again = tree["handover"]["next_review"]
    settings = tree["settings"]
    return Reviewed(
        file=name,
        **{key: _text(tree[key]) for key in ("metric", "unit", "scale", "better", "verdict", "sentence")},
        rollout=_text(tree["date"]["rollout"]),
        target=_number(settings["target"]),
        effect=_change(tree["effect"]),
        before=_level(numbers[-2], labels[base]),
        after=_level(numbers[-1], labels[new]),
        labels=labels,
        values=values,
        base=base,
        new=new,
        autocorrelation=_number(tree["autocorrelation"]),
        again_points=None if again["points"] is None else int(again["points"]),
        again_date=_text(again["date"]),
        again_text=_text(again["text"]),
        earlier=len(stages) - 2,
        sha256=digest(tree),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise TypeError
    return None if value is None else float(value)


def _end(value: Any) -> float:
    """An end of an interval; NaN where it does not exist."""
    found = _number(value)
    return float("nan") if found is None else found


def _level(held: Mapping[str, Any], labels: tuple[str, ...]) -> Level:
    mean = held["mean"]
    value = _number(mean["value"])
    if value is None:
        raise ValueError
    return Level(Estimate(value, _end(mean["low"]), _end(mean["high"])), int(held["n"]), labels[0], labels[-1])


def _change(held: Mapping[str, Any] | None) -> Change | None:
    if held is None:
        return None
    ratio = held["ratio"]
    told = None if ratio is None else Estimate(_end(ratio["value"]), _end(ratio["low"]), _end(ratio["high"]))
    return Change(_end(held["value"]), _end(held["low"]), _end(held["high"]), told)

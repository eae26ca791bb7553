"""What a review was asked: its settings by their public names, refused where they contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..data import Exclude
from ..errors import SettingsError
from ..numbers.scales import ScaleName
from .calendar_season import season_of
from .gauge_file import Gauge
from .looks import Looks
from .low_counts import merge_of


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the settings of a review, by their public names.

    ``rollouts`` holds the moment and label of each; ``judged`` is the one that is judged, counted in order of time
    from 0 (-1: the last), against the stage between it and its neighbours; None judges the last stage against
    the first, all rollouts together.
    """

    value: str | None
    size: str | None
    time: str | None
    subgroup: str | int | None
    scale: str
    rollouts: tuple[tuple[str, str], ...]
    better: str
    washout: int
    worthwhile: float | str | None
    season: int | str | None
    merge: int | str
    control: str | Sequence[str] | None
    control_size: str | Sequence[str] | None
    target: float | None
    exclude: Exclude
    triggered_by_bad_results: bool = False
    judged: int | None = -1
    looks: Looks | None = None
    gauge: Gauge | None = None
    gauge_changed: bool = False

    def __post_init__(self) -> None:
        if self.better not in ("lower", "higher", "target"):
            raise SettingsError(f"better must be lower, higher or target, not {self.better!r}.")
        if self.better == "target" and self.target is None:
            raise SettingsError("better = target needs the target itself: give target, for example --target 500.")
        if self.scale not in ("auto", "continuous", "duration", "proportion", "rate"):
            raise SettingsError(f"scale must be auto, continuous, duration, proportion or rate, not {self.scale!r}.")
        if self.scale == "proportion" and self.size is None:
            raise SettingsError("scale = proportion needs size: the column with the number inspected.")
        if self.size is not None and self.scale in ("continuous", "duration"):
            raise SettingsError(f"scale = {self.scale} takes no size; leave it out, or judge a proportion or a rate.")
        if self.counted and self.subgroup is not None:
            raise SettingsError("subgroup goes with measurements, not with counts of events: leave one out.")
        if self.counted and self.value is None:
            raise SettingsError("name the column with the count of events: value (-y).")
        if self.better == "target" and (self.counted or self.scale == "duration"):
            raise SettingsError("better = target is for measurements on their own scale (continuous).")
        if self.gauge is not None and self.counted:
            raise SettingsError(
                "gauge goes with measurements: how well events are recognised is a question of agreement between "
                "raters, and no standard deviation tells it. Leave gauge out."
            )
        if self.gauge_changed and self.gauge is None:
            raise SettingsError("gauge_changed needs the gauge: give its study (--gauge FILE).")
        if self.gauge_changed and self.looks is not None and self.looks.undeclared:
            raise SettingsError("looks = any and gauge_changed do not go together: plan the looks (--looks 8,12,24).")
        if self.washout < 0:
            raise SettingsError(f"washout counts points and cannot be {self.washout}.")
        season_of(self.season)
        if isinstance(merge_of(self.merge), int) and not self.counted:
            raise SettingsError("merge goes with counts of events (size, or scale = rate); leave it out.")
        if isinstance(merge_of(self.merge), int) and self.season is not None:
            raise SettingsError("merged periods do not keep their season: give season or merge, not both.")
        if not self.controls and self.control_sizes:
            raise SettingsError("control_size needs control: the column of the untouched series.")
        if self.control_sizes and len(self.control_sizes) != len(self.controls):
            raise SettingsError(
                f"{len(self.controls)} control columns and {len(self.control_sizes)} control_size columns were given: "
                "give one denominator for each control, in the same order."
            )
        twice = {name for name in self.controls if self.controls.count(name) > 1}
        if twice:
            raise SettingsError(f"control {min(twice)!r} is named twice: name each untouched series once.")

    @property
    def controls(self) -> tuple[str, ...]:
        """Columns of the untouched series."""
        return _several(self.control)

    @property
    def control_sizes(self) -> tuple[str, ...]:
        """Their denominators."""
        return _several(self.control_size)

    @property
    def counted(self) -> bool:
        """Events are counted, not measured."""
        return self.size is not None or self.scale == "rate"

    @property
    def scale_name(self) -> ScaleName:
        if self.counted:
            return "rate" if self.scale == "rate" else "proportion"
        return "duration" if self.scale == "duration" else "continuous"


def _several(names: str | Sequence[str] | None) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)

"""What is in this table, and which chart suits it?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from . import door_words
from .caveats import Caveat, Rows
from .data import column, counts, fingerprint, frame_of, measurements
from .errors import DataError
from .numbers.dispersion import overdispersion, sigma_individuals
from .render.document import Bullets, Code, Document, Facts, Paragraph, Section, Table
from .render.figure import Figure, Line, Panel, Points
from .render.numeral import Numeral, Verbatim
from .result import AGAIN, Provenance, Result, command_line
from .timeline import parse_times

if TYPE_CHECKING:
    import pandas as pd

COARSE = 5
"""Steps of the data's resolution in the range of six sigma, under which rounding distorts limits."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds. ``step`` is the smallest difference between its numbers."""

    name: str
    type: str
    filled: int
    missing: int
    distinct: int
    zeros: int
    low: str
    high: str
    step: float | None


@dataclass(frozen=True, kw_only=True, repr=False)
class InspectionResult(Result):
    """The data card of a table.

    Attributes
    ----------
    columns : tuple of Column
    findings : tuple of Caveat
        What deserves a look before any limit is drawn.
    chart, reason : str
        The kind that suits the named columns, and why; empty where no value was named.
    """

    schema: ClassVar[str] = "sigmatool.inspection/1"
    verb: ClassVar[str] = "inspect"

    columns: tuple[Column, ...]
    findings: tuple[Caveat, ...]
    chart: str
    reason: str
    values: tuple[float, ...]
    metric: str

    @property
    def headline(self) -> str:
        found = f"{len(self.findings)} thing{'s' if len(self.findings) != 1 else ''} to look at"
        chart = f"; suggested chart: {self.chart}, because {self.reason}" if self.chart else ""
        return f"{self.rows.read} rows, {len(self.columns)} columns, {found}{chart}."

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame([asdict(c) for c in self.columns])

    def figure(self) -> Figure:
        """The named values in order."""
        if not self.values:
            raise DataError("name the column with the values (value, -y) to draw it.")
        y = np.array(self.values)
        x = np.arange(1.0, y.size + 1)
        marks = (Line(x, y, "data"), Points(x, y, "data", tuple(f"point {i + 1}: {v:g}" for i, v in enumerate(y))))
        return Figure((Panel(marks, self.metric),), "point", f"{self.metric} in order.", legend=False)

    def document(self) -> Document:
        rows = tuple(
            (c.name, c.type, c.filled, c.missing, c.distinct, c.zeros, _end(c, c.low), _end(c, c.high), c.step)
            for c in self.columns
        )
        names = ("column", "type", "filled", "missing", "distinct", "zeros", "lowest", "highest", "step")
        first: list[Any] = [Paragraph(self.headline, "lead")]
        if self.findings:
            first.append(Bullets(tuple(c.text for c in self.findings)))
        first.append(Table(names, rows, "What each column holds"))
        sections = (Section("The table", tuple(first), "table"), Section("Record", self._record(), "record"))
        return Document(f"Inspection of {self.provenance.source or 'the table'}", sections)

    def _record(self) -> tuple[Facts, Code]:
        p = self.provenance
        hashes = [("Data hash", Verbatim(p.data_sha256))]
        if p.file_sha256:
            hashes.append(("File hash (sha256sum)", Verbatim(p.file_sha256)))
        return Facts((*hashes, ("Version", Verbatim(f"sigmatool {p.version}")))), Code(p.command, AGAIN)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "columns": [asdict(c) for c in self.columns],
            "findings": [asdict(c) for c in self.findings],
            "chart": self.chart or None,
            "reason": self.reason or None,
        }


def inspect(
    data: Any,
    *,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
) -> InspectionResult:
    """Describe a table before any limit is drawn.

    Parameters
    ----------
    data : DataFrame, array or Series
    value, size, time, subgroup : str, optional
        The columns as :func:`sigmatool.control_chart` takes them; without ``value`` the columns are described only.

    Returns
    -------
    InspectionResult
        Types, missing and zero cells, order, ties and duplicates, gaps in the calendar, impossible values, coarse
        rounding, and the chart that suits the data with the reason.

    Examples
    --------
    >>> import sigmatool as st
    >>> card = st.inspect(st.datasets.load("semmelweis"), value="deaths", size="births", time="month")
    >>> card.chart
    'laney-p'
    """
    frame = frame_of(data)
    held = frame.attrs.get("sigmatool", {})
    described = tuple(_describe(frame, str(name)) for name in frame.columns)
    findings = [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]
    findings += _table_findings(frame)
    chart = reason = metric = ""
    values: tuple[float, ...] = ()
    rows = Rows(len(frame), len(frame))
    if value is not None or frame.shape[1] == 1:
        chart, reason, rows, values, metric, more = _suggest(frame, value, size, time, subgroup)
        known = {c.code for c in findings}
        findings += [c for c in more if c.code not in known]
    settings = {"value": value, "size": size, "time": time, "subgroup": subgroup}
    return InspectionResult(
        settings=settings,
        rows=rows,
        caveats=(),
        provenance=Provenance(
            _hash(frame),
            command_line("inspect", held.get("source", ""), settings),
            held.get("file_sha256"),
            held.get("source", ""),
        ),
        columns=described,
        findings=tuple(findings),
        chart=chart,
        reason=reason,
        values=values,
        metric=metric,
    )


def _hash(frame: pd.DataFrame) -> str:
    """Of every cell: an inspection tells of all columns."""
    import pandas as pd

    every = [frame[name] for name in frame.columns]
    numeric = [pd.api.types.is_numeric_dtype(s) and not pd.api.types.is_bool_dtype(s) for s in every]
    values = [s.to_numpy(dtype=np.float64, na_value=np.nan) for s, n in zip(every, numeric, strict=True) if n]
    texts = [str(v) for s, n in zip(every, numeric, strict=True) if not n for v in s.tolist()]
    return fingerprint([str(name) for name in frame.columns], values, texts)


def _end(column: Column, text: str) -> str:
    """The lowest or highest of a column; of numbers it knows its value."""
    return Numeral(text, float(text)) if text and column.type in ("numbers", "whole numbers") else text


def _describe(frame: pd.DataFrame, name: str) -> Column:
    import pandas as pd

    series = column(frame, name)
    filled = series.dropna()
    missing = len(series) - len(filled)
    if pd.api.types.is_bool_dtype(series):
        return Column(name, "yes/no", len(filled), missing, filled.nunique(), 0, "", "", None)
    if pd.api.types.is_numeric_dtype(series):
        values = filled.to_numpy(dtype=np.float64)
        whole = bool(np.all(values == np.floor(values))) if values.size else False
        ends = (f"{values.min():g}", f"{values.max():g}") if values.size else ("", "")
        kind = "whole numbers" if whole else "numbers"
        zeros = int((values == 0).sum())
        return Column(name, kind, len(filled), missing, filled.nunique(), zeros, *ends, _resolution(values))
    if pd.api.types.is_datetime64_any_dtype(series):
        return Column(
            name,
            "dates",
            len(filled),
            missing,
            filled.nunique(),
            0,
            str(filled.min())[:10],
            str(filled.max())[:10],
            None,
        )
    texts = [str(v).strip() for v in filled.tolist()]
    times = parse_times(texts)
    kind = "text" if times is None else "dates"
    order = np.argsort(times.days) if times is not None else np.argsort(np.array(texts, dtype=object))
    ends = (texts[int(order[0])], texts[int(order[-1])]) if texts else ("", "")
    return Column(name, kind, len(filled), missing, filled.nunique(), 0, *ends, None)


def _resolution(values: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    steps = np.diff(np.unique(values[np.isfinite(values)]))
    return float(f"{steps.min():.6g}") if steps.size else None


def _table_findings(frame: pd.DataFrame) -> list[Caveat]:
    found = []
    twice = int(frame.duplicated().sum())
    if twice:
        row = int(np.argmax(frame.duplicated().to_numpy())) + 1
        found.append(door_words.rows_duplicated(twice, row))
    for name in frame.columns:
        series = column(frame, str(name))
        if series.dropna().nunique() == 1 and len(series) > 1:
            found.append(door_words.column_constant(str(name)))
    return found


def _suggest(
    frame: pd.DataFrame, value: str | None, size: str | None, time: str | None, subgroup: str | int | None
) -> tuple[str, str, Rows, tuple[float, ...], str, list[Caveat]]:
    if size is not None and value is not None:
        points = counts(frame, value=value, size=size, time=time)
        with np.errstate(invalid="ignore"):
            statistic = points.count / points.size
            proportion = not np.any(points.count > points.size)
        kind, reason = _count_kind(points.count, points.size, proportion, value, size)
        found = _zeros(statistic, value)
        return kind, reason, points.rows, _plain(statistic), f"{value} per {size}", [*points.caveats, *found]
    held = measurements(frame, value=value, time=time, subgroup=subgroup)
    with np.errstate(invalid="ignore"):
        width = held.values.shape[1]
    flat = held.values.ravel()
    found = [*held.caveats, *_zeros(flat, held.name), *_rounding(held.values[:, 0] if width == 1 else flat, held.name)]
    if width > 1:
        kind = "xbar-r" if width <= 10 else "xbar-s"
        reason = f"subgroups hold up to {width} values"
        shown = np.array([row[np.isfinite(row)].mean() if np.isfinite(row).any() else np.nan for row in held.values])
        return kind, reason, held.rows, _plain(shown), held.name, found
    seen = flat[np.isfinite(flat)]
    if np.all(seen == np.floor(seen)) and np.all(seen >= 0) and seen.mean() < 25 and time is not None:
        return "i-mr", door_words.SMALL_COUNTS, held.rows, _plain(flat), held.name, found
    return "i-mr", door_words.ONE_VALUE, held.rows, _plain(flat), held.name, found


def _plain(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _count_kind(
    count: np.ndarray[Any, np.dtype[np.float64]],
    size: np.ndarray[Any, np.dtype[np.float64]],
    proportion: bool,
    value: str,
    size_name: str,
) -> tuple[str, str]:
    plain = "p" if proportion else "u"
    what = f"{value} {'never exceeds' if proportion else 'exceeds'} {size_name}"
    ratio, p = overdispersion(count, size, proportion)
    scattered = p < 0.01 and ratio > 1.2
    reason = door_words.count_reason(what, ratio, p, plain, scattered)
    return (f"laney-{plain}" if scattered else plain), reason


def _zeros(values: np.ndarray[Any, np.dtype[np.float64]], name: str) -> list[Caveat]:
    zeros, missing = int((values == 0).sum()), int(np.isnan(values).sum())
    if zeros and missing:
        return [door_words.zero_or_missing(name, zeros, missing)]
    return []


def _rounding(values: np.ndarray[Any, np.dtype[np.float64]], name: str) -> list[Caveat]:
    step = _resolution(values)
    sigma = sigma_individuals(values)
    if step is None or not np.isfinite(sigma) or sigma == 0:
        return []
    if 6 * sigma / step < COARSE:
        return [door_words.chunky(name, step, 6 * sigma)]
    return []

"""The door and the reader: what is recognised, what is said, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmatool.data import counts, extra, locate, measurements
from sigmatool.errors import DataError, SigmatoolError
from sigmatool.inspection import inspect
from sigmatool.sources import read_table
from sigmatool.timeline import calendar_of_days, parse_times

MONTHS = pd.DataFrame(
    {
        "month": [f"2025-{m:02d}" for m in range(1, 13)],
        "value": [3.5, 4.0, 3.25, 5.0, 4.75, 3.0, 2.5, 4.25, 3.75, 4.5, 5.25, 3.125],
    }
)


def caveats(frame: pd.DataFrame) -> set[str]:
    return {c["code"] for c in frame.attrs["sigmatool"]["caveats"]}


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["2026-03-01", "2026-03-02"], 20513.0),
        (["2026-03", "2026-04"], 20513.0),
        (["01.03.2026", "31.03.2026"], 20513.0),
        (["03/01/2026", "03/31/2026"], 20513.0),
        (["01/03/2026", "31/03/2026"], 20513.0),
        (["2026-03-01T12:00", "2026-03-02 12:00"], 20513.5),
        (["2026-03-01T02:00+02:00", "2026-03-01T05:00+02:00"], 20513.0),
        (["Mar 2026", "Apr 2026"], 20513.0),
        (["2026/03/01", "2026/03/02"], 20513.0),
    ],
)
def test_dates_are_recognised(texts: list[str], first: float) -> None:
    times = parse_times(texts)
    assert times is not None
    assert times.days[0] == first


def test_doubtful_dates_are_said() -> None:
    assert parse_times(["03/04/2026"]).doubt  # type: ignore[union-attr]
    assert parse_times(["03.04.2026"]).doubt  # type: ignore[union-attr]
    assert not parse_times(["03/14/2026"]).doubt  # type: ignore[union-attr]
    assert parse_times(["99/99/2026"]) is None


def test_plain_iso_dates_are_read_as_pandas_reads_them() -> None:
    texts = ["1700-01", "1969-12-31 23:59:59", "2026-02-28T07:05", "2199-12-31", "", "2024-02-29"]
    stamps = pd.to_datetime(pd.Series([t or None for t in texts]), format="ISO8601", utc=True).dt.tz_localize(None)
    expected = (stamps - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    times = parse_times(texts)
    assert times is not None
    np.testing.assert_array_equal(times.days, expected.to_numpy())
    assert parse_times(["2026-02-28", "2026-02-29"]) is None


@pytest.mark.parametrize(
    ("texts", "step", "positions"),
    [
        (["2026-01", "2026-02", "2026-05"], "month", [0, 1, 4]),
        (["2024-01-01", "2025-01-01", "2027-01-01"], "year", [0, 1, 3]),
        (["2026-01-01", "2026-04-01", "2026-07-01"], "quarter", [0, 1, 2]),
        (["2026-11-02", "2026-11-09", "2026-11-23"], "week", [0, 1, 3]),
        (["2026-11-21", "2026-11-22", "2026-11-24"], "day", [0, 1, 3]),
        (["2026-11-24 08:00", "2026-11-24 09:00", "2026-11-24 11:00"], "hour", [0, 1, 3]),
    ],
)
def test_steps_of_the_calendar(texts: list[str], step: str, positions: list[int]) -> None:
    found = calendar_of_days(parse_times(texts).days)  # type: ignore[union-attr]
    assert (found.step, found.positions.tolist()) == (step, positions)


def test_weekends_are_no_gaps() -> None:
    days = pd.bdate_range("2026-11-02", periods=15).strftime("%Y-%m-%d").tolist()
    found = calendar_of_days(parse_times(days).days)  # type: ignore[union-attr]
    assert (found.step, found.missing) == ("working day", ())
    assert found.positions.tolist() == list(range(15))


@pytest.mark.parametrize("form", ["csv", "tsv", "semicolon", "utf16", "bom", "xlsx", "parquet"])
def test_every_format_gives_the_same_points(tmp_path: Path, form: str) -> None:
    file = tmp_path / "t.csv"
    if form == "csv":
        MONTHS.to_csv(file, index=False)
    elif form == "tsv":
        file = tmp_path / "t.tsv"
        MONTHS.to_csv(file, index=False, sep="\t")
    elif form == "semicolon":
        MONTHS.to_csv(file, index=False, sep=";", decimal=",")
    elif form in ("utf16", "bom"):
        MONTHS.to_csv(file, index=False, encoding="utf-16" if form == "utf16" else "utf-8-sig")
    elif form == "xlsx":
        file = tmp_path / "t.xlsx"
        MONTHS.to_excel(file, index=False)
    else:
        file = tmp_path / "t.parquet"
        MONTHS.to_parquet(file)
    frame = read_table(file)
    points = measurements(frame, value="value", time="month")
    assert points.sha256 == measurements(MONTHS, value="value", time="month").sha256
    assert points.axis.step == "month"
    assert ("decimal-comma" in caveats(frame)) == (form == "semicolon")


def test_other_encodings_are_said(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes("größe,wert\n1,2\n3,4\n".encode("cp1252"))
    frame = read_table(file)
    assert "größe" in frame.columns
    assert "encoding-guessed" in caveats(frame)


def test_identifiers_keep_their_zeros(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("id,y\n007,1\n012,2\n")
    assert read_table(file)["id"].tolist() == ["007", "012"]


def test_doubtful_commas_are_said(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("y\tz\n1,234\t1\n5,678\t2\n")
    assert "comma-doubtful" in caveats(read_table(file))


def test_formulas_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text('y,note\n1,"=cmd|calc"\n2,@x\n')
    assert read_table(file)["note"].tolist() == ["=cmd|calc", "@x"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("twice.csv", b"a,a\n1,2\n", "two columns named 'a'"),
        ("broken.xlsx", b"not a workbook", "not a workbook"),
        ("broken.parquet", b"PAR1 no", "not a Parquet"),
        ("t.doc", b"x", "no suffix"),
        ("nul.csv", b"a,b\n1,\x00\n", "binary"),
    ],
)
def test_files_are_refused_in_words(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_table(file)


def test_near_names_are_offered(tmp_path: Path) -> None:
    MONTHS.to_csv(tmp_path / "months.csv", index=False)
    with pytest.raises(DataError, match=r"did you mean months\.csv"):
        read_table(tmp_path / "month.csv")
    with pytest.raises(DataError, match="did you mean 'value'"):
        measurements(MONTHS, value="values")


@given(st.permutations(list(range(12))))
@settings(max_examples=30, deadline=None)
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    shuffled = MONTHS.iloc[order].reset_index(drop=True)
    points = measurements(shuffled, value="value", time="month")
    assert points.sha256 == measurements(MONTHS, value="value", time="month").sha256
    assert ("order-sorted" in {c.code for c in points.caveats}) == (order != sorted(order))


def test_rows_add_up() -> None:
    frame = MONTHS.copy()
    frame.loc[3, "value"] = np.nan
    frame.loc[5, "month"] = None
    points = measurements(frame, value="value", time="month", exclude="1,2")
    rows = points.rows
    assert (rows.read, rows.used, rows.missing, rows.excluded, rows.dropped) == (12, 8, 1, 2, 1)
    assert {"time-missing", "calendar-gaps"} <= {c.code for c in points.caveats}


def test_subgroups_by_column_and_by_number() -> None:
    frame = pd.DataFrame({"g": list("aabbbc"), "y": [1.0, 2, 3, 4, 5, 6]})
    points = measurements(frame, value="y", subgroup="g")
    assert points.axis.labels == ("a", "b", "c")
    np.testing.assert_array_equal(np.isfinite(points.values).sum(axis=1), [2, 3, 1])
    by_number = measurements(frame, value="y", subgroup=4)
    assert "short-subgroup" in {c.code for c in by_number.caveats}


def test_extra_columns_follow_the_points() -> None:
    frame = pd.DataFrame({"t": [3, 1, 2], "y": [30.0, 10, 20], "z": [300.0, 100, np.nan]})
    points = measurements(frame, value="y", time="t")
    np.testing.assert_array_equal(extra(frame, "z", points), [100, np.nan, 300])


def test_rollouts_are_located() -> None:
    points = measurements(MONTHS, value="value", time="month")
    assert locate(points.axis, "2025-04") == 3
    assert locate(points.axis, "2025-03-15") == 3
    weeks = pd.DataFrame({"w": ["week one", "week two", "week three"], "y": [1.0, 2, 3]})
    assert locate(measurements(weeks, value="y", time="w").axis, "week two") == 1
    assert locate(measurements([1.0, 2, 3]).axis, 2) == 1
    for when in ("2024-01", "2026-01", "soon"):
        with pytest.raises(SigmatoolError):
            locate(points.axis, when)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"y": []}), "no rows"),
        (pd.DataFrame({"y": [1.0]}), "1 usable point"),
        (pd.DataFrame({"y": [np.nan, np.nan]}), "no value at all"),
        (pd.DataFrame({"y": [1.0, np.inf]}), "infinite in row 2"),
        (pd.DataFrame({"y": [True, False]}), "true and false"),
        (pd.DataFrame({"y": ["1", "two", "3"]}), "row 2 of column 'y' holds 'two'"),
        (pd.DataFrame({"y": pd.to_datetime(["2026-01-01", "2026-01-02"])}), "dates, not numbers"),
    ],
)
def test_columns_are_refused_in_words(frame: pd.DataFrame, words: str) -> None:
    with pytest.raises(DataError, match=words):
        measurements(frame, value="y")


def test_impossible_counts_are_refused() -> None:
    for x, n, words in (([1, -1], [5, 5], "negative"), ([1, 6], [5, 5], "more"), ([0, 1], [0, 5], "nothing was")):
        with pytest.raises(DataError, match=words):
            counts(pd.DataFrame({"x": x, "n": n}), value="x", size="n", proportion=True)
    assert counts(pd.DataFrame({"x": [1, 6], "n": [5, 5]}), value="x", size="n").n == 2


def test_missing_counts_and_sizes_are_gaps() -> None:
    frame = pd.DataFrame({"x": [1, np.nan, 2, 3, 0], "n": [5, 6, np.nan, 7, np.nan]})
    points = counts(frame, value="x", size="n", proportion=True)
    assert (points.rows.used, points.rows.missing) == (2, 3)
    assert np.isnan(points.count).tolist() == np.isnan(points.size).tolist() == [False, True, True, False, True]


def test_other_frames_are_taken() -> None:
    import pyarrow as pa

    arrow = pa.table({"y": [1.0, 2.0, 4.0]})
    assert measurements(arrow, value="y").n == measurements(pd.Series([1.0, 2, 4])).n == 3


def test_inspection_sees_what_matters() -> None:
    frame = pd.DataFrame(
        {
            "day": ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-05", "2026-01-05"] * 4,
            "y": [1.0, 2, 1, 2, 2] * 4,
            "same": 7,
        }
    )
    frame.loc[3, "y"] = np.nan
    frame.loc[4, "y"] = 0.0
    found = inspect(frame, value="y", time="day")
    codes = {c.code for c in found.findings}
    assert {"order-sorted", "time-ties", "rows-duplicated", "column-constant", "zero-or-missing", "chunky"} <= codes
    assert found.chart == "i-mr"
    assert found.to_dict()["rows"]["missing"] == 1


def test_inspection_suggests_by_shape() -> None:
    filling = read_table(Path(__file__).parent.parent / "datasets" / "filling.csv")
    assert inspect(filling, value="fill_ml", subgroup="sample").chart == "xbar-r"
    births = read_table(Path(__file__).parent.parent / "datasets" / "semmelweis.csv")
    assert inspect(births, value="deaths", size="births").chart == "laney-p"
    assert inspect(births).chart == ""
    assert len(inspect(births).columns) == 3

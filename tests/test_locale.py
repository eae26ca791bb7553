"""Dates and decimal signs of a place, in every format and nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import sigmatool as st
from sigmatool.errors import SettingsError
from sigmatool.render.document import Table
from sigmatool.render.locale import Place, localized
from sigmatool.render.numeral import Numeral


@pytest.fixture(scope="module")
def review() -> Any:
    births = st.datasets.load("semmelweis")
    return st.review(births, value="deaths", size="births", time="month", rollout="1847-06=Handwashing", better="lower")


@pytest.mark.parametrize(
    ("tag", "text", "told"),
    [
        ("de", "−1,234.5 to 3.1", "−1.234,5 to 3,1"),
        ("fr", "12,345 points, 0.5 %", "12\u202f345 points, 0,5 %"),
        ("de-CH", "1,234.5", "1’234.5"),
        ("en-GB", "on 2026-09-01 12:30", "on 01/09/2026 12:30"),
        ("sv", "1847-06", "1847-06"),
        ("pt_BR", "1.235e−12", "1,235e−12"),
        ("de", "points 3,17-19 of v1.2.3, E2r, 1b9766aa8", "points 3,17-19 of v1.2.3, E2r, 1b9766aa8"),
        ("de", "2026-13-45 and 9999-99", "2026-13-45 and 9999-99"),
        ("de", "1 in 81; p < 0.001.", "1 in 81; p < 0,001."),
    ],
)  # fmt: skip
def test_signs(tag: str, text: str, told: str) -> None:
    assert Place(tag).text(text) == told


@pytest.mark.parametrize("tag", ["xx-yy", "../../etc", "", "x" * 400])
def test_an_unknown_locale_is_refused(tag: str, review: Any, tmp_path: Path) -> None:
    if tag:
        with pytest.raises(SettingsError, match="locale"):
            review.save(tmp_path / "x.html", locale=tag)
        assert not list(tmp_path.iterdir())
    else:
        review.save(tmp_path / "x.html", locale=tag)


def test_only_the_signs_differ(review: Any) -> None:
    """Every cell keeps its number, and its text differs by its signs alone."""
    here, there = review.document(), localized(review.document(), "de")
    swap = str.maketrans({",": ".", ".": ","})
    compared = 0
    for ours, theirs in zip(here.sections, there.sections, strict=True):
        for a, b in zip(ours.blocks, theirs.blocks, strict=True):
            if not isinstance(a, Table):
                continue
            for row, other in zip(a.rows, b.rows, strict=True):
                for x, y in zip(row, other, strict=True):
                    if isinstance(x, Numeral):
                        assert isinstance(y, Numeral)
                        assert (y.value, str(y)) == (x.value, x.translate(swap))
                        compared += 1
    assert compared > 20


def test_what_is_typed_stays(review: Any, tmp_path: Path) -> None:
    page = review.save(tmp_path / "x.md", locale="de").read_text(encoding="utf-8")
    assert "--rollout 1847-06=Handwashing" in page
    assert review.provenance.data_sha256 in page
    assert "−7,78 points" in page
    assert "−7.78" not in page


def test_json_is_the_same_everywhere(review: Any, tmp_path: Path) -> None:
    told = review.save(tmp_path / "x.json", locale="de").read_text(encoding="utf-8")
    assert json.loads(told) == json.loads(review.to_json())


def test_pictures_follow(tmp_path: Path) -> None:
    chart = st.control_chart([1.25, 1.5, 1.75, 1.5, 1.25, 1.4, 1.6, 1.3, 1.45, 1.55])
    drawn = chart.save(tmp_path / "x.svg", locale="de").read_text(encoding="utf-8")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert any(re.fullmatch(r"\d,\d+", w.strip()) for w in words)
    assert not any(re.fullmatch(r"\d\.\d+", w.strip()) for w in words)

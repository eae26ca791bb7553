"""Rollouts in waves as people meet them: the function, the command, the page, the pictures."""

from __future__ import annotations

import inspect
import json
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sigmatool as st
from conftest import ROOT, without_ours
from sigmatool.cli import main
from sigmatool.cli.commands import review_waves as command
from sigmatool.render.html import html
from sigmatool.render.text import text
from sigmatool.review import waves_picture
from test_waves import judge, panel

CLINICS = str(ROOT / "datasets" / "clinics.csv")
ASKED = ["-y", "wait_days", "-x", "month", "--site", "clinic", "--rollout", "live_from", "--better", "lower"]


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=stdin)


def refused(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr


def test_the_json_has_its_keys() -> None:
    held = judge(panel()).to_dict()
    assert list(held) == [
        "schema", "verdict", "attribution", "sentence", "next_action", "qualifiers", "metric", "better", "effect",
        "sites", "differ", "dose", "why", "evidence", "date", "autocorrelation", "spread_between_sites", "report_card",
        "settings", "rows", "caveats", "provenance",
    ]  # fmt: skip
    assert held["schema"] == "sigmatool.waves/1"
    assert [row["id"] for row in held["evidence"]] == [
        "E1", "E2", "E2r", "E3", "E4", "E5", "E6", "E6", "E7", "E8", "sites",
    ]  # fmt: skip
    assert sum(place["probability"] for place in held["date"]["curve"]) == pytest.approx(1)
    assert held["why"]["steps"][0]["question"] == "Is the level worse than at sites not yet live?"


def test_a_row_a_site() -> None:
    w = judge(panel((9, 12, 15, 99), periods=26))
    frame = w.to_frame()
    assert list(frame["site"]) == ["clinic 1", "clinic 2", "clinic 3", "clinic 4"]
    assert frame["change"].isna().tolist() == [False, False, False, True]
    assert (frame["n_before"] + frame["n_after"] == 26).all()
    assert w.sites[0].increment is not None
    assert frame["low"][0] == w.sites[0].increment.low


def test_the_picture_is_the_effect_where_there_is_no_noise() -> None:
    data = panel(step=0.0)
    rng = np.random.default_rng(2)
    calm = 30 + 3 * np.sin(data["month"]) + data["clinic"].str[-1].astype(int)
    data["wait"] = calm - 5 * (data["month"] >= data["live"]) + 0.01 * rng.standard_normal(len(data))
    w = judge(data)
    (panel_,) = w.figure().panels
    points = next(mark for mark in panel_.marks if type(mark).__name__ == "Points")
    assert np.abs(points.y[points.x < 0]).max() < 0.1
    assert np.abs(points.y[points.x >= 0] + 5).max() < 0.1
    assert points.text[int(np.argmax(points.x == 0))].startswith("at the go-live: −")
    expected = waves_picture.without_rollout(w)
    assert np.abs(expected - calm.to_numpy()).max() < 0.1


def test_every_site_has_its_panel_and_many_are_cut() -> None:
    w = judge(panel((9, 12, 15, 99)))
    figure = waves_picture.site_values(w)
    assert [p.y_label for p in figure.panels] == ["clinic 1", "clinic 2", "clinic 3", "clinic 4 (never live)"]
    assert [m.at for p in figure.panels for m in p.marks if type(m).__name__ == "Rule"] == [9, 12, 15]
    many = judge(panel(tuple(range(5, 19))))
    assert len(waves_picture.site_values(many).panels) == waves_picture.SITES_DRAWN
    assert "The first 12 of 14 sites" in waves_picture.values_caption(many)


def test_periods_that_are_only_names_keep_their_names() -> None:
    data = panel((9, 12, 15, 99))
    names = {month: f"period {chr(96 + month)}" for month in range(1, 25)}
    data["month"], data["live"] = data["month"].map(names), data["live"].map(names)
    figure = waves_picture.site_values(judge(data))
    assert (figure.x_kind, figure.x_names[0]) == ("order", "period a")
    rule = next(m for m in figure.panels[0].marks if type(m).__name__ == "Rule")
    assert (rule.at, rule.label) == (9, "live from period i")


def test_the_page_answers_first_and_shows_every_site() -> None:
    w = judge(panel((9, 12, 15, 99)))
    document = w.document()
    assert [s.title for s in document.sections] == [
        "The answer", "Sites", "Is it the rollout?", "Report card", "Method and record",
    ]  # fmt: skip
    kinds = [type(block).__name__ for block in document.sections[0].blocks]
    assert kinds[:4] == ["Answer", "KeyFigures", "Chips", "FigureBlock"]
    told = text(document, width=160)
    for words in (
        w.verdict,
        "clinic 1",
        "never live (control)",
        "Which common shift of the go-lives fits best",
        "Next: ",
    ):
        assert words in told
    assert html(document).count("<svg") == 3


def test_names_of_sites_and_columns_are_only_text() -> None:
    hostile = "<script>alert(1)</script>"
    data = panel((9, 12, 15, 99)).replace({"clinic": {"clinic 1": hostile, "clinic 4": "{metric} & {0}"}})
    data = data.rename(columns={"wait": "<b>wait</b>"})
    w = judge(data, value="<b>wait</b>")
    page = html(w.document())
    assert "<script" not in without_ours(page)
    assert "<b>wait" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{metric} &amp; {0}" in page
    assert hostile in w.to_json()


def test_proportions_and_durations_have_pages_too() -> None:
    data = panel((9, 12, 15, 99), step=0.0)
    rng = np.random.default_rng(8)
    on = (data["month"] >= data["live"].astype(float)).to_numpy()
    data["seen"] = rng.integers(150, 250, len(data))
    data["late"] = rng.binomial(data["seen"], np.where(on, 0.10, 0.25))
    share = judge(data, value="late", size="seen")
    assert share.metric == "late per seen"
    assert share.figure().panels[0].percent
    assert " points" in text(share.document())
    data["wait"] = np.exp(rng.normal(3, 0.1, len(data)) - 0.4 * on)
    duration = judge(data, scale="duration", worthwhile="5%", washout=1)
    assert "level after over before" in text(duration.document())
    assert duration.rows.excluded == 3
    assert "named by you" in text(duration.document(), width=200)


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    suffixes = (".html", ".json", ".md", ".png", ".svg")
    out = [word for suffix in suffixes for word in ("-o", str(tmp_path / f"w{suffix}"))]
    done = run("review-waves", CLINICS, *ASKED, "--adoption", "adoption", *out)
    assert done.exit_code == 0, done.output
    assert "IMPROVED_PROVISIONAL" in done.stdout
    assert all((tmp_path / f"w{suffix}").stat().st_size > 1000 for suffix in suffixes)


def test_the_command_on_the_page_makes_the_same_result() -> None:
    first = run("review-waves", CLINICS, *ASKED, "--adoption", "adoption", "--json")
    held = json.loads(first.stdout)
    assert held["dose"]["finding"] == "the effect grows with adoption, which explains the step"
    words = shlex.split(held["provenance"]["command"])
    assert words[:2] == ["sigmatool", "review-waves"]
    assert json.loads(run(*words[1:], "--json").stdout) == held


def test_the_command_on_the_card_works() -> None:
    line = next(line for line in st.datasets.card("clinics").splitlines() if "`sigmatool " in line)
    words = shlex.split(line.split("`")[1])
    words[2] = CLINICS
    assert run(*words[1:], "--quiet").exit_code == 0


def test_waves_in_texts_settings_and_standard_input(tmp_path: Path) -> None:
    panel((9, 9, 15, 99)).to_csv(tmp_path / "d.csv", index=False)
    columns = ["-y", "wait", "-x", "month", "--site", "clinic", "--better", "lower", "--json"]
    told = ["--rollout", "9=clinic 1,clinic 2", "--rollout", "15=clinic 3"]
    by_text = json.loads(run("review-waves", str(tmp_path / "d.csv"), *columns, *told).stdout)
    by_column = json.loads(run("review-waves", str(tmp_path / "d.csv"), *columns, "--rollout", "live").stdout)
    assert by_text["effect"] == by_column["effect"]
    assert by_text["settings"]["rollout"] == ["9=clinic 1,clinic 2", "15=clinic 3"]
    file = tmp_path / "waves.toml"
    file.write_text('value = "wait"\ntime = "month"\nsite = "clinic"\nbetter = "lower"\nrollout = "live"\n')
    stdin = (tmp_path / "d.csv").read_text()
    by_file = json.loads(run("review-waves", "-", "--settings", str(file), "--json", stdin=stdin).stdout)
    assert by_file["effect"] == by_column["effect"]
    file.write_text('guard = "quality:higher"\n')
    refused(run("review-waves", "-", "--settings", str(file), stdin=stdin), 2, "'guard'", "does not have")


def test_exit_codes_when_gating(tmp_path: Path) -> None:
    panel(step=-3.0).to_csv(tmp_path / "worse.csv", index=False)
    panel((9, 12, 15), step=0.0).to_csv(tmp_path / "few.csv", index=False)
    columns = ["-y", "wait", "-x", "month", "--site", "clinic", "--better", "lower", "--rollout", "live", "--quiet"]
    worse = ["review-waves", str(tmp_path / "worse.csv"), *columns]
    assert run(*worse).exit_code == 0
    assert run(*worse, "--fail-on", "worse").exit_code == 1
    assert run("review-waves", str(tmp_path / "few.csv"), *columns, "--fail-on", "insufficient").exit_code == 4


def test_mistakes_are_refused_with_their_way_out(tmp_path: Path) -> None:
    refused(run("review-waves", CLINICS, *ASKED[:-1], "target"), 2, "'target' is not one of 'lower', 'higher'")
    refused(run("review-waves", CLINICS, *ASKED, "--guard", "adoption:higher"), 2, "No such option", "--guard")
    refused(run("review-waves", CLINICS, *ASKED, "--subgroup", "5"), 2, "No such option", "--subgroup")
    refused(run("review-waves", CLINICS, *ASKED[2:]), 2, "-y")
    refused(run("review-waves", CLINICS, *ASKED, "--worthwhile", "much"), 2, "'much'")
    no_time = ["-y", "wait_days", "--site", "clinic", "--rollout", "live_from", "--better", "lower"]
    refused(run("review-waves", CLINICS, *no_time), 2, "needs time")
    ward = ["-y", "wait_days", "-x", "month", "--site", "ward", "--rollout", "live_from", "--better", "lower"]
    refused(run("review-waves", CLINICS, *ward), 3, "'ward'")
    nobody = ["-y", "wait_days", "-x", "month", "--site", "clinic", "--rollout", "2025-01=Nobody", "--better", "lower"]
    refused(run("review-waves", CLINICS, *nobody), 2, "'Nobody'", "Ashby")
    data = pd.read_csv(CLINICS)
    data.loc[30, "adoption"] = 130
    data.to_csv(tmp_path / "d.csv", index=False)
    refused(run("review-waves", str(tmp_path / "d.csv"), *ASKED, "--adoption", "adoption"), 3, "130", "row 31")
    with pytest.raises(st.SettingsError, match="site by site, with review-each"):
        judge(panel(), better="target")
    with pytest.raises(st.SettingsError, match="scale must be"):
        judge(panel(), scale="log")


def test_options_are_parameters() -> None:
    parameters = set(inspect.signature(st.review_waves).parameters)
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale"}
    assert {p.name for p in command.params} - delivery == parameters

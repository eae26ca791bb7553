"""The house: imports, names, data sets, and the pieces that ship."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sigmatool
from conftest import ROOT
from sigmatool import datasets
from sigmatool.result import VERSION
from sigmatool.selftest.cases import AREAS

DATA_SETS = (
    "clinics", "contact_centre", "deployments", "filling", "nile", "semmelweis", "service_desk", "service_desk_hours",
    "tickets",
)  # fmt: skip


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_public_names_are_sorted_and_resolve() -> None:
    # as the linter sorts: constants, classes, the rest
    order = sorted(sigmatool.__all__, key=lambda n: (0 if n.isupper() else 1 if n[0].isupper() else 2, n))
    assert sigmatool.__all__ == order
    for name in sigmatool.__all__:
        assert getattr(sigmatool, name) is not None
    with pytest.raises(AttributeError):
        _ = sigmatool.nonsense


def test_importing_is_light() -> None:
    script = "import sys, sigmatool; print([m for m in ('numpy', 'pandas', 'click') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_page_of_a_review_loads_nothing_it_does_not_use() -> None:
    heavy = ("scipy.stats", "scipy.signal", "scipy.optimize", "matplotlib", "statsmodels", "typst", "rich", "babel")
    script = (
        "import sys, sigmatool as st\n"
        "data = st.datasets.load('nile')\n"
        "review = st.review(data, value='flow', time='year', rollout=1899, better='lower')\n"
        "from sigmatool.render.html import html\n"
        "assert '<svg' in html(review.document())\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_one_version() -> None:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert held["project"]["version"] == sigmatool.__version__ == VERSION


def test_the_wheel_carries_data_and_reference_cases() -> None:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text())
    carried = dict(held["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])
    assert carried.pop("datasets") == "sigmatool/_datasets"
    assert carried == {f"tests/reference/{area}.json": f"sigmatool/_reference/{area}.json" for area in AREAS}


@pytest.mark.parametrize(
    "name",
    [
        "clinics",
        "contact_centre",
        "deployments",
        "filling",
        "nile",
        "semmelweis",
        "service_desk",
        "service_desk_hours",
        "tickets",
    ],
)
def test_every_data_set_has_a_card(name: str) -> None:
    assert name in datasets.names()
    card = datasets.card(name)
    assert card.startswith(f"# {name}: ")
    for word in ("Origin", "Licence", "Known truth", "`sigmatool "):
        assert word in card
    for column in datasets.load(name).columns:
        assert f"| {column} |" in card


def test_the_generator_makes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "make_datasets.py"), str(tmp_path)], check=True, capture_output=True
    )
    made = sorted(p.name for p in tmp_path.iterdir())
    assert made == [
        "clinics.csv",
        "contact_centre.csv",
        "deployments.csv",
        "filling.csv",
        "nile.csv",
        "service_desk.csv",
        "service_desk_hours.csv",
        "tickets.csv",
    ]
    for name in made:
        assert (tmp_path / name).read_bytes() == (ROOT / "datasets" / name).read_bytes()


def test_no_path_of_a_machine_is_committed() -> None:
    done = subprocess.run(
        ["git", "grep", "-nI", "-e", "/home/", "-e", "/root/"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if "test_house.py" not in line]
    assert lines == []

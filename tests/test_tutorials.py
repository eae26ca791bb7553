"""The tutorials, run as a reader would run them: every cell works, and shows what the stored notebook shows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
TUTORIALS = sorted((ROOT / "docs/tutorials").glob("*.ipynb"))


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tutorials", ROOT / "docs/run_tutorials.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(notebook: nbformat.NotebookNode) -> list[str]:
    """What a reader sees of each output in words."""
    return [
        output.text if output.output_type == "stream" else output.data.get("text/plain", "")
        for cell in notebook.cells for output in cell.get("outputs", [])
    ]  # fmt: skip


def test_there_are_the_five_tutorials() -> None:
    assert [path.stem for path in TUTORIALS] == ["deployments", "first_chart", "flights", "review", "skewed_capability"]


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_and_shows_what_is_stored(path: Path, runner: ModuleType) -> None:
    stored = nbformat.read(path, as_version=4)
    nbformat.validate(stored)
    ran = runner.run(path)
    assert told(ran) == told(stored)
    cards = [o.data["text/html"] for c in ran.cells for o in c.get("outputs", []) if "text/html" in o.get("data", {})]
    assert any("sigmatool-card" in card for card in cards)
    assert not any("<script" in card for card in cards)


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_links_between_tutorials_lead_somewhere(path: Path) -> None:
    words = "".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    for link in re.findall(r"\]\(([^)]+)\)", words):
        assert (path.parent / link).exists(), link

"""The sentences that people read stand in catalogues and pages, never in arithmetic: a translation knows its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src/sigmatool"
CATALOGUES = re.compile(r"(words|wording|sentences|report|picture|card|page_parts)$")
"""Modules of words, and of pages that set them."""
SPOKEN = 6
"""Words in lower case from which a text is taken for a sentence."""


def modules(room: str = "") -> list[Path]:
    return sorted(p for p in (SOURCE / room).rglob("*.py") if not CATALOGUES.search(p.stem))


def spared(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and what a mistake is told with: errors live where they are found."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        told = node.func if isinstance(node, ast.Call) else None
        name = told.id if isinstance(told, ast.Name) else told.attr if isinstance(told, ast.Attribute) else ""
        if isinstance(node, ast.Raise) or name.endswith("Error"):
            yield from ast.walk(node)


def sentences(text: str) -> list[str]:
    """The texts of a module that a person would read as sentences."""
    tree = ast.parse(text)
    known = {id(node) for node in spared(tree)}
    return [
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known
        and len(re.findall(r"[a-z]{2,}", node.value)) >= SPOKEN and " " in node.value
    ]  # fmt: skip


def written_caveats(text: str) -> list[str]:
    """Caveats whose sentence is written on the spot."""
    return [
        ast.unparse(call) for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Caveat"
        and any(isinstance(arg, ast.JoinedStr | ast.Constant) for arg in call.args[1:2])
    ]  # fmt: skip


@pytest.mark.parametrize("path", modules("review"), ids=lambda path: path.stem)
def test_the_judgement_holds_no_sentence(path: Path) -> None:
    assert sentences(path.read_text(encoding="utf-8")) == []


def test_a_caveat_has_its_sentence_in_a_catalogue() -> None:
    found = {str(p.relative_to(SOURCE)): written_caveats(p.read_text(encoding="utf-8")) for p in modules()}
    assert {name: caveats for name, caveats in found.items() if caveats} == {}


def test_the_checks_see_what_they_look_for() -> None:
    assert sentences('x = "the level moved at another time than that"') == ["the level moved at another time than that"]
    assert sentences('"""the level moved at another time than that"""') == []
    assert sentences('raise DataError(f"the level moved at another time than {x}")') == []
    assert written_caveats('Caveat("code", f"said {x}")') == ["Caveat('code', f'said {x}')"]
    assert written_caveats('Caveat(c["code"], c["text"])') == []

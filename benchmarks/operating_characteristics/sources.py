"""Has anything changed that decides? A digest of the code behind a judgement.

It covers the judge's module in this folder and what that reaches by imports: the study's own series and judges, and the
modules of ``sigmatool.review`` and ``sigmatool.numbers``. Comments and docstrings are left out: a word more does not
make a result stale.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

import sigmatool

PACKAGE = Path(sigmatool.__file__).parent
HERE = Path(__file__).parent
ROOTS = {"sigmatool": PACKAGE, "study": HERE}
DECIDING = ("sigmatool.review.", "sigmatool.numbers.", "study.")
LEFT_OUT = ("sigmatool.review.review", "study.cells")
"""The one puts together what others decided, and reaches every word of the report; of the other, each cell's own settings
count."""


@cache
def digest(module: str) -> str:
    """Of the study's ``module`` (a name in this folder), and all that decides beneath it."""
    found: dict[str, Path] = {}
    waiting = [f"study.{module}"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _path(name)
            waiting += [other for other in _imported(name) if _decides(other)]
    summed = hashlib.sha256()
    for name in sorted(found):
        summed.update(_code(found[name]))
    for path in sorted((PACKAGE / "numbers").glob("*.npz")):
        summed.update(path.read_bytes())
    return summed.hexdigest()[:16]


def _path(module: str) -> Path:
    root, *parts = module.split(".")
    return ROOTS[root].joinpath(*parts).with_suffix(".py")


def _decides(module: str) -> bool:
    return module.startswith(DECIDING) and module not in LEFT_OUT and _path(module).exists()


def _imported(module: str) -> set[str]:
    """Full names of what a module imports, and of names that may be modules."""
    found = set()
    for node in ast.walk(ast.parse(_path(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = resolve_name("." * node.level + base, module.rpartition(".")[0])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def _code(path: Path) -> bytes:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_text(part)]  # type: ignore[attr-defined]
    return ast.dump(tree).encode()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)

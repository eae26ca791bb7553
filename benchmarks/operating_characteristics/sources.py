"""Has anything changed that decides? A digest of the code behind a judgement.

The modules of ``sigmatool.review`` and ``sigmatool.numbers`` that the judge reaches by imports, and the study's own
judge and series. Comments and docstrings are left out: a word more does not make a result stale.
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
DECIDING = ("sigmatool.review.", "sigmatool.numbers.")
LEFT_OUT = ("sigmatool.review.review",)
"""Puts together what others decided, and reaches every word of the report."""


@cache
def digest(*modules: str) -> str:
    """Of the study's own ``modules`` (names in this folder), and all that decides beneath them."""
    paths, waiting = set(), [HERE / f"{name}.py" for name in modules]
    while waiting:
        path = waiting.pop()
        if path in paths:
            continue
        paths.add(path)
        waiting += [_path(name) for name in _imported(path) if _decides(name)]
    paths |= set((PACKAGE / "numbers").glob("*.npz"))
    summed = hashlib.sha256()
    for path in sorted(paths):
        summed.update(path.read_bytes() if path.suffix == ".npz" else _code(path))
    return summed.hexdigest()[:16]


def _path(module: str) -> Path:
    return PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")


def _decides(module: str) -> bool:
    return module.startswith(DECIDING) and module not in LEFT_OUT and _path(module).exists()


def _imported(path: Path) -> set[str]:
    """Full names of what a file imports, and of names that may be modules."""
    inside = path.is_relative_to(PACKAGE)
    package = ".".join(("sigmatool", *path.parent.relative_to(PACKAGE).parts)) if inside else ""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (package or not node.level):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
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

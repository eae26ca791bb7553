"""A document as one self-contained page: no network, prints on A4 and Letter, whole without scripts."""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from .alignment import padding
from .cells import cell, kinds, prose, spaced
from .document import Document, Table
from .explorer import Explorer
from .explorer_data import packed
from .explorer_table import plain_blocks
from .layout import CELL
from .palette import sheet, themes
from .svg import svg

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLD = 60
"""Rows of a visible table beyond which the rest is folded away."""


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    loader = DictLoader({"report.html.j2": sheet("report.html.j2")})
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["plain"] = spaced
    return environment


@cache
def _styled(looked_through: bool) -> dict[str, Any]:
    """The style, the scripts and the policy of a page; those to look through rows only where there are any."""
    from markupsafe import Markup

    style = themes() + sheet("report.css") + sheet("figure.css") + _aligned()
    scripts = [sheet("report.js")]
    if looked_through:
        style += sheet("explorer.css")
        scripts.append(sheet("explorer.js"))
    return {"css": Markup(style), "scripts": [Markup(s) for s in scripts], "policy": _policy(style, scripts)}


_PLACES = 9


def _aligned() -> str:
    """Room behind a number for the digits that it lacks (f), and for the decimal sign too (g)."""
    classes = (("f", 0.0), ("g", 0.5))
    return "".join(
        f".{name}{n} {{ padding-right: calc(12px + {n + more:g}ch); }}\n"
        for name, more in classes
        for n in range(1, _PLACES + 1)
    )


def _policy(style: str, scripts: list[str]) -> str:
    """Nothing from anywhere; of what stands in the page our own styles and our own scripts alone, by their hashes."""
    own, *ours = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, *scripts))
    run = " ".join(f"'sha256-{one}'" for one in ours)
    return f"default-src 'none'; style-src 'sha256-{own}'; script-src {run}; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    kind: str


def _cells(table: Table, decimal: str) -> list[list[_Shown]]:
    """The cells of a table with their classes: what they hold, and the room that aligns them at the decimal sign."""
    held = kinds(table)
    texts = [[cell(v, table, i) for i, v in enumerate(row)] for row in table.rows]
    pads = [padding([row[i] for row in texts], decimal) if kind == "number" else None for i, kind in enumerate(held)]
    return [
        [
            _Shown(text, _class(held[j], "" if pads[j] is None else pads[j][i]))  # type: ignore[index]
            for j, text in enumerate(told)
        ]
        for i, told in enumerate(texts)
    ]


def _class(kind: str, pad: str) -> str:
    digits = pad.lstrip(".,")
    return f"{kind} {'g' if digits != pad else 'f'}{min(len(digits), _PLACES)}" if pad else kind


def html(document: Document) -> str:
    """Write a document as HTML.

    The page holds its own styles, pictures and script, escapes every text, and its content security policy lets nothing
    else in or run. Without scripts it says the same.
    """
    from markupsafe import Markup

    counter, regions = itertools.count(), itertools.count(1)

    def draw(figure: Any, width: float | None = None) -> Markup:
        return Markup(svg(figure, id_prefix=f"f{next(counter)}", width=width))

    def cells(table: Table) -> list[list[_Shown]]:
        return _cells(table, document.signs.decimal)

    template = _environment().get_template("report.html.j2")
    page = template.render(
        document=document,
        draw=draw,
        count=partial(next, regions),
        kinds=kinds,
        cells=cells,
        prose=prose,
        fold=_FOLD,
        cell=CELL,
        packed=lambda block: Markup(packed(block)),
        plain_blocks=plain_blocks,
        **_styled(any(isinstance(b, Explorer) for s in document.sections for b in s.blocks)),
    )
    return page + "\n"

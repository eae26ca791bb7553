"""A result in a notebook: its sentence, its caveats and its picture; no scripts."""

from __future__ import annotations

from importlib import resources
from typing import Protocol

from .figure import Picture
from .svg import svg
from .svg_marks import clean


class Shown(Protocol):
    """What a card shows."""

    @property
    def headline(self) -> str: ...
    @property
    def caveats(self) -> tuple[object, ...]: ...
    def figure(self) -> Picture: ...


def card(result: Shown) -> str:
    """Compact HTML with styles that stay inside it."""
    sheet = resources.files(__package__).joinpath("templates").joinpath("report.css").read_text(encoding="utf-8")
    colours = sheet[sheet.index("{") + 1 : sheet.index("}")].replace("color-scheme: light dark;", "")
    own = "color-scheme: light; background: var(--paper); color: var(--ink); padding: 8px 12px; max-width: 960px;"
    rules = "".join(
        f".sigmatool-card {line}" for line in sheet.splitlines(keepends=True) if line.startswith(("svg ", "svg."))
    )
    notes = "".join(f"<li>{clean(getattr(c, 'text', ''), 500)}</li>" for c in result.caveats)
    listed = f"<ul>{notes}</ul>" if notes else ""
    return (
        f'<div class="sigmatool-card"><style>.sigmatool-card {{{colours} {own}}} {rules}</style>'
        f"<p><strong>{clean(result.headline, 500)}</strong></p>{svg(result.figure(), id_prefix='card')}{listed}</div>"
    )

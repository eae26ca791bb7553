"""A result in a notebook: its sentence, its caveats and its picture; no scripts."""

from __future__ import annotations

import re
from typing import Protocol

from .figure import Picture
from .palette import LIGHT, sheet, variables
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
    own = "color-scheme: light; background: var(--paper); color: var(--ink); padding: 8px 12px; max-width: 960px;"
    lines = ("svg.figure { width: 100%; height: auto; font-size: 12px; }", *sheet("figure.css").splitlines())
    rules = "\n".join(re.sub(r"(^|, )svg", r"\1.sigmatool-card svg", line) for line in lines)
    notes = "".join(f"<li>{clean(getattr(c, 'text', ''), 500)}</li>" for c in result.caveats)
    listed = f"<ul>{notes}</ul>" if notes else ""
    return (
        f'<div class="sigmatool-card"><style>.sigmatool-card {{{variables(LIGHT)} {own}}} {rules}</style>'
        f"<p><strong>{clean(result.headline, 500)}</strong></p>{svg(result.figure(), id_prefix='card')}{listed}</div>"
    )

"""The one palette: every colour of a page, a picture and a print stands here, by what it means.

The light colours keep 4.5:1 against paper for words and 3:1 for marks, differ in lightness so that grey print tells
them apart, and no two that must be told apart differ by red against green alone. Every role has a second sign: a
shape, a dash or a word.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

LIGHT = {
    "ink": "#1b2430", "soft": "#556070", "line": "#d5dae1", "paper": "#ffffff", "wash": "#f5f7f9",
    "data": "#1f5f99", "signal": "#b3261e", "limit": "#6b7482", "good": "#1a6e42", "bad": "#a8201a", "open": "#8a5300",
    "good-wash": "#edf6f0", "bad-wash": "#fbeeed", "open-wash": "#fcf4e6", "rollout": "#5b3a91",
    "count": "#a9c3dd", "outside": "#c2452f", "within": "#8f3d00", "before": "#8a93a0",
}  # fmt: skip
DARK = {
    "ink": "#e8ebef", "soft": "#a7b0bc", "line": "#3a434f", "paper": "#14181d", "wash": "#1d232a",
    "data": "#7db8f0", "signal": "#ff8a80", "limit": "#97a1ae", "good": "#7ad3a0", "bad": "#ff9a93", "open": "#f0bd6c",
    "good-wash": "#16271d", "bad-wash": "#2d1a19", "open-wash": "#2b2213", "rollout": "#c3a6f5",
    "count": "#3d5a78", "outside": "#e8705a", "within": "#ffb36b", "before": "#8f99a6",
}  # fmt: skip
ROLES = {
    "data": "data", "after": "data", "signal": "signal", "excluded": "soft", "rollout": "rollout", "event": "open",
    "limit": "limit", "washout": "limit", "control": "limit", "band": "limit", "zone": "limit", "before": "before",
    "target": "good", "specification": "good", "count": "count", "outside": "outside", "within": "within",
}  # fmt: skip
"""The colour of a mark's role; ink for the others."""


def colour(role: str) -> str:
    """The colour of a role on paper.

    Examples
    --------
    >>> colour("signal"), colour("center")
    ('#b3261e', '#1b2430')
    """
    return LIGHT[ROLES.get(role, "ink")]


def variables(colours: dict[str, str]) -> str:
    """The colours as custom properties of a style sheet."""
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


def themes() -> str:
    """Light or dark as the reader's system has it, or as ``data-theme`` of the root says; paper is always light."""
    light, dark = variables(LIGHT), variables(DARK)
    return (
        f":root {{ {light} color-scheme: light dark; }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f':root[data-theme="dark"] {{ {dark} color-scheme: dark; }}\n'
        ':root[data-theme="light"] { color-scheme: light; }\n'
        f"@media print {{ :root:root:root {{ {light} color-scheme: light; }} }}\n"
    )


@cache
def sheet(name: str) -> str:
    """A style sheet beside the templates."""
    return resources.files(__package__).joinpath("templates").joinpath(name).read_text(encoding="utf-8")


@cache
def on_paper() -> str:
    """The style of pictures with their colours written out, for renderers that know no custom properties."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: LIGHT[found[1]], sheet("figure.css"))

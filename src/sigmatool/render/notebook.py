"""A result in a notebook: its verdict, key figures and picture, in the notebook's own light or dark; no scripts.

The style is a part of the card, and every rule of it names the card: nothing leaks out.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Protocol

from .cells import cell, kinds
from .document import Answer, Document, FigureBlock, KeyFigures, Table, Tone
from .explorer import Explorer
from .explorer_table import plain_blocks
from .palette import DARK, LIGHT, sheet, variables
from .svg import svg
from .svg_marks import clean

_CARD = "div.sigmatool-card"
_LONGEST, _MOST_ROWS, _MOST_NOTES = 500, 60, 8
_SIGNS: dict[Tone, str] = {"good": "✓", "bad": "✕", "open": "?", "neutral": "•"}
_TONES: dict[Tone, str] = {"good": "var(--good)", "bad": "var(--bad)", "open": "var(--open)", "neutral": "var(--limit)"}
_LIGHT_HOSTS = (
    'body[data-jp-theme-light="true"]', "body.vscode-light", "body.vscode-high-contrast-light", "html[theme=light]",
    "[data-theme=light]",
)  # fmt: skip
_DARK_HOSTS = (
    'body[data-jp-theme-light="false"]', "body.vscode-dark", "html[theme=dark]",
    "body.vscode-high-contrast:not(.vscode-high-contrast-light)", "[data-theme=dark]",
)  # fmt: skip
"""How JupyterLab, VS Code, Colab and sites of documentation say which theme they have."""


class Shown(Protocol):
    """What a card shows."""

    @property
    def headline(self) -> str: ...
    @property
    def caveats(self) -> tuple[object, ...]: ...
    def document(self) -> Document: ...


def card(result: Shown) -> str:
    """Compact HTML with styles that stay inside it."""
    first, *others = result.document().sections
    held = [*first.blocks, *(b for section in others for b in section.blocks if isinstance(b, Explorer))]
    blocks = [part for b in held for part in plain_blocks(b)]
    parts = [_verdict(next((b for b in blocks if isinstance(b, Answer)), None), result.headline)]
    parts += [_figures(b) for b in blocks if isinstance(b, KeyFigures)]
    drawn = next((b for b in blocks if isinstance(b, FigureBlock)), None)
    if drawn is not None:
        # two cards on one page must not share the names of their hatchings
        own = hashlib.sha256(f"{result.headline}{drawn.figure.alt}".encode(errors="replace")).hexdigest()[:8]
        parts.append(svg(drawn.figure, id_prefix=f"card-{own}"))
        if drawn.table is not None:
            parts.append(_folded(drawn.table))
    else:
        parts += [_table(b) for b in blocks if isinstance(b, Table) and not b.folded]
    parts.append(_notes([str(getattr(c, "text", "")) for c in result.caveats]))
    return f'<div class="sigmatool-card"><style>{_style()}</style>{"".join(parts)}</div>'


@cache
def _style() -> str:
    """The rules of the card and its picture, each behind the card's own name, and the colours of both themes."""
    rules = [f"{_CARD} {{ {_colours(LIGHT)} color-scheme: light; }}"]
    rules.append(f"@media (prefers-color-scheme: dark) {{ {_CARD} {{ {_colours(DARK)} color-scheme: dark; }} }}")
    for hosts, colours, scheme in ((_LIGHT_HOSTS, LIGHT, "light"), (_DARK_HOSTS, DARK, "dark")):
        named = ", ".join(f"{host} {_CARD}" for host in hosts)
        rules.append(f"{named} {{ {_colours(colours)} color-scheme: {scheme}; }}")
    rules.append(f"@media print {{ body {_CARD}.sigmatool-card {{ {variables(LIGHT)} color-scheme: light; }} }}")
    return "\n".join(
        rules + [_scoped(line) for name in ("card.css", "figure.css") for line in sheet(name).splitlines()]
    )


def _colours(colours: dict[str, str]) -> str:
    """Ours, but paper, ink and thin lines those of the notebook where it names them."""
    ink = f"--ink: var(--jp-content-font-color1, var(--vscode-editor-foreground, {colours['ink']}));"
    paper = f"--paper: var(--jp-layout-color0, var(--vscode-editor-background, {colours['paper']}));"
    line = f"--line: var(--jp-border-color2, {colours['line']});"
    return f"{variables(colours)} {ink} {paper} {line}"


def _scoped(rule: str) -> str:
    """A rule of one line for what stands inside the card; one without a selector is for the card itself."""
    selectors, brace, body = rule.partition("{")
    named = ", ".join(f"{_CARD} {one.strip()}".rstrip() for one in selectors.split(","))
    return f"{named} {brace}{body}"


def _verdict(answer: Answer | None, headline: str) -> str:
    if answer is None:
        return f'<p class="sentence">{clean(headline, _LONGEST)}</p>'
    return (
        f'<div class="verdict" style="--tone: {_TONES[answer.tone]}">'
        f'<p class="code">{_SIGNS[answer.tone]} {clean(answer.code)}</p>'
        f'<p class="sentence">{clean(answer.sentence, _LONGEST)}</p>'
        f"<p>Next: {clean(answer.next_action, _LONGEST)}</p></div>"
    )


def _figures(block: KeyFigures) -> str:
    items = (
        f"<div><b>{clean(f.value)}</b>{clean(f.label, _LONGEST)}<br><span>{clean(f.detail, _LONGEST)}</span></div>"
        for f in block.items
    )
    return f'<div class="figures">{"".join(items)}</div>'


def _notes(texts: list[str]) -> str:
    told = [clean(text, _LONGEST) for text in texts[:_MOST_NOTES]]
    if len(texts) > _MOST_NOTES:
        told.append(f"and {len(texts) - _MOST_NOTES} more in <code>caveats</code>")
    return f'<ul class="notes">{"".join(f"<li>{text}</li>" for text in told)}</ul>' if told else ""


def _folded(table: Table) -> str:
    """The data of the picture."""
    told = f"{clean(table.caption or 'The data of this chart')} ({len(table.rows):,} rows)"
    return f"<details><summary>{told}</summary>{_table(table)}</details>"


def _table(table: Table) -> str:
    """A table; of a long one the first rows."""
    held = [f' class="{kind}"' if kind == "number" else "" for kind in kinds(table)]
    head = "".join(f'<th scope="col"{c}>{clean(name)}</th>' for name, c in zip(table.columns, held, strict=True))
    rows = (
        "".join(f"<td{c}>{clean(cell(v, table, i))}</td>" for i, (v, c) in enumerate(zip(row, held, strict=True)))
        for row in table.rows[:_MOST_ROWS]
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    rest = len(table.rows) - _MOST_ROWS
    more = f"<p>and {rest:,} more rows: <code>to_frame()</code></p>" if rest > 0 else ""
    scrolled = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{scrolled}</div>{more}'

"""The rows of an explorer as a page carries them: packed small, as data and never as markup."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cells import plain_text
from .explorer import HELD, Column, Explorer, Map, Sketches

LEVELS = 4_094
"""Steps between the smallest and the largest value of a sketch; one more is a gap."""

_MARKED = 4_096
"""Set in a value that is drawn as a signal."""


def packed(block: Explorer) -> str:
    """JSON of what the page's script reads; no ``<`` in it, so that it can stand in a page.

    Two deflated parts in base64 hold the most: ``rows`` (arrays of text and numbers, each once, rounded as the page
    shows them; everything else names them by their place) and ``sketches`` (the high bytes of all values, then the low
    ones).
    """
    many = min(len(block), HELD)
    pool = _Pool(many)
    told = {
        "rows": many,
        "total": len(block),
        "noun": plain_text(block.noun),
        "caption": plain_text(block.caption),
        "names": pool.put(block.names),
        "sentences": None if block.sentences is None else pool.put(block.sentences),
        "columns": [_column(c, pool) for c in block.columns],
        "filters": [{"name": plain_text(f.name), "rows": pool.put(f.rows)} for f in block.filters],
        "orders": [{"name": o.name, "column": _place(block, o.column), "way": o.way} for o in block.orders],
        "map": None if block.map is None else _map(block.map, pool),
        "sketch": None if block.sketches is None else _sketch(block.sketches, pool),
        "command": str(block.command),
        "label": plain_text(block.command_label),
        "decimal": block.signs.decimal,
        "group": block.signs.group,
    }
    held = {
        "pool": _deflated(("[" + ",".join(pool.texts) + "]").encode()),
        "drawn": "" if block.sketches is None else _deflated(_bytes(block.sketches, many)),
    }
    return json.dumps({**told, **held}, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")


def _deflated(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 6)).decode()


def _place(block: Explorer, name: str) -> int:
    """The place of a column; -1 for the rows' own order and -2 for their names."""
    places = {c.name: i for i, c in enumerate(block.columns)}
    return -1 if not name else places.get(name, -2)


@dataclass(slots=True)
class _Pool:
    """Arrays as JSON, each only once."""

    many: int
    texts: list[str] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def put(self, values: NDArray[Any], form: str = "") -> int:
        """The place of an array; yes and no as the places of the yeses."""
        held = values[: self.many]
        if held.dtype.kind == "b":
            text = json.dumps(np.flatnonzero(held).tolist(), separators=(",", ":"))
        elif held.dtype.kind in "iuf":
            text = _numbers(held, form)
        else:
            text = json.dumps([str(v) for v in held], separators=(",", ":"))
        if text not in self._known:
            self._known[text] = len(self.texts)
            self.texts.append(text)
        return self._known[text]


def _numbers(values: NDArray[Any], form: str) -> str:
    if values.dtype.kind in "iu":
        return json.dumps(values.tolist(), separators=(",", ":"))
    exact = {",d": ".17g", "p": ".6g", "": ".6g"}.get(form, form)
    told = (format(v, exact) for v in np.where(np.isfinite(values), values, 0.0).tolist())
    known = np.isfinite(values).tolist()
    return "[" + ",".join(t if k else "null" for t, k in zip(told, known, strict=True)) + "]"


def _column(column: Column, pool: _Pool) -> dict[str, Any]:
    kind = {"b": "flag", "i": "number", "u": "number", "f": "number"}.get(column.values.dtype.kind, "text")
    return {
        "name": plain_text(column.name),
        "about": plain_text(column.about),
        "kind": kind,
        "format": column.format,
        "shown": column.shown,
        "values": pool.put(column.values, column.format),
        "low": None if column.low is None else pool.put(column.low, column.format),
        "high": None if column.high is None else pool.put(column.high, column.format),
        "before": None if column.before is None else _column(column.before, pool),
    }


def _map(drawn: Map, pool: _Pool) -> dict[str, Any]:
    axes = {
        name: {"name": axis.name, "ends": list(axis.ends), "line": axis.line, "told": axis.line_name}
        for name, axis in (("across", drawn.across), ("up", drawn.up))
    }
    places = {name: pool.put(getattr(drawn, name), ".4g") for name in ("x", "y", "from_x", "from_y")}
    named = {"names": drawn.names, "tells": drawn.tells, "caption": plain_text(drawn.caption)}
    return {**axes, **places, **named, "signal": pool.put(drawn.signal)}


def _ends(sketches: Sketches, many: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The smallest and the largest value of each row; zeros where there is none."""
    held = sketches.values[:many].astype(np.float64)
    low = np.fmin.reduce(held, axis=1, initial=np.inf)
    high = np.fmax.reduce(held, axis=1, initial=-np.inf)
    empty = ~np.isfinite(low)
    return np.where(empty, 0.0, low), np.where(empty, 0.0, high)


def _sketch(sketches: Sketches, pool: _Pool) -> dict[str, Any]:
    low, high = _ends(sketches, pool.many)
    lines = {
        f"{name}_{when}": pool.put(getattr(sketches, name)[:, side], sketches.format)
        for name in ("center", "lower", "upper")
        for side, when in enumerate(("before", "after"))
    }
    counts = {name: pool.put(getattr(sketches, name)) for name in ("count", "before", "thinned")}
    ends = {"low": pool.put(low, ".9g"), "high": pool.put(high, ".9g")}
    return {
        "width": sketches.values.shape[1],
        "levels": LEVELS,
        "note": plain_text(sketches.note),
        **counts,
        **lines,
        **ends,
    }


def _bytes(sketches: Sketches, many: int) -> bytes:
    low, high = _ends(sketches, many)
    held = sketches.values[:many].astype(np.float64)
    room = np.where(high > low, high - low, 1.0)[:, None]
    known = np.isfinite(held)
    steps = np.where(known, np.rint((np.where(known, held, low[:, None]) - low[:, None]) / room * LEVELS), LEVELS + 1)
    words = steps.astype(np.uint16) + _MARKED * sketches.marked[:many].astype(np.uint16)
    return (words >> 8).astype(np.uint8).tobytes() + (words & 255).astype(np.uint8).tobytes()

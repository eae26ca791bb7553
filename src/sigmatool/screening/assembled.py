"""From the kernel's numbers and the verdicts to the result: public names, ranking, what a reader must know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..errors import DataError
from ..result import Provenance, command_line
from ..review.each import adjusted, caveats_of
from ..review.each_result import Stream
from ..review.each_work import Outcome
from . import caveat_words
from .asked import Asked
from .chance import chance_of_signal
from .delivered import Streams
from .kernel import REASONS, Table, Wanted
from .measures import attention, capability, ranking, reasons
from .own import Own
from .result import Screen
from .words import REFUSED

_STEADY = ("IMPROVED_STABLE", "STABILISED")
"""Verdicts that say of a process that it is stable now."""


def assembled(
    asked: Asked, settings: Mapping[str, Any], found: Streams, own: Own, kernel: Table,
    outcomes: list[Outcome | None] | None, wants: Wanted, wanted: float, title: str | None, engine: str,
) -> Screen:  # fmt: skip
    judged = None if outcomes is None else _streams(found, outcomes)
    harm, steady = np.zeros((2, len(found)), dtype=bool)
    for number, one in enumerate(judged or ()):
        harm[number], steady[number] = one is not None and one.harm, one is not None and one.verdict in _STEADY
    measured = dict(capability(kernel, "now", own.limits))
    if kernel["staged"].any():
        old = capability(kernel, "before", own.limits)
        measured |= {f"before_{name}": np.where(kernel["staged"], value, np.nan) for name, value in old.items()}
    measured |= attention(kernel, measured, wanted, steady)
    order = ranking(kernel, measured, harm)
    names = np.array(found.names, dtype=object)
    columns = _columns(kernel, measured, names, own, asked, _judged_columns(judged))
    ranked = {name: column[order] for name, column in columns.items()}
    fault = kernel["fault"] > 0
    if bool(fault.all()):
        first = int(np.argmax(fault))
        raise DataError(
            f"none of the {len(found):,} streams can be charted; the first, {found.names[first]!r}: "
            f"{REFUSED[REASONS[int(kernel['fault'][first])]]}."
        )
    used = int(kernel["rows"][~fault].sum() - kernel["missing"][~fault].sum())
    missing = int(kernel["missing"][~fault].sum())
    rows = Rows(found.read, used, missing, 0, found.read - used - missing)
    options = {k: v for k, v in settings.items() if (k, v) not in _DEFAULTS}
    return Screen(
        settings=settings,
        rows=rows,
        caveats=(*found.caveats, *_caveats(asked, found, own, kernel, measured, outcomes)),
        provenance=Provenance(
            found.origin.sha256, command_line("screen", found.origin.source, options), found.origin.file_sha256,
            found.origin.source,
        ),
        columns=ranked,
        sketches={name: kernel[name][order] for name in ("sketch", "sketch_n", "sketch_after") if name in kernel},
        rules={r.id: r.words for r in asked.rules},
        chance=_chance(kernel, wants, asked),
        verdicts=None if judged is None else tuple(judged[i] for i in order.tolist()),
        better=None if asked.review is None else asked.review.better,  # type: ignore[arg-type]
        wanted=wanted,
        value=asked.value,
        by=asked.stream,
        clock=found.clock,
        engine=engine,
        title=title or f"Screen of {asked.value} by {asked.stream}",
    )  # fmt: skip


_DEFAULTS = {
    ("kind", "auto"),
    ("rules", "nelson"),
    ("nsigma", 3.0),
    ("wanted", 1.33),
    ("scale", "auto"),
    ("engine", "duckdb"),
}


def _streams(found: Streams, outcomes: list[Outcome | None]) -> list[Stream | None]:
    asked = [(n, o) for n, o in enumerate(outcomes) if o is not None]
    told = adjusted([found.names[n] for n, _ in asked], [o for _, o in asked])
    out: list[Stream | None] = [None] * len(outcomes)
    for (number, _), one in zip(asked, told, strict=True):
        out[number] = one
    return out


def _columns(
    kernel: Table, measured: Mapping[str, NDArray[Any]], names: NDArray[np.object_], own: Own, asked: Asked,
    judged: Mapping[str, NDArray[Any]],
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """The columns of the result, by their public names."""
    fault = kernel["fault"] > 0
    refused = np.array([REFUSED[r] if r else "" for r in reasons(kernel)], dtype=object)
    out: dict[str, NDArray[Any]] = {"stream": names, "kind": np.where(fault, "", kernel["kind"]).astype(object)}
    out |= {name: kernel[name] for name in ("rows", "points", "gaps", "missing", "ties")}
    out["note"] = np.array([own.refused.get(n, "") for n in range(names.size)], dtype=object)
    shown = ("n", "center", "sigma", "sigma_overall", "lower", "upper", "min", "max")
    out |= {name: _blank(kernel[f"now_{name}"], fault) for name in shown}
    out["signals"] = np.where(fault, 0, kernel["signals"])
    for number, rule in enumerate(asked.rules, start=1):
        out[f"signals_{rule.id}"] = np.where(fault, 0, kernel[f"signals_{number}"])
    out["signals_spread"] = np.where(fault, 0, kernel["signals_spread"])
    out |= {name: _blank(kernel[f"now_{name}"], fault) for name in ("stability_index", "drift", "autocorrelation")}
    out |= dict(measured)
    out["lsl"], out["usl"], out["target"] = (_finite(x) for x in (own.limits.lsl, own.limits.usl, own.limits.target))
    if kernel["staged"].any():
        out["staged"] = kernel["staged"] & ~fault
        for name in (*shown[:6], "stability_index", "p"):
            held = _blank(kernel[f"before_{name}"], fault)
            out[f"before_{'p_stable' if name == 'p' else name}"] = (
                np.where(kernel["staged"], held, np.nan) if held.dtype.kind == "f" else held
            )
    out["refused"] = refused
    return out | dict(judged)


def _blank(values: NDArray[Any], fault: NDArray[np.bool_]) -> NDArray[Any]:
    return np.where(fault, np.nan if values.dtype.kind == "f" else 0, values)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _judged_columns(judged: list[Stream | None] | None) -> dict[str, NDArray[Any]]:
    if judged is None:
        return {}
    rows = [{} if s is None else s.row() for s in judged]

    def numbers(name: str) -> NDArray[np.float64]:
        return np.array([np.nan if r.get(name) is None else float(r[name]) for r in rows])

    def texts(name: str) -> NDArray[np.object_]:
        return np.array([r.get(name) or "" for r in rows], dtype=object)

    out: dict[str, NDArray[Any]] = {"verdict": texts("verdict"), "attribution": texts("attribution")}
    told = {"level_before": "before", "level_after": "after", "change": "change", "change_low": "low",
            "change_high": "high", "p_better": "p", "p_worse": "p_worse", "q_better": "p_adjusted"}  # fmt: skip
    out |= {name: numbers(source) for name, source in told.items()}
    for name in ("claimed", "harm"):
        out[name] = np.array([bool(r.get(name)) for r in rows])
    out["sentence"] = texts("sentence")
    return out


def _chance(kernel: Table, wants: Wanted, asked: Asked) -> float:
    """Streams that would signal, were all steady."""
    usable = kernel["fault"] == 0
    center, size = 0.0, 0.0
    if wants.counts:
        center, size = (float(np.median(kernel[f"now_{n}"][usable])) for n in ("center", "size"))
    values = float(np.median(np.maximum(kernel["now_values"] / np.maximum(kernel["now_n"], 1), 1)[usable]))
    now, before = (
        chance_of_signal(kernel[f"{when}_n"].astype(np.int64), wants, values, center, size)
        for when in ("now", "before")
    )
    silent = (1 - now) * np.where(kernel["staged"], 1 - before, 1.0)
    return float((1 - silent)[usable].sum())


def _caveats(
    asked: Asked, found: Streams, own: Own, kernel: Table, measured: Mapping[str, NDArray[Any]],
    outcomes: list[Outcome | None] | None,
) -> list[Caveat]:  # fmt: skip
    told: list[Caveat] = []
    fault = kernel["fault"] > 0
    names = found.names
    if found.nameless:
        told.append(caveat_words.nameless(found.nameless, asked.stream))
    if found.timeless:
        told.append(caveat_words.timeless(found.timeless, asked.time or ""))
    if fault.any():
        first = int(np.argmax(fault))
        told.append(
            caveat_words.refused(
                int(fault.sum()), len(found), names[first], REFUSED[REASONS[int(kernel["fault"][first])]]
            )
        )
    few = int(measured["few"].sum())
    if few:
        told.append(caveat_words.few(few, names[int(np.argmax(measured["few"]))]))
    ties = kernel["ties"]
    if ties.any():
        told.append(caveat_words.ties(int(ties.sum()), int((ties > 0).sum()), names[int(np.argmax(ties > 0))]))
    gaps = int((kernel["gaps"] > 0).sum())
    if gaps:
        told.append(caveat_words.gaps(int(kernel["gaps"].sum()), gaps))
    if own.refused:
        number = min(own.refused)
        told.append(caveat_words.own_refused(len(own.refused), names[number], own.refused[number]))
    if own.unmatched:
        told.append(caveat_words.unmatched(len(own.unmatched), own.unmatched[0]))
    one_sided = own.starts is not None and int(sum(s is not None for s in own.starts)) - int((kernel["staged"]).sum())
    if one_sided:
        told.append(caveat_words.one_sided(int(one_sided)))
    if outcomes is not None:
        asked_of_all = [(n, o) for n, o in enumerate(outcomes) if o is not None]
        told += caveats_of([names[n] for n, _ in asked_of_all], [o for _, o in asked_of_all])
    return told

"""What stands beside a verdict where it was asked for: the gauge, adoption, and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import SettingsError
from . import adoption_words, gauge_words
from .adoption import adoption_found
from .benefit import Money, benefit, money_of
from .gauge import gauge_found
from .gauge_file import Gauge, gauge_of, gauge_told
from .given import yes_or_no
from .result import Review

CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Beside:
    """The settings of all three; ``settings`` holds those that were given, by their public names."""

    gauge: Gauge | None
    gauge_changed: bool
    adoption: str | None
    adoption_size: str | None
    adoption_by: str | None
    money: Mapping[str, Any] | None
    settings: Mapping[str, Any]


def beside_of(
    gauge: Any, gauge_changed: bool, adoption: str | None, adoption_size: str | None, adoption_by: str | None,
    money: Any, currency: str | None, per: str | None, volume: Any, project_cost: Any,
) -> Beside:  # fmt: skip
    """The settings, checked as far as they can be without the data.

    Raises
    ------
    SettingsError
    """
    changed = yes_or_no(gauge_changed, "gauge_changed")
    for name, given in (("adoption_size", adoption_size), ("adoption_by", adoption_by)):
        if given is not None and adoption is None:
            raise SettingsError(f"{name} needs adoption: the column of the work done the new way (--adoption).")
    if currency is not None and money is None:
        raise SettingsError("currency needs money: what one unit of the metric is worth (--money).")
    asked = {"amount": money, "per": per, "volume": volume, "project_cost": project_cost}
    told = {
        "gauge": gauge_told(gauge), "gauge_changed": changed or None, "adoption": adoption,
        "adoption_size": adoption_size, "adoption_by": adoption_by, "money": money,
        "currency": None if money is None else currency or CURRENCY, "per": per, "volume": volume,
        "project_cost": project_cost,
    }  # fmt: skip
    settings = {name: value for name, value in told.items() if value is not None}
    worth = None if all(value is None for value in asked.values()) else {**asked, "currency": currency or CURRENCY}
    return Beside(gauge_of(gauge), changed, adoption, adoption_size, adoption_by, worth, settings)


def shown_beside(r: Review, data: Any, asked: Beside) -> Review:
    """The review with what was asked beside its verdict."""
    if asked.gauge is not None:
        found = gauge_found(r, asked.gauge, asked.gauge_changed)
        card = tuple(gauge_words.check(found) if c.check == gauge_words.CHECK else c for c in r.report_card)
        r = replace(
            r, gauge=found, report_card=card, qualifiers=(*r.qualifiers, *gauge_words.turns(found, r.verdict)),
            caveats=(*r.caveats, *gauge_words.caveats(found, r.verdict)),
        )  # fmt: skip
    if asked.adoption is not None:
        taken = adoption_found(r, data, asked.adoption, asked.adoption_size, asked.adoption_by)
        r = replace(r, adoption=taken, caveats=(*r.caveats, *adoption_words.caveats(taken)))
    worth = _worth(asked, r)
    return r if worth is None else replace(r, benefit=benefit(r, worth))


def _worth(asked: Beside, r: Review) -> Money | None:
    held = asked.money
    if held is None:
        return None
    counted = r.judged.scale.name in ("proportion", "rate", "between")
    return money_of(
        held["amount"], held["currency"], held["per"], held["volume"], held["project_cost"], counted
    )  # fmt: skip

"""Numbers of one column under each other at the decimal point."""

from __future__ import annotations

import re
from collections.abc import Sequence


def padding(column: Sequence[str], decimal: str = ".") -> list[str]:
    """What each text lacks behind its decimal sign, to be set invisibly after it.

    Examples
    --------
    >>> padding(["3.25", "12", "−0.5 %", "-"])
    ['', '.00', '0', '.00']
    >>> padding(["1.234,5", "7"], ",")
    ['', ',0']
    """
    fraction = re.compile(rf"\d({re.escape(decimal)}\d+)?(?!.*\d)")
    held = [(found[1] or "") if (found := fraction.search(text)) else "" for text in column]
    most = max(map(len, held), default=0)
    return [(decimal if most and not part else "") + "0" * (most - max(len(part), 1 if most else 0)) for part in held]

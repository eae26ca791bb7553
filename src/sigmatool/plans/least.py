"""The fewest of something that will do."""

from __future__ import annotations

from collections.abc import Callable


def least(does: Callable[[int], bool], above: int, most: int) -> int | None:
    """The least number above ``above`` for which something holds that holds for all larger ones.

    None where it does not hold for ``most`` yet. Steps double until it holds, and then are halved.

    Examples
    --------
    >>> least(lambda n: n * n >= 50, 0, 100), least(lambda n: n > 7, 3, 7)
    (8, None)
    """
    low, high = above, above + 1
    while not does(high):
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(middle) else (middle, high)
    return high

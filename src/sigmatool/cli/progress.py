"""How far a long command has come, on standard error."""

from __future__ import annotations

import sys
import time

import click

_EVERY = {True: 0.25, False: 15.0}
"""Seconds between two tellings: often on a terminal, where a line replaces the last, seldom in a log."""

_WARM = 2.0
"""Seconds before a time left is told: the first items also pay for the start."""


class Progress:
    """Tells done of total, the rate, and the time left at that rate."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._terminal = sys.stderr.isatty()
        self._start = self._told = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done and self._first is None:
            # the rate is measured from here: before it, processes were starting
            self._first = (now, done)
        if done == total:
            self._end(total, now)
        elif done and now - self._told >= _EVERY[self._terminal]:
            self._told, self._shown = now, True
            self._say(f"{done:,} of {total:,} {self._noun}{self._pace(done, total, now)}", last=False)

    def _pace(self, done: int, total: int, now: float) -> str:
        assert self._first is not None
        since, before = self._first
        if now - since < _WARM or done == before:
            return ""
        rate = (done - before) / (now - since)
        return f", {rate:,.0f} a second, about {duration((total - done) / rate)} left"

    def _end(self, total: int, now: float) -> None:
        if self._shown:
            self._say(f"{total:,} {self._noun} in {duration(now - self._start)}", last=True)

    def _say(self, text: str, last: bool) -> None:
        if self._terminal:
            click.echo(f"\r\x1b[K{text}", err=True, nl=last)
        else:
            click.echo(text, err=True)


def duration(seconds: float) -> str:
    """Seconds as people say them.

    Examples
    --------
    >>> duration(0.4), duration(75), duration(7300)
    ('1 s', '1 min 15 s', '2 h 1 min')
    """
    whole = max(round(seconds), 1)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"

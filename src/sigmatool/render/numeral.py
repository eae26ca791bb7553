"""Text that knows what it is: a number as people read it, or words to be kept to the letter."""

from __future__ import annotations


class Numeral(str):
    """Text of one number. Joined to other words it is plain text again.

    Parameters
    ----------
    text : str
        As the page shows it, e.g. ``"9.87 %"``.
    value : float
        The number in full, e.g. 0.0987.
    share : bool
        The text is a percentage of one.

    Examples
    --------
    >>> told = Numeral("9.87 %", 0.0987, share=True)
    >>> told, told.value, f"{told} of all"
    ('9.87 %', 0.0987, '9.87 % of all')
    """

    value: float
    share: bool

    def __new__(cls, text: str, value: float, share: bool = False) -> Numeral:
        told = super().__new__(cls, text)
        told.value, told.share = float(value), share
        return told

    def __getnewargs__(self) -> tuple[str, float, bool]:  # type: ignore[override]
        return str(self), self.value, self.share


class Verbatim(str):
    """Text to be typed or compared as it stands: no place's signs are put into it."""

    __slots__ = ()

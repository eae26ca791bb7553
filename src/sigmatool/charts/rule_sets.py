"""What do the published rule sets ask for? One row a set: its patterns, its source, the variants it is known for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..errors import SettingsError
from ..numbers.runs import NELSON, Pattern

_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its id, the pattern it looks for, and its words."""

    id: str
    pattern: Pattern
    words: str


def words_of(pattern: Pattern) -> str:
    """A pattern in plain English, without a side or a full stop.

    Examples
    --------
    >>> words_of(Pattern("beyond", 4, 1.5, 3))
    'three of four points beyond 1.5 sigma on one side'
    >>> words_of(Pattern("beyond", 9))
    'nine points in a row on one side of the centre'
    """
    if pattern.test == "limits":
        return "one point beyond 3 sigma"
    zone = f"{pattern.zone:g} sigma"
    if pattern.window == 1:
        return f"one point {'within' if pattern.test == 'within' else 'beyond'} {zone}"
    points = f"{_spelled(pattern.window)} points in a row"
    if pattern.test == "beyond":
        if pattern.needed < pattern.window:
            points = f"{_spelled(pattern.needed)} of {_spelled(pattern.window)} points"
        return f"{points} on one side of the centre" if pattern.zone == 0 else f"{points} beyond {zone} on one side"
    return (
        points
        + {
            "trend": ", all rising or all falling",
            "alternating": ", up and down in turn",
            "within": f" within {zone}",
            "outside": f" beyond {zone}, on both sides",
            "opposite": f" beyond {zone} on opposite sides",
        }[pattern.test]
    )


def _spelled(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


@dataclass(frozen=True, slots=True)
class Variant:
    """A length on which editions and users of a standard differ.

    Parameters
    ----------
    rule : int
        Number of the rule in its set.
    lengths : tuple of int
        Points in a row that are in use; a length nobody publishes belongs into a rule file.
    """

    rule: int
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A published set.

    Parameters
    ----------
    name : str
        As it is typed; rule ids are the name and the number in the set.
    patterns : tuple of Pattern
        Empty for a test of a whole stage, which no single point completes.
    source : str
        Where the set is defined.
    variants : mapping of str to Variant
        By the name of the setting, ``run`` or ``trend``.
    names : tuple of str
        What the standard itself calls each rule; ``{window}`` stands for its points.
    """

    name: str
    patterns: tuple[Pattern, ...]
    source: str
    variants: Mapping[str, Variant] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def whole_stage(self) -> bool:
        """Whether the set judges a stage as a whole instead of its points."""
        return not self.patterns

    def rules(self, lengths: Mapping[str, int] | None = None) -> tuple[Rule, ...]:
        """The rules of the set, or of a variant of it.

        Parameters
        ----------
        lengths : mapping of str to int, optional
            Points in a row by the name of the variant; default as the source has it.

        Raises
        ------
        SettingsError
            A setting the set does not have, or a length it is not known with.

        Examples
        --------
        >>> RULE_SETS["nelson"].rules({"run": 8})[1]
        Rule(id='nelson-2', pattern=Pattern(test='beyond', window=8, zone=0.0, least=0),
             words='eight points in a row on one side of the centre')
        """
        patterns = list(self.patterns)
        for setting, length in (lengths or {}).items():
            variant = self._variant(setting, length)
            patterns[variant.rule - 1] = replace(patterns[variant.rule - 1], window=length)
        return tuple(self._rule(number, pattern) for number, pattern in enumerate(patterns, start=1))

    def _variant(self, setting: str, length: int) -> Variant:
        variant = self.variants.get(setting)
        if variant is None:
            known = f"the settings {', '.join(self.variants)}" if self.variants else "no settings"
            raise SettingsError(f"rules {self.name} has {known}, not {setting!r}; leave it out.")
        if length not in variant.lengths:
            *most, last = (str(n) for n in variant.lengths)
            raise SettingsError(
                f"rules {self.name} is known with {setting}={', '.join(most)} or {last}, not {setting}={length}; put "
                "another length into a rule file (.toml)."
            )
        return variant

    def _rule(self, number: int, pattern: Pattern) -> Rule:
        words = words_of(pattern)
        if self.names:
            words += f" ({self.names[number - 1].format(window=pattern.window)})"
        return Rule(f"{self.name}-{number}", pattern, words)


_LIMITS = Pattern("limits")
_TWO_OF_THREE = Pattern("beyond", 3, 2.0, 2)
_FOUR_OF_FIVE = Pattern("beyond", 5, 1.0, 4)

RULE_SETS: dict[str, RuleSet] = {
    found.name: found
    for found in (
        RuleSet(
            "nelson",
            NELSON,
            "Nelson (1984), The Shewhart control chart: tests for special causes, Journal of Quality Technology 16, "
            "237-239.",
            {"run": Variant(2, (7, 8, 9)), "trend": Variant(3, (6, 7))},
        ),
        RuleSet(
            "western-electric",
            (_LIMITS, _TWO_OF_THREE, _FOUR_OF_FIVE, Pattern("beyond", 8)),
            "Western Electric (1956), Statistical Quality Control Handbook, tests for unnatural patterns.",
            {"run": Variant(4, (7, 8, 9))},
        ),
        # The printed list ends "(either side)" at 8, not "both sides". A stretch on one side completes 6 at the
        # same point, so the points that signal are the same; only the label of rule 8 is missing there.
        RuleSet(
            "aiag",
            (NELSON[0], Pattern("beyond", 7), *NELSON[2:]),
            "AIAG (2005), Statistical Process Control, 2nd ed., ch. II, summary of typical special cause criteria.",
            {"run": Variant(2, (7, 8, 9)), "trend": Variant(3, (6, 7))},
        ),
        RuleSet(
            "juran",
            (_LIMITS, _TWO_OF_THREE, _FOUR_OF_FIVE, Pattern("trend", 6), Pattern("beyond", 9), NELSON[7]),
            "Juran and Godfrey (1999), Juran's Quality Handbook, 5th ed., section 45.",
            {"run": Variant(5, (8, 9))},
        ),
        # 1_2s is left out: it is a warning that starts the inspection of the others by hand, not a rejection.
        RuleSet(
            "westgard",
            (_LIMITS, Pattern("beyond", 2, 2.0), Pattern("opposite", 2, 2.0), Pattern("beyond", 4, 1.0),
             Pattern("beyond", 10)),
            "Westgard, Barry, Hunt and Groth (1981), A multi-rule Shewhart chart for quality control in clinical "
            "chemistry, Clinical Chemistry 27, 493-501.",
            {"run": Variant(5, (8, 9, 10, 12))},
            ("1_3s", "2_2s", "R_4s", "4_1s", "{window}_x"),
        ),
        RuleSet(
            "nhs",
            (_LIMITS, Pattern("beyond", 7), Pattern("trend", 7), _TWO_OF_THREE),
            "NHS England, Making Data Count; NHSRplotthedots 0.2.2.",
            {"run": Variant(2, (6, 7, 8)), "trend": Variant(3, (5, 6, 7))},
        ),
        RuleSet(
            "anhoej",
            (),
            "Anhoej and Olesen (2014), Run charts revisited, PLoS ONE 9, e113825.",
        ),
    )
}  # fmt: skip
"""Published sets by name."""

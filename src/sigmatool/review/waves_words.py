"""Whether sites gained alike, and whether adoption explains it, in words."""

from __future__ import annotations

from typing import Final

DIFFER: Final = {
    "one site": "Only one site shows an increment of its own: whether others would gain as much cannot be told.",
    "plain": "The effect plainly differs between sites; the mean and its interval allow for that.",
    "not shown": "No difference between the sites' effects is shown; the interval still allows for one.",
}
DOSE: Final = {
    "hardly varies": "adoption hardly varies among live points, so that its share of the effect cannot be told",
    "grows": "the effect grows with adoption",
    "explains": "the effect grows with adoption, which explains the step",
    "whatever": "the step is there whatever the adoption",
    "together": "step and adoption cannot be told apart",
}

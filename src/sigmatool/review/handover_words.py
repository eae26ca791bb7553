"""The sentences of the hand-over that people read, kept together so that a translation is one file."""

from __future__ import annotations

from typing import Final

AGAIN: Final = "Review again after {more}{when}: {why}."
NOT_DUE: Final = (
    "No further review of this rollout is due: more points would not make it worthwhile. Judge the next change."
)
NEVER_ENOUGH: Final = (
    "The stage before the rollout is too short: no number of points after it would show a worthwhile change. Measure "
    "more often or more finely, or count a smaller change as not worthwhile."
)
NO_DATE: Final = " (more than a hundred years at the pace of these data: measure more often, or more finely)"

WHY_THEN: Final = {
    "least": "that is the least that can be judged",
    "powered": "then a worthwhile change would be seen in 8 of 10 cases",
    "provisional": "then the new level can be called stable",
    "kept": "they are then judged as a stage of their own, and a gain that slips is seen",
    "acted": "counted from the day the cause was acted on, that is the least that can be judged",
}

READY: Final = "Every computed criterion is met. What people must declare is open until they sign."
NOT_READY: Final = "Not ready to hand over. What stands in the way: {open}."
CRITERIA: Final = "Exit criteria: computed from the data, or declared by a named person"
PLAN: Final = "Control plan (draft): what operations watch from Monday"
IN_FORCE: Final = "Control plan: the file that the monitor runs ({file})"
ALL_OTHERS: Final = "all others"
OPEN: Final = "Still to be filled in: {fields}."
REACTION: Final = "Reaction plan: what to do at a signal"
SIGNATURES: Final = "Signatures"
SIDE: Final = (
    "A signal on the side that is worse is contained first; one on the side that is better is looked into as "
    "carefully, since it shows how to do better. Do not move the limits because of a signal."
)

CRITERION: Final = {
    "verdict": "The verdict credits the rollout or shows a steadier process",
    "enough": "Enough points to freeze limits",
    "steady": "The stage after is one stable process",
    "quiet": "None of the last {n} points lies beyond the limits",
    "requirement": "The requirement is met",
    "guards": "No guard was harmed",
    "metrics": "No secondary metric got worse",
    "rows": "Rows left out are few",
}
DECLARED: Final = (
    ("owner", "A process owner in operations is named and has accepted the control plan"),
    ("trained", "Everyone who does the work is trained; the work instruction is current"),
    ("locked", "The old way of working is removed or locked"),
    ("measured", "The measurement is defined and its error is known"),
    ("benefit", "The benefit is agreed with finance"),
)
STATUS: Final = {
    "met": "met",
    "not met": "not met",
    "not yet": "not yet",
    "not asked": "not asked",
    "declared": "to declare",
}
BLANK: Final = "________________"
BY_WHOM: Final = f"name and date: {BLANK}"
NOTHING_ASKED: Final = {
    "guards": "no guard was given",
    "metrics": "no secondary metric was given",
}
SIGNERS: Final = ("Process owner (operations)", "Project lead", "Quality or Black Belt")

FREEZE: Final = "freeze these limits when this plan is signed"
PROVISIONAL: Final = "provisional limits: judge again before they are frozen"
UNFIT: Final = "do not freeze these limits yet: the stage they come from is not stable"

HINT: Final = {
    "limits": (
        "Something special happened at this very point",
        "What was different then: people, material, machine, demand?",
    ),
    "beyond": ("The level has moved, or is about to", "What changed at the first point of the run?"),
    "trend": ("The level drifts", "What wears, builds up, or is slowly given up?"),
    "alternating": (
        "Two sources take turns, or the process is over-adjusted",
        "Who corrects after each point? Are two streams mixed?",
    ),
    "within": ("The limits are too wide for what is plotted", "Are several streams averaged in each point?"),
    "outside": ("Two streams are mixed", "What does each stream look like by itself?"),
    "opposite": ("The process jumps from one side to the other", "Who corrects after each point?"),
}
"""What each test of a rule hints at, and what to ask first."""

NO_SPECIFICATION: Final = "none given"
REST: Final = (
    ("Measurement and its check", "to be filled in"),
    ("Owner, and who acts", "to be filled in"),
    ("Work instruction", "to be filled in"),
)
"""What a control plan needs and no data hold."""

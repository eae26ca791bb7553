"""Which verdict follows from a rollout in waves? One table, first match wins; the codes are those of ``decision``.

1. Level worse than at sites not yet live: ``DETERIORATED``.
2. Level better, or gained at the go-live and then lost:

   a. the shifts of the go-lives that fit lie wholly later: ``IMPROVED_GRADUALLY`` where the effect grows, else
      ``CHANGE_CAME_LATER``; a set that misses the go-lives otherwise: ``NOT_ATTRIBUTABLE``;
   b. sites were already getting better before their own go-live, and no step beyond trends of their own is seen:
      ``NOT_ATTRIBUTABLE``;
   c. the effect fades with the time since the go-live: ``IMPROVED_NOT_SUSTAINED``;
   d. a site is unsteady after its go-live: ``IMPROVED_NOT_STABLE``;
   e. the levels themselves did not get better, only the course of the other sites was worse:
      ``IMPROVED_AGAINST_TREND``;
   f. half of the sites have fewer than 20 points after: ``IMPROVED_PROVISIONAL``; else ``IMPROVED_STABLE``.

3. More spread: ``DESTABILISED``.
4. A step is plain, but not at the go-lives: ``CHANGE_CAME_LATER`` or ``NOT_ATTRIBUTABLE``.
5. Less spread and steady after: ``STABILISED``.
6. Steady before, plainly unsteady after: ``DESTABILISED``.
7. The 90 % interval lies inside the worthwhile effect: ``NO_WORTHWHILE_CHANGE``.
8. The interval is too wide to see a worthwhile change: ``INSUFFICIENT_DATA``; else ``NO_DETECTABLE_CHANGE``.

Attribution rests on the design: sites not yet live are the control, so a trend common to all sites needs no test.
"""

from __future__ import annotations

from .decision import Attribution, Decision
from .policy import POLICY
from .waves_evidence import WavesEvidence


def decide_waves(e: WavesEvidence) -> Decision:
    """Read the table of the module from the top."""
    better, worse = e.p_better < POLICY.alpha_level, e.p_worse < POLICY.alpha_level
    backslide = e.p_backslide < POLICY.alpha_backslide
    if worse:
        return Decision("DETERIORATED", _cause(e, better=False), "level")
    if better or (backslide and e.p_early_better < POLICY.alpha_level):
        return _better(e, backslide)
    return _silent(e)


def _cause(e: WavesEvidence, better: bool) -> Attribution:
    """Is the change the rollout's? When it came, and whether sites were on that course before their go-live."""
    if not e.shifts.includes_rollout:
        return "refuted"
    lead = e.p_lead_better if better else e.p_lead_worse
    if lead is None or lead >= POLICY.alpha_trend:
        return "demonstrated"
    beyond = e.step_beyond_trends
    holds = beyond is not None and beyond.one_sided(1.0 if better else -1.0) < POLICY.alpha_step
    return "demonstrated" if holds else "refuted"


def _better(e: WavesEvidence, backslide: bool) -> Decision:
    cause = _cause(e, better=True)
    if not e.shifts.includes_rollout:
        if e.shifts.wholly_later and e.p_growing < POLICY.alpha_ramp:
            return Decision("IMPROVED_GRADUALLY", "demonstrated", "ramp")
        return Decision(_other_time(e), "refuted", "date")
    if cause == "refuted":
        return Decision("NOT_ATTRIBUTABLE", cause, "trend")
    if backslide:
        return Decision("IMPROVED_NOT_SUSTAINED", cause, "level")
    if not e.after.stable:
        return Decision("IMPROVED_NOT_STABLE", cause, "steadiness")
    if e.plain_change <= 0:
        return Decision("IMPROVED_AGAINST_TREND", cause, "against-trend")
    if e.typical_after < POLICY.stable_points:
        return Decision("IMPROVED_PROVISIONAL", cause, "data")
    return Decision("IMPROVED_STABLE", cause, "level")


def _other_time(e: WavesEvidence) -> str:
    return "CHANGE_CAME_LATER" if e.shifts.wholly_later else "NOT_ATTRIBUTABLE"


def _silent(e: WavesEvidence) -> Decision:
    """Rows 3 to 8: no change of level is shown."""
    if e.spread.p_more < POLICY.alpha_spread:
        return Decision("DESTABILISED", "not asked", "spread")
    if e.shifts.seen and not e.shifts.includes_rollout:
        code = _other_time(e) if e.shifts.better else "NOT_ATTRIBUTABLE"
        return Decision(code, "refuted", "date")
    if e.spread.p_less < POLICY.alpha_spread and e.after.stable:
        return Decision("STABILISED", "not asked", "spread")
    if e.after.p < POLICY.lost_steadiness and e.before.p > 0.05:
        return Decision("DESTABILISED", "not asked", "steadiness")
    if e.p_worthwhile < 0.05 and e.p_harmful < 0.05:
        return Decision("NO_WORTHWHILE_CHANGE", "not asked", "size")
    if e.more_data > 1:
        return Decision("INSUFFICIENT_DATA", "not asked", "data")
    return Decision("NO_DETECTABLE_CHANGE", "not asked", "size")

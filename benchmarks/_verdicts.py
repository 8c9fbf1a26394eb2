"""Whether a changed clip's counts are right, wrong, warned of or refused: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks._common import Run
from benchmarks.compare import FAULT_WITHIN_S, HOLD_WITHIN_S, FaultTally, compare_faults, compare_holds, compare_reps
from formcheck.engine.records import COUNTED

Verdict = Literal["right", "off", "warned", "refused", "WRONG"]
VERDICTS: tuple[Verdict, ...] = ("right", "off", "warned", "refused", "WRONG")


@dataclass
class Outcome:
    """What became of one clip.

    Attributes:
        verdict: "right": every repetition's outcome and every hold is; "off": so are the counts, only a time of a hold
            is more than half a second off, without a word; "warned": not so, and view or picture were said to
            be wrong; "refused": nothing was counted, and the view or the person was said to be the reason; "WRONG".
        wrong: One sentence for each repetition or hold that is not right.
        faults: Figures of the named faults, all names together.
        faults_wrong: One sentence for each fault that was missed or invented.
        said: Names of the view problems that were told, and of what was told of the whole clip ("few_pictures",
            "noisy", "blurred"); "nobody" where the clip was refused as a whole.
        unjudged: One sentence for each repetition that is right but for what the exercise says it does not judge.
    """

    verdict: Verdict
    wrong: list[str] = field(default_factory=list)
    faults: FaultTally = field(default_factory=FaultTally)
    faults_wrong: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)


def outcome_of(truth: Mapping[str, Any], run: Run, every_s: float = 0.0, unjudged: Collection[str] = ()) -> Outcome:
    """One clip against its truth.

    Args:
        truth: Of the clip as it was shown.
        run: What was found.
        every_s: Times may be off by this much more: the gap between pictures of a slow camera.
        unjudged: Faults that the exercise tells its user it does not judge.
    """
    holds = compare_holds(truth["holds"], run.holds, HOLD_WITHIN_S + every_s)
    reps = compare_reps(truth["reps"], run.reps, unjudged)
    wrong = [*reps.wrong, *holds.wrong]
    judged = [fault for fault in truth["faults"] if fault["name"] not in unjudged]
    faults = compare_faults(judged, run.faults, truth["reps"], run.reps, FAULT_WITHIN_S + every_s)
    tally = FaultTally()
    for one in faults.by_name.values():
        tally.add(one)
    said = [*sorted({problem.name for problem in run.view}), *run.troubles, *([] if run.seen else ["nobody"])]
    counted = bool(run.holds) or any(rep.outcome in COUNTED for rep in run.reps)
    verdict = verdict_of(bool(wrong), counted, bool(said))
    if verdict == "WRONG" and wrong == holds.off:
        verdict = "off"
    return Outcome(verdict, wrong, tally, faults.wrong, said, reps.unjudged)


def verdict_of(wrong: bool, counted: bool, said: bool) -> Verdict:
    """The verdict on a clip in which something was wrong, counted, or said against the view."""
    if not wrong:
        return "right"
    if not said:
        return "WRONG"
    return "warned" if counted else "refused"

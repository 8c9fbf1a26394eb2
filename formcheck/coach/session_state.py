"""What goes into a session and what comes out of it, frame by frame, and what it remembers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from formcheck.coach.doses import Tally
from formcheck.coach.model import Breath, EndedBy, Key, Kind, Progress, Routine, Step
from formcheck.engine.engine import Event
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Exercise

Camera = Literal["live", "stalled", "lost", "ended"]
Pausing = Literal["key", "away", "camera"]
# Keys of the phrases in `formcheck/coach/languages`, with what they have gaps for; and one that is the exercise's own.
PhraseKey = Literal[
    "welcome",  # title: the first exercise
    "get_ready",  # title: the next one
    "start",  # no phrase: how to begin the exercise
    "not_seen",
    "begin",  # from now on it counts
    "more_count",  # high: the dose is done, and up to how many there may be
    "more_hold",  # high: the same in seconds
    "go_on",  # seconds: so much longer a rest ends the set
    "set_done",  # its dose is done
    "set_rested",  # it has ended because the person rests
    "skipped",
    "rest",  # seconds
    "rest_breathing",  # seconds: with paced breathing
    "rest_left",  # seconds
    "breathe_in",
    "breathe_out",
    "gone",  # the person has left, the set waits
    "back_again",
    "camera_stalled",
    "camera_lost",
    "camera_back",  # there are pictures again, and the set waits for the start position
    "paused",
    "resumed",
    "pain",
    "finished",  # all steps are done
    "ended",  # by the person, with the clip, or because nothing was done for minutes
]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to be said or shown, in no language yet.

    Attributes:
        key: What it is.
        kind: How important, as in `formcheck.coach.model.Utterance`.
        numbers: What the text has gaps for.
        exercise: Whose title, or start, it tells.
    """

    key: PhraseKey
    kind: Kind = "guide"
    numbers: Mapping[str, float] = field(default_factory=dict)
    exercise: Exercise | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one frame brings.

    Attributes:
        time_s: The frame's time; the session's only clock.
        status: Of the present Judge after this frame; None where none is judging.
        events: What it made final with this frame.
        keys: Pressed since the frame before, in order.
        camera: "stalled" and "lost" while no new picture comes (the time still goes on), "ended" once a file is over.
        view: What is wrong with the camera's view, `Reading.view`.
    """

    time_s: float
    status: Status | None = None
    events: tuple[Event, ...] = ()
    keys: tuple[Key, ...] = ()
    camera: Camera = "live"
    view: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BeginSet:
    """A set begins with this frame; the frame's events belong to it.

    Attributes:
        step: What is done.
        number: Of the step in the routine, from 1.
    """

    step: Step
    number: int


@dataclass(frozen=True, slots=True)
class EndSet:
    """The set ends with this frame; what `Judge.finish()` says now still belongs to it.

    Attributes:
        ended_by: Why.
    """

    ended_by: EndedBy


@dataclass(frozen=True, slots=True)
class NewJudge:
    """From the next frame on a fresh Judge is needed.

    Attributes:
        exercise: What it is to judge.
    """

    exercise: Exercise


@dataclass(frozen=True, slots=True)
class Cut:
    """The next pose that the Judge gets begins anew (`Pose.new_shot`): what was under way is not carried on."""


@dataclass(frozen=True, slots=True)
class Pain:
    """The session is ended for pain: to be kept, and to be reminded of."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over."""


Action: TypeAlias = BeginSet | EndSet | NewJudge | Cut | Pain | Finish


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one frame leads to.

    Attributes:
        progress: For the screen. `cue`, `advice` and `message` are texts of the exercise, the engine and the view, in
            English.
        actions: For the loop, in order.
        said: For the voice, in order.
        hint: What to do now; to be shown as the message where `progress.message` is None.
    """

    progress: Progress
    actions: tuple[Action, ...] = ()
    said: tuple[Phrase, ...] = ()
    hint: Phrase | None = None


@dataclass(frozen=True, slots=True)
class SessionState:
    """Where a session is. `SessionState(routine)` is its beginning.

    Attributes:
        routine: What is done.
        index: Of the present step, from 0; in a rest the step before it.
        stage: What is going on, pauses apart.
        pause: Why it stands still, None while it does not.
        time_s: The last frame's time.
        tally: What has been done in this set, after it in the last one.
        sets: How many sets have begun.
        announced: Whether the present step has been.
        told_complete: Whether it has been said that the dose is done.
        told_go_on: Whether it has been said that the set will end.
        told_next: Whether the next exercise has been named.
        unknown_s: Seconds since the person was last seen.
        rested_s: Seconds of rest within the set.
        idle_s: Seconds in which nothing was under way, seen or not.
        rest_left_s: Seconds of the rest after a set that are left.
        breath: Which way the breath went last.
        wrong: Whether there is something to be mended: the last repetition was not good, or this hold was not.
        praise_s: Seconds for which praise is still to be shown.
        view: Seconds that each view problem has lasted, up to 1.
        ended_by: Why the session ended, None before; "dose" after the last step.
    """

    routine: Routine
    index: int = 0
    stage: Literal["set_up", "exercise", "rest", "finished"] = "set_up"
    pause: Pausing | None = None
    time_s: float = math.nan
    tally: Tally = field(default_factory=Tally)
    sets: int = 0
    announced: bool = False
    told_complete: bool = False
    told_go_on: bool = False
    told_next: bool = False
    unknown_s: float = 0.0
    rested_s: float = 0.0
    idle_s: float = 0.0
    rest_left_s: float = 0.0
    breath: Breath | None = None
    wrong: bool = False
    praise_s: float = 0.0
    view: dict[str, float] = field(default_factory=dict)
    ended_by: EndedBy | None = None

    @property
    def step(self) -> Step:
        """The present step; in a rest the one before it."""
        return self.routine.steps[self.index]

    @property
    def following(self) -> Step:
        """The step after it; not for the last one."""
        return self.routine.steps[self.index + 1]

    @property
    def last(self) -> bool:
        """Whether no step follows."""
        return self.index + 1 == len(self.routine.steps)

    @property
    def judging(self) -> bool:
        """Whether the Judge is to be given the next pose."""
        return self.stage in ("set_up", "exercise") and self.pause != "key"

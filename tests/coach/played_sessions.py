"""Sessions for the tests: inputs made up frame by frame, and films played to Judge and session as the loop does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from formcheck.coach.model import EndedBy, Key, Progress, Routine, Step
from formcheck.coach.session import step
from formcheck.coach.session_state import Action, BeginSet, Cut, EndSet, Inputs, NewJudge, Outcome, SessionState
from formcheck.engine.engine import Event
from formcheck.engine.records import Hold, Repetition
from formcheck.engine.status import Status
from formcheck.exercises import get
from formcheck.exercises.declaration import Dose
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose

FPS = 10.0


def one(exercise: str, *, rest_s: float = 0.0, breathing: bool = False, **dose: tuple) -> Step:
    """A step; its dose is the exercise's own where none is given."""
    chosen = get(exercise)
    if dose:
        chosen = replace(chosen, dose=replace(Dose(), **dose))
    return Step(chosen, chosen.dose, rest_s, breathing)


def routine(*steps: Step) -> Routine:
    """A routine of these steps."""
    return Routine("drill", "Drill", steps)


def at(phase: str, **changes: object) -> Status:
    """A status in a phase."""
    plain = Status(0.0, phase, 0, 0.0, 0.0, "deg", True, None, None, None, ())  # type: ignore[arg-type]
    return replace(plain, **changes)  # type: ignore[arg-type]


def rep(outcome: str = "good") -> Repetition:
    """A repetition that has become final."""
    return Repetition(1, 0.0, 1.0, 2.0, outcome)  # type: ignore[arg-type]


def held(seconds: float, side: str | None = None) -> Hold:
    """A hold that has become final."""
    return Hold(0.0, seconds, seconds, seconds, side)  # type: ignore[arg-type]


@dataclass
class Played:
    """A session under way, with all that came out of it."""

    state: SessionState
    outcomes: list[tuple[float, Outcome]] = field(default_factory=list)
    time_s: float = 0.0

    def give(self, phase: str | None, seconds: float = 0.0, **brings: object) -> Played:
        """Some seconds of a phase (None: nobody judges); keys and events come with the first frame only."""
        status = brings.pop("status", None) if phase is None else at(phase, **brings.pop("status", {}))  # type: ignore[arg-type]
        for i in range(max(1, round(seconds * FPS))):
            self.time_s += 1 / FPS
            inputs = Inputs(self.time_s, status, **brings)  # type: ignore[arg-type]
            self.step(inputs if i == 0 else replace(inputs, keys=(), events=()))
        return self

    def holding(self, seconds: float, side: str | None = None, from_s: float = 0.0) -> Played:
        """A hold whose clock runs, then the hold's end."""
        for i in range(round(seconds * FPS)):
            self.give("hold", status={"clock_s": from_s + (i + 1) / FPS, "side": side})
        return self.give("waiting", events=(held(from_s + seconds, side),))

    def step(self, inputs: Inputs) -> Outcome:
        """One frame."""
        self.state, outcome = step(self.state, inputs)
        self.outcomes.append((inputs.time_s, outcome))
        return outcome

    @property
    def now(self) -> Progress:
        """What is shown now."""
        return self.outcomes[-1][1].progress

    @property
    def actions(self) -> list[Action]:
        """All actions so far."""
        return [action for _, outcome in self.outcomes for action in outcome.actions]

    @property
    def ends(self) -> list[EndedBy]:
        """How the sets ended."""
        return [action.ended_by for action in self.actions if isinstance(action, EndSet)]

    @property
    def said(self) -> list[str]:
        """Keys of all that was said."""
        return [phrase.key for _, outcome in self.outcomes for phrase in outcome.said]

    def stages(self) -> list[str]:
        """The course of stages."""
        shown = [outcome.progress.stage for _, outcome in self.outcomes]
        return [stage for i, stage in enumerate(shown) if i == 0 or shown[i - 1] != stage]

    def first_s(self, kind: type[Action]) -> float:
        """When an action first came."""
        return next(time_s for time_s, outcome in self.outcomes if any(isinstance(a, kind) for a in outcome.actions))


def started(*steps: Step) -> Played:
    """A session in its first set."""
    played = Played(SessionState(routine(*steps)))
    return played.give("hold" if steps[0].exercise.holding else "rest")


@dataclass
class Coached:
    """A film played to the real Judge and the session."""

    played: Played
    sets: list[tuple[EndedBy, list[Event]]]


def coach(wanted: Routine, poses: Sequence[Pose], keys: Mapping[float, Key] | None = None) -> Coached:
    """Do with a film what the loop does with a camera; keys by the time from which on they are pressed."""
    played, judge, sets = Played(SessionState(wanted)), Judge(wanted.steps[0].exercise), []
    waiting, cut, status = dict(keys or {}), False, None
    for i, pose in enumerate(poses):
        events: tuple[Event, ...] = ()
        if played.state.judging:
            events = judge.step(replace(pose, new_shot=True) if cut else pose)
            cut, status = False, judge.status
        pressed = tuple(waiting.pop(from_s) for from_s in sorted(waiting) if from_s <= pose.time_s)
        was_open = bool(sets) and sets[-1][0] == "open"
        if was_open:
            sets[-1][1].extend(events)
        camera = "live" if i < len(poses) - 1 else "ended"
        outcome = played.step(Inputs(pose.time_s, status, events, pressed, camera, judge.reading.view))
        for action in outcome.actions:
            match action:
                case BeginSet():
                    sets.append(("open", list(events)))
                case EndSet(ended_by):
                    sets[-1] = ended_by, [*sets[-1][1], *judge.finish()]
                case NewJudge(exercise):
                    judge, status = Judge(exercise), None
                case Cut():
                    cut = True
        if played.state.stage == "finished":
            break
    return Coached(played, sets)


def counted(events: Iterable[Event]) -> int:
    """Repetitions that count."""
    return sum(isinstance(event, Repetition) and event.outcome in ("good", "faulty") for event in events)


def in_form_s(events: Iterable[Event]) -> list[tuple[str | None, float]]:
    """Sides and seconds of the holds."""
    return [(event.side, event.in_form_s) for event in events if isinstance(event, Hold)]

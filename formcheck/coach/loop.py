"""The live loop: newest frame, pose, rules, session, voice and screen, one after the other; nothing queues.

Camera and voice have threads of their own; everything else happens here, in the thread that owns the window.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from formcheck.coach.camera import Camera
from formcheck.coach.cues import CueState, step_cues
from formcheck.coach.film import Film
from formcheck.coach.finders import Finders
from formcheck.coach.keeping import Keeper
from formcheck.coach.language import ORIGINAL, Language
from formcheck.coach.model import EndedBy, Key, Progress, Routine, Utterance
from formcheck.coach.notices import UNHEARD, Flashes, Notices
from formcheck.coach.pace import CameraRate, Pace
from formcheck.coach.progress import as_spoken
from formcheck.coach.reporting import Reporter
from formcheck.coach.screen import draw_flash, draw_screen
from formcheck.coach.session import step as step_session
from formcheck.coach.session_state import BeginSet, Cut, EndSet, Finish, Inputs, NewJudge, Outcome, Pain, SessionState
from formcheck.coach.session_state import Camera as CameraState
from formcheck.coach.setup_view import draw_setup
from formcheck.coach.voice import Voice
from formcheck.coach.window import Display, pressed
from formcheck.coach.wording import progress_in, utterances
from formcheck.engine.engine import Event
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Exercise
from formcheck.judge import Judge
from formcheck.pose.landmarks import Pose

if TYPE_CHECKING:
    from formcheck.video.frame import Frame

Log = Callable[[dict[str, Any]], None]

WAIT_S = 0.1  # for a picture; without one the keys are looked at so often
FINISHED_S = 12.0  # the last screen stays for so long, or until a key is pressed
LIGHTER = "lite"


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for.

    Attributes:
        routine: What is done.
        language: In which to speak and write.
        model: "lite", "full", "heavy" or the path of a model bundle.
        mirror: Whether the picture is shown as in a mirror.
    """

    routine: Routine
    language: Language
    model: str = "full"
    mirror: bool = True


@dataclass(slots=True)
class Figures:
    """How the loop did, for `benchmarks.live` and the log.

    Attributes:
        frames: Processed frames.
        late_s: Of each frame shown: from its capture until it was on the screen.
        busy_s: Of each frame: from taking it until it was on the screen, which is the work on it.
        bare_s: The part of it that was pose estimation.
    """

    frames: int = 0
    late_s: list[float] = field(default_factory=list)
    busy_s: list[float] = field(default_factory=list)
    bare_s: list[float] = field(default_factory=list)


class Coach:
    """Runs one session from beginning to end.

    Args:
        settings: What was asked for.
        camera: Open.
        display: A window, or what stands in for it.
        voice: Speaks.
        keeper: Keeps the history.
        film: Records, if asked.
        reporter: Collects what the report shows, if one is wanted.
        notice: Told what the user should know, one sentence each.
        finders: Looks for poses; made here where none is ready.
        pressed: Keys that were pressed before it began.
        log: Given one dict for each thing that happens: "stage", "begin_set", "end_set", "rep", "hold", "notice".
        figures: Filled while it runs, where timings are wanted. They grow with the session: for benchmarks only.
        clock: Seconds that never go backwards.
    """

    def __init__(  # noqa: PLR0913 - its parts, by name
        self,
        settings: Settings,
        camera: Camera,
        display: Display,
        voice: Voice,
        keeper: Keeper,
        film: Film,
        *,
        notice: Callable[[str], None],
        finders: Finders | None = None,
        pressed: tuple[Key, ...] = (),
        reporter: Reporter | None = None,
        log: Log | None = None,
        figures: Figures | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._camera, self._display, self._voice = settings, camera, display, voice
        self._keeper, self._film, self._notice, self._figures, self._clock = keeper, film, notice, figures, clock
        self._reporter = reporter or Reporter(None, "", datetime.now(UTC))
        self._log: Log = log or _nowhere
        self._state = SessionState(settings.routine)
        self._cues = CueState()
        self._exercise = self._state.step.exercise
        self._judge = Judge(self._exercise)
        self._status: Status | None = None
        self._finders = finders or Finders(settings.model)
        self._pace, self._rate = Pace(), CameraRate()
        self._told: set[str] = set()  # keys of phrases that are told once in a session
        self._flashes, self._notices = Flashes(), Notices()
        self._cut = False
        self._over = self._interrupted = False
        self._in_set = False
        self._time_s = 0.0
        self._since_s, self._taken_s = 0.0, clock()  # the latest frame's time, and when it was taken up
        self._frame: Frame | None = None
        self._pose: Pose | None = None
        self._told_camera: str | None = None
        self._pressed = pressed

    @property
    def ended_by(self) -> EndedBy | None:
        """Why the session ended; None while it goes on."""
        return self._state.ended_by

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it."""
        return self._interrupted

    def run(self) -> None:
        """Coach until the session is over, the window is closed or Ctrl-C is pressed; what was done is kept.

        Raises:
            ModelError: The pose model is missing or damaged.
            CameraError: The camera cannot be used at all.
        """
        try:
            while not self._over:
                self._once()
            self._stay()
        except KeyboardInterrupt:
            self._interrupted = True
            self._act(Inputs(self._time_s, keys=("quit",)))
        finally:
            self._close()

    def greet(self, texts: Sequence[str]) -> None:
        """Tell what is to be known before anything else: written, shown and spoken.

        Args:
            texts: In the session's language.
        """
        together = " ".join(texts)  # spoken as one, so that none of them waits too long to be said
        for text in texts:
            self._tell(text, spoken=together)
            self._notices.add(text)
        if texts:
            self._say(Utterance(together, "guide", self._time_s), self._time_s)

    def warn(self, phrase: str, reason: str = "", **numbers: object) -> None:
        """Tell of trouble that does not end the session: written with its reason, shown and spoken without it.

        Args:
            phrase: The key of what is said, see `Language.phrase`.
            reason: One sentence, as an error tells it.
            numbers: What the phrase has gaps for.
        """
        text = self._settings.language.phrase(phrase, **numbers)
        self._tell(f"{reason} {text}".strip(), spoken=text)
        self._notices.add(text)
        self._say(Utterance(text, "guide", self._time_s), self._time_s)

    # --- one frame ---------------------------------------------------------------------------

    def _once(self) -> None:
        self._finders.prepare(masks=self._exercise.silhouette)  # first: what is taken before it would be old after it
        frame = self._camera.newest(WAIT_S)
        begun_s = self._clock()
        keys, self._pressed = (*self._pressed, *(pressed(self._display) if frame is None else ())), ()
        if frame is None:
            self._without_picture(keys)
            return
        self._time_s, self._frame = frame.time_s, frame
        self._tell_camera(None)
        self._since_s, self._taken_s = frame.time_s, begun_s
        pose = self._finders.find(frame)
        found_s = self._clock()
        events: tuple[Event, ...] = ()
        if self._state.judging:
            if self._cut:
                pose, self._cut = replace(pose, new_shot=True), False
            events = self._judge.step(pose)
            self._status = self._judge.status
        self._pose = pose
        inputs = Inputs(frame.time_s, self._status, events, keys, view=self._judge.reading.view)
        progress = self._act(inputs)
        if self._in_set and self._status is not None:
            self._reporter.watch(pose, self._judge)
            if self._film.wanted:
                self._film.add(frame.image, frame.time_s, pose, self._status)
        self._show(progress)
        self._measure(frame, begun_s, found_s)

    def _without_picture(self, keys: tuple[Key, ...]) -> None:
        """The camera sends nothing just now: time goes on, and the person is told."""
        state = self._camera.state
        if state == "ended":
            self._show(self._act(Inputs(self._time_s, self._status, keys=keys, camera="ended")))
            return
        if state in ("live", "opening") and not keys:
            return
        if state in ("stalled", "lost"):
            self._time_s = self._since_s + self._clock() - self._taken_s
            self._pose = None
        camera: CameraState = state if state in {"stalled", "lost"} else "live"
        self._tell_camera(self._camera_notice(camera))
        self._show(self._act(Inputs(self._time_s, self._status, keys=keys, camera=camera)))

    def _act(self, inputs: Inputs) -> Progress:
        """Let the session decide, do what it says, and say what is to be said."""
        before = self._state
        self._state, outcome = step_session(before, inputs)
        for action in outcome.actions:
            self._do(action, inputs)
        if self._in_set:
            self._keep(inputs.events)
        said = [*utterances(outcome, self._settings.language, inputs.time_s), *self._cued(inputs, outcome)]
        for utterance in said:
            self._say(utterance, inputs.time_s)
        if self._state.stage != before.stage or self._state.pause != before.pause:
            self._log({"what": "stage", "at_s": inputs.time_s, "stage": outcome.progress.stage})
        progress = progress_in(self._state, outcome, self._settings.language)
        return as_spoken(progress, self._cues.count.spoken, self._state.step.dose)

    def _say(self, utterance: Utterance, now_s: float) -> None:
        self._voice.say(utterance, now_s)
        self._flashes.add(utterance.kind, self._clock())

    def _cued(self, inputs: Inputs, outcome: Outcome) -> tuple[Utterance, ...]:
        """What the rules have to say: within a set, and about the camera before it."""
        if inputs.status is None or inputs.camera != "live" or not self._state.judging or self._state.pause:
            return ()
        if any(isinstance(action, EndSet | NewJudge) for action in outcome.actions):
            return ()
        dose, language = self._state.step.dose, self._settings.language
        self._cues, said = step_cues(
            self._cues, inputs.time_s, self._exercise, inputs.status, inputs.events, language, dose=dose
        )
        return said

    def _do(self, action: object, inputs: Inputs) -> None:
        at_s = inputs.time_s
        match action:
            case BeginSet(step=step, number=number):
                self._in_set, self._cues = True, CueState()
                self._keeper.begin_set(step, at_s)
                self._film.begin(step, number)
                self._reporter.begin_set(step, self._film.path)
                self._log({"what": "begin_set", "at_s": at_s, "exercise": step.exercise.name})
            case EndSet(ended_by=ended_by):
                self._end_set(ended_by, inputs)
            case NewJudge(exercise=exercise):
                self._change_to(exercise)
            case Cut():
                self._cut = True
            case Pain():
                self._keeper.pain(at_s)
                self._reporter.pain(at_s)
                self._log({"what": "pain", "at_s": at_s})
            case Finish():
                self._over = True
                self._keeper.end_session(at_s)

    def _end_set(self, ended_by: EndedBy, inputs: Inputs) -> None:
        """What is still open belongs to the set."""
        self._keep((*inputs.events, *self._judge.finish()))
        self._keeper.end_set(ended_by, inputs.time_s)
        self._reporter.end_set()
        self._film.end()
        self._in_set = False
        self._status = None
        self._log({"what": "end_set", "at_s": inputs.time_s, "ended_by": ended_by})

    def _keep(self, events: tuple[Event, ...]) -> None:
        self._keeper.add(events, self._time_s)
        self._reporter.add(events)
        for event in events:
            self._log({"what": type(event).__name__, "at_s": self._time_s, "event": event})

    def _change_to(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._judge, self._status, self._cues = Judge(self._exercise), None, CueState()

    # --- around it ---------------------------------------------------------------------------

    def _show(self, progress: Progress) -> None:
        if not self._display.seen:
            self._pressed += pressed(self._display)
            return
        image = None if self._frame is None else self._frame.image
        words, mirror, size = self._settings.language, self._settings.mirror, self._display.size
        progress = replace(progress, notice=self._notices.now(self._clock()))
        if progress.stage == "set_up":
            view = self._judge.reading.view
            shown = draw_setup(image, self._pose, self._exercise, view, progress, words, mirror=mirror, size=size)
        else:
            shown = draw_screen(image, self._pose, self._status, progress, words, mirror=mirror, size=size)
        flash = self._flashes.now(self._clock()) if self._voice.backend.name in UNHEARD else None
        if flash is not None:
            draw_flash(shown, flash)
        self._display.show(shown)
        self._pressed += pressed(self._display)  # the window paints while it is asked for keys

    def _measure(self, frame: Frame, begun_s: float, found_s: float) -> None:
        now_s = self._clock()
        if self._figures is not None:
            self._figures.frames += 1
            self._figures.busy_s.append(now_s - begun_s)
            self._figures.bare_s.append(found_s - begun_s)
            self._figures.late_s.append(self._camera.age_s)
        self._keep_up(frame, now_s - begun_s)

    def _keep_up(self, frame: Frame, busy_s: float) -> None:
        """Tell once what is too slow, machine or camera, and do what can be done about it."""
        if self._pace.add(frame.time_s, busy_s):
            if self._finders.model != LIGHTER:
                self.warn("slow_computer")
                self._finders.model = LIGHTER
                self._pace.reset()
            else:
                self._warn_once("slow_still")
        fps = self._rate.add(frame.time_s, frame.index)
        if fps is not None:
            self._warn_once("slow_camera", fps=round(fps))

    def _warn_once(self, phrase: str, **numbers: object) -> None:
        if phrase not in self._told:
            self._told.add(phrase)
            self.warn(phrase, "", **numbers)

    def _camera_notice(self, camera: CameraState) -> str | None:
        """What is wrong with the camera; its own words are English, and tell more."""
        language, notice = self._settings.language, self._camera.notice
        if notice is None or language.code == ORIGINAL:
            return notice
        return f"{self._camera.name}: {language.phrase('camera_stalled' if camera == 'stalled' else 'camera_lost')}"

    def _tell_camera(self, notice: str | None) -> None:
        if notice is not None and notice != self._told_camera:
            self._tell(notice)
        self._told_camera = notice

    def _tell(self, sentence: str, *, spoken: str | None = None) -> None:
        self._notice(sentence)
        self._log({"what": "notice", "at_s": self._time_s, "text": sentence, "spoken": spoken})

    def _stay(self) -> None:
        """Leave the last screen up for a while, that it can be read; pain is still taken."""
        if not self._display.seen or self._display.closed:
            return
        progress = self._act(Inputs(self._time_s))
        until_s = self._clock() + FINISHED_S
        while self._clock() < until_s and not self._display.closed:
            self._show(progress)
            keys, self._pressed = self._pressed, ()
            if "pain" in keys:
                progress = self._act(Inputs(self._time_s, keys=("pain",)))
                until_s = self._clock() + FINISHED_S
            elif keys:
                return
            time.sleep(WAIT_S / 2)

    def _close(self) -> None:
        """Keep what was done and let go of everything, whatever of it fails."""
        with ExitStack() as stack:
            stack.callback(self._finders.close)
            stack.callback(self._film.end)
            stack.callback(lambda: self._keeper.end_session(self._time_s))
            if self._in_set:
                self._end_set("quit", Inputs(self._time_s))


def _nowhere(_what: dict[str, Any]) -> None:
    pass

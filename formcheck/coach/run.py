"""`formcheck coach`: opens what a session needs, one thing after the other, and runs it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from formcheck.coach.language import Language, load_language
from formcheck.coach.model import Routine, Utterance
from formcheck.errors import FormcheckError, OutputError
from formcheck.files import make_folder, output_error, plain

ABOUT_FILE = "about-told"
OUT_FOLDER = "formcheck-out"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line.

    Attributes:
        exercise: Name of an exercise, or the path of a .toml file of an exercise or a routine; None with a routine.
        routine: Name or path of a routine, or None.
        camera: A device's index or name, a URL, or a video file.
        record: Folder for videos, or None.
        mirror: Whether the picture is shown as in a mirror.
        voice: Whether to speak.
        language: Such as "en".
        headless: Whether to go without a window.
        model: As for `formcheck.analyze`.
        log: File for one line of JSON for each thing that happens, or None.
        report: Whether to write a page to look at when the session is over.
    """

    exercise: str | None
    routine: str | None
    camera: str = "0"
    record: Path | None = None
    mirror: bool = True
    voice: bool = True
    language: str = "en"
    headless: bool = False
    model: str = "full"
    log: Path | None = None
    report: bool = True


def coach(options: Options, tell: Callable[[str], None]) -> None:
    """Coach one session.

    Args:
        options: What was asked for.
        tell: Told what the user should read, a sentence at a time.

    Raises:
        FormcheckError: What was asked for cannot be used; nothing has begun then.
    """
    routine = chosen(options)
    language = load_language(options.language)
    from formcheck.coach.camera import Camera  # noqa: PLC0415 - slow, and not needed to refuse a wrong name
    from formcheck.coach.film import Film  # noqa: PLC0415
    from formcheck.coach.keeping import Keeper  # noqa: PLC0415
    from formcheck.coach.loop import Coach, Settings  # noqa: PLC0415
    from formcheck.coach.reporting import Reporter  # noqa: PLC0415
    from formcheck.coach.speech import Silent, choose_backend  # noqa: PLC0415
    from formcheck.coach.voice import Voice  # noqa: PLC0415
    from formcheck.coach.window import Display, Headless, Window  # noqa: PLC0415
    from formcheck.pose.models import find_model  # noqa: PLC0415

    find_model(options.model)
    if options.record is not None:
        make_folder(options.record)
    with ExitStack() as stack:
        log = stack.enter_context(Log(options.log, tell if options.headless else None))
        backend = choose_backend(language) if options.voice else Silent()
        if backend.problem and options.voice:
            tell(backend.problem)
        store = _store(stack, tell)
        display: Display = stack.enter_context(Headless()) if options.headless else stack.enter_context(Window())
        started_at = datetime.now(UTC)  # the frames' time counts from here: a camera may take ten seconds to wake up
        camera = stack.enter_context(Camera(options.camera))
        voice = stack.enter_context(Voice(backend, log=log.said, notice=tell))
        keeper = Keeper(store, started_at, tell)
        # Only now, when nothing can be refused any more: what was not said must not count as said.
        greetings = _greetings(store, language, routine, tell)
        keeper.begin_session(routine.name, language.code)
        unjudged = dict.fromkeys(told for step in routine.steps for told in step.exercise.unjudged.values())
        for sentence in (*greetings, *unjudged):
            tell(sentence)
        if greetings:  # as one, so that none of them waits too long to be said
            voice.say(Utterance(" ".join(greetings), "guide", 0.0), 0.0)
        settings = Settings(routine, language, options.model, options.mirror)
        film = Film(options.record, lambda sentence: session.warn(sentence, "no_recording"))
        reporter = Reporter(options.record or Path(OUT_FOLDER) if options.report else None, routine.name, started_at)
        parts = (settings, camera, display, voice, keeper, film)
        session = Coach(*parts, notice=tell, reporter=reporter, log=log.happened)
        try:
            session.run()
        finally:
            reporter.write(tell)


def chosen(options: Options) -> Routine:
    """The routine that was asked for; one exercise is one, too.

    Raises:
        FormcheckError: There is no such exercise or routine, or its file cannot be used.
    """
    from formcheck.coach.routine import is_routine_file, load_routine, single  # noqa: PLC0415
    from formcheck.exercises import get  # noqa: PLC0415

    if options.routine is not None:
        return load_routine(options.routine)
    assert options.exercise is not None
    if options.exercise.lower().endswith(".toml") and is_routine_file(options.exercise):
        return load_routine(options.exercise)
    return single(get(options.exercise))


class Log:
    """One line of JSON for each thing that happens or is said; a context manager.

    Args:
        path: The file, continued if it is there; None keeps none.
        tell: Told in plain words as well, where there is no window.
    """

    def __init__(self, path: Path | None, tell: Callable[[str], None] | None) -> None:
        self._path, self._tell = path, tell
        self._file: TextIO | None = None
        self._lock = threading.Lock()  # the voice tells from a thread of its own

    def __enter__(self) -> Log:
        """Open it.

        Raises:
            OutputError: It cannot be written.
        """
        if self._path is not None:
            try:
                self._file = self._path.open("a", encoding="utf-8")
            except OSError as error:
                raise output_error(self._path, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._close()

    def said(self, what: dict[str, Any]) -> None:
        """Something was said, or dropped."""
        self._write({"what": "said", **what})
        if self._tell is not None and what.get("said"):
            self._tell(f"  {what['text']}")

    def happened(self, what: dict[str, Any]) -> None:
        """Something happened in the session."""
        event = what.get("event")
        self._write(what if event is None else what | {"event": dataclasses.asdict(event)})

    def _write(self, what: dict[str, Any]) -> None:
        line = json.dumps(plain(what), default=str, allow_nan=False) + "\n"
        with self._lock:
            if self._file is None:
                return
            try:
                self._file.write(line)
                self._file.flush()
            except OSError as error:
                # A full disk must not end the session; what is missing is only this log, and its end shows it.
                self._close()
                reason = output_error(str(self._path), error)
                print(f"formcheck: {reason} The session goes on without this log.", file=sys.stderr)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):  # what could not be written, which was told
                file.close()


def _store(stack: ExitStack, tell: Callable[[str], None]) -> Any:
    """The history, or None where it cannot be used: coaching is possible without."""
    from formcheck.history.store import Store  # noqa: PLC0415

    try:
        return stack.enter_context(Store.open())
    except FormcheckError as error:
        tell(f"{error} This session is not kept.")
        return None


def _greetings(store: Any, language: Language, routine: Routine, tell: Callable[[str], None]) -> list[str]:
    """What is said before anything else: once what this is, and what the last days mean for today."""
    from formcheck.history.days import REST_AFTER_DAYS, days_in_a_row, last_pain  # noqa: PLC0415

    said = []
    if _first_time():
        said.append(language.phrase("about"))
    if store is not None and any(step.exercise.reminders is None for step in routine.steps):
        today = _today()
        try:
            trained, hurt = store.trained_days(), store.pain_days()
        except FormcheckError as error:
            tell(f"{error} What was done on the last days is not known.")
            return said
        if last_pain(trained, today, hurt) is not None:
            said.append(language.phrase("pain_reminder"))
        elif (days := days_in_a_row(trained, today)) >= REST_AFTER_DAYS:
            said.append(language.phrase("rest_day", days=days))
    return said


def _today() -> date:
    return datetime.now().astimezone().date()


def _first_time() -> bool:
    """Whether this is the first session here; from now on it is not."""
    from formcheck.history.places import data_folder  # noqa: PLC0415

    told = data_folder() / ABOUT_FILE
    try:
        if told.exists():
            return False
        make_folder(told.parent)
        told.touch()
    except (OSError, OutputError):
        return True  # to be told once more is better than never
    return True

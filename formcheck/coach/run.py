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
from typing import TYPE_CHECKING, Any, TextIO

from formcheck.coach.language import Language, load_language
from formcheck.coach.model import Routine
from formcheck.errors import FormcheckError, OutputError
from formcheck.files import make_folder, output_error, plain

if TYPE_CHECKING:
    from formcheck.coach.typed import Typed
    from formcheck.coach.window import Headless

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


def coach(options: Options, tell: Callable[[str], None]) -> bool:
    """Coach one session.

    Args:
        options: What was asked for.
        tell: Told what the user should read, a sentence at a time.

    Returns:
        Whether Ctrl-C ended it; what was done is kept all the same.

    Raises:
        FormcheckError: What was asked for cannot be used; nothing has begun then.
    """
    routine = chosen(options)
    language = load_language(options.language)
    from formcheck.coach.camera import Camera  # noqa: PLC0415 - slow, and not needed to refuse a wrong name
    from formcheck.coach.entrance import Entrance, LeftError  # noqa: PLC0415
    from formcheck.coach.film import Film  # noqa: PLC0415
    from formcheck.coach.finders import Finders  # noqa: PLC0415
    from formcheck.coach.keeping import Keeper  # noqa: PLC0415
    from formcheck.coach.loop import Coach, Settings  # noqa: PLC0415
    from formcheck.coach.reporting import Reporter  # noqa: PLC0415
    from formcheck.coach.speech import Silent, choose_backend  # noqa: PLC0415
    from formcheck.coach.typed import typed_on_terminal  # noqa: PLC0415
    from formcheck.coach.voice import Voice  # noqa: PLC0415
    from formcheck.coach.window import Display, Window  # noqa: PLC0415
    from formcheck.pose.models import find_model  # noqa: PLC0415

    find_model(options.model)
    if options.record is not None:
        make_folder(options.record)
    with ExitStack() as stack:
        log = stack.enter_context(Log(options.log, tell if options.headless else None))
        backend = choose_backend(language) if options.voice else Silent()
        if backend.problem and options.voice:
            tell(backend.problem)
        troubles: list[tuple[str, str]] = []  # keys of phrases, and reasons
        store = _store(stack, lambda reason: troubles.append(("not_kept", reason)))
        typed = typed_on_terminal() if options.headless else None
        display: Display = stack.enter_context(_headless(typed)) if options.headless else stack.enter_context(Window())
        entrance, finders = Entrance(display, routine, language), Finders(options.model)
        stack.callback(finders.close)
        try:
            entrance.show()
            finders.prepare(masks=routine.steps[0].exercise.silhouette)
            # The frames' time counts from here: a camera may take ten seconds to wake up.
            started_at = datetime.now(UTC)
            camera = stack.enter_context(Camera(options.camera, meanwhile=entrance.show))
        except LeftError:
            return False
        voice = stack.enter_context(Voice(backend, log=log.said, notice=tell))
        settings = Settings(routine, language, options.model, options.mirror)
        keeper = Keeper(store, started_at, lambda reason: session.warn("not_kept", reason))
        film = Film(options.record, lambda reason: session.warn("no_recording", reason))
        reporter = Reporter(options.record or Path(OUT_FOLDER) if options.report else None, routine.name, started_at)
        session = Coach(
            settings, camera, display, voice, keeper, film,
            notice=tell, finders=finders, pressed=entrance.keys, reporter=reporter, log=log.happened,
        )  # fmt: skip
        # Only now, when nothing can be refused any more: what was not said must not count as said.
        greetings = _greetings(store, language, routine, lambda reason: troubles.append(("days_unknown", reason)))
        keeper.begin_session(routine.name, language.code)
        for sentence in _to_read(routine, language, typed=typed is not None):
            tell(sentence)
        session.greet(greetings)
        for trouble in troubles:
            session.warn(*trouble)
        stack.callback(reporter.write, tell)
        session.run()
    return session.interrupted


def _to_read(routine: Routine, language: Language, *, typed: bool) -> list[str]:
    """What is only written on the terminal: its keys, and what no camera can see."""
    keys = [language.phrase("typed_keys")] if typed else []
    return keys + list(dict.fromkeys(told for step in routine.steps for told in step.exercise.unjudged.values()))


def _headless(typed: Typed | None) -> Headless:
    from formcheck.coach.window import Headless  # noqa: PLC0415 - slow

    return Headless() if typed is None else Headless(typed=typed.key)


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
        self._written: set[str] = set()  # what is said and was written already

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
        if what["text"] in self._written:
            self._written.discard(what["text"])
        elif self._tell is not None and what.get("said"):
            self._tell(f"  {what['text']}")

    def happened(self, what: dict[str, Any]) -> None:
        """Something happened in the session."""
        event = what.get("event")
        if what.get("spoken"):
            self._written.add(what["spoken"])
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


def _store(stack: ExitStack, trouble: Callable[[str], None]) -> Any:
    """The history, or None where it cannot be used: coaching is possible without."""
    from formcheck.history.store import Store  # noqa: PLC0415

    try:
        return stack.enter_context(Store.open())
    except FormcheckError as error:
        trouble(str(error))
        return None


def _greetings(store: Any, language: Language, routine: Routine, trouble: Callable[[str], None]) -> list[str]:
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
            trouble(str(error))
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

"""What is on the screen while the model is loaded and the camera wakes up, and the keys that are pressed meanwhile."""

from __future__ import annotations

from formcheck.coach.language import Language
from formcheck.coach.model import Key, Progress, Routine
from formcheck.coach.window import Display, pressed


class LeftError(Exception):
    """The user has gone before anything began: nothing is wrong, and nothing is kept."""


class Entrance:
    """Stands at the door until the camera's first picture is there.

    Args:
        display: What it is shown on.
        routine: What is about to be done.
        language: To show it in.

    Attributes:
        keys: Pressed while it was shown, for the session that follows.
    """

    def __init__(self, display: Display, routine: Routine, language: Language) -> None:
        self._display, self._routine, self._language = display, routine, language
        self.keys: tuple[Key, ...] = ()

    def show(self) -> None:
        """Show the exercise and that the camera is being opened.

        Raises:
            LeftError: The window was closed, or quit was pressed.
        """
        if self._display.seen:
            from formcheck.coach.setup_view import draw_setup  # noqa: PLC0415 - slow

            exercise = self._routine.steps[0].exercise
            progress = Progress(
                "set_up",
                self._language.title(exercise),
                steps=len(self._routine.steps),
                message=self._language.phrase("camera_opening"),
            )
            shown = draw_setup(
                None, None, exercise, (), progress, self._language, mirror=False, size=self._display.size
            )
            self._display.show(shown)
        self.keys += pressed(self._display)
        if "quit" in self.keys:
            raise LeftError

"""What a session says and shows, in a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from formcheck.coach.language import Language
from formcheck.coach.model import Progress, Utterance
from formcheck.coach.progress import shown_step
from formcheck.coach.session_state import Outcome, Phrase, SessionState
from formcheck.measure.view import ADVISED


def phrase_in(phrase: Phrase, language: Language) -> str:
    """The text of a phrase.

    Raises:
        KeyError: The language lacks it.
    """
    numbers: dict[str, object] = dict(phrase.numbers)
    if phrase.exercise is not None:
        if phrase.key == "start":
            return language.start(phrase.exercise)
        numbers["title"] = language.title(phrase.exercise)
    return language.phrase(phrase.key, **numbers)


def utterances(outcome: Outcome, language: Language, at_s: float) -> Iterator[Utterance]:
    """What is to be said after a frame: phrases of one kind as one text, so that none of them is too old to be said.

    Args:
        outcome: Of the frame.
        language: To say it in.
        at_s: The frame's time.
    """
    for kind, phrases in groupby(outcome.said, key=lambda phrase: phrase.kind):
        yield Utterance(" ".join(phrase_in(phrase, language) for phrase in phrases), kind, at_s)


def progress_in(state: SessionState, outcome: Outcome, language: Language) -> Progress:
    """What to show after a frame, with all texts in a language.

    Args:
        state: The state after the frame.
        outcome: Of the frame.
        language: To show it in.
    """
    shown, step = outcome.progress, shown_step(state)
    if step is None:
        message = phrase_in(outcome.hint, language) if outcome.hint is not None else None
        return replace(shown, title=language.routine(state.routine) if shown.title else "", message=message)
    exercise = step.exercise
    message = None if shown.message is None else language.cue(exercise, shown.message)
    if message is None and outcome.hint is not None:
        message = phrase_in(outcome.hint, language)
    return replace(
        shown,
        title=language.title(exercise),
        cue=None if shown.cue is None else language.cue(exercise, shown.cue),
        advice=tuple(
            language.advice(ADVISED[text]) if text in ADVISED else language.camera(exercise) for text in shown.advice
        ),
        message=message,
    )

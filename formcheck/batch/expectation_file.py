"""The file beside a clip that says what is expected of it, NAME.expect.toml: read strictly, and written for review.

What a key means is said once, in the docstrings of `formcheck.batch.expectation`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from formcheck import __version__, exercises
from formcheck.batch import SUFFIX
from formcheck.batch.expectation import Expectation, Expected, HoldExpected, Number, Range, RepetitionsExpected
from formcheck.batch.told import known_faults, only_notes, repetitions_told
from formcheck.engine.records import OUTCOMES, Hold
from formcheck.errors import ExerciseError, ExpectationError
from formcheck.exercises.check import quoted, unknown
from formcheck.exercises.declaration import Exercise
from formcheck.exercises.strict import Form
from formcheck.measure.view import VIEW_NAMES
from formcheck.recognition import AUTO
from formcheck.report.result import AnalysisResult
from formcheck.report.words import sentence

LARGEST_BYTES = 64 * 1024  # one of a clip with 20 holds has 3 kB
TOLERANCE_S = 0.5  # of what is written for review
TOLERANCE_POINTS = 2  # of the score there

_Problem: TypeAlias = tuple[str, str]
_LEFT_OUT = "must be left out"


class _ExpectationForm(Form[Expectation]):
    """Expectations, in which a bare whole number stands for an exact one."""

    def _validated(self, data: dict[str, Any], name: str) -> Expectation:
        inner = data.get("exercises")
        blocks = [
            _exact(block, f"exercises[{i}].") if isinstance(block, dict) else (block, None)
            for i, block in enumerate(inner if isinstance(inner, list) else [])
        ]
        whole, wrong = _exact(data, "")
        for key, value in (one for one in (wrong, *(wrong for _, wrong in blocks)) if one is not None):
            shown = quoted(value) if isinstance(value, str) else str(value).lower()
            self.refuse(key, f"must be a whole number, or limits such as {{min = 4, max = 6}}, not {shown}", data, name)
        if isinstance(inner, list):
            whole = whole | {"exercises": [block for block, _ in blocks]}
        return super()._validated(whole, name)


def _exact(table: dict[str, Any], before: str) -> tuple[dict[str, Any], tuple[str, Any] | None]:
    """A table with its bare numbers of repetitions as tables; and the first one that is no number, with its key."""
    reps = table.get("repetitions")
    if not isinstance(reps, dict):
        return table, None
    bare = {key: value for key, value in reps.items() if key in _KINDS and not isinstance(value, dict)}
    wrong = ((f"{before}repetitions.{key}", value) for key, value in bare.items() if type(value) is not int)
    exact = {key: {"exact": value} for key, value in bare.items()}
    return table | {"repetitions": reps | exact}, next(wrong, None)


_KINDS = (*OUTCOMES, "counted")
_FORM = _ExpectationForm(Expectation, "an expectation", ExpectationError, LARGEST_BYTES, named_by="exercise")


def sidecar_of(clip: Path) -> Path:
    """The file beside a clip that says what is expected of it: NAME.expect.toml, whatever the clip's own ending."""
    name = clip.name if clip.is_dir() else clip.stem
    return clip.with_name(f"{name}{SUFFIX}")


def load(path: Path) -> Expectation:
    """What a file says is expected of a clip.

    Returns:
        The expectation; the path of an exercise is as it is written there, as seen from the file.

    Raises:
        ExpectationError: The file cannot be read, or cannot be meant. The message names the file, the key and what is
            allowed there.
    """
    return parse(_FORM.text(path, str(path)), str(path), path.parent)


def parse(text: str, name: str, folder: Path) -> Expectation:
    """What the text of a file says is expected of a clip.

    Args:
        text: The file's text.
        name: The file's name, for the messages.
        folder: Where the path of an exercise begins.

    Raises:
        ExpectationError: As `load`.
    """
    expected, data = _FORM.parse(text, name)
    for key, wrong in _problems(expected, folder):
        _FORM.refuse(key, wrong, data, name)
    return expected


# --- what the types cannot tell --------------------------------------------------------------


def _problems(expected: Expectation, folder: Path) -> Iterator[_Problem]:
    """Everything that cannot be meant: the key, and the rest of a sentence."""
    if expected.clip is not None and (not expected.clip.strip() or {"/", "\\"} & set(expected.clip)):
        yield "clip", "must be the name of a file in the same folder"
    of_clip = {"exercise", "clip", "refused"}
    given = [key for key in Expectation.__dataclass_fields__ if key not in of_clip and _is_given(expected, key)]
    if expected.refused:
        yield from ((key, f"{_LEFT_OUT}: of a clip that is refused nothing else is known") for key in given)
    if expected.exercise == AUTO:
        allowed = ("exercises", "view", "no_view", "no_other_view")
        yield from ((key, f"{_LEFT_OUT}: it belongs into [[exercises]]") for key in given if key not in allowed)
        yield from _names("view", expected, VIEW_NAMES)
        yield from _blocks(expected.exercises or ())
        return
    if expected.exercises is not None:
        yield "exercises", f'{_LEFT_OUT}: it is for exercise = "auto"'
    known = (*exercises.names(), *exercises.examples())
    if not exercises.is_file(expected.exercise) and expected.exercise not in known:
        yield "exercise", f"{quoted(expected.exercise)} {unknown(expected.exercise, (*known, AUTO))}, or a .toml file"
        return
    wanted = folder / expected.exercise if exercises.is_file(expected.exercise) else expected.exercise
    try:
        exercise = exercises.get(wanted)
    except ExerciseError as error:
        yield "exercise", f"cannot be used: {str(error).rstrip('.')}"
        return
    yield from _of_exercise(expected, exercise)


def _is_given(expected: Expectation, key: str) -> bool:
    return bool(getattr(expected, key) != Expectation.__dataclass_fields__[key].default)


def _blocks(blocks: tuple[Expected, ...]) -> Iterator[_Problem]:
    seen: set[str] = set()
    for i, block in enumerate(blocks):
        key = f"exercises[{i}]"
        if block.exercise not in exercises.names():
            told = unknown(block.exercise, exercises.names())
            yield f"{key}.exercise", f"{quoted(block.exercise)} {told}, which are all that can be recognised"
            return
        if block.exercise in seen:
            yield f"{key}.exercise", f"{quoted(block.exercise)} is there already: give each exercise once"
        seen.add(block.exercise)
        for inner, wrong in _of_exercise(block, exercises.get(block.exercise)):
            yield f"{key}.{inner}", wrong


def _of_exercise(expected: Expected, exercise: Exercise) -> Iterator[_Problem]:
    if expected.repetitions is not None:
        yield from _of_repetitions(expected.repetitions, exercise)
    for i, hold in enumerate(expected.holds or ()):
        yield from ((f"holds[{i}]{key}", wrong) for key, wrong in _of_hold(hold, exercise))
    faults = dict.fromkeys(fault.name for fault in exercise.faults)
    yield from _names("faults", expected, faults)
    yield from _names("view", expected, exercise.views)
    if expected.score is not None:
        yield from _of_score(expected.score)


def _of_repetitions(expected: RepetitionsExpected, exercise: Exercise) -> Iterator[_Problem]:
    for kind in _KINDS:
        key, count = f"repetitions.{kind}", getattr(expected, kind)
        if count is None:
            continue
        if wrong := _of_number(count):
            yield key, wrong
        elif exercise.holding is not None and not count.allows(0):
            yield key, f"{_LEFT_OUT}: {exercise.name} is held, not repeated; say [[holds]]"


def _of_number(count: Number) -> str:
    numbers = [one for one in (count.exact, count.min, count.max) if one is not None]
    if not numbers:
        return "must be a whole number, or have min or max"
    if min(numbers) < 0:
        return f"must be 0 or more, not {min(numbers)}"
    if count.exact is not None and len(numbers) > 1:
        return "must have either exact, or min and max"
    if count.min is not None and count.max is not None and count.min > count.max:
        return "must have a min that is not over its max"
    return ""


def _of_hold(hold: HoldExpected, exercise: Exercise) -> Iterator[_Problem]:
    holding = exercise.holding
    if holding is None:
        yield "", f"{_LEFT_OUT}: {exercise.name} is counted in repetitions; say [repetitions]"
        return
    for name in ("held_s", "in_form_s", "start_s", "tolerance_s"):
        value = getattr(hold, name)
        if value is not None and not 0.0 <= value < math.inf:
            yield f".{name}", f"must be 0 or more, not {value:g}"
    variants = dict.fromkeys(variant.name for variant in holding.variants if variant.name != variant.side)
    if hold.variant is not None and not variants:
        yield ".variant", f"{_LEFT_OUT}: {exercise.name} has no variants"
    elif hold.variant is not None and hold.variant not in variants:
        yield ".variant", f"{quoted(hold.variant)} {unknown(hold.variant, variants)}"
    if hold.side is not None and not holding.sides:
        yield ".side", f"{_LEFT_OUT}: {exercise.name} has no sides"


def _names(key: str, expected: Expected, known: Any) -> Iterator[_Problem]:
    """What is wrong with the names that must, or must not, be found."""
    known = known if isinstance(known, dict) else sorted(known)
    wanted = getattr(expected, key)
    for list_key in (key, f"no_{key}"):
        for i, name in enumerate(getattr(expected, list_key)):
            if name not in known:
                yield f"{list_key}[{i}]", f"{quoted(name)} {unknown(name, known)}"
            elif list_key != key and name in wanted:
                yield f"{list_key}[{i}]", f"{quoted(name)} is in {key}, too: it cannot be both"


def _of_score(score: Range) -> Iterator[_Problem]:
    numbers = [one for one in (score.min, score.max) if one is not None]
    if not numbers:
        yield "score", "must have min or max"
    elif not all(0.0 <= one <= 100.0 for one in numbers):
        yield "score", "must have limits within 0 to 100"
    elif numbers[0] > numbers[-1]:
        yield "score", "must have a min that is not over its max"


# --- writing ---------------------------------------------------------------------------------


def as_text(result: AnalysisResult, exercise: str) -> str:
    """What was found in a clip as the text of an expectation, for people to check against the clip.

    Numbers are rounded; times and the score have a tolerance. `failures` finds nothing wrong with the same result.

    Args:
        result: What was found, not interrupted.
        exercise: What was looked for: a name, the path of its .toml file as seen from the expectation's file, or
            "auto".
    """
    lines = [_comment(f"Written by formcheck {__version__} from what it found; check it against the clip.")]
    lines.append(f"exercise = {_text(exercise)}")
    if result.exercise != AUTO:
        lines += _contents(result, "")
    elif not result.exercises:
        lines += ["exercises = []", *_view(result)]
    for block in result.exercises:
        lines += ["", "[[exercises]]", f"exercise = {_text(block.exercise)}", *_contents(block, "exercises.")]
    return "\n".join(lines) + "\n"


def _contents(result: AnalysisResult, before: str) -> list[str]:
    """The lines on one exercise, the tables of its holds last."""
    lines: list[str] = []
    still = not result.source.duration_s  # a photo has no repetitions or holds: nothing is to be said of them
    if not still and (result.reps or not result.holds):
        unclear = [rep for rep in result.reps if rep.outcome != "good"]
        lines += [_comment(f"{sentence(repetitions_told([rep], result))}.") for rep in unclear]
        counts = (f"{name} = {sum(rep.outcome == name for rep in result.reps)}" for name in OUTCOMES)
        lines.append(f"repetitions = {{{', '.join(counts)}}}")
    faults = set(known_faults(result)) - only_notes(result)
    lines += [f"faults = {_list(faults)}", "no_other_faults = true", *_view(result)]
    low = max(0, math.floor(result.score) - TOLERANCE_POINTS)
    high = min(100, math.ceil(result.score) + TOLERANCE_POINTS)
    lines.append(f"score = {{min = {low}, max = {high}}}")
    if not still and not result.reps and not result.holds:
        lines.append("holds = []")
    for hold in result.holds:
        lines += ["", f"[[{before}holds]]", *_hold_lines(hold)]
    return lines


def _hold_lines(hold: Hold) -> Iterator[str]:
    times = {"start_s": hold.start_s, "held_s": hold.end_s - hold.start_s, "in_form_s": hold.in_form_s}
    yield from (f"{name} = {max(0.0, round(value, 1))}" for name, value in times.items())
    yield from (f"{name} = {_text(one)}" for name in ("side", "variant") if (one := getattr(hold, name)) is not None)
    yield f"tolerance_s = {TOLERANCE_S:g}"


def _view(result: AnalysisResult) -> list[str]:
    return [f"view = {_list({problem.name for problem in result.view_problems})}", "no_other_view = true"]


def _list(names: set[str]) -> str:
    return f"[{', '.join(_text(name) for name in sorted(names))}]"


def _text(text: str) -> str:
    # JSON's escapes are TOML's, which asks for one more.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return f"# {''.join(letter if letter.isprintable() else ' ' for letter in text)}"

"""What the coach says, in the person's language: one file for each under `languages/`.

The exercises declare their cues in English. A text is found in another language by the English one, so that an exercise
of one's own that is made from a built-in one speaks the language as far as its cues were kept, and else its own words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.coach.model import Routine
from formcheck.errors import LanguageError
from formcheck.exercises.declaration import Exercise

ORIGINAL = "en"  # the language of the declarations
_FOLDER = Path(__file__).with_name("languages")
_CUE_TABLES = ("cues", "switch", "break")


@dataclass(frozen=True, slots=True)
class VoiceNames:
    """How speech programs call the language.

    Attributes:
        espeak: Of espeak-ng.
        macos: Names of macOS voices, best first.
    """

    espeak: str
    macos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """All that is said in one language.

    Attributes:
        code: Such as "en".
        name: In itself, such as "Deutsch".
        voice: How speech programs call it.
        phrases: The coach's own phrases by key, each with the forms that take turns.
        view: What to do about a view problem, by its name.
        cues: By exercise: of each English cue, what is said.
        texts: By table and name, the English text and what is said: "titles", "asked" and "camera" of exercises,
            "routines" (their titles).
        starts: By exercise: how to begin it.
    """

    code: str
    name: str
    voice: VoiceNames
    phrases: Mapping[str, tuple[str, ...]]
    view: Mapping[str, str]
    cues: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, Mapping[str, tuple[str, str]]]
    starts: Mapping[str, str]

    def phrase(self, key: str, /, **numbers: object) -> str:
        """The phrase of this key with its numbers in it; of one that has several forms, the first.

        Raises:
            KeyError: There is no such phrase, or one of its numbers is not given.
        """
        return self.phrase_forms(key, **numbers)[0]

    def phrase_forms(self, key: str, /, **numbers: object) -> tuple[str, ...]:
        """All forms of a phrase, to be said in turn.

        Raises:
            KeyError: As `phrase`.
        """
        plain = {name: f"{value:g}" if isinstance(value, float) else value for name, value in numbers.items()}
        return tuple(form.format_map(plain) for form in self.phrases[key])

    def cue(self, exercise: Exercise, cue: str) -> str:
        """An exercise's cue, as `Status.cue` has it, in this language; one that is not known as it stands."""
        own = self.cues.get(exercise.name, {})
        if cue in own:
            return own[cue]
        return next((known[cue] for known in self.cues.values() if cue in known), cue)

    def advice(self, name: str, /) -> str:
        """What to do about a view problem, one sentence.

        Raises:
            KeyError: There is no view problem of this name.
        """
        return self.view[name]

    def title(self, exercise: Exercise, /) -> str:
        """The exercise's title."""
        return self._text("titles", exercise.name, exercise.title)

    def routine(self, routine: Routine, /) -> str:
        """The routine's title; of one that is not known as it stands, its own."""
        return self._text("routines", routine.name, routine.title)

    def asked(self, exercise: Exercise, /) -> str:
        """What the exercise is, one sentence."""
        return self._text("asked", exercise.name, exercise.asked)

    def camera(self, exercise: Exercise, /) -> str:
        """How to place the camera, one sentence."""
        return self._text("camera", exercise.name, exercise.camera)

    def start(self, exercise: Exercise, /) -> str:
        """How to begin the exercise; of one that is not known, what it asks."""
        known = self.texts["asked"].get(exercise.name, ("", ""))[0] == exercise.asked
        return self.starts.get(exercise.name, exercise.asked) if known else exercise.asked

    def _text(self, table: str, name: str, own: str) -> str:
        english, text = self.texts[table].get(name, ("", own))
        return text if english == own else own


def languages() -> tuple[str, ...]:
    """Codes of all languages that there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load_language(code: str) -> Language:
    """The language of a code such as "de"; "de_AT" and "de-DE" mean "de".

    Raises:
        LanguageError: There is none.
    """
    wanted = code.replace("_", "-").split("-")[0].strip().lower()
    if wanted not in languages():
        raise LanguageError(f"There is no language {code[:20]!r}; choose one of {', '.join(languages())}.")
    original, own = _read(ORIGINAL), _read(wanted)
    cues = {name: dict(_pairs(original, own, name)) for name in original["titles"]}
    texts = {
        table: {name: (english, own[table][name]) for name, english in original[table].items()}
        for table in ("titles", "routines", "asked", "camera")
    }
    voice = VoiceNames(own["voice"]["espeak"], tuple(own["voice"]["macos"]))
    phrases = {key: _forms(text) for key, text in own["phrases"].items()}
    return Language(wanted, own["name"], voice, phrases, own["advice"], cues, texts, own["start"])


def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))


def _forms(text: str | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _pairs(original: Mapping[str, Any], own: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """English and own text of everything that is said in an exercise."""
    for english, text in zip(_said(original, name), _said(own, name), strict=True):
        yield from zip(english, text, strict=True)


def _said(texts: Mapping[str, Any], name: str) -> Iterable[tuple[str, ...]]:
    faults, *single = (texts[table].get(name, {}) for table in _CUE_TABLES)
    yield from (_forms(faults[key]) for key in sorted(faults))
    yield from (_forms(text) for text in single if text)

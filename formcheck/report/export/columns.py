"""The columns of the tables, with unit and meaning; docs/export.md says the same, and a test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

from formcheck.exercises.declaration import Part

Kind: TypeAlias = Literal["text", "whole", "number"]
Row: TypeAlias = dict[str, object]


class Rows(Protocol):
    """Rows that are gone through, one after the other."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __iter__(self) -> Iterator[Row]:
        """Each of them."""
        ...


# How finely a number can be believed, in decimals, by unit; others have three.
_DIGITS = {"s": 3, "deg": 1, "deg per s": 1, "points": 1, "cm": 1, "in": 2}


def digits(unit: str) -> int:
    """To how many decimals numbers of a unit are told."""
    return _DIGITS.get(unit, 3)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: With the unit at its end, where it is a measure.
        unit: "" where it has none.
        meaning: For people.
        kind: What its cells hold.
    """

    name: str
    unit: str
    meaning: str
    kind: Kind = "text"

    @property
    def digits(self) -> int:
        """To how many decimals its numbers are told."""
        return digits(self.unit)


@dataclass(frozen=True, slots=True)
class Table:
    """One file.

    Attributes:
        name: Of the file, without its ending.
        columns: In order.
        rows: Value by the column's name; absent, None or NaN is unknown.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Rows


def _s(name: str, meaning: str) -> Column:
    return Column(name, "s", meaning, "number")


def _score(part: Part) -> tuple[Column, Column]:
    return (
        Column(f"score_{part}", "points", f"points for {part}", "number"),
        Column(f"score_{part}_of", "points", f"the most that {part} gives in this exercise", "number"),
    )


WHOSE = (
    Column("clip", "", "file name of the clip"),
    Column("exercise", "", "name of the exercise"),
    Column("set", "", "number of the exercise in the clip, from 1; more than 1 only where it was recognised", "whole"),
)
REPETITIONS = (
    *WHOSE,
    Column("index", "", "number of the repetition in the set, from 1", "whole"),
    _s("start_s", "beginning of the movement, from the beginning of the clip"),
    _s("top_s", "arrival at the top; in a cycle, at its first end"),
    _s("end_s", "back at the start"),
    Column("outcome", "", "good; faulty (counted, with faults); attempt or unfinished (not counted)"),
    Column("reason", "", "why it does not count"),
    Column("score", "points", "0-100, the sum of the four parts", "number"),
    *(column for part in get_args(Part) for column in _score(part)),
    Column("faults", "", "names of the faults of form, with spaces between"),
    Column("notes", "", "names of what is short of the dose and no fault of form, with spaces between"),
)
HOLDS = (
    *WHOSE,
    Column("index", "", "number of the hold in the set, from 1", "whole"),
    _s("start_s", "arrival in the position, from the beginning of the clip"),
    _s("end_s", "beginning of leaving it"),
    _s("in_position_s", "seconds in the position"),
    _s("in_form_s", "of these, seconds without a fault and credibly seen"),
    _s("longest_s", "the longest unbroken such stretch"),
    Column("side", "", "side worked on, left or right, where the exercise has sides"),
    Column("variant", "", "which form of the exercise it was, where it has several"),
    Column("faults", "", "names of the faults in it, with spaces between"),
)
FAULTS = (
    *WHOSE,
    Column("fault", "", "name of the fault"),
    _s("start_s", "when its limit was first passed, from the beginning of the clip"),
    _s("end_s", "when it was last passed"),
    Column("worst", "as in the column unit", "the measure's worst value in the stretch", "number"),
    Column("unit", "", "unit of the worst value"),
    Column("worst_cm", "cm", "a worst value in trunk lengths, where the person's height is known", "number"),
    Column("worst_in", "in", "the same in inches", "number"),
    Column("joint", "", "the joint it concerns"),
    Column("cue", "", "what to do about it"),
)
MEASURES = (
    *WHOSE,
    _s("time_s", "time of the frame, from the beginning of the clip"),
    Column("side", "", "the person's side that faces the camera, left or right"),
    Column("view", "", "names of what is wrong with the camera's view, with spaces between"),
    Column("phase", "", "waiting (start position not yet held), rest, moving, top, hold, paused, or unknown"),
    Column("main", "as in the column main_unit", "the exercise's main measure, as judged", "number"),
    Column("main_unit", "", "unit of the main measure"),
)
FIXED = {"repetitions": REPETITIONS, "holds": HOLDS, "faults": FAULTS, "measures": MEASURES}

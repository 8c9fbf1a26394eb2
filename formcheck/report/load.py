"""A result.json read again, strictly: what `formcheck analyze` wrote, as the same typed result."""

from __future__ import annotations

import json
import math
import os
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, NoReturn, get_args, get_origin, get_type_hints

from formcheck.errors import InputError
from formcheck.report.result import AnalysisResult

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RESULT = "result.json"
LARGEST_BYTES = 64 * 1024 * 1024  # a working day of sitting has under one; more is no result
_REPEATED = ("formcheck", "source", "interrupted", "warnings")  # of a whole clip, also known to each of its exercises


def result_file(path: Path) -> Path:
    """The result.json that is meant: the file itself, or the one in the folder of an analysis."""
    return path / RESULT if os.path.isdir(path) else path  # noqa: PTH112 - no error for a name that is too long


def load_result(path: Path) -> AnalysisResult:
    """Read a result.

    Args:
        path: A result.json, or the folder of an analysis.

    Returns:
        The result. Numbers are as rounded in the file; unknown ones are NaN; fields of a later release are left out.

    Raises:
        InputError: There is none, it is damaged, or it is something else.
    """
    file = result_file(path)
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            f"There is no {file}: give a result.json or the folder of an analysis, as 'formcheck analyze' writes them."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such file"
        raise InputError(f"{path} cannot be read: {reason[:1].lower()}{reason[1:]}.") from None
    if len(content) > LARGEST_BYTES:
        _refuse(file, "it is too big")
    return parse_result(content, file)


def parse_result(content: bytes, name: Path) -> AnalysisResult:
    """What the bytes of a result.json say.

    Raises:
        InputError: They are damaged or something else; the message calls the file by `name`.
    """
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):  # not UTF-8, no JSON, infinite numbers, lists in lists in lists
        _refuse(name, "it is no whole JSON")
    if not isinstance(data, dict) or "formcheck" not in data or "exercise" not in data:
        _refuse(name, "it is something else")
    return _validated(_arranged(data), name)


def _refuse(name: Path, what: str) -> NoReturn:
    raise InputError(f"{name} is no result.json of formcheck, or is damaged ({what}): analyse the clip again.")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _arranged(data: dict[str, Any]) -> dict[str, Any]:
    """The file's fields as those of `AnalysisResult`."""
    view = data.get("view", {"problems": []})  # not told of a clip in which exercises were recognised
    problems = view.get("problems") if isinstance(view, dict) else view
    told: dict[str, Any] = {"side": None} | data | {"view_problems": problems}
    if data["exercise"] != "auto":
        return told
    empty: dict[str, Any] = dict.fromkeys(("reps", "holds", "faults"), ()) | {"in_form_s": 0.0, "score": 0.0}
    repeated = {key: data[key] for key in _REPEATED if key in data}
    blocks = data.get("exercises")
    if isinstance(blocks, list):
        blocks = [_arranged(repeated | block) if _is_block(block) else block for block in blocks]
    spans = data.get("unknown")
    if isinstance(spans, list):
        spans = [(span.get("start_s"), span.get("end_s")) if isinstance(span, dict) else span for span in spans]
    return told | empty | {"exercises": blocks, "unknown": spans}


def _is_block(block: object) -> bool:
    return isinstance(block, dict) and block.get("exercise") not in (None, "auto")


def _validated(data: dict[str, Any], name: Path) -> AnalysisResult:
    from pydantic import ValidationError  # noqa: PLC0415 - slow, and needed for files only
    from pydantic_core import to_json  # noqa: PLC0415

    try:
        # By way of JSON: there the strict rules still let a list stand for a tuple.
        content = to_json(_known(AnalysisResult, data), inf_nan_mode="constants")
        return _adapter().validate_json(content, strict=True)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors(include_url=False)[0]["loc"])
        _refuse(name, f"at {_printable(place)[:60]}")


def _known(kind: Any, value: object) -> object:
    """A value of the file for a place of this type: null where only a number can stand is NaN.

    Letters that no file can hold, from file names that are not Unicode, become question marks.
    """
    if value is None and kind is float:
        return math.nan
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    inner = [one for one in get_args(kind) if one is not NoneType]
    if isinstance(value, dict):
        return _known_table(kind, inner, value)
    if isinstance(value, list | tuple) and get_origin(kind) is tuple and inner:
        return [_known(inner[0], item) for item in value]
    return value


def _known_table(kind: Any, inner: list[Any], table: dict[Any, object]) -> dict[str, object]:
    if isinstance(kind, type) and is_dataclass(kind):
        types = _types(kind)
        return {key: _known(types[key], item) for key, item in table.items() if key in types}
    if get_origin(kind) is dict:
        return {str(_known(str, key)): _known(inner[1], item) for key, item in table.items()}
    return _known_table(inner[0], [], table) if len(inner) == 1 else {str(key): item for key, item in table.items()}


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@cache
def _adapter() -> TypeAdapter[AnalysisResult]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(AnalysisResult)

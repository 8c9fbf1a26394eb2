"""The option --stride of the commands that read recorded clips."""

from __future__ import annotations

from typing import Literal

import typer

STRIDE_HELP = "Look at one picture of so many; auto leaves out every second one of 50 or 60 fps."


def parse_stride(text: str) -> int | Literal["auto"]:
    """What was given with --stride.

    Raises:
        typer.BadParameter: It is neither "auto" nor a whole number from 1 on.
    """
    if text == "auto":
        return "auto"
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"{text} is neither auto nor a whole number from 1 on.", param_hint="'--stride'")
    return int(text)

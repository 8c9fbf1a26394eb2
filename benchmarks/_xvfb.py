"""A display without a screen, for the benchmark and the tests of windows."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = ("Xvfb", "openbox")
# Bare windows in the corner, so that a place in a window is the same place on the display.
_BARE = """<openbox_config xmlns="http://openbox.org/3.4/rc"><applications><application class="*">
<decor>no</decor><position force="yes"><x>0</x><y>0</y></position>
</application></applications></openbox_config>"""
_READY_S = 20.0


@contextmanager
def virtual_display(width: int, height: int) -> Iterator[str]:
    """A display of so many pixels, with a window manager, for as long as the block lasts.

    Without the manager one window in ten stays black: its toolkit misses that it was mapped.

    Yields:
        What the environment variable DISPLAY must be.

    Raises:
        RuntimeError: It does not start.
    """
    ready, told = os.pipe()
    screen = f"{width}x{height}x24"
    # Without -noreset the server starts anew whenever its last client leaves, and refuses whoever comes meanwhile.
    words = ["Xvfb", "-displayfd", str(told), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    with ExitStack() as stack:
        stack.enter_context(_background(words, pass_fds=(told,)))
        os.close(told)
        with os.fdopen(ready) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        config = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "rc.xml"
        config.write_text(_BARE, encoding="utf-8")
        ran = config.with_name("ran")  # it runs its start-up command once it manages windows
        manager = ["openbox", "--config-file", str(config), "--startup", f"touch {ran}"]
        stack.enter_context(_background(manager, env={**os.environ, "DISPLAY": f":{number}"}))
        end_s = time.monotonic() + _READY_S
        while not ran.exists():
            if time.monotonic() > end_s:
                raise RuntimeError("openbox did not start")
            time.sleep(0.02)
        yield f":{number}"


@contextmanager
def _background(words: Sequence[str], **how: Any) -> Iterator[None]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)

"""Pages in a real headless Chromium, for tests; they skip where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1100, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1100, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 390, "height": 800}},
}


@contextmanager
def looked_at(path: Path, look: str = "light") -> Iterator[tuple[Any, list[str]]]:
    """A page file, open: the page, and what went wrong so far (console errors, dialogs, requests that leave it)."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(**LOOKS[look]).new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: None if request.url == path.as_uri() else wrong.append(request.url))
        page.goto(path.as_uri())
        try:
            yield page, wrong
        finally:
            browser.close()


def nameless(page: Any) -> list[str]:
    """What a screen reader has no name for, and headings that leave a level out."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('button, img, .chart, [role]')]"
        ".filter(e => !(e.ariaLabel || e.alt || e.textContent.trim())).map(e => e.outerHTML.slice(0, 80))"
    )
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    return found + [f"h{after} after h{before}" for before, after in pairwise([0, *levels]) if after > before + 1]

"""Reports in a real browser: nothing leaves them, the chart draws, a click makes the video jump, they print."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import samples

from formcheck import analyze
from formcheck.exercises import as_file

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here (Debian: apt-get install chromium)"),
]


@dataclass
class Tab:
    """A page in the browser with all that went wrong in it, and every request it made."""

    page: Any
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Tab:
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("dialog", lambda dialog: self.told.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".chart svg path", state="attached")
        return self

    def when(self, condition: str, value: str = "0") -> Any:
        """A value once a condition is true. The page lets no text be run as a script, so that it is asked for here."""
        wait = f"const look = () => {condition} ? done({value}) : setTimeout(look, 20); look()"
        return self.page.evaluate(f"new Promise(done => {{ const video = document.querySelector('video'); {wait} }})")

    @property
    def seconds(self) -> float:
        """Where the video is, once it has got there."""
        return self.when("!video.seeking", "video.currentTime")

    def ready(self) -> Tab:
        self.when("video.readyState >= 1")
        return self


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Tab]:
    context = browser.new_context(**getattr(request, "param", {}))
    yield Tab(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that an analysis of a sample clip writes."""
    folder = tmp_path_factory.mktemp("report")
    analyze(samples.clip("bridge_faulty"), "bridge", out=folder, report=True, save_poses=True)
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Path:
    return folder / "report.html"


def test_nothing_leaves_it_and_nothing_is_wrong(tab: Tab, report: Path):
    tab.open(report).ready()
    assert tab.told == []
    assert tab.asked[0] == report.as_uri()
    assert {url for url in tab.asked if not url.startswith("data:")} == {
        report.as_uri(),
        (report.parent / "annotated.mp4").as_uri(),
    }
    assert report.stat().st_size < 6_000_000


def test_even_a_script_that_got_in_could_ask_nobody(tab: Tab, report: Path):
    tab.open(report)
    failed = tab.page.evaluate("fetch('https://example.org/').then(() => false, () => true)")
    assert failed
    tab.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.in = 1'}))")
    assert tab.page.evaluate("window.in") is None


def test_the_chart_shows_curve_repetitions_and_faults(tab: Tab, report: Path):
    tab.open(report)
    texts = tab.page.locator(".chart svg text").all_text_contents()
    assert {"1", "2", "3", "4", "target", "hips low", "hips overarched", "lowered fast", "0:10"} <= set(texts)
    assert "NaN" not in "".join(texts)


@pytest.mark.parametrize("key", ["Enter", "Space", None])
def test_a_repetition_makes_the_video_jump_there(tab: Tab, report: Path, key: str | None):
    tab.open(report).ready()
    button = tab.page.get_by_role("button", name="Show repetition 3 at")
    if key is None:
        button.click()
    else:
        button.focus()
        tab.page.keyboard.press(key)
    assert tab.seconds == pytest.approx(16.8, abs=0.1)


def test_every_fault_and_picture_jumps(tab: Tab, report: Path):
    tab.open(report).ready()
    for button in tab.page.locator("button.jump").all():
        button.click()
        assert tab.seconds == pytest.approx(float(button.get_attribute("data-seek")), abs=0.1)


def test_a_click_in_the_chart_makes_the_video_jump(tab: Tab, report: Path):
    tab.open(report).ready()
    box = tab.page.locator(".chart").bounding_box()
    left, right = 52, box["width"] - 16
    for share in (0.25, 0.75):
        tab.page.locator(".chart").click(position={"x": left + share * (right - left), "y": 300})
        assert tab.seconds == pytest.approx(share * 31.9, abs=0.3)


def test_a_click_on_a_mark_in_the_chart_jumps_to_its_beginning(tab: Tab, report: Path):
    tab.open(report).ready()
    number = tab.page.locator(".chart svg text", has_text=re.compile("^3$"))
    number.scroll_into_view_if_needed()
    label = number.bounding_box()
    tab.page.mouse.click(label["x"] + label["width"] / 2, label["y"] + label["height"] + 8)
    assert tab.seconds == pytest.approx(16.83, abs=0.05)


def test_the_chart_zooms_and_moves(tab: Tab, report: Path):
    tab.open(report)

    def span() -> list[float]:
        return tab.page.evaluate(
            "(({startValue, endValue}) => [startValue, endValue])"
            "(echarts.getInstanceByDom(document.querySelector('.chart')).getOption().dataZoom[0])"
        )

    whole = span()
    tab.page.get_by_role("button", name="Zoom in").click()
    near = span()
    assert near[1] - near[0] < 0.7 * (whole[1] - whole[0])
    tab.page.get_by_role("button", name="Later").click()
    assert span()[0] > near[0]
    tab.page.get_by_role("button", name="All").click()
    assert span() == whole


@pytest.mark.parametrize("tab", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_light_and_dark_can_be_read(tab: Tab, report: Path, request: pytest.FixtureRequest):
    tab.open(report)
    dark = request.node.callspec.params["tab"]["color_scheme"] == "dark"
    page = _luminance(tab, "getComputedStyle(document.documentElement).backgroundColor")
    assert (page < 0.1) == dark
    for selector in (".verdict", ".soft", "button.jump", ".outcome.good", ".outcome.faulty", ".outcome.attempt"):
        text = _luminance(tab, f"getComputedStyle(document.querySelector('{selector}')).color")
        ground = _luminance(tab, f"ground(document.querySelector('{selector}'))")
        light, deep = max(text, ground), min(text, ground)
        assert (light + 0.05) / (deep + 0.05) >= 4.5, selector  # WCAG AA
    chart = _luminance(tab, "document.querySelector('.chart svg text').getAttribute('fill')")
    assert (chart > 0.5) == dark


def test_the_chart_follows_a_change_to_dark(tab: Tab, report: Path):
    tab.open(report)
    before = _luminance(tab, "document.querySelector('.chart svg text').getAttribute('fill')")
    tab.page.emulate_media(color_scheme="dark")
    tab.page.wait_for_timeout(200)
    assert before < 0.1 < _luminance(tab, "document.querySelector('.chart svg text').getAttribute('fill')")


@pytest.mark.parametrize("tab", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_a_phone_has_nothing_beyond_its_edge(tab: Tab, report: Path):
    tab.open(report)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert tab.page.evaluate("document.querySelector('.chart svg').getBoundingClientRect().right") <= 360


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_it_prints_on_a_few_light_pages(tab: Tab, report: Path, tmp_path: Path):
    tab.open(report)
    tab.page.evaluate("addEventListener('beforeprint', () => { window.printed = "
                      "getComputedStyle(document.documentElement).getPropertyValue('--text') })")  # fmt: skip
    data = tab.page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True, print_background=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 4
    assert b"/MediaBox [0 0 595" in data or b"/MediaBox [0 0 594" in data  # A4
    assert tab.page.evaluate("window.printed").strip() == "#1f2a30"
    assert not tab.page.evaluate("document.documentElement.classList.contains('printing')")


def test_everything_has_a_name_for_a_screen_reader(tab: Tab, report: Path):
    tab.open(report)
    nameless = tab.page.evaluate(
        "[...document.querySelectorAll('button, img, video, .chart, [role]')]"
        ".filter(e => !(e.ariaLabel || e.alt || e.textContent.trim())).length"
    )
    assert nameless == 0
    assert tab.page.evaluate("document.documentElement.lang") == "en"
    levels = tab.page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_pictures_show_the_measured_line(tab: Tab, report: Path):
    tab.open(report)
    sizes = tab.page.evaluate(
        "[...document.querySelectorAll('.strip img')].map(e => [e.naturalWidth, e.naturalHeight])"
    )
    assert len(sizes) == 4
    assert all(width == 560 and height == 420 for width, height in sizes)


def test_names_that_are_scripts_do_nothing(tab: Tab, folder: Path, tmp_path: Path):
    """A recording's name and an exercise's title are the two texts that come from elsewhere."""
    poses = tmp_path / "<script>alert(1)<!--<img src=x onerror=alert(2)>.npz"
    shutil.copy(folder / "poses.npz", poses)
    mine = tmp_path / "mine.toml"
    title = 'title = "</script><script>alert(3)</script>"'
    mine.write_text(re.sub(r"^title = .*$", title, as_file("bridge"), flags=re.MULTILINE), encoding="utf-8")
    analyze(poses, mine, out=tmp_path / "out", report=True)
    tab.open(tmp_path / "out" / "report.html")
    assert tab.told == []
    assert tab.page.locator("h1").text_content() == "</script><script>alert(3)</script>"
    assert poses.name in tab.page.locator(".facts").text_content()
    assert tab.page.locator("video, img, button.jump").count() == 0  # no picture was there


def test_a_recording_shows_no_picture_of_an_earlier_analysis(folder: Path, tmp_path: Path):
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    analyze(out / "poses.npz", "bridge", out=out, report=True)
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "<video" not in html
    assert "data:image/jpeg" not in html


def test_a_video_in_the_page_needs_no_file_beside_it(tab: Tab, short_clip: Path, tmp_path: Path):
    analyze(short_clip, "bridge", out=tmp_path / "out", report=True, embed_video=True)
    alone = shutil.copy(tmp_path / "out" / "report.html", tmp_path / "alone.html")
    tab.open(Path(alone)).ready()
    assert tab.told == []
    assert tab.page.evaluate("document.querySelector('video').duration") == pytest.approx(2.0, abs=0.1)
    assert base64.b64encode((tmp_path / "out" / "annotated.mp4").read_bytes()).decode() in Path(alone).read_text()


def test_a_video_that_is_not_there_is_told(tab: Tab, report: Path, tmp_path: Path):
    tab.open(Path(shutil.copy(report, tmp_path / "report.html")))
    tab.page.wait_for_selector(".missing:visible")
    assert "annotated.mp4" in tab.page.locator(".missing").text_content()


GROUND = """
window.ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
  }
};
window.luminance = (colour) => {
  const context = document.createElement('canvas').getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
"""


def _luminance(tab: Tab, colour: str) -> float:
    """The relative luminance (WCAG) of a colour that a script finds."""
    tab.page.evaluate(GROUND)
    return tab.page.evaluate(f"luminance({colour})")

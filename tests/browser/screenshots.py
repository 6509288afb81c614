"""`make screenshots`: the main views at two sizes, light and dark, as small WebP files in docs/screenshots/."""

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import DESK, PHONE, Visitor, launch, serving
from whosaid.settings import ROOT

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"desk": DESK, "phone": PHONE}
POST = (
    "Hi all! Dr. Liptan says “side effects are minimal when the dosage is increased quickly”. She also said “most "
    "people have to take it indefinitely”. And LDN cures cancer, she says."
)
QUALITY = 72  # WebP: text stays sharp


def _ask(visitor: Visitor, question: str) -> None:
    visitor.go()
    visitor.ask(question)


def _first(visitor: Visitor) -> None:
    visitor.go()
    visitor.page.get_by_text("The language model is loading").wait_for(state="detached", timeout=60_000)


def _answer(visitor: Visitor) -> None:
    _ask(visitor, "What dose of LDN does Dr. Liptan start with?")


def _caution(visitor: Visitor) -> None:
    _ask(visitor, "Can I take Norco with LDN?")


def _article(visitor: Visitor) -> None:
    _ask(visitor, "How long until LDN helps?")
    visitor.show(0)


def _check(visitor: Visitor) -> None:
    visitor.go("/check")
    visitor.page.get_by_label("Quote or post").fill(POST)
    visitor.page.get_by_role("button", name="Check", exact=True).click()
    visitor.page.locator(".ws-post").evaluate("post => post.scrollIntoView({ block: 'center' })")


def _statements(visitor: Visitor) -> None:
    visitor.go("/statements?speaker=Ginevra+Liptan")


VIEWS: Mapping[str, Callable[[Visitor], None]] = {
    "ask": _first,
    "answer": _answer,
    "caution": _caution,
    "article": _article,
    "check": _check,
    "statements": _statements,
}


def main() -> None:
    """Take every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with serving(Path(folder) / "server.log", script=ROOT / "app.py", environment={}) as server:
            for device, size in SIZES.items():
                for name, show in VIEWS.items():
                    visitor = Visitor(browser, size, server.host)
                    show(visitor)
                    for theme in ("light", "dark"):
                        visitor.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                        visitor.settle()
                        visitor.page.wait_for_timeout(1500)  # an answer comes to rest, and colours fade over
                        picture = Image.open(io.BytesIO(visitor.page.screenshot()))
                        picture.save(FOLDER / f"{name}-{device}-{theme}.webp", quality=QUALITY, method=6)
                    visitor.context.close()
        browser.close()
    files = sorted(FOLDER.glob("*.webp"))
    print(f"{len(files)} pictures, {sum(file.stat().st_size for file in files) / 1000:.0f} kB in {FOLDER}")


if __name__ == "__main__":
    main()

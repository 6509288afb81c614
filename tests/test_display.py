"""The colours of the pages: each passes WCAG AA on each theme, before a browser looks at them."""

import re
import tomllib

import pytest

from ui.display import CALM
from whosaid.settings import ROOT

CONFIGURED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
TOKENS = re.findall(
    r"--ws-(\w[\w-]*): light-dark\((#\w+), (#\w+)\)", (ROOT / "ui" / "page.css").read_text(encoding="utf-8")
)
SHAPES = {"line"}  # tells no words: 3 to 1 is enough (1.4.11)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_is_what_wcag_says() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("theme", "place"), [(CONFIGURED["light"], 0), (CONFIGURED["dark"], 1), (CALM, 0)], ids=["light", "dark", "calm"]
)
def test_every_colour_can_be_told_from_every_background(theme: dict[str, str], place: int) -> None:
    tokens = {name: colours[place] for name, *colours in TOKENS}
    on_colour = tokens.pop("on-colour")
    assert len(tokens) >= 8
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        for name, colour in tokens.items():
            needed = 3.0 if name in SHAPES else 4.5
            assert contrast(colour, background) >= needed, (name, colour, background)
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["linkColor"], background) >= 4.5
    for name, colour in tokens.items():
        assert name in SHAPES or contrast(on_colour, colour) >= 4.5, name


def test_calm_is_softer_than_light() -> None:
    calm, light = (contrast(theme["textColor"], theme["backgroundColor"]) for theme in (CALM, CONFIGURED["light"]))
    assert 7 <= calm < 10 < light

"""Opposites: taken on the whole, or of one thing."""

import pytest

from whosaid.sense import opposed
from whosaid.tokens import tokenize


@pytest.mark.parametrize(
    ("claim", "source", "count"),
    [
        ("she slowly cuts the dose", "she slowly increases the dose", 1),
        ("more benefit from higher doses", "high doses brought more benefit, lower doses too", 1),
        ("lower doses did it", "high doses did it, then lower doses did it", 0),
        ("high doses did it, not lower doses", "high doses did it", 0),
        ("more of it did good", "less of it did good, and more was better", 0),
        ("taken at night", "taken at night", 0),
    ],
)
def test_opposites_are_counted_on_the_whole_and_of_one_thing(claim: str, source: str, count: int) -> None:
    assert opposed(tokenize(claim), tokenize(source)) == count

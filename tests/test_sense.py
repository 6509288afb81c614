"""Opposites, taken on the whole or of one thing, and things set against each other the other way round."""

import pytest

from whosaid.sense import mispaired, opposed, turned_round
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
    assert len(opposed(tokenize(claim), tokenize(source))) == count


@pytest.mark.parametrize(
    ("claim", "source", "turned"),
    [
        (
            "cocoa rather than coffee",
            "coffee instead of cocoa",
            ("cocoa rather than coffee", "coffee instead of cocoa"),
        ),
        ("cocoa instead of coffee", "she drinks cocoa rather than any coffee", None),
        ("more tea than before", "less tea than before", None),
        ("cocoa and coffee", "coffee instead of cocoa", None),
        ("cocoa instead of", "coffee instead of cocoa", None),
    ],
)
def test_two_things_turned_round_are_found_where_they_are(
    claim: str, source: str, turned: tuple[str, str] | None
) -> None:
    theirs, ours = tokenize(claim), tokenize(source)
    found = turned_round(theirs, ours)
    extents = zip((claim, source), (theirs, ours), found or (), strict=False)
    words = tuple(text[tokens[first].start : tokens[last].end] for text, tokens, (first, last) in extents)
    assert words == (turned or ())


SOME = "About 2/3rd’s of her patients benefit; most receive 30-40% reductions in pain, some get 60% reductions"


@pytest.mark.parametrize(
    ("claim", "is_so"),
    [
        ("most of her patients get a 60% reduction in pain", True),
        ("about two thirds of her patients get a 60% reduction", True),
        ("about 60% of her patients got relief", True),
        ("a third of her patients get 30% less pain", True),
        ("half of her patients benefit", True),
        ("66% of her patients benefit", False),
        ("the majority have 30 to 40% less pain and some have 60% less", False),
        ("a third of patients do not benefit", False),  # the rest of two thirds
        ("some get 60% less pain", False),
        ("half a year later, one and a half pills", False),
    ],
)
def test_a_share_of_something_else_or_of_other_people_is_told(claim: str, is_so: bool) -> None:
    assert mispaired(tokenize(claim), tokenize(SOME)) == is_so


def test_a_dose_without_its_unit_is_no_share() -> None:
    assert not mispaired(tokenize("at 0.5 or lower it may help pain"), tokenize("at .5 mgs or less"))

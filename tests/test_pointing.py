"""Which turns point at what was said before them, and which have in themselves what their "it" and "those" mean."""

import pytest

from whosaid.pointing import content_words, points_outside


@pytest.mark.parametrize(
    ("turn", "named"),
    [
        ("does it help", []),
        ("are those bad for me", []),
        ("ok. are those bad for me", []),  # nothing was told before
        ("I take tramadol, is that fine", ["tramadol"]),  # with what?
        ("the clinic puts me on LDN, will they undo it all", ["LDN"]),
        ("would the other one be better", []),
        ("it makes me dizzy. Does naltrexone do that?", ["naltrexone"]),  # named too late
    ],
)
def test_points_at_what_was_said_before_it(turn: str, named: list[str]) -> None:
    assert points_outside(turn, named)


@pytest.mark.parametrize(
    ("turn", "named"),
    [
        ("I get bad headaches from the capsules. Do those stop?", []),
        ("My aunt eats no bread and no cheese. Does your doctor hold with that?", []),
        ("the chemist sent yellow tablets, no white ones", []),
        ("does naltrexone keep people up when they take it late", ["naltrexone"]),
        ("is ULDN a pill or is it all drops", ["ULDN"]),
        ("how do I delete this chat", []),
        ("it surprised me that nobody asks about sleep", ["it"]),
        ("is it true that yeast likes sugar", []),
    ],
)
def test_points_at_what_the_turn_itself_says(turn: str, named: list[str]) -> None:
    assert not points_outside(turn, named)


def test_that_may_be_the_thing_named_before_it() -> None:
    turn = "ULDN, how much is that"
    assert points_outside(turn, ["ULDN"])
    assert not points_outside(turn, ["ULDN"], may_be_demonstrative=True)


def test_thanks_and_grammar_are_no_content() -> None:
    assert content_words("Thanks, but what does she say of Vitamin B12?") == ["say", "vitamin", "b12"]

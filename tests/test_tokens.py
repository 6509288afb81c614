import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosaid.tokens import GAP, tokenize


def forms(text: str) -> list[str]:
    return [token.form for token in tokenize(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 mg", "1.5 mgs"),
        ("1.5 milligrams", "1500 mcg"),
        ("1.5mg", "1½ mg"),
        (".5 mgs", "0.5 mg"),
        ("0.5 mg", "500 µg"),
        ("2/3rd’s", "two thirds"),
        ("2/3rds", "⅔"),
        ("six hours", "6 hours"),
        ("one in three", "1/3"),
        ("two out of three", "2/3"),
        ("one in every five", "20%"),
        ("half a milligram", "0.5 mg"),
        ("half an hour", "30 minutes"),
        ("fourteen days", "two weeks"),
        ("30-40%", "30 to 40 percent"),
        ("10–500 mcg", "10 mcg to 500 mcg"),
        ("3-4 weeks", "three to four weeks"),
        ("3,000", "3000"),
        ("can’t", "cannot"),
        ("don't", "dont"),
        ("side-effects", "Side Effects"),
        ("in\u00adflam\u00admation", "inflammation"),
        ("ﬁsh", "fish"),
        ("оpіаtе", "opiate"),
        ("LDN [sic] helps", "LDN helps"),
        ("[T]he key", "the key"),
        ("a\u00a0b\u200b", "a b"),
    ],
)
def test_what_reads_the_same_compares_the_same(one: str, other: str) -> None:
    assert forms(one) == forms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 mg", "15 mg"),
        ("1.5 mg", "1.5 mcg"),
        ("3 days", "3 weeks"),
        ("can", "can't"),
        ("2/3", "3/2"),
        ("30%", "30"),
        ("not able", "notable"),
        ("month", "months"),
    ],
)
def test_what_does_not_read_the_same_compares_otherwise(one: str, other: str) -> None:
    assert forms(one) != forms(other)


def test_left_out_and_inserted_words_are_marked() -> None:
    tokens = tokenize("LDN … [the drug] can [...] help")
    assert [(t.form, t.inserted) for t in tokens] == [
        ("ldn", False), (GAP, False), ("the", True), ("drug", True), ("can", False), (GAP, False), ("help", False),
    ]  # fmt: skip
    assert not any(token.inserted for token in tokenize("an [open bracket that never ends"))


@given(st.text(max_size=200))
def test_tokens_stand_where_they_say_in_order(text: str) -> None:
    places = [(token.start, token.end) for token in tokenize(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@pytest.mark.parametrize("part", ["a", "[", ". ", "1,", "1 ", "1/", "(  ", "three ", "1-", "a'", "\u00ad", "״١"])
def test_no_text_takes_long(part: str) -> None:
    started = time.perf_counter()
    tokenize((part * 50_000)[:50_000])
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("text", ["one in three hours", "five in three", "two in 2016", "3 mg in 4", "one of three"])
def test_not_all_numbers_around_in_are_a_share(text: str) -> None:
    assert not any(token.share for token in tokenize(text))


@pytest.mark.parametrize(
    ("text", "share"), [("two thirds", 2 / 3), ("30%", 0.3), ("half", 0.5), ("half a mg", 0), ("4", 0)]
)
def test_a_share_is_what_part_of_a_whole_it_is(text: str, share: float) -> None:
    assert tokenize(text)[0].share == pytest.approx(share)

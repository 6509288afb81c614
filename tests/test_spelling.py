"""Misspelt words are put right, names and real words are let be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosaid.library import Library
from whosaid.question import understand
from whosaid.spelling import corrected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("does it help sleap", "does it help sleep"),
        ("can it cuase insomia", "can it cause insomnia"),
        ("what suppliments for fatige?", "what supplements for fatigue?"),
        ("Naltraxone and amitriptiline", "Naltrexone and amitriptyline"),
        ("WITHDRAWL", "WITHDRAWAL"),
        ("Dr. Liptn", "Dr. Liptan"),
        ("realy beter", "really better"),  # not "reply": the same letters are likelier
    ],
)
def test_a_misspelt_word_is_put_right(library: Library, text: str, meant: str) -> None:
    assert corrected(text, library.glossary) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Lyrica, Humira and Wegovy with Norco", "propofol", "Dr. Liptan’s Facebook group", "Liptans", "don't", "doesnt",
        "www.heelth.example", "me@exampel.com", "microglia", "neighbour", "IV, CBT, 4.5mg", "naïve", "¿dónde está?",
        "", "zzzzqqq",
    ],
)  # fmt: skip
def test_names_real_words_and_addresses_stay(library: Library, text: str) -> None:
    assert corrected(text, library.glossary) == text


def test_a_question_is_read_with_its_spelling_put_right_and_kept_as_typed(library: Library) -> None:
    question = understand(["does it help sleap"], library.glossary)
    assert question.read_as == "does it help sleep"
    assert question.turns == ("does it help sleap",)


@given(st.text(max_size=200))
def test_nothing_but_words_of_letters_changes(library: Library, text: str) -> None:
    changed = corrected(text, library.glossary)
    assert [c for c in changed if not c.isascii() or not c.isalpha()] == [
        c for c in text if not c.isascii() or not c.isalpha()
    ]

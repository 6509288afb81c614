"""Which statements are selected."""

import dataclasses
import re

import pytest

from whosaid.library import Library
from whosaid.selection import OWN_WORDS, Selection, other_words
from whosaid.types import Mode


def test_no_filter_selects_everything_in_reading_order(library: Library) -> None:
    assert tuple(Selection().of(library.statements)) == library.statements


@pytest.mark.parametrize("name", ["Ginevra Liptan", "dr. liptan", "LIPTAN", "Ginerva Liptan"])
def test_a_speaker_is_found_by_any_of_their_names(library: Library, name: str) -> None:
    found = Selection(speaker=name).of(library.statements)
    assert len(found) == 48
    assert {statement.speaker for statement in found} == {"Ginevra Liptan"}


def test_filters_narrow_each_other(library: Library) -> None:
    chosen = Selection(speaker="liptan", section="LDN and Candida", words="gut")
    found = chosen.of(library.statements)
    assert found
    assert found == [
        s
        for s in library.statements
        if s.speaker == "Ginevra Liptan" and s.section == "LDN and Candida" and "gut" in s.text.lower()
    ]


def test_the_opening_is_a_section_without_a_name_and_not_every_section(library: Library) -> None:
    opening = Selection(section="").of(library.statements)
    assert 0 < len(opening) < len(library.statements)
    assert {statement.section for statement in opening} == {""}


def test_mode_and_channel_are_taken_to_the_letter(library: Library) -> None:
    assert {s.mode for s in Selection(mode="direct").of(library.statements)} == {Mode.DIRECT}
    assert {s.channel for s in Selection(channel="book").of(library.statements)} == {"book"}
    assert Selection(channel="boo").of(library.statements) == []


def test_own_words_all_or_in_part_are_one_choice(library: Library) -> None:
    assert {s.mode for s in Selection(mode=OWN_WORDS).of(library.statements)} == {Mode.DIRECT, Mode.PARTIAL}


def test_words_between_quotation_marks_stand_together(library: Library) -> None:
    apart, together = (Selection(words=words).of(library.statements) for words in ("cells glial", "“glial  cells”"))
    assert apart == Selection(words="glial cells").of(library.statements)
    assert together == [s for s in library.statements if "glial cells" in s.text.casefold()]
    assert Selection(words='"cells glial"').of(library.statements) == []


def test_words_match_in_any_order_and_case_with_typewriter_quotes_too(library: Library) -> None:
    found = Selection(words="STUDYING she's").of(library.statements)
    assert all("’" in statement.text for statement in Selection(words="she's").of(library.statements))
    assert Selection(words="she's").of(library.statements)
    assert len(found) == 1
    assert found == Selection(words="she’s studying").of(library.statements)
    assert Selection(words="no such words").of(library.statements) == []


def test_either_side_of_a_bar_will_do(library: Library) -> None:
    either = Selection(words="opioid | opiate").of(library.statements)
    assert [s for s in library.statements if re.search("opioid|opiate", s.text, re.IGNORECASE)] == either
    assert Selection(words="opioid |").of(library.statements) == Selection(words="opioid").of(library.statements)
    assert Selection(words="|").of(library.statements) == []


def test_other_words_of_the_article_for_the_same_thing_are_offered(library: Library) -> None:
    offered = other_words("opioid", library.statements, library.glossary)
    both = Selection(words="opioid | opiate").of(library.statements)
    assert offered == {"opiate": len(both) - len(Selection(words="opioid").of(library.statements))}
    assert other_words("opioid | opiate", library.statements, library.glossary) == {}
    for words in ("", "opioid pain", "she", "no such words"):
        assert other_words(words, library.statements, library.glossary) == {}


def test_reviewed_and_unreviewed_part_the_statements(library: Library) -> None:
    first, *rest = library.statements
    mixed = [dataclasses.replace(first, reviewed_by=""), *rest]
    assert Selection(reviewed=False).of(mixed) == mixed[:1]
    assert Selection(reviewed=True).of(mixed) == rest


def test_an_article_is_selected_by_its_id(library: Library) -> None:
    assert len(Selection(article="liptan-ldn").of(library.statements)) == 91
    assert Selection(article="other").of(library.statements) == []

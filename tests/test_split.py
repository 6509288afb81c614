"""Canonical text → statement spans: where sentences, headings, list items and pull quotes begin and end."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.split import Unit, split
from whosaid.library import Library


def texts(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in split(text)]


def signature(text: str, unit: Unit) -> str:
    return text[slice(*unit.signature)] if unit.signature else ""


def test_the_shipped_article_has_91_units_and_they_are_its_statements(library: Library) -> None:
    (article,) = library.articles
    units = split(article.text)
    assert len(units) == 91
    reviewed = [(s.quote.span.start, s.quote.span.end, s.section) for s in article.statements]
    assert [(unit.start, unit.end, unit.section) for unit in units] == reviewed


def test_the_shipped_articles_pull_quotes_and_no_others_are_signed(library: Library) -> None:
    text = library.articles[0].text
    signed = [(text[unit.start : unit.start + 24], signature(text, unit)) for unit in split(text) if unit.signature]
    assert signed == [
        ("“The most effective way ", "Dr. Ginerva Liptan"),
        ("LDN is one of the few th", "Dr. Ginevra Liptan"),
        ("The key is finding the d", "Dr. Ginerva Liptan"),
    ]


def test_the_shipped_articles_sections_are_its_headings(library: Library) -> None:
    sections = dict.fromkeys(unit.section for unit in split(library.articles[0].text))
    assert list(sections) == [
        "",
        "Basic Treatment Plan",
        "Low Dose Naltrexone and Fibromyalgia",
        "Side Effects and Dosing",
        "LDN and Candida",
        "Sleep Issues",
        "Gabapentin and LDN",
        "The LDN / Opiate Quagmire",
        "The Ultra-Low Dose Naltrexone Opiate Fix?",
    ]


@pytest.mark.parametrize(
    ("block", "quote", "name"),
    [
        ("Rest hurts more than it helps. Dr. Ada Boll", "Rest hurts more than it helps.", "Dr. Ada Boll"),
        ("“Rest hurts more than it helps” Dr. Ada Boll", "“Rest hurts more than it helps”", "Dr. Ada Boll"),
        ("“Rest hurts.” – Dr. Ada Boll", "“Rest hurts.”", "Dr. Ada Boll"),
        ("Why rest?  — Prof. Jan Moor", "Why rest?", "Prof. Jan Moor"),
        ("Rest hurts. It does not help. Ada Boll", "Rest hurts. It does not help.", "Ada Boll"),
        ("Rest hurts more than it helps.\n\nDr. Ada Boll", "Rest hurts more than it helps.", "Dr. Ada Boll"),
        ("“Rest hurts more than it helps”\n– Dr. Ada Boll", "“Rest hurts more than it helps”", "Dr. Ada Boll"),
        ("“Rest hurts.”\n\nProf Jan Moor", "“Rest hurts.”", "Prof Jan Moor"),
    ],
)
def test_a_pull_quote_is_one_unit_without_its_signature_on_the_same_or_the_next_line(
    block: str, quote: str, name: str
) -> None:
    text = f"Pills\n\n{block}\n\nShe walks daily.\n"
    first, second = split(text)
    assert (text[first.start : first.end], signature(text, first), first.section) == (quote, name, "Pills")
    assert (text[second.start : second.end], second.signature) == ("She walks daily.", None)


def test_white_space_behind_a_signature_does_not_make_it_a_sentence() -> None:
    text = "Rest hurts more than it helps. Dr. Ada Boll \n\nShe walks daily.\n"
    assert texts(text) == ["Rest hurts more than it helps.", "She walks daily."]
    assert signature(text, split(text)[0]) == "Dr. Ada Boll"


def test_a_name_inside_a_sentence_is_no_signature() -> None:
    assert [unit.signature for unit in split("Walking helps, says Dr. Ada Boll. She walks daily.\n")] == [None, None]


@pytest.mark.parametrize("heading", ["Drug Interactions", "Dry Mouth and Thirst", "Dr. Boll’s Walking Plan"])
def test_a_heading_that_begins_like_a_signature_is_a_heading(heading: str) -> None:
    text = f"Rest hurts.\n\n{heading}\n\nShe walks daily.\n"
    assert [(unit.section, unit.signature) for unit in split(text)] == [("", None), (heading, None)]


def test_headings_are_no_units_and_name_what_follows_them() -> None:
    text = "Rest hurts.\n\nWalking and Pain\n\nWalk. Then rest.\n\nIs Rest Bad?\n\nYes, it is.\n"
    assert [(text[u.start : u.end], u.section) for u in split(text)] == [
        ("Rest hurts.", ""),
        ("Walk.", "Walking and Pain"),
        ("Then rest.", "Walking and Pain"),
        ("Yes, it is.", "Is Rest Bad?"),
    ]


@pytest.mark.parametrize(
    "block",
    [
        "Could walking help at all?",
        "Restoring hormone balance",
        "Walking Is Good.",
        "Ada Boll Treats Every Patient In Ghent With One Walk Daily",
    ],
)
def test_a_short_line_that_is_not_in_title_case_or_ends_as_a_sentence_is_content(block: str) -> None:
    assert texts(f"{block}\n\nShe walks daily.\n") == [block, "She walks daily."]


def test_a_heading_has_at_most_ten_words() -> None:
    heading = "Ada Boll Treats Every Patient In Ghent With One Walk"
    assert [unit.section for unit in split(f"{heading}\n\nShe walks daily.\n")] == [heading]


def test_the_last_line_is_no_heading_for_it_heads_nothing() -> None:
    assert texts("She walks daily.\n\nWalking Shoes\n") == ["She walks daily.", "Walking Shoes"]


def test_a_run_in_heading_names_its_paragraph_and_is_no_part_of_it() -> None:
    text = "Pills\n\nOne helps.\n\nSleep Issues –\N{NO-BREAK SPACE} Pills can keep you awake. Take them early.\n"
    assert [(text[u.start : u.end], u.section) for u in split(text)] == [
        ("One helps.", "Pills"),
        ("Pills can keep you awake.", "Sleep Issues"),
        ("Take them early.", "Sleep Issues"),
    ]


def test_a_run_in_heading_holds_until_the_next_heading() -> None:
    text = "Sleep Issues – Pills can keep you awake.\n\nTake them early.\n\nPills\n\nOne helps.\n"
    assert [unit.section for unit in split(text)] == ["Sleep Issues", "Sleep Issues", "Pills"]


@pytest.mark.parametrize(
    "sentence",
    [
        "One – gabapentin – slows down nerve transmission.",
        "Walking is free – Boll says so.",
        "The whole program – Rest and Repair – is needed.",
        "Walk (at Noon) daily – it helps.",
    ],
)
def test_a_dash_inside_a_sentence_opens_no_run_in_heading(sentence: str) -> None:
    text = f"Pills\n\n{sentence}\n\nShe walks.\n"
    assert [(text[u.start : u.end], u.section) for u in split(text)] == [(sentence, "Pills"), ("She walks.", "Pills")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Boll and Prof. Moor walk.",
        "Mrs. Moor asked Mr. Boll vs. Ms. Smith at St. Anne.",
        "It turned it on (i.e. It works) daily.",
        "Some food, e.g. Bread, helps.",
        "It is approved in Europe and the U.S. and it helps.",
        "The U.S. Agency agreed.",
        "J. R. Moor walks an hour.",
        "It takes approx. 5 weeks.",
        "See Fig. 2 for that.",
        "Take .5 mgs or 4.5 mgs (2:1 ratio) at night.",
        "The odds are good that …(it) helps.",
    ],
)
def test_a_point_that_ends_no_sentence_parts_nothing(sentence: str) -> None:
    assert texts(f"She walks. {sentence} He rests.\n") == ["She walks.", sentence, "He rests."]


@pytest.mark.parametrize(
    "sentence",
    ["The study began in 2013.", "It followed patients until age 65.", "Raise it from 3 to 4.5.", "Walk at 10."],
)
def test_a_sentence_that_ends_in_a_number_ends_there(sentence: str) -> None:
    assert texts(f"{sentence} Another study followed.\n") == [sentence, "Another study followed."]


def test_a_numbered_item_keeps_its_number() -> None:
    assert texts("1. Walk every day.\n\nShe rests.\n") == ["1. Walk every day.", "She rests."]


@pytest.mark.parametrize("bullet", ["•", "●", "▪", "*", "  •", "\t•\t"])
def test_a_list_item_is_one_unit_without_its_bullet(bullet: str) -> None:
    text = f"She uses:\n\n{bullet} Rest – Improving sleep. At night\n{bullet}  Walking Shoes  \n\nShe walks.\n"
    assert texts(text) == ["She uses:", "Rest – Improving sleep. At night", "Walking Shoes", "She walks."]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("Walk a month.  (Moor says 6 weeks).", ["Walk a month.", "(Moor says 6 weeks)."]),
        ("Walk. (Spines bend.) Pills help.", ["Walk.", "(Spines bend.)", "Pills help."]),
        ("Walk. (Then rest. It takes long.) Sit.", ["Walk.", "(Then rest.", "It takes long.)", "Sit."]),
        ("Pills (one a day) help. [Not all do.] Walk.", ["Pills (one a day) help.", "[Not all do.]", "Walk."]),
        ("Most get 40%, some 60% less). Her best walk.", ["Most get 40%, some 60% less).", "Her best walk."]),
    ],
)
def test_a_sentence_in_brackets_is_a_unit_with_its_brackets(block: str, expected: list[str]) -> None:
    assert texts(f"{block}\n") == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("She says “rest hurts.” Then she walks.", ["She says “rest hurts.”", "Then she walks."]),
        ("It is “the best”. “Walk!” she says.", ["It is “the best”.", "“Walk!” she says."]),
        ('"Why rest?" He asked. "Walk."', ['"Why rest?"', "He asked.", '"Walk."']),
        ("Really?! Yes… Walk.", ["Really?!", "Yes…", "Walk."]),
        ("It helps.\N{NO-BREAK SPACE} It does.", ["It helps.", "It does."]),
        ("About 3000 walked. 40 rested.", ["About 3000 walked.", "40 rested."]),
    ],
)
def test_quotation_marks_close_with_the_sentence_that_they_stand_in(block: str, expected: list[str]) -> None:
    assert texts(f"{block}\n") == expected


def test_a_text_without_content_has_no_units() -> None:
    assert split("") == split("\n") == split(" \n\t\n\n") == []


SENTENCES = [
    "Dr. Boll treats back pain.",
    "(Jan Moor recommends 6 weeks).",
    "She says “walking helps”.",
    "Does rest hurt?",
    "“No rest!” she says.",
    "It helps at 0.5-1 mg in the U.S. and elsewhere.",
    "Some – not all – get better…",
]


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), max_size=5), st.sampled_from([" ", "  "]))
def test_paragraphs_of_sentences_come_apart_into_those_sentences(paragraphs: list[list[str]], space: str) -> None:
    text = "\n\n".join(space.join(paragraph) for paragraph in paragraphs) + "\n"
    assert texts(text) == [sentence for paragraph in paragraphs for sentence in paragraph]


PIECES = st.sampled_from(
    [*SENTENCES, "Dr. Ada Boll", "– Prof. Jan Moor", "Sleep Issues –", "Pills", "•", "* ", "1.", "i.e.", "…", "(", ")"]
)
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n", "\t", "\r\n", "\N{NO-BREAK SPACE}", "\N{LINE SEPARATOR}", ""])
PAGES = st.one_of(st.text(), st.lists(st.one_of(PIECES, SPACES, st.text(max_size=3)), max_size=20).map("".join))


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(PAGES)
@example("  An indented sentence. And another.\n")
@example("  An indented pull quote. Dr. Ada Boll\n")
@example("•  \nA bullet with nothing behind it.\n")
@example("  Sleep Issues – An indented run-in heading.\n")
def test_units_of_any_text_are_in_order_inside_it_not_empty_and_without_white_space_around(text: str) -> None:
    units = split(text)
    for unit in units:
        assert 0 <= unit.start < unit.end <= len(text)
        words = text[unit.start : unit.end]
        assert words == words.strip() != ""
        assert "\n" not in words
        if unit.signature:
            assert unit.end <= unit.signature[0] < unit.signature[1] <= len(text)
    assert all(before.end <= after.start for before, after in pairwise(units))

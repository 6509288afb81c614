"""The page for the doctor: all that was asked and shown, word for word, and nothing else."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.conftest import CORPUS
from whosaid.answer import badge
from whosaid.caption import where
from whosaid.export import answer_json
from whosaid.handout import Asked, contents, handout_wording, paper_of, pdf
from whosaid.hard_words import load_hard_words
from whosaid.library import Library, load_library
from whosaid.types import Answer, Findings, Notice, Shown, Status
from whosaid.wording import answer_wording

DAY = date(2026, 11, 3)
LEAD = "Here is what Dr. Liptan says, as the article quotes it."
HOSTILE = "#panic() *bold* $x$ <b>b</b> \\n `raw` // gone? @ref [a](b) = no heading"


def answered(library: Library, question: str, places: Sequence[int], **changes: Any) -> Asked:
    """A question with statements of the corpus, by their places in it."""
    shown = tuple(Shown(library.statements[place], 1.0) for place in places)
    return Asked(question, replace(Answer(Status.ANSWERED, question.strip(), LEAD, shown), **changes))


def silent(question: str, lead: str = "The article does not discuss alcohol.") -> Asked:
    return Asked(question, Answer(Status.NOT_IN_ARTICLE, question, lead))


def squeezed(text: str) -> str:
    return "".join(text.split())


class Text:
    """What can be read out of a page, whatever its blanks: a line may break after a hyphen, too."""

    def __init__(self, text: str) -> None:
        self.letters = squeezed(text)

    def __contains__(self, phrase: str) -> bool:
        return squeezed(phrase) in self.letters

    def count(self, phrase: str) -> int:
        return self.letters.count(squeezed(phrase))


def pages_of(data: bytes) -> list[Text]:
    return [Text(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]


def read(data: bytes) -> Text:
    return Text("\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def tags(data: bytes) -> list[str]:
    """The structure tags of a PDF, in reading order."""
    found = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(PdfReader(BytesIO(data)).root_object["/StructTreeRoot"])
    return found


def test_every_statement_of_the_corpus_can_be_read_out_of_the_page_word_for_word(library: Library) -> None:
    everything = answered(library, "What does it say?", range(len(library.statements)))
    text = read(pdf([everything], library.articles, DAY))
    for statement in library.statements:
        assert statement.text in text
        assert badge(statement) in text
        assert where(statement) in text


def test_a_statement_stands_on_the_page_of_its_speaker_however_long_the_conversation(library: Library) -> None:
    turns = [answered(library, f"Question number {number}?", range(number, number + 5)) for number in range(0, 85, 5)]
    pages = pages_of(pdf(turns, library.articles, DAY))
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
        assert answer_wording().say("advice.line") in page
    for statement in library.statements[:85]:
        block = f"{badge(statement)} {where(statement)} {statement.text}"
        assert sum(block in page for page in pages) == 1, block


def test_what_misleads_alone_is_kept_on_the_page_of_what_it_needs(library: Library) -> None:
    first = next(s for s in library.statements if s.needs)
    needed = library.statement(first.needs[0])
    assert needed is not None
    for before in range(1, 12):  # push the two down a page, line by line
        pair = (Shown(first, 1.0), Shown(needed, 1.0, first.id))
        turns = [
            answered(library, "Before?", range(before)),
            Asked("Then?", Answer(Status.ANSWERED, "Then?", LEAD, pair)),
        ]
        pages = pages_of(pdf(turns, library.articles, DAY))
        note = f"{answer_wording().say('remark.needed')} {badge(needed)}"
        assert any(first.text in page and note in page for page in pages), before


def test_typography_and_units_come_out_right(library: Library) -> None:
    asked = "“Is 10 µg – that’s 0.01 mg … enough?” é ≥ ½ ﬁ"
    text = read(pdf([answered(library, asked, [0])], library.articles, DAY))
    for character in "“”’–…µé≥½":
        assert character in text
    assert "\ufffd" not in text
    assert "\x00" not in text


def test_what_was_typed_is_never_markup_and_may_have_characters_that_no_font_has(library: Library) -> None:
    turns = [answered(library, HOSTILE, [0]), silent(HOSTILE, HOSTILE)]
    assert read(pdf(turns, library.articles, DAY)).count(HOSTILE) == 3
    odd = answered(library, "Does it help? \U0001f642 漢字 \x07\U000f0000", [0])
    assert library.statements[0].text in read(pdf([odd], library.articles, DAY))


def test_it_says_who_asked_what_and_how_it_was_read(library: Library) -> None:
    turns = [answered(library, "and gabapentin? ", [40], read_as="Can I take LDN with gabapentin?")]
    text = read(pdf(turns, library.articles, DAY))
    assert "1. and gabapentin? Read as: Can I take LDN with gabapentin?" in text
    assert "Read as" not in read(pdf([answered(library, " How long? ", [40])], library.articles, DAY))


def test_each_notice_stands_once_above_all_questions_the_urgent_first(library: Library) -> None:
    note, urgent = Notice("prescriber", "Only your doctor can say."), Notice("overdose", "Call now.")
    turns = [
        answered(library, "First?", [0], notices=(note,)),
        answered(library, "Second?", [1], notices=(note,)),
        replace(silent("Third?"), answer=replace(silent("Third?").answer, notices=(urgent, note))),
    ]
    text = read(pdf(turns, library.articles, DAY))
    assert "Urgent. Call now. Please note. Only your doctor can say. 1. First?" in text
    assert text.count(note.text) == 1


def test_what_was_said_in_a_crisis_goes_to_nobody_unasked(library: Library) -> None:
    crisis = answered(library, "I want it all to end", [3], notices=(Notice("crisis", "Call somebody now."),))
    page = contents([crisis, answered(library, "How long?", [4])], library.articles, DAY)
    assert [question["asked"] for question in page["questions"]] == ["How long?"]
    assert page["notices"] == []
    assert "end" not in str(page["silent"])


def test_what_the_article_did_not_answer_has_its_own_place(library: Library) -> None:
    near = answer_wording().say("silent.near")
    findings = Findings((), 0.5, 0.3, absent=("Norco",))
    turns = [
        answered(library, "Answered?", [0]),
        silent("Can I drink?", f"The article does not discuss alcohol. {near}"),
        answered(library, "With Norco?", [2], status=Status.PARTIAL, findings=findings),
    ]
    page = contents(turns, library.articles, DAY)
    assert [item["asked"] for item in page["questions"]] == ["Answered?", "With Norco?"]
    assert [(item["asked"], item["says"]) for item in page["silent"]["items"]] == [
        ("Can I drink?", "The article does not discuss alcohol."),
        ("With Norco?", "The article does not mention “Norco”. Your doctor or pharmacist may know."),
    ]
    text = read(pdf(turns, library.articles, DAY))
    assert handout_wording().say("silent.heading") in text
    assert near not in text
    only_answered = read(pdf(turns[:1], library.articles, DAY))
    assert handout_wording().say("silent.heading") not in only_answered


def test_the_source_is_named_with_its_hash_and_its_address_where_it_is_known(library: Library) -> None:
    article = library.articles[0]
    data = pdf([answered(library, "How long?", [0])], library.articles, DAY)
    for said in (article.title, article.site, f"Author: {article.author}", article.sha256[:12]):
        assert said in read(data)
    assert article.sha256[:13] not in read(data)
    known = replace(article, url="https://example.org/ldn")
    data = pdf([silent("Can I drink?")], [known], DAY)
    assert "https://example.org/ldn" in read(data)
    links = [note.get_object() for page in PdfReader(BytesIO(data)).pages for note in page.get("/Annots", [])]
    assert [link["/A"]["/URI"] for link in links] == ["https://example.org/ldn"]


def test_no_word_stands_on_it_that_is_not_asked_answered_or_written_in_prompts(library: Library) -> None:
    turns = [answered(library, "How long?", [30, 31]), silent("Can I drink?")]
    text = read(pdf(turns, library.articles, DAY))
    article = library.articles[0]
    known = [turn.question for turn in turns] + [turn.answer.lead for turn in turns]
    known += [shown.statement.text for shown in turns[0].answer.statements]
    known += [f"{badge(s.statement)} {where(s.statement)}" for s in turns[0].answer.statements]
    known += [text for name, text in handout_wording().texts.items() if "{" not in text and name != "question.read_as"]
    known += [article.title, answer_wording().say("advice.line")]
    say = handout_wording().say
    known += [
        say("page.subtitle", day="3 November 2026"),
        say("source.by", site=article.site, author=article.author, published=article.published),
        say("source.text", sha=article.sha256[:12]),
    ]
    left = text.letters
    for part in sorted(map(squeezed, known), key=len, reverse=True):
        left = left.replace(part, " ")
    assert re.findall(r"[^\W\d]+", left) == []


def test_hard_words_explanations_never_leave_with_the_statements(library: Library) -> None:
    hard = load_hard_words(CORPUS)
    asked = answered(library, "What does it say?", range(len(library.statements)))
    text = read(pdf([asked], library.articles, DAY))
    exported = str(answer_json(asked.answer))
    assert not any(says in text or says in exported for says in hard.says.values())


def test_it_is_tagged_for_screen_readers_and_says_its_title_language_and_author(library: Library) -> None:
    data = pdf([answered(library, "How long?", [0]), silent("Can I drink?")], library.articles, DAY)
    reader = PdfReader(BytesIO(data))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Questions for my doctor", "WhoSaid")
    assert str(reader.root_object["/Lang"]).startswith("en")
    root: Any = reader.root_object  # pypdf's types know no dictionary inside another
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert tags(data).count("/H1") == 4  # a question, what was not answered, the sources, the notes
    assert tags(data).count("/P") > 8


@pytest.mark.parametrize(("region", "size"), [("us", (612, 792)), ("uk", (595, 842)), ("", (595, 842))])
def test_the_region_chooses_the_paper(library: Library, region: str, size: tuple[int, int]) -> None:
    data = pdf([answered(library, "How long?", [0])], library.articles, DAY, paper_of(region))
    box = PdfReader(BytesIO(data)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_a_usual_conversation_fits_on_two_pages(library: Library) -> None:
    turns = [
        answered(library, "How long until LDN helps?", range(26, 31)),
        answered(library, "Can I take it with opioids?", range(50, 55)),
        answered(library, "And gabapentin?", range(42, 45)),
        silent("Can I drink alcohol?"),
        silent("Can I take Lyrica?"),
    ]
    assert len(PdfReader(BytesIO(pdf(turns, library.articles, DAY))).pages) <= 2
    assert len(PdfReader(BytesIO(pdf(turns, library.articles, DAY, "us-letter"))).pages) <= 2


def test_another_article_has_its_own_page(make_corpus: Callable[..., Path]) -> None:
    boll = load_library(make_corpus())
    text = read(pdf([answered(boll, "How much walking?", [1, 2])], boll.articles, DAY))
    assert "Ada Boll on walking" in text
    assert "Dr. Boll, as the article reports" in text

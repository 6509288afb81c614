"""Question → hits: votes of the bank, words, and what an index makes of them."""

from dataclasses import replace

import pytest

from ingest.build import build
from tests.conftest import WordHashEmbedder
from whosaid.chat import load_assistant
from whosaid.library import Library
from whosaid.question import understand
from whosaid.retrieve import Votes, vote
from whosaid.settings import Settings
from whosaid.types import BankQuestion, Question
from whosaid.words import WordIndex, word_bag

COVERED = BankQuestion("q1", "a", "How much?", ("a:1", "a:2"))
OTHER = BankQuestion("q2", "a", "How often?", ("a:3",))
NOT_COVERED = BankQuestion("q3", "a", "What price?", (), "prices")


def test_votes_share_out_all_that_is_covered() -> None:
    votes = vote([(COVERED, 0.9), (OTHER, 0.8), (NOT_COVERED, 0.7)])
    assert sum(votes.shares.values()) == pytest.approx(votes.covered)
    assert votes.shares["a:1"] > votes.shares["a:2"] > votes.shares["a:3"]
    assert votes.nearest == {True: 0.9, False: 0.7}


def test_a_nearer_question_outweighs_several_far_ones() -> None:
    assert vote([(COVERED, 0.9)] + [(NOT_COVERED, 0.6)] * 20).covered > 0.9
    assert vote([(NOT_COVERED, 0.9)] + [(COVERED, 0.6)] * 20).covered < 0.1


def test_no_neighbours_cover_nothing() -> None:
    assert vote([]) == Votes(0.0, {}, {})


def test_words_are_compared_by_their_stem_and_weighed_by_their_rarity(library: Library) -> None:
    assert word_bag("Does she recommend it for patients’ pains?") == word_bag("recommended pain patient")
    index = WordIndex(library.statements)
    statement = library.statement(index.ids[int(index.shares("Is LDN fine with gabapentin?").argmax())])
    assert statement is not None
    assert "gabapentin" in statement.text


@pytest.mark.parametrize("text", ["", "🙂🙂", "the of and"])
def test_a_text_without_words_matches_nothing(library: Library, text: str) -> None:
    assert not WordIndex(library.statements).shares(text).any()


def test_what_is_found_fits_both_readings(settings: Settings) -> None:
    build(settings, lambda _: WordHashEmbedder())
    retriever = load_assistant(settings, lambda _: WordHashEmbedder()).retriever
    one, other = "How many minutes of walking help?", "Does she ever prescribe bed rest?"
    alone = [retriever.find(Question((text,), text)) for text in (one, other)]
    both = retriever.find(Question((one,), one, leans=True, also_read_as=other))
    assert both.answerable == min(findings.answerable for findings in alone)
    product = {
        h.statement.id: h.score * next(o.score for o in alone[1].hits if o.statement == h.statement)
        for h in alone[0].hits
    }
    assert both.hits[0].statement.id == max(product, key=product.__getitem__)


def test_a_turn_that_may_stand_alone_does_where_alone_it_is_not_answered(settings: Settings) -> None:
    build(settings, lambda _: WordHashEmbedder())
    assistant = load_assistant(settings, lambda _: WordHashEmbedder())
    before, silent, touched = "How many minutes of walking help?", "tell me train fares", "tell me walking fares"
    for said, alone in ((silent, True), (touched, False)):
        asked = Question((before, said), f"{said} ({before})", leans=True, said=said, may_stand_alone=True)
        findings = assistant.retriever.find(asked)
        assert findings.alone is alone
        assert findings.hits == assistant.retriever.find(Question((said,), said) if alone else asked).hits
        never = assistant.retriever.find(replace(asked, may_stand_alone=False))
        assert not never.alone
        assert (never.answerable == findings.answerable) is not alone


def test_hits_are_all_statements_the_best_first(settings: Settings) -> None:
    build(settings, lambda _: WordHashEmbedder())
    assistant = load_assistant(settings, lambda _: WordHashEmbedder())
    findings = assistant.retriever.find(
        understand(["Whose back pain does Dr. Boll treat in Ghent?"], assistant.library.glossary)
    )
    assert len(findings.hits) == 8
    assert findings.hits[0].statement.text.startswith("Dr. Ada Boll treats")
    assert [hit.score for hit in findings.hits] == sorted((hit.score for hit in findings.hits), reverse=True)

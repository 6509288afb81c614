"""What `ingest` learns from a bank and from messages: the same each time, honest about what it cannot do."""

from functools import cache

import numpy as np
import pytest

from ingest.alarm import train_watch
from ingest.train import Trained, train
from tests.conftest import WordHashEmbedder
from whosaid.glossary import Glossary
from whosaid.library import Library
from whosaid.ranker import OPINIONS, Mix, Ranker, opinion
from whosaid.types import BankQuestion, Danger, Message
from whosaid.watch import Watch
from whosaid.words import WordIndex

SUBJECTS = ["walking", "sleeping", "tablets", "massage"]


def vectors(texts: list[str]) -> np.ndarray:
    return np.array(WordHashEmbedder().embed_documents(texts), dtype=np.float32)


def bank(library: Library) -> list[BankQuestion]:
    """Questions of four subjects that statements answer, and of four that none does, in turn."""
    ids = [statement.id for statement in library.statements[:4]]
    texts = [(n, f"what about {SUBJECTS[n % 4]} number {n} then") for n in range(240)]
    silent = [(n, f"how dear is {SUBJECTS[n % 4]} in shop {n}") for n in range(240)]
    return [
        question
        for (n, asked), (_, other) in zip(texts, silent, strict=True)
        for question in (
            BankQuestion(f"q{n}", "liptan-ldn", asked, (ids[n % 4], ids[(n + 1) % 4])),
            BankQuestion(f"s{n}", "liptan-ldn", other, (), "prices"),
        )
    ]


@pytest.fixture(scope="module")
def trained(library: Library) -> Trained:
    questions = bank(library)
    found = train(questions, vectors([q.text for q in questions]), Glossary(()), WordIndex(library.statements))
    assert found is not None
    return found


def test_a_bank_teaches_which_statement_answers_and_what_none_does(library: Library, trained: Trained) -> None:
    ranker, text = trained.ranker, "what about sleeping number 999 then"
    vector = WordHashEmbedder().embed_query(text)
    for likely in (ranker.linear(vector, text), ranker.network(vector)):
        assert ranker.labels[int(likely.argmax())] == library.statements[1].id
    assert trained.figures["kept"] >= 0.95
    assert trained.figures["refused"] > 0.9


def test_the_same_bank_gives_the_same_models(library: Library, trained: Trained) -> None:
    questions = bank(library)
    again = train(questions, vectors([q.text for q in questions]), Glossary(()), WordIndex(library.statements))
    assert again is not None
    assert again.figures == trained.figures
    for name, array in trained.ranker.arrays().items():
        assert np.array_equal(array, again.ranker.arrays()[name]), name


def test_models_come_back_from_their_arrays(trained: Trained) -> None:
    text, vector = "what about massage", WordHashEmbedder().embed_query("what about massage")
    back = Ranker.from_arrays(trained.ranker.arrays())
    assert np.array_equal(back.linear(vector, text), trained.ranker.linear(vector, text))
    assert np.array_equal(back.network(vector), trained.ranker.network(vector))


def test_a_small_bank_teaches_nothing(library: Library) -> None:
    few = bank(library)[:100]
    assert train(few, vectors([q.text for q in few]), Glossary(()), WordIndex(library.statements)) is None


def test_no_opinion_is_a_veto_and_scores_sum_to_one() -> None:
    shares = {name: np.array([0.0, 0.5, 0.5]) for name in OPINIONS}
    assert np.isfinite(opinion("meaning", shares["meaning"])).all()
    scores = Mix((1.0, 1.0, 1.0, 1.0)).scores(shares)
    assert scores.sum() == pytest.approx(1.0)
    assert scores[0] > 0


@cache
def watch() -> Watch:
    messages = [
        Message(f"{words} {n} {author}", frozenset(dangers), author)
        for author in "abc"
        for n in range(150)
        for words, dangers in (
            ("he is lying there grey and cold", [Danger.EMERGENCY]),
            ("lovely weather for the garden today", []),
            ("which vitamin is in the article", []),
        )
    ]
    harmless = [f"what does she say about sleep {n}" for n in range(50)]
    texts = [message.text for message in messages]
    found = train_watch(messages, vectors(texts), harmless, vectors(harmless), Glossary(()))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("he is lying there grey and cold", ["emergency"]),
        ("lovely weather for the garden today", []),
        ("which vitamin is in the article", []),
    ],
)
def test_a_watch_hears_what_it_was_taught(text: str, heard: list[str]) -> None:
    vector = WordHashEmbedder().embed_query(text)
    assert watch().hears(vector, text) == heard
    back = Watch.from_arrays(watch().arrays())
    assert back is not None
    assert back.hears(vector, text) == heard


def test_messages_of_too_few_people_teach_nothing() -> None:
    one = [Message("help", frozenset({Danger.EMERGENCY}), "a"), Message("hello", frozenset(), "a")]
    assert train_watch(one, vectors(["help", "hello"]), [], vectors(["x"])[:0], Glossary(())) is None
    assert Watch.from_arrays({}) is None

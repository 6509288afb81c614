"""What `ingest` learns from a bank: the same each time, honest about what it cannot do."""

import numpy as np
import pytest

from ingest.train import Trained, train
from tests.conftest import WordHashEmbedder
from whosaid.glossary import Glossary
from whosaid.library import Library
from whosaid.ranker import OPINIONS, Mix, Ranker, opinion
from whosaid.types import BankQuestion
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
    assert ranker.labels[int(ranker.likely(vector, text).argmax())] == library.statements[1].id
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
    assert np.array_equal(back.likely(vector, text), trained.ranker.likely(vector, text))


def test_a_small_bank_teaches_nothing(library: Library) -> None:
    few = bank(library)[:100]
    assert train(few, vectors([q.text for q in few]), Glossary(()), WordIndex(library.statements)) is None


def test_no_opinion_is_a_veto_and_scores_sum_to_one() -> None:
    shares = {name: np.array([0.0, 0.5, 0.5]) for name in OPINIONS}
    assert np.isfinite(opinion("reading", shares["reading"])).all()
    scores = Mix((1.0,) * len(OPINIONS)).scores(shares)
    assert scores.sum() == pytest.approx(1.0)
    assert scores[0] > 0

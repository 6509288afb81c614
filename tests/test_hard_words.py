"""Hard words: found as whole words, explained in plain ones, never an article's text."""

import re
from pathlib import Path

import pytest
import textstat

from tests.conftest import CORPUS
from whosaid.errors import CorpusError
from whosaid.hard_words import HardWords, load_hard_words
from whosaid.library import Library

MAX_GRADE = 8.0


@pytest.fixture(scope="module")
def hard_words() -> HardWords:
    return load_hard_words(CORPUS)


def test_every_explanation_is_one_or_two_plain_sentences(hard_words: HardWords) -> None:
    for term, says in hard_words.says.items():
        assert 1 <= len(re.findall(r"[.!?](?= |$)", says)) <= 2, term
        assert says.endswith("."), term
        assert textstat.flesch_kincaid_grade(says) <= MAX_GRADE, (term, says)


@pytest.mark.parametrize(
    "term",
    [
        *("glial cells", "antagonist", "agonist", "tolerance", "titrate", "receptor", "endorphins", "withdrawal"),
        *("compounding pharmacy", "neuroinflammation", "central sensitization", "placebo"),
        *("long-acting opioid", "short-acting opioid"),
    ],
)
def test_the_words_that_patients_stumble_over_are_explained(hard_words: HardWords, term: str) -> None:
    assert term in hard_words.says


def test_no_explanation_is_taken_from_an_article(hard_words: HardWords, library: Library) -> None:
    for says in hard_words.says.values():
        assert not any(says in article.text for article in library.articles)


def test_words_are_found_whole_in_order_and_once_and_the_longest_name_is_meant(hard_words: HardWords) -> None:
    text = "Glial cells, glial cells; ultra-low dose naltrexone. Antagonists — intolerance, receptor’s"
    found = [word.name for word in hard_words.find(text)]
    assert found == ["glial cells", "ultra-low dose naltrexone", "antagonists", "receptor"]
    assert hard_words.find("She uses massage.") == []


def test_the_article_has_statements_with_hard_words_and_some_without(hard_words: HardWords, library: Library) -> None:
    counts = [len(hard_words.find(statement.text)) for statement in library.statements]
    assert sum(count > 0 for count in counts) > 40
    assert 0 in counts


def test_a_corpus_may_have_no_hard_words(tmp_path: Path) -> None:
    assert load_hard_words(tmp_path).find("glial cells") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[[word]\n", "not TOML"),
        (b"\xff", "not UTF-8"),
        (b"word = 3", "as a \\[\\[word\\]\\] table"),
        (b"word = [3]", "word 1 has no term"),
        (b'[[word]]\nsays = "A."', "word 1 has no term"),
        (b'[[word]]\nterm = "!"\nsays = "A."', "word 1 has no term"),
        (b'[[word]]\nterm = "a"', "'a' is not explained"),
        (b'[[word]]\nterm = "a"\nsays = " "', "'a' is not explained"),
        (b'[[word]]\nterm = "a"\nsays = "A."\nalias = ["b"]', "alias is unknown"),
        (b'[[word]]\nterm = "a"\nsays = "A."\naliases = "b"', "not a list of names"),
        (b'[[word]]\nterm = "a"\nsays = "A."\n[[word]]\nterm = "b"\nsays = "B."\naliases = ["A"]', "keep one of them"),
        (b'[[word]]\nterm = "a"\nsays = "A."\n[[word]]\nterm = "a"\nsays = "B."', "keep one of them"),
    ],
)
def test_what_cannot_be_used_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "hard_words.toml").write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        load_hard_words(tmp_path)

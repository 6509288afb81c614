"""Words that are the article's to the letter, in a sentence that denies them or says them of something else."""

import pytest

from whosaid.check import Checker
from whosaid.library import Library
from whosaid.types import Ruling, Verdict

SLOWLY = "“side effects are minimal when the dosage is increased slowly”"
WAY = "“the most effective way to reduce spinal cord inflammation”"


@pytest.fixture(scope="module")
def checker(library: Library) -> Checker:
    return Checker(library)


def only(checker: Checker, post: str) -> Verdict:
    (verdict,) = checker.check(post)
    return verdict


@pytest.mark.parametrize(
    ("post", "kind", "theirs", "article"),
    [
        (f"Dr. Liptan never said that {SLOWLY}.", "negation", "never said that", ""),
        (f"I read it twice. Dr. Liptan did not say {SLOWLY}.", "negation", "did not say", ""),
        (f"Dr. Liptan is wrong that {SLOWLY}.", "negation", "wrong that", ""),
        (f"It's a myth that {SLOWLY}, as Dr. Liptan says.", "negation", "a myth that", ""),
        (f"Dr. Liptan calls opioids {WAY}.", "word", "opioids", "LDN"),
        (f"Antibiotics are {WAY}, says Dr. Liptan.", "word", "Antibiotics", "LDN"),
    ],
)
def test_words_in_a_false_frame_are_changed_and_the_frame_is_named(
    checker: Checker, post: str, kind: str, theirs: str, article: str
) -> None:
    verdict = only(checker, post)
    assert verdict.ruling is Ruling.ALTERED
    (change,) = verdict.changes
    assert (change.kind, change.theirs, change.article) == (kind, theirs, article)
    assert post[change.at.start : change.at.end] == theirs
    assert post[verdict.claim.span.start : verdict.claim.span.end] == verdict.claim.text
    assert verdict.claim.span.start <= change.at.start
    assert change.at.end <= verdict.claim.span.end


@pytest.mark.parametrize(
    "post",
    [
        f"Didn't Dr. Liptan say {SLOWLY}?",
        f"I can't believe it but Dr. Liptan says {SLOWLY}.",
        f"Not sure about the dose. Dr. Liptan wrote: {SLOWLY}",
        f"Dr. Liptan calls LDN {WAY}.",
        f"I never took opioids. Dr. Liptan says it is {WAY}.",
        f"On opioids, Dr. Liptan says LDN is {WAY}.",
    ],
)
def test_a_frame_that_turns_nothing_changes_nothing(checker: Checker, post: str) -> None:
    assert only(checker, post).ruling is Ruling.EXACT

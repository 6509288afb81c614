import json
import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import CORPUS
from whosaid.library import Library
from whosaid.quotes import judge, unchanged
from whosaid.reference import Reference
from whosaid.sentences import sentences
from whosaid.tokens import tokenize
from whosaid.types import Article, Claim, Ruling, Span, Statement, Verdict


@pytest.fixture(scope="module")
def reference(library: Library) -> Reference:
    return Reference.of_article(library.articles[0], library.glossary)


@pytest.fixture(scope="module")
def article(library: Library) -> Article:
    return library.articles[0]


def verdict(reference: Reference, quote: str, speaker: str = "") -> Verdict:
    return judge(Claim(quote, Span(0, len(quote)), speaker), [reference])


@pytest.mark.parametrize(
    ("quote", "speaker", "ruling"),
    [
        ("the most effective way to reduce spinal cord inflammation", "Ginevra Liptan", Ruling.EXACT),
        ("SIDE EFFECTS ARE MINIMAL WHEN THE DOSAGE IS INCREASED SLOWLY", "Ginevra Liptan", Ruling.EXACT),
        ("LDN can occasionally cause sleep issues.", "", Ruling.EXACT),
        ("LDN can occasionally cause sleep issues.", "Ginevra Liptan", Ruling.SOMEONE_ELSE),
        ("(Jared Younger recommends 6 weeks).", "Ginevra Liptan", Ruling.SOMEONE_ELSE),
        ("She also uses COQ10 for energy and nerve support", "Ginevra Liptan", Ruling.REPORTED),
        ("She also uses COQ10 for sleep and nerve support", "Ginevra Liptan", Ruling.ALTERED),
        ("increase LDN to a maximum of 4.5 mgs for long-term use", "Ginevra Liptan", Ruling.CLIPPED),
        ("If that's tolerated, increase LDN to a maximum of 4,500 mcg for long-term use", "", Ruling.REPORTED),
        ("If that’s tolerated, increase LDN to a maximum of 45 mgs for long-term use.", "", Ruling.ALTERED),
        ("side effects are minimal", "Ginevra Liptan", Ruling.CLIPPED),
        ("Benefits are usually seen within a week", "", Ruling.CLIPPED),
        ("her patients benefit significantly", "", Ruling.CLIPPED),
        ("LDN can … cause sleep issues", "", Ruling.CLIPPED),
        ("She uses diet … to treat candida", "", Ruling.REPORTED),
        ("Because LDN calms down parts … there’s concerns that using it could increase the risk", "", Ruling.EXACT),
        ("where [it] is able to calm the glial cells, but not knock the opiates off their receptors", "", Ruling.EXACT),
        ("side effects are minimal when the dosage is increased [rapidly]", "", Ruling.ALTERED),
        ("side effects are [not] minimal when the dosage is increased slowly", "", Ruling.ALTERED),
        ("side effects are [always] minimal when the dosage is increased slowly", "", Ruling.ALTERED),
        ("The most effective [and safest] way to reduce spinal cord inflammation", "", Ruling.ALTERED),
        ("side effects [of gabapentin] are minimal when the dosage is increased slowly", "", Ruling.ALTERED),
        ("side effects [of LDN] are minimal when the dosage is increased slowly", "", Ruling.EXACT),
        ("[LDN is] the most effective way to reduce spinal cord inflammation", "Ginevra Liptan", Ruling.EXACT),
        ("[Opioids are] the most effective way to reduce spinal cord inflammation", "", Ruling.ALTERED),
        ("[Jared Younger] uses diet and probiotics to treat candida.", "", Ruling.ALTERED),
        ("She recommend[s] that patients make slow and incremental increases in the medication", "", Ruling.REPORTED),
        ("(This process may work better with some opioids (buprenorphine) than others (morphine).)", "", Ruling.EXACT),
        ("some opioids (morphine) than others (buprenorphine)", "", Ruling.ALTERED),
        ("The opiate withdrawal problem can be startling in some patients", "", Ruling.STITCHED),
        ("The most effective way to reduce spinal cord inflammation … is often quite helpful", "", Ruling.STITCHED),
        ("Restoring hormone balance", "", Ruling.REPORTED),
        ("quite helpful", "Ginevra Liptan", Ruling.TOO_SHORT),
        ("quagmire", "Ginevra Liptan", Ruling.TOO_SHORT),
        ("I have never seen a single patient fail on LDN", "Ginevra Liptan", Ruling.NOT_IN_ARTICLE),
    ],
)  # fmt: skip
def test_a_quote_gets_its_verdict(reference: Reference, quote: str, speaker: str, ruling: Ruling) -> None:
    assert verdict(reference, quote, speaker).ruling is ruling


@pytest.mark.parametrize(
    ("quote", "kind", "theirs", "ours", "what"),
    [
        ("FM patients take LDN for about a year before giving up on the drug", "word", "year", "month", ""),
        ("LDN can not occasionally cause sleep issues", "negation", "not", "", ""),
        ("LDN can cause sleep issues", "dropped", "", "occasionally", "hedge"),
        ("Gabapentin can occasionally cause sleep issues", "word", "Gabapentin", "LDN", "drug"),
        ("keeping the doses of the ULDN protocol at 0.5 mcg or below", "number", "0.5 mcg", "0.5 mg", ""),
        ("She really also uses COQ10 for energy and nerve support", "added", "really", "", ""),
    ],
)
def test_a_change_says_what_was_changed(  # noqa: PLR0917
    reference: Reference, quote: str, kind: str, theirs: str, ours: str, what: str
) -> None:
    (change,) = verdict(reference, quote).changes
    assert (change.kind, change.theirs, change.article, change.what) == (kind, theirs, ours, what)


def test_what_was_cut_is_named(reference: Reference, article: Article) -> None:
    found = verdict(reference, "increase LDN to a maximum of 4.5 mgs for long-term use")
    assert [article.quote(span).text for span in found.cut] == ["If that’s tolerated"]


def test_both_sources_of_a_stitched_quote_are_named(reference: Reference) -> None:
    found = verdict(reference, "The opiate withdrawal problem can be startling in some patients")
    assert len(found.statements) == 2
    assert found.actual_speaker == "Ginevra Liptan and narrator"


def test_the_one_who_said_it_is_preferred_where_words_stand_twice(reference: Reference) -> None:
    words = "the most effective way to reduce spinal cord inflammation"
    assert verdict(reference, words, "Jared Younger").ruling is Ruling.SOMEONE_ELSE
    assert verdict(reference, words, "Ginevra Liptan").ruling is Ruling.EXACT


def test_a_plain_text_has_no_speakers() -> None:
    text = "Walking helps. It never replaces sleep, says the leaflet."
    plain = Reference.of_text(text, sentences(text))
    assert verdict(plain, "It never replaces sleep", "Ada Boll").ruling is Ruling.EXACT
    assert verdict(plain, "It always replaces sleep, says the leaflet").ruling is Ruling.ALTERED
    assert verdict(plain, "replaces sleep, says the leaflet").ruling is Ruling.CLIPPED


TEXTS = [json.loads(line)["text"] for line in (CORPUS / "liptan-ldn" / "statements.jsonl").read_text().splitlines()]
STATEMENT = st.integers(min_value=0, max_value=len(TEXTS) - 1)
WITH_DIGITS = st.sampled_from([text for text in TEXTS if re.search(r"\d", text)])
LONG = st.sampled_from([text for text in TEXTS if len(text.split()) > 8 and "…" not in text])
TYPOGRAPHY = st.sampled_from(["\u00ad", "\u200b", "\u200d", "\ufeff"])


@settings(max_examples=60, deadline=None)
@given(number=STATEMENT, mark=TYPOGRAPHY, every=st.integers(min_value=2, max_value=9), upper=st.booleans())
def test_typography_never_changes_the_verdict(  # noqa: PLR0917
    reference: Reference, article: Article, number: int, mark: str, every: int, upper: bool
) -> None:
    text = article.statements[number].text
    marked = "".join(c + mark if n % every == 0 and c.isalpha() else c for n, c in enumerate(text))
    marked = marked.replace(" ", "\u00a0 ").replace("’", "'").replace("“", '"')
    marked = marked.upper() if upper else marked
    assert verdict(reference, marked).ruling is verdict(reference, text).ruling


@settings(max_examples=100, deadline=None)
@given(text=WITH_DIGITS, place=st.integers(min_value=0, max_value=50), digit=st.sampled_from("0123456789"))
def test_another_digit_always_changes_the_verdict(reference: Reference, text: str, place: int, digit: str) -> None:
    digits = [match.start() for match in re.finditer(r"\d", text)]
    at = digits[place % len(digits)]
    changed = text[:at] + digit + text[at + 1 :]
    assume([t.form for t in tokenize(changed)] != [t.form for t in tokenize(text)])
    assert verdict(reference, changed).ruling not in (Ruling.EXACT, Ruling.REPORTED, Ruling.PARAPHRASE)


@settings(max_examples=100, deadline=None)
@given(text=LONG, place=st.integers(min_value=2, max_value=50), act=st.sampled_from(["drop", "add", "swap"]))
def test_the_changes_applied_to_the_article_give_the_quote_back(
    reference: Reference, text: str, place: int, act: str
) -> None:
    words, whole = text.split(), reference.source.text
    at = 2 + place % (len(words) - 5)
    assume(not re.search(r"\d", words[at]))  # half of "3-4 weeks" is another quantity, not a word less
    instead = {"drop": [], "add": ["purple", words[at]], "swap": ["purple"]}[act]
    quote = " ".join([*words[:at], *instead, *words[at + 1 :]])
    found = verdict(reference, quote)
    assume(found.ruling is Ruling.ALTERED)
    (span,) = found.places
    parts, end = [], span.start
    for change in found.changes:
        parts += [whole[end : change.of.start], f" {change.theirs} "]
        end = change.of.end
    given_back = "".join(parts) + whole[end : span.end]
    assert [t.form for t in tokenize(given_back)] == [t.form for t in tokenize(quote)]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(reference: Reference, text: str) -> None:
    assert verdict(reference, text).ruling in (Ruling.TOO_SHORT, Ruling.NOT_IN_ARTICLE)


@pytest.mark.parametrize("part", ["a", "a ", "ldn ", "the ", "… ", "[a] ", "“", "1.5 mg ", "\u202e", "ا ب "])
def test_nothing_takes_two_seconds(reference: Reference, part: str) -> None:
    started = time.perf_counter()
    found = verdict(reference, (part * 50_000)[:50_000])
    assert time.perf_counter() - started < 2
    assert found.ruling in (Ruling.TOO_SHORT, Ruling.NOT_IN_ARTICLE)


def test_every_statement_is_itself(reference: Reference, article: Article) -> None:
    def accepted(statement: Statement) -> bool:
        found = verdict(reference, statement.text, statement.speaker)
        return found.ruling in (Ruling.EXACT, Ruling.REPORTED) and unchanged(found) == 1

    assert [s.text for s in article.statements if not accepted(s)] == []

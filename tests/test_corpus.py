"""The corpus that ships: who said each sentence of the LDN article, and what must stand beside it."""

import re
import tomllib
from collections import Counter
from itertools import chain
from typing import Any

import pytest

from ingest.check import check_article
from ingest.split import split
from whosaid.library import Library
from whosaid.settings import ROOT
from whosaid.types import NARRATOR, NOT_STATED, Article, Mode, Span, Statement

CORPUS = ROOT / "corpus"
HER = "Ginevra Liptan"
NOT_QUOTED = {Mode.REPORTED, Mode.CONTINUATION, Mode.PRACTICE, Mode.NARRATOR}


@pytest.fixture(scope="session")
def article(library: Library) -> Article:
    (article,) = library.articles
    return article


@pytest.fixture(scope="session")
def terms() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((CORPUS / "glossary.toml").read_text(encoding="utf-8"))["term"]
    return found


def the(article: Article, prefix: str) -> Statement:
    """Return the one statement that begins so."""
    (found,) = [statement for statement in article.statements if statement.text.startswith(prefix)]
    return found


def cue(statement: Statement) -> str:
    assert statement.cue
    return statement.quote.article.quote(statement.cue).text


def inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start < inner.end <= outer.end


def test_every_content_unit_of_the_article_is_attributed_and_nothing_else(article: Article) -> None:
    units = [(unit.start, unit.end) for unit in split(article.text)]
    assert [(s.quote.span.start, s.quote.span.end) for s in article.statements] == units
    assert len(units) == 91
    check_article(CORPUS / article.id, article)


def test_every_statement_was_read_by_somebody(article: Article) -> None:
    assert all(statement.reviewed_by for statement in article.statements)


def test_the_statements_are_shared_out_among_the_speakers_as_they_were_read(article: Article) -> None:
    assert Counter(statement.speaker for statement in article.statements) == {
        HER: 48,
        NARRATOR: 40,
        "Jared Younger": 1,
        "Leavitt": 1,
        "NOPE Facebook group": 1,
    }


@pytest.mark.parametrize(
    "prefix",
    [
        "Dr. Liptan came to specialize",
        "She’s been studying the disease",
        "Some people don’t feel comfortable",
        "A 2013 study following",
        "A 2015 review concluded",
        "Several blogs (Three Letters",
        "Low dose naltrexone doesn’t get a lot of space",
        "The most pain benefits come at around 3-4 weeks.",
        "Taking LDN for 3, 6 or 9 months",
        "Some people get help with fatigue",
        "Comments on LDN blogs on Health Rising",
        "Because LDN calms down parts",
        "LDN can occasionally cause sleep issues.",
        "One person asked if she has to be off gabapentin",
        "One – gabapentin – slows down",
        "Opiates are very beneficial",
        "They can block some pain signals",
        "The naltrexone in low dose naltrexone",
        "Tweaking oxymorphone slightly",
        "Blocking those opioid receptors",
        "Tricking the body",
        "Theoretically, FM patients",
        "It’s no wonder Dr. Liptan is having trouble",
        "Could ultra low dose naltrexone",
        "Taking an ultra-low dose of LDN",
        "In fact, some evidence suggests",
        "Because long term opioid use",
        "At very low doses (0.5-1 mg)",
        "The results can be startling",
        "One report indicated",
        "The research, unfortunately,",
        "The ULDN/opiate protocol is clearly",
        "If it works, an added benefit",
        "A drug combination of extended release oxycodone",
    ],
)
def test_what_the_narrator_says_is_not_credited_to_her(article: Article, prefix: str) -> None:
    statement = the(article, prefix)
    assert (statement.speaker, statement.mode) == (NARRATOR, Mode.NARRATOR)


@pytest.mark.parametrize(
    "prefix",
    [
        "(The spinal cord is where",
        "(Note that Liptan’s program is holistic",
        "(LDN affects immune cells",
        "(Sinus infections, it turns out,",
        "(Then there’s the slow ramp up time",
        "(This process may work better",
    ],
)
def test_bracketed_asides_of_the_narrator_are_the_narrators(article: Article, prefix: str) -> None:
    assert the(article, prefix).speaker == NARRATOR


def test_every_other_bracketed_sentence_is_jared_youngers(article: Article) -> None:
    others = [s.speaker for s in article.statements if s.text.startswith("(") and s.speaker != NARRATOR]
    assert others == ["Jared Younger"]


@pytest.mark.parametrize(
    ("prefix", "speaker", "cue_text"),
    [
        ("(Jared Younger recommends 6 weeks).", "Jared Younger", "Jared Younger recommends"),
        ("Leavitt suggests that", "Leavitt", "Leavitt suggests"),
        ("An administrator from a Facebook group", "NOPE Facebook group", "An administrator from a Facebook group"),
    ],
)
def test_what_others_say_is_theirs(article: Article, prefix: str, speaker: str, cue_text: str) -> None:
    statement = the(article, prefix)
    assert (statement.speaker, statement.mode) == (speaker, Mode.REPORTED)
    assert cue(statement).startswith(cue_text)


@pytest.mark.parametrize(
    ("prefix", "mode", "channel"),
    [
        ("She employs an integrative approach", Mode.PARTIAL, "interview"),
        ("In her book she calls LDN", Mode.PARTIAL, "book"),
        ("In her book, Liptan suggests", Mode.PARTIAL, "book"),
        ("In one of her blogs, she notes", Mode.REPORTED, "blog"),
        ("In The Fibro Manual, Liptan recommends", Mode.REPORTED, "book"),
        ("In her book, she advises", Mode.PARTIAL, "book"),
        ("She recommended that FM patients", Mode.REPORTED, NOT_STATED),
        ("She notes that taking long-acting opiates", Mode.REPORTED, NOT_STATED),
        ("Dr. Liptan, though, has found", Mode.REPORTED, NOT_STATED),
        ("She uses diet and probiotics", Mode.PRACTICE, NOT_STATED),
        ("She also uses COQ10", Mode.PRACTICE, NOT_STATED),
    ],
)
def test_her_words_carry_their_mode_and_only_a_channel_that_is_stated(
    article: Article, prefix: str, mode: Mode, channel: str
) -> None:
    statement = the(article, prefix)
    assert (statement.speaker, statement.mode, statement.channel) == (HER, mode, channel)


def test_her_report_of_the_stanford_study_keeps_both_speakers(article: Article) -> None:
    statement = the(article, "Dr. Liptan noted that the Stanford study")
    assert (statement.speaker, statement.source) == (HER, "Stanford study")


def test_three_hours_is_the_narrators_theory_and_needs_both_of_her_corrections(article: Article) -> None:
    theory = the(article, "Theoretically, FM patients")
    assert theory.text.endswith("about three hours.")
    assert theory.speaker == NARRATOR
    corrections = [the(article, "Dr. Liptan, though, has found"), the(article, "In her book, she advises")]
    assert {correction.id for correction in corrections} <= set(theory.needs)
    assert corrections[1].text.endswith("at least six hours apart”.")


def test_the_maximum_dose_probably_goes_on_from_her_and_needs_the_steps_before_it(article: Article) -> None:
    dose = the(article, "If that’s tolerated, increase LDN")
    steps = the(article, "In The Fibro Manual, Liptan recommends taking LDN 1.5 mgs")
    assert (dose.speaker, dose.mode) == (HER, Mode.CONTINUATION)
    assert dose.needs == (steps.id,)
    assert dose.cue == steps.cue


@pytest.mark.parametrize(
    ("prefix", "needed"),
    [
        ("(Jared Younger recommends", "She recommended that FM patients take LDN for about a month"),
        ("An administrator from a Facebook group", "In April of this year, Dr. Liptan reported"),
        ("At very low doses (0.5-1 mg)", "In April of this year, Dr. Liptan reported"),
        ("In April of this year, Dr. Liptan reported", "The ULDN/opiate protocol is clearly still in its experimental"),
        ("If that happens, Dr. Liptan suggests", "LDN can occasionally cause sleep issues."),
        ("One report indicated", "The research, unfortunately, as so often"),
        ("Dr. Liptan, though, has found", "In her book, she advises"),
    ],
)
def test_a_statement_that_misleads_alone_needs_its_neighbour(article: Article, prefix: str, needed: str) -> None:
    assert the(article, needed).id in the(article, prefix).needs


def test_every_statement_about_ultra_low_doses_leads_to_the_word_experimental(article: Article) -> None:
    by_id = {statement.id: statement for statement in article.statements}
    experimental = the(article, "The ULDN/opiate protocol is clearly").id
    for prefix in (
        "Taking an ultra-low dose of LDN",
        "In fact, some evidence suggests",
        "Because long term opioid use",
        "At very low doses",
        "Leavitt suggests",
        "(This process may work better",
        "An administrator from a Facebook group",
        "If it works, an added benefit",
    ):
        reached, waiting = set[str](), [the(article, prefix).id]
        while waiting:
            id_ = waiting.pop()
            if id_ not in reached:
                reached.add(id_)
                waiting += by_id[id_].needs
        assert experimental in reached, prefix


def test_no_statement_needs_itself_or_the_same_one_twice(article: Article) -> None:
    for statement in article.statements:
        assert statement.id not in statement.needs
        assert len(set(statement.needs)) == len(statement.needs)


def test_pull_quotes_are_direct_and_their_cue_is_the_signature(article: Article) -> None:
    signed = {(u.start, u.end): u.signature for u in split(article.text) if u.signature}
    direct = {(s.quote.span.start, s.quote.span.end): s for s in article.statements if s.mode is Mode.DIRECT}
    assert len(signed) == 3
    assert direct.keys() == signed.keys()
    for place, statement in direct.items():
        assert statement.cue == Span(*(signed[place] or ()))
        assert statement.speaker == HER
        assert cue(statement) in {"Dr. Ginevra Liptan", "Dr. Ginerva Liptan"}
        (quoted,) = statement.quoted
        assert article.quote(quoted).text == statement.text.strip("“”")


def test_quoted_spans_of_partial_statements_stand_inside_quotation_marks(article: Article) -> None:
    partial = [statement for statement in article.statements if statement.mode is Mode.PARTIAL]
    assert len(partial) == 5
    for statement in partial:
        assert statement.quoted
        for span in statement.quoted:
            assert inside(span, statement.quote.span)
            assert article.text[span.start - 1] == "“"
            assert article.text[span.end] == "”"
            assert not re.search("[“”]", article.quote(span).text)


def test_every_quoted_passage_of_the_article_is_somebodys_own_words(article: Article) -> None:
    passages = [Span(match.start(1), match.end(1)) for match in re.finditer("“([^”]*)”", article.text)]
    quoted = list(chain.from_iterable(statement.quoted for statement in article.statements))
    assert len(passages) == 6
    assert all(passage in quoted for passage in passages)


def test_statements_that_quote_nothing_say_so(article: Article) -> None:
    assert all(not statement.quoted for statement in article.statements if statement.mode in NOT_QUOTED)


def test_every_statement_that_is_not_the_narrators_has_a_cue_that_shows_its_speaker(article: Article) -> None:
    marks = {
        HER: r"Liptan|\b[Ss]he\b|\b[Hh]er\b",
        "Jared Younger": "Jared Younger",
        "Leavitt": "Leavitt",
        "NOPE Facebook group": "Facebook group",
    }
    for statement in article.statements:
        if statement.speaker != NARRATOR:
            assert re.search(marks[statement.speaker], cue(statement)), statement.text


def test_the_narrator_needs_no_cue_and_has_no_other_mode(article: Article) -> None:
    for statement in article.statements:
        assert (statement.speaker == NARRATOR) is (statement.mode is Mode.NARRATOR) is (statement.cue is None)


def test_a_cue_begins_and_ends_with_a_whole_word(article: Article) -> None:
    for statement in article.statements:
        if statement.cue:
            before, after = (
                article.text[statement.cue.start - 1],
                article.text[statement.cue.end : statement.cue.end + 1],
            )
            assert not before.isalnum(), cue(statement)
            assert not after.isalnum(), cue(statement)
            assert cue(statement) == cue(statement).strip()


def test_a_cue_stands_in_its_statement_except_for_signatures_and_what_goes_on_from_a_sentence_before(
    article: Article,
) -> None:
    for statement in article.statements:
        span = statement.quote.span
        if statement.mode is Mode.CONTINUATION:
            assert statement.cue
            assert statement.cue.end <= span.start
        elif statement.mode is Mode.DIRECT:
            assert statement.cue
            assert 0 < statement.cue.start - span.end <= 2
        elif statement.cue:
            assert inside(statement.cue, span)


def test_a_channel_is_given_only_where_the_sentence_names_it_or_goes_on_from_one_that_does(article: Article) -> None:
    words = {"book": r"\bbook\b|Fibro Manual", "blog": r"\bblogs?\b", "interview": r"\binterview\b"}
    before = NOT_STATED
    for statement in article.statements:
        if statement.channel != NOT_STATED:
            names_it = re.search(words[statement.channel], statement.text)
            assert names_it or (statement.mode is Mode.CONTINUATION and statement.channel == before), statement.text
        before = statement.channel


def test_a_date_is_one_that_the_sentence_states(article: Article) -> None:
    dated = {statement.when for statement in article.statements if statement.when}
    assert dated == {"March, 2016", "A year later", "In April of this year"}
    assert all(statement.when in statement.text for statement in article.statements)


def test_no_two_statements_share_an_id(library: Library) -> None:
    ids = [statement.id for article in library.articles for statement in article.statements]
    assert len(set(ids)) == len(ids) == len(library.statements)


def test_every_person_of_the_article_is_named_in_it_and_no_name_means_two_people(article: Article) -> None:
    names = [name.casefold() for person in article.people for name in {person.name, *person.aliases}]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    for person in article.people:
        assert any(name in article.text for name in (person.name, *person.aliases)), person.name
    assert article.main_speaker in {person.name for person in article.people}


def plain(words: str) -> str:
    """Fold case, white space and apostrophes, as a reader of the glossary does."""
    return " ".join(words.casefold().replace("’", "'").split())


def stands_in(words: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(plain(words))}(?!\w)", plain(text)) is not None


def test_no_name_of_the_glossary_means_two_things(terms: list[dict[str, Any]]) -> None:
    assert len(terms) > 300
    names = Counter(plain(n) for t in terms for n in [t["name"], *t.get("aliases", ()), *t.get("outside", ())])
    assert [name for name, count in names.items() if count > 1] == []


def test_the_glossary_says_truly_what_the_article_mentions(terms: list[dict[str, Any]], article: Article) -> None:
    for term in terms:
        mentioned = any(stands_in(name, article.text) for name in [term["name"], *term.get("aliases", ())])
        assert term["in_article"] is mentioned, term["name"]


def test_every_alias_of_the_glossary_stands_in_the_article(terms: list[dict[str, Any]], article: Article) -> None:
    aliases = [alias for term in terms for alias in term.get("aliases", ())]
    assert len(aliases) > 100
    assert [alias for alias in aliases if plain(alias) not in plain(article.text)] == []


def test_every_class_of_a_term_is_a_term_and_no_term_is_its_own(terms: list[dict[str, Any]]) -> None:
    names = {term["name"] for term in terms}
    for term in terms:
        classes = {*term.get("is_a", ()), *term.get("is_a_outside", ())}
        assert classes <= names - {term["name"]}, term["name"]


def test_the_misspelling_of_the_article_is_not_taken_for_a_known_drug(
    terms: list[dict[str, Any]], article: Article
) -> None:
    (term,) = [t for t in terms if "buprenorephrine" in {t["name"], *t.get("aliases", ()), *t.get("outside", ())}]
    assert "buprenorephrine" in article.text
    assert "buprenorphine" not in {term["name"], *term.get("aliases", ())}


def test_no_question_of_the_bank_stands_in_it_twice(library: Library) -> None:
    questions = Counter(plain(question.text) for question in library.questions)
    assert len(questions) > 7000
    assert [text for text, count in questions.items() if count > 1] == []


def test_no_question_of_the_bank_is_answered_here_and_not_covered_there(library: Library) -> None:
    def words(text: str) -> str:
        return " ".join(re.findall(r"\w+", plain(text)))

    answered = {words(question.text) for question in library.questions if question.statements}
    assert [
        question.text for question in library.questions if question.topic and words(question.text) in answered
    ] == []


def test_no_question_of_the_bank_is_empty_or_names_a_statement_twice(library: Library) -> None:
    for question in library.questions:
        assert question.text == question.text.strip() != ""
        assert len(set(question.statements)) == len(question.statements)


def test_every_statement_or_one_that_repeats_its_words_answers_some_question_of_the_bank(library: Library) -> None:
    answering = set(chain.from_iterable(question.statements for question in library.questions))
    answers = [plain(statement.text) for statement in library.statements if statement.id in answering]
    unasked = [statement for statement in library.statements if statement.id not in answering]
    assert [s.text for s in unasked if not any(plain(s.text).strip("“”") in answer for answer in answers)] == []

"""Hits → answers: whole statements, in order, never one that misleads alone, and a lead that says whose they are."""

from dataclasses import replace

import pytest

from whosaid.answer import MAX_RELATED, MAX_STATEMENTS, badge, compose, group_title, grouped, why
from whosaid.library import Library
from whosaid.question import understand
from whosaid.types import Answer, Findings, Hit, Link, Question, Statement, Status

QUESTION = Question(("How?",), "How?")


def by_start(library: Library, *starts: str) -> list[Statement]:
    return [next(s for s in library.statements if s.text.startswith(start)) for start in starts]


def answer(library: Library, *starts: str, answerable: float = 1.0, scores: list[float] | None = None) -> Answer:
    statements = by_start(library, *starts)
    weights = scores or [1 - n / 10 for n in range(len(statements))]
    hits = tuple(Hit(s, score, {}) for s, score in zip(statements, weights, strict=True))
    return compose(QUESTION, Findings(hits, answerable, 0.5), library)


THREE_HOURS, NOT_ENOUGH, SIX_HOURS = (
    "Theoretically, FM patients",
    "Dr. Liptan, though, has found",
    "In her book, she advises",
)
LONG_ACTING = "She notes that taking long-acting"


def test_her_six_hours_stand_before_the_theoretical_three(library: Library) -> None:
    shown = [item.statement for item in answer(library, THREE_HOURS).statements]
    assert shown == by_start(library, NOT_ENOUGH, SIX_HOURS, LONG_ACTING, THREE_HOURS)


@pytest.mark.parametrize(
    "start", ["If that’s tolerated", "(Jared Younger", "An administrator", "Theoretically", "It", "A drug"]
)
def test_a_statement_that_misleads_alone_never_stands_alone(library: Library, start: str) -> None:
    for statement in (s for s in library.statements if s.text.startswith(start) and s.needs):
        shown = {item.statement.id for item in answer(library, statement.text).statements}
        assert {statement.id, *statement.needs} <= shown


def test_whatever_is_picked_all_that_it_needs_is_there(library: Library) -> None:
    for statement in library.statements:
        shown = [item.statement for item in answer(library, statement.text).statements]
        ids = {s.id for s in shown}
        assert all(need in ids for s in shown for need in s.needs), statement.text


def test_what_a_statement_needs_follows_it_and_says_so(library: Library) -> None:
    reply, asked = by_start(library, "Dr. Liptan replied", "One person asked")
    first, second = answer(library, "Dr. Liptan replied").statements
    assert (first.statement, first.needed_by) == (reply, "")
    assert (second.statement, second.needed_by) == (asked, reply.id)


def test_what_a_statement_needs_follows_it_in_its_own_right_where_it_fits_too(library: Library) -> None:
    reply, asked = by_start(library, "Dr. Liptan replied", "One person asked")
    shown = answer(library, "Dr. Liptan replied", "LDN can occasionally", "One person asked").statements
    assert [(item.statement, item.needed_by) for item in shown[:2]] == [(reply, ""), (asked, "")]


def test_at_most_five_are_shown_beside_those_they_need(library: Library) -> None:
    texts = [s.text for s in library.statements]
    shown = answer(library, *texts[:9], scores=[1.0] * 9).statements
    assert len([item for item in shown if not item.needed_by]) == MAX_STATEMENTS


def test_a_statement_far_behind_the_best_is_left_out(library: Library) -> None:
    assert len(answer(library, "She uses diet", "LDN can occasionally", scores=[1.0, 0.03]).statements) == 1


def test_below_the_threshold_nothing_is_shown_but_what_is_near(library: Library) -> None:
    refused = answer(library, "She uses diet", "LDN can", "Because LDN calms", "She notes", answerable=0.49)
    assert refused.status is Status.NOT_IN_ARTICLE
    assert refused.statements == ()
    assert len(refused.related) == MAX_RELATED
    assert refused.lead.startswith("The article does not answer this.")


@pytest.mark.parametrize(
    ("start", "lead"),
    [
        ("LDN is one of the few", "Here is what Dr. Liptan says, as the article quotes it."),
        ("She uses diet", "Here is what the article reports from Dr. Liptan."),
        ("Candida overgrowth", "This is probably Dr. Liptan’s view; the article does not credit it outright."),
        ("Opiates are very", "This is from the article’s author, not from Dr. Liptan."),
        ("Leavitt suggests", "This is from Leavitt, not from Dr. Liptan."),
    ],
)
def test_the_lead_says_whose_statements_follow(library: Library, start: str, lead: str) -> None:
    assert answer(library, start).lead == lead


def test_the_lead_is_no_words_of_the_article(library: Library) -> None:
    for statement in library.statements:
        assert answer(library, statement.text).lead not in statement.quote.article.text


def test_groups_keep_the_order_and_what_is_needed_behind(library: Library) -> None:
    given = answer(library, "Dr. Liptan replied", "She uses diet", "LDN is one of the few", "Opiates are very")
    titles = [title for title, _ in grouped(given.statements)]
    assert titles == ["Reported from Dr. Liptan", "In Dr. Liptan’s own words", "From the article itself"]
    reported = [item.statement.text[:12] for item in grouped(given.statements)[0][1]]
    assert reported == ["Dr. Liptan r", "One person a", "She uses die"]
    assert [item for _, items in grouped(given.statements) for item in items] == list(given.statements)


def test_grouping_never_puts_three_hours_before_six(library: Library) -> None:
    given = answer(library, "(Then there’s the slow ramp", THREE_HOURS)
    order = [item.statement.text for _, items in grouped(given.statements) for item in items]
    six, three = (next(n for n, text in enumerate(order) if text.startswith(s)) for s in (SIX_HOURS, THREE_HOURS))
    assert six < three


def test_every_statement_has_a_badge_with_its_speaker(library: Library) -> None:
    for statement in library.statements:
        label = statement.quote.article.label(statement.speaker)
        assert label.lower() in badge(statement).lower()
        assert group_title(statement)
    (stanford,) = by_start(library, "Dr. Liptan noted that the Stanford")
    assert badge(stanford) == "Dr. Liptan, as the article reports, citing Stanford study"


def test_follow_ups_are_questions_of_the_bank_that_the_page_does_not_answer_yet(library: Library) -> None:
    given = answer(library, "She uses diet", "LDN can occasionally", scores=[1.0, 0.03])
    (open_one,) = by_start(library, "LDN can occasionally")
    assert given.follow_ups == (library.example_questions[open_one.id],)


def test_no_hits_are_no_answer(library: Library) -> None:
    empty = compose(QUESTION, Findings((), 1.0, 0.5), library)
    assert empty.status is Status.NOT_IN_ARTICLE
    assert replace(empty, lead="", findings=None) == Answer(Status.NOT_IN_ARTICLE, "How?", "")


def findings(library: Library, **changes: object) -> Findings:
    (statement,) = by_start(library, "She notes that taking long-acting")
    given = Findings((Hit(statement, 1.0, {"question bank": 1.0}),), 0.8, 0.5, 0.7)
    return replace(given, **changes)  # type: ignore[arg-type]


def test_an_answer_is_sure_only_from_its_bound_and_with_nothing_missing(library: Library) -> None:
    assert compose(QUESTION, findings(library), library).status is Status.ANSWERED
    unsure = compose(QUESTION, findings(library, answerable=0.6), library)
    assert unsure.status is Status.PARTIAL
    assert unsure.lead.startswith("The article touches this, but may not answer it. ")
    missing = compose(QUESTION, findings(library, absent=("lyrica", "wine")), library)
    assert missing.status is Status.PARTIAL
    assert missing.lead.startswith("The article touches this, but does not mention “lyrica” or “wine”. ")


def test_the_lead_of_a_silent_article_names_the_topic_and_whom_to_ask(library: Library) -> None:
    alcohol = next(topic for topic in library.topics.values() if "alcohol" in topic.says)
    silent = compose(QUESTION, findings(library, answerable=0.1, topic=alcohol.name), library)
    assert silent.lead.startswith(f"The article does not discuss {alcohol.says}. ")
    asked = {"prescriber": "prescribes for you", "pharmacist": "pharmacist"}[alcohol.ask]
    assert asked in silent.lead


def test_every_topic_of_the_bank_can_be_said(library: Library) -> None:
    assert {question.topic for question in library.questions if question.topic} <= set(library.topics)
    for topic in library.topics.values():
        silent = compose(QUESTION, findings(library, answerable=0.1, topic=topic.name), library)
        assert silent.lead.startswith(f"The article does not discuss {topic.says}.")


def test_a_link_that_is_not_from_the_article_is_remarked_once(library: Library) -> None:
    (statement,) = by_start(library, "In her book, she advises patients")
    hit = Hit(statement, 1.0, {}, (Link("norco", "short-acting opioids"),))
    other = Hit(by_start(library, "The opiate withdrawal problem")[0], 0.9, {}, (Link("norco", "opioids"),))
    answer = compose(QUESTION, findings(library, hits=(hit, other)), library)
    assert answer.remarks == (
        "“norco” is taken here for “short-acting opioids”. That is general knowledge, not from the article.",
    )


@pytest.mark.parametrize(
    ("turns", "is_said"),
    [
        (("Does LDN help with sleep?", "why?"), True),
        (("Does LDN help with sleep?", "But why is that?"), True),
        (("Does LDN help with sleep?", "how come though"), True),
        (("Does LDN help with sleep?", "why does it help some people only?"), False),
        (("Does LDN help with sleep?", "and gabapentin?"), False),
        (("why?",), False),
    ],
)
def test_who_asks_just_why_is_told_that_the_article_may_give_no_reason(
    library: Library, turns: tuple[str, ...], is_said: bool
) -> None:
    answer = compose(understand(turns, library.glossary), findings(library), library)
    assert ("If the article gives a reason" in " ".join(answer.remarks)) is is_said


def test_why_names_the_nearest_question_and_the_parts(library: Library) -> None:
    question = next(q for q in library.questions if q.statements)
    statement = library.statement(question.statements[0])
    assert statement is not None
    hits = (Hit(statement, 0.5, {"question bank": 0.4}),)
    lines = why(statement, compose(QUESTION, findings(library, hits=hits, near=((question, 0.9),)), library))
    assert question.text in lines[0]
    assert "question bank 0.40" in lines[1]

"""Ranked statements → the order in which they are to be read: nothing before what it points back at."""

import pytest

from tests.test_answer import LONG_ACTING, NOT_ENOUGH, SIX_HOURS, THREE_HOURS, answer, by_start
from whosaid.answer import grouped
from whosaid.library import Library
from whosaid.order import antecedent, led_up_to, reading_order, speaks_of_both
from whosaid.types import Shown


def shown(library: Library, *starts: str) -> list[Shown]:
    return [Shown(statement, 1 - place / 10) for place, statement in enumerate(by_start(library, *starts))]


@pytest.mark.parametrize(
    ("statement", "before"),
    [
        ("That’s apparently when", "Her best results"),
        ("If that happens", "LDN can occasionally"),
        ("When that’s the case", "LDN doesn’t come into play"),
        ("If that’s tolerated", "In The Fibro Manual"),
        ("Dr. Liptan replied", "One person asked"),
        ("Dr. Liptan, though, has found", "Theoretically, FM patients"),
    ],
)
def test_a_statement_that_points_back_stands_behind_what_it_points_at(
    library: Library, statement: str, before: str
) -> None:
    one, other = by_start(library, statement, before)
    assert antecedent(one) == other
    assert [item.statement for item in reading_order(shown(library, statement, "She uses diet", before))] == [
        other, one, *by_start(library, "She uses diet")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "start", ["She uses diet", "(Jared Younger", "In her book, Liptan suggests", "Leavitt suggests"]
)
def test_a_statement_that_can_be_read_by_itself_points_at_none(library: Library, start: str) -> None:
    assert antecedent(by_start(library, start)[0]) is None


def test_whoever_was_asked_for_stays_first_where_nothing_points_back(library: Library) -> None:
    ranked = shown(library, "(Jared Younger", "She recommended that FM patients")
    assert reading_order(ranked) == ranked


def test_not_enough_is_read_behind_three_hours_and_those_behind_six(library: Library) -> None:
    ordered = [item.statement for item in reading_order(answer(library, NOT_ENOUGH).statements)]
    assert ordered == by_start(library, SIX_HOURS, LONG_ACTING, THREE_HOURS, NOT_ENOUGH)


def test_a_list_is_read_below_its_heading_in_its_order(library: Library) -> None:
    ranked = shown(library, "Restoring hormone", "She uses diet", "Rest –", "Dr. Liptan’s personalized", "Repair")
    assert [item.statement for item in reading_order(ranked)] == by_start(
        library, "Dr. Liptan’s personalized", "Rest –", "Repair", "Restoring hormone", "She uses diet"
    )


def test_reading_order_keeps_every_statement_once(library: Library) -> None:
    for statement in library.statements:
        ranked = answer(library, statement.text, "That’s apparently", "Her best results").statements
        assert sorted(map(id, reading_order(ranked))) == sorted(map(id, ranked))


def test_what_is_only_near_never_begins_in_the_middle(library: Library) -> None:
    near = led_up_to(shown(library, "If that happens", "She uses diet"))
    assert [item.statement for item in near] == by_start(
        library, "LDN can occasionally", "If that happens", "She uses diet"
    )
    refused = answer(library, "If that happens", "She uses diet", "Because LDN calms", answerable=0.1)
    assert refused.related[0].statement == by_start(library, "LDN can occasionally")[0]


def test_the_lead_and_the_heading_are_of_what_is_read_first(library: Library) -> None:
    given = answer(library, "If that happens")
    assert given.lead == "This comes first from the article’s author. What Dr. Liptan says follows."
    titles = [title for title, _ in grouped(reading_order(given.statements))]
    assert titles == ["From the article itself", "Reported from Dr. Liptan"]


def test_only_the_reply_about_gabapentin_speaks_of_both(library: Library) -> None:
    assert [s for s in library.statements if speaks_of_both(s)] == by_start(library, "Dr. Liptan replied")

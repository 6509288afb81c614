"""Hits → an answer made of whole statements, with no model.

The lead is ours and asserts nothing of the article: it says whose statements follow, or that there are none.
A statement that misleads alone never stands alone: what it `needs` follows it.
"""

from collections.abc import Callable, Sequence

from whosaid.types import NARRATOR, Answer, Findings, Hit, Mode, Question, Shown, Statement, Status
from whosaid.wording import answer_wording

MAX_STATEMENTS = 5
MAX_RELATED = 3
MAX_FOLLOW_UPS = 3
_NEAR_BEST = 0.3  # share of the best score from which a statement is shown beside it
_RELATED_FLOOR = 0.05
_OWN_WORDS = {Mode.DIRECT, Mode.PARTIAL}


def compose(
    question: Question,
    findings: Findings,
    statement: Callable[[str], Statement | None],
    example: Callable[[str], str | None],
) -> Answer:
    """Return the answer to a question. `statement` looks an id up, `example` a bank question for an id."""
    if not findings.readable:
        return Answer(Status.NOT_IN_ARTICLE, question.read_as, answer_wording().say("silent.unreadable"))
    if not findings.hits or findings.answerable < findings.threshold:
        related = [hit for hit in findings.hits[:MAX_RELATED] if hit.score >= _RELATED_FLOOR]
        return Answer(
            Status.NOT_IN_ARTICLE,
            question.read_as,
            answer_wording().say("silent.near" if related else "silent.plain"),
            related=tuple(Shown(hit.statement, hit.score) for hit in related),
            follow_ups=_follow_ups([hit.statement for hit in findings.hits], set(), example),
            answerable=findings.answerable,
        )
    picks = _picks(findings.hits, statement)
    shown = _with_needs(picks, statement)
    return Answer(
        Status.ANSWERED,
        question.read_as,
        _lead([hit.statement for hit in picks]),
        statements=tuple(shown),
        follow_ups=_follow_ups(
            [hit.statement for hit in findings.hits], {item.statement.id for item in shown}, example
        ),
        answerable=findings.answerable,
    )


def group_title(statement: Statement) -> str:
    """Return the heading under which a statement is shown: whose it is, and how surely."""
    article = statement.quote.article
    label = article.label(statement.speaker)
    if statement.mode in _OWN_WORDS:
        return f"In {label}’s own words"
    if statement.mode is Mode.NARRATOR or statement.speaker == NARRATOR:
        return "The article’s author"
    if statement.mode is Mode.CONTINUATION:
        return f"Probably {label}’s"
    return f"Reported from {label}"


def badge(statement: Statement) -> str:
    """Return who said a statement and how, in a few words."""
    article = statement.quote.article
    label = article.label(statement.speaker)
    words = {
        Mode.DIRECT: f"{label}, in own words",
        Mode.PARTIAL: f"{label}, partly in own words",
        Mode.REPORTED: f"{label}, as the article reports",
        Mode.PRACTICE: f"{label}’s practice, as the article tells it",
        Mode.CONTINUATION: f"Probably {label}: the article does not say so outright",
        Mode.NARRATOR: "The article’s author",
    }[statement.mode]
    words = words[0].upper() + words[1:]
    return words + (f", citing {statement.source}" if statement.source else "")


def grouped(shown: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    """Return statements under their headings, best group first; what a statement needs stays behind it."""
    groups: dict[str, list[Shown]] = {}
    title = ""
    for item in shown:
        if not item.needed_by:
            title = group_title(item.statement)
        groups.setdefault(title, []).append(item)
    return list(groups.items())


def _picks(hits: Sequence[Hit], statement: Callable[[str], Statement | None]) -> list[Hit]:
    """Return the hits to show, the best first, at most `MAX_STATEMENTS`.

    Where one needs another that is surely the main speaker's and is not surely theirs itself, theirs goes first:
    nobody should meet "about three hours" before her "at least six".
    """
    picks: dict[str, Hit] = {}
    for hit in hits[:MAX_STATEMENTS]:
        if hit.score < _NEAR_BEST * hits[0].score:
            break
        needed = [] if _surely_main(hit.statement) else [statement(id_) for id_ in hit.statement.needs]
        for found in needed:
            if found is not None and _surely_main(found):
                picks.setdefault(found.id, Hit(found, hit.score, {"needed": hit.score}))
        picks.setdefault(hit.statement.id, hit)
    return list(picks.values())[:MAX_STATEMENTS]


def _surely_main(statement: Statement) -> bool:
    return statement.speaker == statement.quote.article.main_speaker and statement.mode is not Mode.CONTINUATION


def _with_needs(picks: Sequence[Hit], statement: Callable[[str], Statement | None]) -> list[Shown]:
    """Follow each pick with what it needs, and what that needs in turn, each shown once."""
    own = {hit.statement.id for hit in picks}
    shown: list[Shown] = []
    for hit in picks:
        shown.append(Shown(hit.statement, hit.score))
        waiting = [(id_, hit.statement.id) for id_ in hit.statement.needs]
        while waiting:
            id_, needed_by = waiting.pop(0)
            found = statement(id_)
            if found is None or id_ in own or any(item.statement.id == id_ for item in shown):
                continue
            shown.append(Shown(found, hit.score, needed_by))
            waiting += [(further, id_) for further in found.needs]
    return shown


def _lead(statements: Sequence[Statement]) -> str:
    say = answer_wording().say
    best = statements[0]
    article = best.quote.article
    main = article.label(article.main_speaker)
    if best.speaker == article.main_speaker:
        if best.mode in _OWN_WORDS:
            return say("lead.quoted", main=main)
        return say("lead.probably" if best.mode is Mode.CONTINUATION else "lead.reported", main=main)
    follows = any(statement.speaker == article.main_speaker for statement in statements)
    return say("lead.other_then_main" if follows else "lead.other", main=main, speaker=article.label(best.speaker))


def _follow_ups(
    statements: Sequence[Statement], shown: set[str], example: Callable[[str], str | None]
) -> tuple[str, ...]:
    """Return bank questions whose answers lie near and are not on the page yet."""
    found = (example(statement.id) for statement in statements if statement.id not in shown)
    return tuple([question for question in found if question][:MAX_FOLLOW_UPS])

"""Hits → an answer made of whole statements, with no model.

The lead is ours and asserts nothing of the article: it says whose statements follow, or that there are none.
A statement that misleads alone never stands alone: what it `needs` follows it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from whosaid.focus import asks_just_why
from whosaid.library import Library
from whosaid.order import led_up_to, reading_order
from whosaid.tokens import tokenize
from whosaid.types import NARRATOR, Answer, Findings, Focus, Hit, Mode, Question, Shown, Statement, Status, Topic
from whosaid.wording import answer_wording

MAX_STATEMENTS = 5
MAX_RELATED = 3
MAX_FOLLOW_UPS = 3
MAX_MISSING = 3
_UNFOLDED = 3
_NEAR_BEST = 0.04  # share of the best score from which a statement is shown beside it
_RELATED_FLOOR = 0.05
_MORE_FLOOR = 0.02  # the same, for "show me more"
_WHO = re.compile(r"who(?:se|m)?\b", re.IGNORECASE)
_OWN_WORDS = {Mode.DIRECT, Mode.PARTIAL}


def compose(question: Question, findings: Findings, library: Library) -> Answer:
    """Return the answer to a question."""
    if not findings.readable:
        unreadable = answer_wording().say("silent.unreadable")
        return Answer(Status.NOT_IN_ARTICLE, question.read_as, unreadable, findings=findings)
    if not findings.hits or findings.answerable < findings.threshold:
        related = [hit for hit in findings.hits[:MAX_RELATED] if hit.score >= _RELATED_FLOOR]
        return Answer(
            Status.NOT_IN_ARTICLE,
            question.read_as,
            _silent(
                library.topics.get(findings.topic) or Topic(findings.topic, findings.topic), has_related=bool(related)
            ),
            related=tuple(led_up_to([Shown(hit.statement, hit.score) for hit in related])[:MAX_RELATED]),
            follow_ups=_follow_ups(question, findings.hits, set(), library),
            findings=findings,
        )
    picks = _focused(question.focus, findings.hits, library)
    if not picks:
        return Answer(
            Status.NOT_IN_ARTICLE, question.read_as, _none_of(question.focus, findings.hits[0]), findings=findings
        )
    picks = _of_whom_is_asked(question, picks)
    shown = _with_needs(picks, library)
    asks_who = question.focus is Focus.WHO
    lead = _whose(shown) if asks_who else _lead([item.statement for item in reading_order(shown)])
    is_sure = findings.answerable >= findings.sure and not findings.absent
    return Answer(
        Status.ANSWERED if is_sure else Status.PARTIAL,
        question.read_as,
        lead if is_sure or asks_who else f"{_touches(findings.absent)} {lead}",
        statements=tuple(shown),
        follow_ups=_follow_ups(question, findings.hits, {item.statement.id for item in shown}, library),
        remarks=_remarks(question, picks),
        findings=findings,
    )


def _of_whom_is_asked(question: Question, picks: Sequence[Hit]) -> list[Hit]:
    """Return the hits, first those that the question asks for by who said them, or by what who said.

    "What does Younger say" names him beside the main speaker; "who recommends 6 weeks" names the quantity.
    """
    asks_who = _WHO.match(question.read_as)
    quantities = {token.form for token in tokenize(question.read_as) if token.unit} if asks_who else set()
    articles = {hit.statement.quote.article.id: hit.statement.quote.article for hit in picks}
    named = {article.speaker_named(question.said) for article in articles.values()}
    others = named - {"", NARRATOR, *(article.main_speaker for article in articles.values())}
    if not others and not quantities:
        return list(picks)

    def is_asked(hit: Hit) -> bool:
        forms = {token.form for token in tokenize(hit.statement.text)}
        return hit.statement.speaker in others or bool(quantities & forms)

    return sorted(picks, key=lambda hit: not is_asked(hit))


def leave_alone(question: Question, findings: Findings, reason: str) -> Answer:
    """Return an answer without statements; `reason` is "crisis" or "courtesy"."""
    return Answer(Status.NOT_IN_ARTICLE, question.read_as, answer_wording().say(f"silent.{reason}"), findings=findings)


def say_silent(question: Question, findings: Findings, topic: Topic) -> Answer:
    """Return the answer that the article does not discuss a topic, with nothing near it."""
    return Answer(Status.NOT_IN_ARTICLE, question.read_as, _silent(topic, has_related=False), findings=findings)


def refuse(question: Question, reason: str, library: Library) -> Answer:
    """Return the answer to a request that is refused: one plain sentence."""
    sites = dict.fromkeys(f"{a.site} ({a.url})" if a.url else a.site for a in library.articles)
    variables = {"site": " and ".join(sites)} if reason == "whole_article" else {}
    return Answer(Status.REFUSED, question.read_as, answer_wording().say(f"refused.{reason}", **variables))


def group_title(statement: Statement) -> str:
    """Return the heading under which a statement is shown: whose it is, and how surely."""
    article = statement.quote.article
    label = article.label(statement.speaker)
    if statement.mode in _OWN_WORDS:
        return f"In {label}’s own words"
    if statement.mode is Mode.NARRATOR or statement.speaker == NARRATOR:
        return "From the article itself"
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
    """Return statements under their headings, in their order: a heading comes again where its speaker does.

    Gathering them by heading would put "about three hours" before the sentence that has to stand before it.
    """
    groups: list[tuple[str, list[Shown]]] = []
    told: set[str] = set()
    for item in shown:
        title = groups[-1][0] if item.needed_by in told else group_title(item.statement)
        told.add(item.statement.id)
        if groups and groups[-1][0] == title:
            groups[-1][1].append(item)
        else:
            groups.append((title, [item]))
    return groups


def folded(shown: Sequence[Shown]) -> tuple[Sequence[Shown], Sequence[Shown]]:
    """Return the best statements, with those that they need, and the rest, both in the order to be read."""
    shown = reading_order(shown)
    picks = [place for place, item in enumerate(shown) if not item.needed_by]
    at = picks[_UNFOLDED] if len(picks) > _UNFOLDED else len(shown)
    return shown[:at], shown[at:]


def unsaid(answer: Answer) -> str:
    """Return what the article does not say of a question that it answers in part, "" where it answers all of it."""
    if answer.status is not Status.PARTIAL:
        return ""
    say = answer_wording().say
    absent = answer.findings.absent if answer.findings else ()
    return f"{say('unsaid.missing', missing=_listed(absent)) if absent else say('unsaid.part')} {say('unsaid.ask')}"


def why(statement: Statement, answer: Answer) -> list[str]:
    """Return in plain lines why a statement is shown: the bank question that matched it best, and its score's parts."""
    findings = answer.findings
    hit = next((hit for hit in findings.hits if hit.statement == statement), None) if findings else None
    if findings is None or hit is None:
        return []
    matched = next((f"“{question.text}”" for question, _ in findings.near if statement.id in question.statements), "")
    parts = ", ".join(f"{name} {part:.2f}" for name, part in hit.parts.items())
    return [
        f"Of the questions that it is known to answer, the nearest to yours: {matched}"
        if matched
        else "No question near yours is answered by it.",
        f"In figures: this statement scores {hit.score:.2f} of 1, made of {parts}.",
        f"The article has an answer: {findings.answerable:.2f} likely; from {findings.threshold:.2f} on one is shown.",
    ]


def _focused(focus: Focus, hits: Sequence[Hit], library: Library) -> list[Hit]:
    """Return the hits to show, of those that the turn asks for."""
    if focus is Focus.OWN_WORDS:
        own = [hit for hit in hits if hit.statement.is_surely_main and hit.statement.mode in _OWN_WORDS]
        return [hit for hit in own[:MAX_STATEMENTS] if hit.score >= _RELATED_FLOOR * hits[0].score]
    if focus is Focus.AUTHOR:
        theirs = [hit for hit in hits if hit.statement.mode is Mode.NARRATOR]
        return [hit for hit in theirs[:MAX_STATEMENTS] if hit.score >= _RELATED_FLOOR * hits[0].score]
    picks = _picks(hits, library)
    if focus is Focus.MORE:
        seen = {hit.statement.id for hit in picks}
        further = [hit for hit in hits[: 2 * MAX_STATEMENTS] if hit.statement.id not in seen]
        return [hit for hit in further[:MAX_STATEMENTS] if hit.score >= _MORE_FLOOR * hits[0].score]
    return picks


def _picks(hits: Sequence[Hit], library: Library) -> list[Hit]:
    """Return the hits to show, the best first, at most `MAX_STATEMENTS`.

    Where one needs another that is surely the main speaker's and is not surely theirs itself, theirs goes first:
    nobody should meet "about three hours" before her "at least six".
    """
    picks: dict[str, Hit] = {}
    for hit in hits[:MAX_STATEMENTS]:
        if hit.score < _NEAR_BEST * hits[0].score:
            break
        needed = [] if hit.statement.is_surely_main else [library.statement(id_) for id_ in hit.statement.needs]
        for found in needed:
            if found is not None and found.is_surely_main:
                picks.setdefault(found.id, Hit(found, hit.score, {"needed": hit.score}))
        picks.setdefault(hit.statement.id, hit)
    return list(picks.values())[:MAX_STATEMENTS]


def _with_needs(picks: Sequence[Hit], library: Library) -> list[Shown]:
    """Follow each pick with what it needs, and what that needs in turn, each shown once."""
    own = {hit.statement.id: hit for hit in picks}
    shown: dict[str, Shown] = {}
    for hit in picks:
        shown.setdefault(hit.statement.id, Shown(hit.statement, hit.score))
        waiting = [(id_, hit.statement.id) for id_ in hit.statement.needs]
        while waiting:
            id_, needed_by = waiting.pop(0)
            found = library.statement(id_)
            if found is None or id_ in shown or (id_ in own and found.needs):
                continue
            # what would come later by itself comes here: nobody should meet "both drugs" far from which two they are
            shown[id_] = Shown(found, own[id_].score) if id_ in own else Shown(found, hit.score, needed_by)
            waiting += [(further, id_) for further in found.needs]
    return list(shown.values())


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


def _remarks(question: Question, picks: Sequence[Hit]) -> tuple[str, ...]:
    say = answer_wording().say
    taken_for: dict[str, str] = {}
    for link in (link for hit in picks for link in hit.links):
        taken_for.setdefault(link.words, link.thing)
    links = [say("remark.link", words=words, thing=thing) for words, thing in taken_for.items()]
    asks_why = question.leans and asks_just_why(question.said)
    return (*links, say("remark.why")) if asks_why else tuple(links)


def _whose(shown: Sequence[Shown]) -> str:
    """Return how many statements are whose."""
    counts = Counter(item.statement.quote.article.label(item.statement.speaker) for item in shown)
    return answer_wording().say("lead.who", whose=", ".join(f"{count} from {label}" for label, count in counts.items()))


def _none_of(focus: Focus, best: Hit) -> str:
    article = best.statement.quote.article
    variables = {"main": article.label(article.main_speaker)} if focus is Focus.OWN_WORDS else {}
    return answer_wording().say(f"focus.no_{focus}", **variables)


def _touches(absent: Sequence[str]) -> str:
    if not absent:
        return answer_wording().say("touches.plain")
    return answer_wording().say("touches.missing", missing=_listed(absent))


def _listed(absent: Sequence[str]) -> str:
    return " or ".join(f"“{words}”" for words in absent[:MAX_MISSING])


def _silent(topic: Topic, *, has_related: bool) -> str:
    say = answer_wording().say
    sentences = [say("silent.topic", topic=topic.says) if topic.says else say("silent.plain")]
    if topic.ask:
        sentences.append(say(f"ask.{topic.ask}"))
    if has_related:
        sentences.append(say("silent.near"))
    return " ".join(sentences)


def _follow_ups(question: Question, hits: Sequence[Hit], shown: set[str], library: Library) -> tuple[str, ...]:
    """Return bank questions whose answers lie near and are not on the page yet, none of them what was just asked."""
    asked = {_letters(text) for text in (question.said, question.read_as)}
    found = (library.example_questions.get(hit.statement.id) for hit in hits if hit.statement.id not in shown)
    return tuple([text for text in found if text and _letters(text) not in asked][:MAX_FOLLOW_UPS])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()

"""Turns → one question that stands on its own (`followup`), its spelling put right, without what nobody can see."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from whosaid.courtesy import says_nothing
from whosaid.errors import QuestionError
from whosaid.focus import focus_of
from whosaid.followup import may_stand_alone, stand_alone, with_name, with_things_only
from whosaid.glossary import Glossary
from whosaid.spelling import corrected
from whosaid.types import Focus, Question

MAX_CHARS = 5000


def understand(turns: Sequence[str], glossary: Glossary, *, as_typed: bool = False) -> Question:
    """Return what the last turn asks, its spelling let be where `as_typed`.

    Raises `QuestionError` where it is empty or over `MAX_CHARS` characters.
    """
    if not turns or not all(isinstance(turn, str) for turn in turns):
        raise QuestionError("there is no question: a conversation is a list of texts, the last one the question")
    if len(turns[-1]) > MAX_CHARS:
        raise QuestionError(
            f"the question has {len(turns[-1]):,} characters: ask one question of at most {MAX_CHARS:,}"
        )
    cleaned = [clean(turn) for turn in turns]
    if not as_typed:
        cleaned = [corrected(turn, glossary) for turn in cleaned]
        cleaned[-1] = with_name(cleaned[-1], cleaned[:-1], glossary)
    last = cleaned[-1]
    if not last:
        raise QuestionError("the question is empty: ask something about the article")
    if says_nothing(last):
        return Question(tuple(turns), last, said=last)
    before = [turn for turn in cleaned[:-1] if turn and not says_nothing(turn)]
    focus = focus_of(last) if before else Focus.NONE
    while before and focus_of(last):
        last = before.pop()
    read_as, is_added_to, after, is_bound = stand_alone(last, before, glossary)
    if len(read_as) > MAX_CHARS:
        return Question(tuple(turns), last, focus, said=cleaned[-1])
    leans = focus is Focus.NONE and bool(before) and read_as not in last
    also = with_things_only(last, before, glossary) if leans and is_added_to else ""
    also = also if also != read_as else ""
    alone = leans and not is_bound and may_stand_alone(last, glossary)
    return Question(tuple(turns), read_as, focus, leans, also, cleaned[-1], alone, after if leans else "")


def needed(turns: Sequence[str], glossary: Glossary) -> Sequence[str]:
    """Return the fewest turns at a conversation's end whose last is read as in the whole. Raises as `understand`."""
    whole = understand(turns, glossary)
    ends = (turns[start:] for start in reversed(range(len(turns))))
    return next(end for end in ends if replace(understand(end, glossary), turns=whole.turns) == whole)


def clean(turn: str) -> str:
    """Return a turn in composed Unicode, without control characters, its white space folded; "" where nothing shows."""
    composed = unicodedata.normalize("NFC", turn)
    spaced = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in composed)
    folded = " ".join(spaced.split())
    return folded if any(unicodedata.category(c) not in {"Cf", "Zs"} for c in folded) else ""

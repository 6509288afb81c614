"""Turns → one question that stands on its own.

Follow-ups are read by one plain rule: a last turn that leans on what came before (short, or opening with
"and", "so", "what about" …) is read with the two turns before it.
"""

import re
import unicodedata
from collections.abc import Sequence

from whosaid.errors import QuestionError
from whosaid.types import Question

MAX_CHARS = 5000
_LEANING = re.compile(
    r"^(?:and|so|but|ok|okay|then|also|or|why|same|what if|how much of|which one"
    r"|(?:what|how) about|(?:is|does) that)\b",
    re.IGNORECASE,
)
_LEANING_MAX_WORDS = 4
_TURNS_BEFORE = 2


def understand(turns: Sequence[str]) -> Question:
    """Return what the last turn asks. Raises `QuestionError` where it is empty or over `MAX_CHARS` characters."""
    if not turns or not all(isinstance(turn, str) for turn in turns):
        raise QuestionError("there is no question: a conversation is a list of texts, the last one the question")
    if len(turns[-1]) > MAX_CHARS:
        raise QuestionError(
            f"the question has {len(turns[-1]):,} characters: ask one question of at most {MAX_CHARS:,}"
        )
    cleaned = [clean(turn) for turn in turns]
    last = cleaned[-1]
    if not last:
        raise QuestionError("the question is empty: ask something about the article")
    before = [turn for turn in cleaned[:-1] if turn][-_TURNS_BEFORE:]
    leans = bool(_LEANING.match(last)) or len(last.split()) <= _LEANING_MAX_WORDS
    return Question(tuple(turns), " ".join([*before, last])[-MAX_CHARS:] if before and leans else last)


def clean(turn: str) -> str:
    """Return a turn in composed Unicode, without control characters, its white space folded; "" where nothing shows."""
    composed = unicodedata.normalize("NFC", turn)
    spaced = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in composed)
    folded = " ".join(spaced.split())
    return folded if any(unicodedata.category(c) not in {"Cf", "Zs"} for c in folded) else ""

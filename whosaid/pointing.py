"""PURE: a turn → whether it points at what was said before it, and which of its words carry content.

"It" and "those" point within the turn where that has named or told something before them: "I get bad headaches from the
capsules. Do those stop?" needs no turn before it.
"""

import re
from collections.abc import Sequence

_LEAST_TOLD = 3  # content words of what a sentence or clause tells, which later words may point at
_PERSONAL = "it|its|they|them|their|he|him|his"
DEMONSTRATIVE = "that|this|those|these"
_POINTING = re.compile(
    rf"\b(?:{_PERSONAL}|{DEMONSTRATIVE}|there|both|either|same|then|instead|else|each|ones|"
    r"too(?=\W*$|[,.;?!]| then\b)|(?:this|that|other|which) one|the (?:[\w'-]+ ){0,2}one|"
    r"the (?:two|three|four|others?|former|latter|rest))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(  # words that are like those, and point at nothing
    r"\bis it (?:true|right|possible|known|ok|okay|safe|fine|bad|normal|common|worth|dangerous) (?:that|to|for|if)\b|"
    r"\b(?:is it just me|(?:is|are|was|were) there(?= \w)|there(?:['’]?s| is| are| was| were)(?= \w))\b|"
    r"\b(?:says?|said|claims?|claimed|thinks?|thought|heard|read|told|means?|mentioned|know) that(?= \w)|"
    r"\b(?!(?:does|did|was|are|were|has|had|will|would|can|could|should|might|may|must|after|before|about|with|like|for|"
    r"from|than|and|but|what|when|why|how|where|who|because|take|taking|took|doing|stop|start|try|not|just|even|only|"
    r"yes|all|then|over|into|without|through)\b)\w{3,} that (?=(?:is|are|was|were|has|have|had|can|could|will|would|"
    r"may|might|do|does|did|made|gave|wore|came|went|got|\w{2,}(?<!s)s|\w{2,}ed)\b)|"  # a noun that has a clause
    r"^(?:who|what)(?:['’]?s| is| was) this(?= \w)|"
    r"\bthat (?=(?:any|some|every|no)(?:one|body)\b)|"
    r"\b(?:some|any)(?:thing|one|body) else\b|"
    r"\binstead of\b|\bsame (?:time|day|night|way)\b|\bthis (?:year|month|week)\b|"
    r"\beach (?:time|day|night|morning|evening|week|month|year)\b|"
    r"\b(?:that|this) (?:tiny|small|low|high|long|bad|much|many|often|fast)\b|"
    r"\bthis (?:doctor|dr|woman|lady|author|article|piece|text|page|site|chat|app|"
    r"drug|medicine|medication|illness|condition|stuff)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(rf"\b(?:{_PERSONAL})\b(?! all\b)|(?<=\bis )it all\b", re.IGNORECASE)  # of a thing before it
_PRONOUN_OR_DEMONSTRATIVE = re.compile(rf"{_PRONOUN.pattern}|\b(?:{DEMONSTRATIVE})\b", re.IGNORECASE)
_OF_A_SENTENCE = re.compile(rf"\b(?:{DEMONSTRATIVE}|they|them|their)\b", re.IGNORECASE)  # of what one before it tells
_OF_A_CLAUSE = re.compile(r"\bones\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"(?<=[.!?,;:])\s+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_EMPTY_WORDS = frozenset(
    "a an the i me my you your we is are was were be been am do does did can could should would will may might have "
    "has had to of in on at for from with by and or but so if not no what how when where who why which she her he his "
    "dr whats whos it its this that these those they them any some just really still get got im ive dont doesnt "
    "thank thanks please".split()
)


def points(words: str) -> bool:
    """Whether words point at anything, be it among them or before them."""
    return _POINTING.search(words) is not None


def points_outside(turn: str, named: Sequence[str], *, may_be_demonstrative: bool = False) -> bool:
    """Whether a turn points at what it has not itself named or told before.

    `named` are the things named in it, as they are written there. With `may_be_demonstrative` "that" may be one of
    them, as "it" may: so in "ULDN, how much is that", but hardly in "I take tramadol, is that fine".
    """
    turn = _EXPLETIVE.sub(" ", turn)
    places = [turn.lower().find(name.lower()) for name in named]
    of_a_thing = _PRONOUN_OR_DEMONSTRATIVE if may_be_demonstrative else _PRONOUN
    turn = _resolved(of_a_thing, turn, [place for place in places if place >= 0])
    for pattern, end in ((_OF_A_SENTENCE, SENTENCE_END), (_OF_A_CLAUSE, _CLAUSE_END)):
        ends = [match for match in end.finditer(turn) if len(content_words(turn[: match.start()])) >= _LEAST_TOLD]
        turn = _resolved(pattern, turn, [match.end() for match in ends])
    return points(turn)


def content_words(turn: str) -> list[str]:
    """Return the words of a turn, in lower case, that are not just grammar or thanks."""
    return [word for word in re.findall(r"[^\W_]+(?:['.][^\W_]+)*", turn.lower()) if word not in _EMPTY_WORDS]


def _resolved(pattern: re.Pattern[str], turn: str, starts: Sequence[int]) -> str:
    """Return a turn without the words that point at what stands before the first of `starts`."""
    start = min(starts, default=len(turn))
    return turn[:start] + pattern.sub(" ", turn[start:])

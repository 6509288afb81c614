"""PURE: a turn → what it asks of the answer before it ("who said that?", "only her own words"), if anything."""

import re

from whosaid.types import Focus

_THAT = r"(?:that|this|it|so|these|those)"
_AUTHOR = r"(?:author|writer|blogger|narrator)"
_PHRASES: dict[Focus, tuple[str, ...]] = {
    Focus.OWN_WORDS: (
        r"(?:show |give )?(?:me )?(?:only |just )?(?:in )?(?:her|his|their|(?:dr\.? )?\w+['’]s) own (?:words|quotes)"
        r"(?: only| please)?",
        r"only what she (?:really |actually )?said(?: herself)?",
    ),
    Focus.AUTHOR: (
        rf"(?:what|how) (?:does|about|did) the {_AUTHOR}(?: say| think| write| himself| herself)*",
        rf"only the {_AUTHOR}(?:['’]s words)?",
    ),
    Focus.MORE: (
        r"(?:show|tell|give) (?:me )?(?:some )?more",
        r"more(?: please)?|anything else|go on",
        r"what else(?: is there| does (?:she|it|the article) say)?",
    ),
    Focus.WHO: (
        rf"who (?:said|says|wrote|is saying) {_THAT}|says who",
        rf"whose (?:words|opinion|claim|quote|idea) (?:is|are|was|were) {_THAT}",
        rf"where (?:is|was|does|did) (?:she say )?{_THAT}(?: come)?(?: from)?",
        rf"is {_THAT} (?:really |from |by )*(?:hers?|(?:dr\.? )?liptan|the (?:article|{_AUTHOR}))(?: or .{{1,40}})?",
    ),
}
_WHY = r"(?:why|how come)(?: (?:(?:is|was|does|would) )?(?:that|this|it|so|not))?|what(?: i|['’]?)s the reason"
_OPENER = r"(?:(?:ok|okay|and|so|but|wait|sorry)\b[\s,]*)*"
_PATTERNS = {
    focus: re.compile(rf"^{_OPENER}(?:{'|'.join(phrases)})\W*$", re.IGNORECASE) for focus, phrases in _PHRASES.items()
}
_BARE_WHY = re.compile(rf"^{_OPENER}(?:{_WHY})(?: though| then)?\W*$", re.IGNORECASE)


def focus_of(turn: str) -> Focus:
    """Return what a turn asks of the answer before it: nothing, for most."""
    return next((focus for focus, pattern in _PATTERNS.items() if pattern.match(turn)), Focus.NONE)


def asks_just_why(turn: str) -> bool:
    """Whether a turn asks for the reason of the answer before it, and says nothing else."""
    return _BARE_WHY.match(turn) is not None

"""PURE: the turns of a conversation → which medicines somebody told they take, where taking another is asked of.

"I'm on methadone" is no question, and yet "what's the dose of LDN?" after it is one about both.
"""

import re
from collections.abc import Sequence

from whosaid.glossary import REMEDIES, Glossary, Term

_STATES = {"condition", "body", "other"}  # kinds of terms that somebody may tell they are or have
_CLAUSE = re.compile(
    r"[?.!;,\n]+\s+|[?.!;,]+$|"
    r"\b(?:but|and(?= (?:i|we|my|what|how|when|is|are|do|does|can|could|should|will|want)\b))\b",
    re.IGNORECASE,
)
_TELLS = re.compile(  # what is taken, of somebody's own
    r"\b(?:i|i['’]?m|i['’]?ve|my|me|we|our)\b|^\W*(?:on|off|took|take|taking|taken|had|have|having|using|use|been|"
    r"prescribed|coming|came|tapering|weaning|still|currently|just)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:(?:ok|okay|and|so|but|or|then|also)\b\W*)*"
    r"(?:what|whats|how|when|where|which|who|why|is|are|am|does|do|did|can|could|should|would|will|may|tell|any)\b",
    re.IGNORECASE,
)
HOW_MUCH = re.compile(r"\bhow (?:much|many)\b", re.IGNORECASE)
_OF_TAKING = re.compile(
    r"\b(?:take|taking|start|starting|begin|have|having|try|trying|use|using|go on|safe|safely|ok|okay|fine|allowed|"
    r"stay on|carry on|swap|swapping|switch|switching|mix|together|when|what time|hours?|how long|how soon|doses?|"
    r"dosage|how much|how many)\b",
    re.IGNORECASE,
)
_MAY = re.compile(  # what somebody is or has matters to whether they may take it, not to the dose that she reports
    r"\b(?:can|could|may|should|shall|safe|safely|ok|okay|fine|allowed|stay on|carry on)\b", re.IGNORECASE
)
_OF_STARTING = re.compile(
    r"\W*(?:(?:ok|so|and|then)\W+)*(?:when )?(?:can|could|may|should|shall|am|is|would)\b"
    r"(?:\W+[\w'’]+){0,4}?\W+(?:start|try|begin)(?:\W+(?:it|this|now|then|today|tonight|tomorrow|yet|again|safely|too|please))*\W*",
    re.IGNORECASE,
)
_OF_EFFECT = re.compile(r"\b(?:help\w*|work\w*|kick\w*|effect\w*|costs?|price\w*|pay|who|why)\b", re.IGNORECASE)


def asks_of_taking(turn: str, glossary: Glossary) -> bool:
    """Whether a turn asks of taking a medicine that the article tells apart, and names no other.

    What is started or tried ("am I ok to start?") is that, named or not.
    """
    mentions = glossary.find(HOW_MUCH.sub("", turn))  # "how much LDN" is a dose by itself
    remedies = {mention.term.name for mention in mentions if mention.term.kind in REMEDIES}
    if not remedies:
        return _OF_STARTING.fullmatch(turn) is not None
    return remedies <= glossary.told_apart and _OF_TAKING.search(turn) is not None and not _OF_EFFECT.search(turn)


def taken_beside(turn: str, before: Sequence[str], glossary: Glossary) -> list[str]:
    """Return what the turns before tell that somebody takes, as it is called there, where a turn asks of taking LDN.

    Where it asks whether they may, also what else they are that the article does not speak of, such as pregnant.
    """
    if not asks_of_taking(turn, glossary):
        return []
    told = [
        mention
        for clause in (clause for earlier in before for clause in _CLAUSE.split(earlier))
        if _TELLS.search(clause) and not _ASKS.match(clause)
        for mention in glossary.find(clause)
    ]
    may_it_be = _MAY.search(turn) is not None
    return list(dict.fromkeys(m.alias for m in told if _matters(m.term, glossary, may_it_be)))


def _matters(term: Term, glossary: Glossary, may_it_be: bool) -> bool:
    if term.kind in REMEDIES:
        return term.name not in glossary.told_apart
    return may_it_be and term.kind in _STATES and not term.in_article

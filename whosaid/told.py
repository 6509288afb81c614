"""PURE: the turns of a conversation → which medicines somebody told they take, where taking another is asked of.

"I'm on methadone" is no question, and yet "what's the dose of LDN?" after it is one about both.
"""

import re
from collections.abc import Sequence

from whosaid.glossary import REMEDIES, Glossary

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
_HOW_MUCH = re.compile(r"\bhow (?:much|many)\b", re.IGNORECASE)
_OF_TAKING = re.compile(
    r"\b(?:take|taking|start|starting|begin|have|having|try|trying|use|using|go on|safe|safely|ok|okay|fine|allowed|"
    r"mix|together|when|what time|hours?|how long|how soon|doses?|dosage|how much|how many)\b",
    re.IGNORECASE,
)
_OF_EFFECT = re.compile(r"\b(?:help\w*|work\w*|kick\w*|effect\w*|costs?|price\w*|pay|who|why)\b", re.IGNORECASE)


def taken_beside(turn: str, before: Sequence[str], glossary: Glossary) -> list[str]:
    """Return the medicines that the turns before tell are taken, as they are called there.

    None where the turn does not ask of taking a medicine that the article tells apart, or names another itself.
    """
    mentions = glossary.find(_HOW_MUCH.sub("", turn))  # "how much LDN" is a dose by itself
    remedies = {mention.term.name for mention in mentions if mention.term.kind in REMEDIES}
    if not remedies or not remedies <= glossary.told_apart or not _OF_TAKING.search(turn) or _OF_EFFECT.search(turn):
        return []
    told = [
        mention
        for clause in (clause for earlier in before for clause in _CLAUSE.split(earlier))
        if _TELLS.search(clause) and not _ASKS.match(clause)
        for mention in glossary.find(clause)
    ]
    return list(
        dict.fromkeys(m.alias for m in told if m.term.kind in REMEDIES and m.term.name not in glossary.told_apart)
    )

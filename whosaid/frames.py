"""PURE: what stands around quoted words in their sentence → whether it denies them, or says them of something else.

Words may be the article's to the letter and the post still be false: `she never said that "…"`, `opioids are "the most
effective way …"` of what was said of another medicine.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from whosaid.glossary import Mention, Term
from whosaid.library import Library
from whosaid.sentences import ASKING, sentences
from whosaid.tokens import tokenize
from whosaid.types import Change, Ruling, Span, Verdict

_SAY = (
    r"says?|said|saying|claim(?:s|ed)?|stated?|writes?|wrote|written|report(?:s|ed)?|mention(?:s|ed)?|call(?:s|ed)?|"
    r"thinks?|thought|believed?"
)
_DENYING = re.compile(
    rf"\b(?:(?:(?:did|does|do|has|have)\s+)?(?:never|not|[a-z]+n['’]t)(?:\s+\w+){{0,2}}?\s+(?:{_SAY})(?:\s+that)?"
    r"|(?:denies|denied|disputes|disputed|rejects|rejected|disagrees|disagreed|refutes|refuted)"
    r"(?:\s+(?:that|with|the\s+(?:idea|claim)\s+that))?"
    r"|(?:wrong|false|untrue|mistaken|not\s+true|a\s+myth|a\s+lie)(?:\s+(?:that|to\s+say|to\s+claim)(?:\s+that)?)?)[\s,:]*$",
    re.IGNORECASE,
)
_SAID_OF = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:call|consider|describe|label)(?:s|ed|d|led)?\s+(?:\w+\s+){0,2}?(?P<thing>[\w-]+)"
        r"(?:\s+(?:as|to\s+be))?(?:\s+(?:the|a|an))?\s*$",
        r"\b(?P<thing>[\w-]+)\s+(?:is|are|was|were|can\s+be|could\s+be)(?:\s+(?:the|a|an))?\s*$",
    )
]
_REACH = 300  # characters before and behind quoted words in which their sentence is looked for
AS_WRITTEN = {Ruling.EXACT, Ruling.REPORTED, Ruling.CLIPPED}
_MEDICINES = {"drug", "class", "supplement", "treatment"}


def framed(verdict: Verdict, post: str, library: Library) -> Verdict:
    """Return what a verdict on quoted words becomes with the words before them: changed, where those turn it."""
    claim = verdict.claim
    if not claim.is_quoted or not verdict.statements or verdict.ruling not in AS_WRITTEN:
        return verdict
    start, end = max(0, claim.span.start - _REACH), claim.span.end + _REACH
    inside = Span(claim.span.start - start, claim.span.end - start)
    near = sentences(post[start:end], [inside])
    part = next((Span(start + p.start, start + p.end) for p in near if p.start <= inside.start < p.end), claim.span)
    if ASKING.search(post[part.start : part.end]):
        return verdict  # "didn't she say …?" denies nothing
    before = post[part.start : claim.span.start].rstrip("\"'“‘« ")
    if denying := _DENYING.search(before):
        words = denying.group().rstrip(" ,:")
        at = Span(part.start + denying.start(), part.start + denying.start() + len(words))
        return _changed(verdict, post, Change("negation", words, "", at, verdict.places[0]))
    said_of = next(filter(None, (pattern.search(before) for pattern in _SAID_OF)), None)
    if said_of and (other := _another(said_of["thing"], verdict, library)):
        at = Span(part.start + said_of.start("thing"), part.start + said_of.end("thing"))
        return _changed(verdict, post, Change("word", said_of["thing"], other[0], at, other[1], "drug"))
    return verdict


def _another(thing: str, verdict: Verdict, library: Library) -> tuple[str, Span] | None:
    """Return the medicine that the article says the quoted words of, and its place, where that is not `thing`."""
    theirs = _medicines(library.glossary.find(thing))
    words = _plain(verdict.claim.text)
    alike = [s for s in library.statements if s in verdict.statements or words in _plain(s.text)]
    named = [(s, mention) for s in alike for mention in _medicines(library.glossary.find(s.text))]
    ours = {name for _, mention in named for name in _names(mention.term)}
    if not theirs or any(ours & {*_names(mention.term)} for mention in theirs):
        return None
    for statement, mention in named:
        found = re.search(rf"\b{re.escape(mention.alias)}\b", statement.text, re.IGNORECASE)
        if found:
            start = statement.quote.span.start
            return found.group(), Span(start + found.start(), start + found.end())
    return None


def _plain(text: str) -> str:
    return " ".join(token.form for token in tokenize(text))


def _medicines(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.term.kind in _MEDICINES]


def _names(term: Term) -> tuple[str, ...]:
    return (term.name, *term.is_a)


def _changed(verdict: Verdict, post: str, change: Change) -> Verdict:
    """Return a verdict on the quoted words with those before them, from `change` on."""
    end = verdict.claim.span.end
    span = Span(change.at.start, end + 1 if post[end : end + 1] in {'"', "”", "’", "'", "»"} else end)
    claim = replace(verdict.claim, text=post[span.start : span.end], span=span)
    return replace(verdict, claim=claim, ruling=Ruling.ALTERED, changes=(change,), cut=())

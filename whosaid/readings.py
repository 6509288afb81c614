"""PURE: a sentence of a post → what of it may be the claim, without crediting words and the writer's own comment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from whosaid.glossary import Glossary
from whosaid.quotes import MIN_WORDS
from whosaid.sentences import ASKING, sentences, stripped
from whosaid.tokens import tokenize
from whosaid.types import Change, Claim, Span, Verdict

REPORT = (
    "says?|said|saying|states?|stated|writes?|wrote|written|notes?|noted|reports?|reported|tells?|told|thinks?|thought|"
    "believes?|believed|recommends?|recommended|suggests?|suggested|advises?|advised|claims?|claimed|explains?|explained|"
    "finds?|found|warns?|warned|mentions?|mentioned|admits?|admitted|argues?|argued|swears|insists?|worries|feels?|felt|"
    "reckons|adds?|added|replied|answered|points? out|pointed out|goes on|went on|quoted"
)
SAYING = re.compile(rf"\b(?:{REPORT})\b(?: (?:us|me|people|patients|everyone|her patients))?(?: about)?", re.IGNORECASE)
_SAID_BEHIND = re.compile(
    r",?\s*(?:according to|says?|said|writes?|notes?)\s+(?:dr\.?\s+)?[\w. ]{3,40}[.!]*$", re.IGNORECASE
)
_PAUSE = re.compile(r"[:,](?=\s)")
_NAMING = frozenset("she he her his article author piece according dr doctor".split())
_CREDIT_MAX_WORDS = 12
_COPULA = re.compile(r"\b(?:is|are|was|were)\s+", re.IGNORECASE)
PAUSED = re.compile(r"\s*(?:[,;–—(]|\s-\s)\s*(?=\w)")
_CLAUSE = re.compile(
    r"\s*(?:[;:–—()]|\s-\s)\s*(?:(?:and|but|so) )?|,\s+(?:and|but|so|though|because|since)\s+|\s+(?:that|because)\s+",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:right|correct|lol|thank|phew|sadly|luckily)\b|.*\b(?:i|i['’]\w+|me|my|mine|we|us|our|"
    r"any(?:one|body) (?:else|here|knows?|heard|tried|had|got))\b",
    re.IGNORECASE,
)
# Of what was cut off before: "Dr" leaves its dot, ".5 mg" keeps it
_LEFT_OVER = re.compile(r"(?:[\s,;:–—-]|\.(?=\s))*")
_JOINING = re.compile(r"[\s,;:–—(.!?-]*(?:(?:and|but|so|which)\b\s*)?", re.IGNORECASE)
_LEAD_IN = re.compile(r"^[\s,:;–—-]*(?:that\b|this\b:?|it\b:)?[\s,:–—-]*", re.IGNORECASE)
CLOSE_MIN_WORDS = 6  # of a sentence that is compared without being quoted or credited


def uncredited(post: str, taken: Sequence[Claim]) -> Iterator[Claim]:
    """Yield sentences, and parts of them, that tell something and that no claim has: they may be retellings."""
    for sentence in sentences(post):
        if any(claim.span.start < sentence.end and sentence.start < claim.span.end for claim in taken):
            continue
        text = post[sentence.start : sentence.end]
        if ASKING.search(text):
            continue
        pauses = [Span(*match.span()) for match in _CLAUSE.finditer(text)]
        starts, ends = [0, *(pause.end for pause in pauses)], [*(pause.start for pause in pauses), len(text)]
        for start, end in sorted({(0, len(text)), *zip(starts, ends, strict=True), *((s, len(text)) for s in starts)}):
            span = stripped(post, Span(sentence.start + start, sentence.start + end))
            if span and len(tokenize(post[span.start : span.end])) >= CLOSE_MIN_WORDS:
                yield Claim(post[span.start : span.end], span, "", is_quoted=False)


def readings(claim: Claim) -> Iterator[Claim]:
    """Yield a credited sentence as it stands, then without what may be its crediting words."""
    yield claim
    if claim.is_quoted:
        return
    text = claim.text
    for pattern in (SAYING, _COPULA, _PAUSE):
        for match in pattern.finditer(text):
            lead_in = _LEAD_IN.match(text, match.end())
            starts = [match.start(), lead_in.end() if lead_in else match.end()]
            if _is_crediting(text[: match.end()], claim.speaker):
                for start in starts:
                    yield from _part(claim, start, len(text))
    if closing := _SAID_BEHIND.search(text):
        yield from _part(claim, 0, closing.start())


def parts_of(claim: Claim) -> Iterator[Claim]:
    """Yield the readings of a claim, and each without what its writer may have added behind a pause."""
    seen = set()
    for reading in readings(claim):
        pauses = [] if claim.is_quoted else PAUSED.finditer(reading.text)
        added = [match.start() for match in pauses if is_own(reading.text[match.end() :])]
        for end in (len(reading.text), *added):
            for part in _part(reading, 0, end):
                if part.span not in seen:
                    seen.add(part.span)
                    yield part


def is_own(words: str) -> bool:
    """Whether words at a claim's end are its writer's own comment, which says nothing that could be changed."""
    return _OWN.match(words) is not None and not any(token.is_number for token in tokenize(words))


def without_chatter(verdict: Verdict, glossary: Glossary) -> Claim | None:
    """Return a changed claim that is not in quotation marks without the writer's words before and after it.

    Words that name another medicine are never cut off before it. What follows is the writer's only where it tells of
    them: "sleep issues and death" claims a death.
    """
    claim, changes = verdict.claim, verdict.changes
    if claim.is_quoted or not changes:
        return None
    start, end = claim.span.start, claim.span.end
    first, last = changes[0], changes[-1]
    after = Span(start + tokenize(claim.text)[-1].end, end)
    if first.at.start <= start and not _turns(first) and not glossary.names_another_remedy(first.theirs):
        start = first.at.end
    is_last = last.at.end >= after.start and last.at.start > start and not _turns(last)
    if is_last and is_own(_JOINING.sub("", claim.text[last.at.start - claim.span.start :], count=1)):
        end = last.at.start
    text = claim.text[start - claim.span.start : end - claim.span.start]
    left = len(text) - len(_LEFT_OVER.sub("", text, count=1))
    words = text[left:].rstrip(" ,;:–—-")
    if len(words) == len(claim.text) or len(tokenize(words)) < MIN_WORDS:
        return None
    return replace(claim, text=words, span=Span(start + left, start + left + len(words)))


def _turns(change: Change) -> bool:
    return change.kind in ("number", "negation")


def tells_nothing(sentence: str) -> bool:
    """Whether a sentence asks, greets, thanks or tells of its writer, and so claims nothing of an article."""
    return ASKING.search(sentence) is not None or is_own(sentence) or not re.search(r"\w", sentence)


def _is_crediting(words: str, speaker: str) -> bool:
    """Whether words do no more than credit what follows: short, with a name, without a quantity."""
    tokens = tokenize(words)
    names = {token.form for token in tokenize(speaker)} | _NAMING
    is_named = any(token.form in names for token in tokens)
    return len(tokens) <= _CREDIT_MAX_WORDS and is_named and not any(token.is_number for token in tokens)


def _part(claim: Claim, start: int, end: int) -> Iterator[Claim]:
    words = claim.text[start:end]
    left = len(words) - len(_LEFT_OVER.sub("", words, count=1))
    words = words[left:].rstrip()
    if len(tokenize(words)) >= MIN_WORDS:
        first = claim.span.start + start + left
        yield replace(claim, text=words, span=Span(first, first + len(words)))

"""PURE: a pasted post → the claims in it that can be checked, each with its place and the one it is credited to.

A claim is what stands in quotation marks or behind ">", what a sentence credits to a known person ("Dr. Liptan says
that …", "according to Liptan, …"), or a sentence that is close to the article's own words. What else a post has, the
writer's own story and questions, is no claim.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from whosaid.quotes import MIN_WORDS
from whosaid.tokens import tokenize
from whosaid.types import NARRATOR, Article, Claim, Span

_SENTENCE_END = re.compile(r"[.!?]+[)\]”’\"'»]*(?=\s)|…(?=\s+[A-Z])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|prof|mr|mrs|ms|st|vs|approx|etc|e\.g|i\.e|jr|sr|fig)|^\s*\d{1,2})\.$", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"\.{2,}$")
_QUOTED = re.compile(
    r"“(?P<curly>[^“”]+)”|\"(?P<straight>[^\"\n]+(?:\n(?!\s*\n)[^\"\n]+)*)\"|«(?P<angle>[^«»]+)»"
    r"|(?<![\w])[‘'](?P<single>[^‘\n]{12,}?)[’'](?![\w])"
)
_QUOTED_LINES = re.compile(r"^[ \t]*>+[ \t]*(?P<lines>.+(?:\n[ \t]*>+[ \t]*\S.*)*)", re.MULTILINE)
_NAMED_BEHIND = re.compile(r"\s*(?:\((?P<inside>[^()]{3,60})\)|[-–—~\n]\s*(?P<behind>[^.!?\n()]{3,60}))\s*$")
_LIST_ITEM = re.compile(r"(?:\d{1,2}[.)]|[-*•–])\s+")
_REPORT = (
    "says?|said|saying|states?|stated|writes?|wrote|written|notes?|noted|reports?|reported|tells?|told|thinks?|thought|"
    "believes?|believed|recommends?|recommended|suggests?|suggested|advises?|advised|claims?|claimed|explains?|explained|"
    "finds?|found|warns?|warned|mentions?|mentioned|admits?|admitted|argues?|argued|swears|insists?|worries|feels?|felt|"
    "reckons|adds?|added|replied|answered|points? out|pointed out|goes on|went on|quoted"
)
_ACT = (
    "calls?|called|promises?|prefers?|uses?|used|prescribes?|prescribed|starts?|started|wants?|puts|keeps?|sees|treats?|"
    "likes?|is|was|has|had|does|doesn['’]?t|did|can|cannot|can['’]?t|would|will|won['’]?t|limits?|limited"
)
_SAYING = re.compile(
    rf"\b(?:{_REPORT})\b(?: (?:us|me|people|patients|everyone|her patients))?(?: about)?", re.IGNORECASE
)
_SAID_BEHIND = re.compile(
    r",?\s*(?:according to|says?|said|writes?|notes?)\s+(?:dr\.?\s+)?[\w. ]{3,40}[.!]*$", re.IGNORECASE
)
_PAUSE = re.compile(r"[:,](?=\s)")
_NAMING = frozenset("she he her his article author piece according dr doctor".split())
_CREDIT_MAX_WORDS = 12
_ASIDE_WORDS = 8  # from which a sentence that only says what somebody is or does is a claim
_REPORTS = re.compile(rf"\b(?:{_REPORT}|uses?|prescribes?|calls?)\b|:", re.IGNORECASE)
_COPULA = re.compile(r"\b(?:is|are|was|were)\s+", re.IGNORECASE)
_TITLED = r"(?:[Dd]r\.?|[Dd]octor|[Pp]rof\.?|[Pp]rofessor)\s+[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?"
_SOURCE = r"(?:the|this|that) (?:article|piece|blog post|author|writer|text)|health rising"
_PRONOUN = re.compile(
    rf"\b(?:she|he)\b(?:\s+\w+ly|\s+also|\s+even|\s+then|\s+has|\s+always|\s+never)*\s*(?:\b(?:{_REPORT}|{_ACT})\b|\W*$)",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    rf"(?:,[^,]*,)?\s*(?:\([^)]*\)\s*)?(?:\w+ly\s+|also\s+|even\s+|always\s+|never\s+|again\s*)*(?:\b(?:{_REPORT}|{_ACT})\b|:|\s*$)"
    r"|\s+(?:on|about)\b[^.:]*:|['’]s?\s+(?:[\w-]+\s+){1,6}(?:is|are|was|were)\b|['’]s?\s[^.:]*:",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(rf"(?:according to|as per|per|{_REPORT}|quoting|quote from|from)\s+$", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|on|with|like)\s+$", re.IGNORECASE)
_SIGNED = re.compile(r"^[ \t]*(?:\n[ \t]*)?(?:[-–—~]+|\()[ \t]*(?P<name>[^\n()]{3,60})")
_GOES_ON = re.compile(r"^[\W_]*\b(?:and|but)\b(?: also)?(?: that)?\s+", re.IGNORECASE)
_ASKING = re.compile(r"\?\s*[\"'”’)]*$")
# Before a name: whoever asks what somebody says claims nothing; whoever asks "didn't she say …?" does
_AUXILIARY = "does|did|do|has|have|had|is|was|are|were|can|could|would|should|will"
_WHETHER = re.compile(
    rf"\b(?:{_AUXILIARY}|what|why|where|when|how|which|who|if|whether|know)\b[^,;:–—]*$", re.IGNORECASE
)
_TAIL = re.compile(rf",\s*(?:{_AUXILIARY}|so|right|correct|or|and|but|then|no|yes|huh|eh)\b[^,]*\?\W*$", re.IGNORECASE)
_PAUSED = re.compile(r"\s*(?:[,;–—(]|\s-\s)\s*(?=\w)")
_SHE = re.compile(r"\b(?:she|he)\b", re.IGNORECASE)
_SAYS = re.compile(
    rf"(?:,? who)?(?: \w+ly| also| even| then| has| however| herself| himself| did)*\s+(?:{_REPORT})\b", re.IGNORECASE
)
_BOUNDARY = re.compile(
    r"(?:[,;:–—(]|\s-)\s*(?:(?:and|but|so|or|yet|though|because|since|as|while|then|that) )*$|\b(?:and|but|because) $",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s*(?:[;:–—()]|\s-\s)\s*(?:(?:and|but|so) )?|,\s+(?:and|but|so|though|because|since)\s+|\s+(?:that|because)\s+",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:right|correct|lol|thank|phew|sadly|luckily)\b|.*\b(?:i|i['’]\w+|me|my|mine|we|us|our|anyone)\b", re.IGNORECASE
)
_LEAD_IN = re.compile(r"^[\s,:;–—-]*(?:that\b|this\b:?|it\b:)?[\s,:–—-]*", re.IGNORECASE)
_CLOSE_MIN_WORDS = 6  # of a sentence that is compared without being quoted or credited
IsClose = Callable[[Claim], bool]


def sentences(text: str, whole: Sequence[Span] = ()) -> list[Span]:
    """Return the sentences of a text that nobody edited: line breaks end them too, capital letters do not matter.

    None ends inside one of the `whole` spans.
    """
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        is_inside = any(span.start <= match.start() and match.end() < span.end for span in whole)
        end = match.group()
        follows = text[match.end() :].lstrip()[:1]
        goes_on = (_ELLIPSIS.search(end) or end[-1] in "”\"’'»") and follows.islower()
        if is_inside or goes_on or (end[0] == "." and _ABBREVIATION.search(text[start : match.start() + 1])):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    found.append(Span(start, len(text)))
    return [part for part in found if _stripped(text, part) is not None]


def find_claims(post: str, articles: Sequence[Article], is_close: IsClose) -> list[Claim]:
    """Return a post's claims in order. `is_close` says whether a sentence is close to an article's words."""
    return _Finder(post, articles).claims(is_close)


def uncredited(post: str, taken: Sequence[Claim]) -> Iterator[Claim]:
    """Yield sentences, and parts of them, that tell something and that no claim has: they may be retellings."""
    for sentence in sentences(post):
        if any(claim.span.start < sentence.end and sentence.start < claim.span.end for claim in taken):
            continue
        text = post[sentence.start : sentence.end]
        if _ASKING.search(text):
            continue
        pauses = [Span(*match.span()) for match in _CLAUSE.finditer(text)]
        starts, ends = [0, *(pause.end for pause in pauses)], [*(pause.start for pause in pauses), len(text)]
        for start, end in {(0, len(text)), *zip(starts, ends, strict=True), *((s, len(text)) for s in starts)}:
            span = _stripped(post, Span(sentence.start + start, sentence.start + end))
            if span and len(tokenize(post[span.start : span.end])) >= _CLOSE_MIN_WORDS:
                yield Claim(post[span.start : span.end], span, "", is_quoted=False)


class _Finder:
    def __init__(self, post: str, articles: Sequence[Article]) -> None:
        self._post = post
        self._articles = articles
        names = {name for a in articles for p in a.people for name in (p.name, p.label, *p.aliases)}
        listed = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
        self._name = re.compile(rf"(?<!\w)(?:(?i:{'|'.join(filter(None, (listed, _SOURCE)))})|{_TITLED})(?!\w)")
        self._quoted = self._quoted_spans()
        self._sentences = sentences(post, self._quoted)
        # what is quoted credits nobody
        masked = list(post)
        for span in self._quoted:
            masked[span.start : span.end] = "·" * (span.end - span.start)
        self._masked = "".join(masked)

    def claims(self, is_close: IsClose) -> list[Claim]:
        """Return all claims in the order of the post."""
        found = [claim for span in self._quoted for claim in self._quoted_claim(span, is_close)]
        last: str | None = None  # who was credited in the sentence before
        heading: str | None = None  # whose list the lines are
        for sentence in self._sentences:
            text = self._post[sentence.start : sentence.end]
            quoted = [s for s in self._quoted if sentence.start <= s.start and s.end <= sentence.end + 1]
            is_item = _LIST_ITEM.match(text.lstrip()) is not None
            if not is_item:
                heading = self._credit(sentence) if text.rstrip().endswith(":") else None
                if heading is not None:
                    continue
            if any(span.start < sentence.end and sentence.start < span.end for span in self._quoted):
                found += self._going_on(sentence, quoted[-1]) if quoted else []
            elif is_item and heading is not None:
                found += self._claim(sentence, heading)
            elif _ASKING.search(text):
                told = self._told(sentence)
                if told is None:
                    continue
                found += [c for part, speaker in self._credited_parts(told) for c in self._claim(part, speaker)]
            elif credited := [] if self._is_aside(text) else self._credited_parts(sentence):
                found += [claim for part, speaker in credited for claim in self._claim(part, speaker)]
            elif last is not None and (goes_on := _GOES_ON.match(text)) and " that " in goes_on.group().lower():
                found += self._claim(Span(sentence.start + goes_on.end(), sentence.end), last)
                continue
            else:
                found += self._close(sentence, is_close)
            last = self._credit(sentence)
        return sorted(found, key=lambda claim: claim.span.start)

    def _told(self, sentence: Span) -> Span | None:
        """Return what a question tells before it asks: "didn't she say that …?", "she says that …, so is it …?"."""
        text = self._masked[sentence.start : sentence.end]
        saying = _SAYING.search(text)
        if saying is None or self._credit(sentence) is None or _WHETHER.search(text[: saying.start()]):
            return None
        tail = _TAIL.search(text, saying.end())
        return Span(sentence.start, sentence.start + (tail.start() if tail else len(text.rstrip(" ?!\"'”’)"))))

    def _is_aside(self, text: str) -> bool:
        """Whether a short sentence only speaks of somebody: "Dr. Liptan is the real deal."."""
        return len(tokenize(text)) < _ASIDE_WORDS and _REPORTS.search(text) is None

    def _quoted_spans(self) -> list[Span]:
        found = [
            Span(*match.span(name))
            for match in _QUOTED.finditer(self._post)
            for name, text in match.groupdict().items()
            if text is not None
        ]
        lines = [Span(*match.span("lines")) for match in _QUOTED_LINES.finditer(self._post)]
        found += [line for line in lines if not any(s.start < line.end and line.start < s.end for s in found)]
        return sorted(found)

    def _quoted_claim(self, quoted: Span, is_close: IsClose) -> list[Claim]:
        """Return quoted words that somebody is credited with, or that are close to the article's."""
        speaker = self._speaker_around(quoted)
        text = self._post[quoted.start : quoted.end]
        behind = _NAMED_BEHIND.search(text)
        if behind and (name := self._name.search(behind["inside"] or behind["behind"])):
            quoted, speaker = Span(quoted.start, quoted.start + behind.start()), self._speaker(name.group())
        span = _stripped(self._post, quoted)
        if span is None:
            return []
        claim = Claim(self._post[span.start : span.end], span, speaker or "")
        return [claim] if speaker is not None or is_close(claim) else []

    def _claim(self, sentence: Span, speaker: str) -> list[Claim]:
        span = _stripped(self._post, sentence)
        text = self._post[span.start : span.end] if span else ""
        return [Claim(text, span, speaker, is_quoted=False)] if span and len(tokenize(text)) >= MIN_WORDS else []

    def _credited_parts(self, sentence: Span) -> list[tuple[Span, str]]:
        """Return a sentence in parts where it credits several people one after the other."""
        text = self._masked[sentence.start : sentence.end]
        names = [name for name in self._name.finditer(text) if _AFTER_NAME.match(text, name.end())]
        starts = [sentence.start, *(sentence.start + name.start() for name in names[1:])]
        parts = [Span(start, end) for start, end in pairwise([*starts, sentence.end])]
        credited = [(self._narrowed(part), self._credit(part)) for part in parts]
        return [(part, speaker) for part, speaker in credited if speaker is not None]

    def _narrowed(self, part: Span) -> Span:
        """Leave out what stands before "…, and Dr. Liptan says" and the writer's own comment at the end."""
        text = self._masked[part.start : part.end]
        start = 0
        for credit in (self._name, _SHE):
            for found in credit.finditer(text):
                saying = _SAYS.match(text, found.end())
                if (
                    saying
                    and _BOUNDARY.search(text[: found.start()])
                    and len(tokenize(text[saying.end() :])) >= MIN_WORDS
                ):
                    start = max(start, found.start())
        own = (match.start() for match in _PAUSED.finditer(text, start) if _is_own(text[match.end() :]))
        end = next((end for end in own if len(tokenize(text[start:end])) >= _CLOSE_MIN_WORDS), len(text))
        return Span(part.start + start, part.start + end)

    def _going_on(self, sentence: Span, quoted: Span) -> list[Claim]:
        """Return what a sentence goes on to credit after quoted words: "…” and that it takes three weeks"."""
        rest = self._masked[quoted.end : sentence.end]
        goes_on = _GOES_ON.match(rest)
        speaker = self._credit(Span(sentence.start, quoted.start), any_mention=True)
        if goes_on is None or not speaker or " that " not in goes_on.group():
            return []
        return self._claim(Span(quoted.end + goes_on.end(), sentence.end), speaker)

    def _close(self, sentence: Span, is_close: IsClose) -> list[Claim]:
        """Return a sentence, or what follows its colon, where it is close to an article's words."""
        text = self._post[sentence.start : sentence.end]
        colon = text.find(":")
        for start in (0, colon + 1) if 0 <= colon < len(text) - 1 else (0,):
            claims = self._claim(Span(sentence.start + start, sentence.end), "")
            if claims and len(tokenize(claims[0].text)) >= _CLOSE_MIN_WORDS and is_close(claims[0]):
                return claims
        return []

    def _speaker_around(self, quoted: Span) -> str | None:
        """Return who is credited with quoted words: behind a dash, or in their sentence; `None` for nobody."""
        after = _SIGNED.match(self._masked[quoted.end + 1 : quoted.end + 90])
        if after and (name := self._name.search(after["name"])):
            return self._speaker(name.group())
        own = next((s for s in self._sentences if s.start <= quoted.start < s.end), quoted)
        before = self._credit(Span(own.start, quoted.start), any_mention=True)
        if before is not None:
            return before
        rest = self._masked[quoted.end + 1 : own.end]
        match = re.match(r"\W*(?:\w+\W+){0,5}?" + self._name.pattern, rest)
        if match is None:
            return None
        name = self._name.search(match.group())
        return self._speaker(name.group()) if name else None

    def _credit(self, span: Span, *, any_mention: bool = False) -> str | None:
        """Return whom a part of the post credits, "" for the article itself, `None` for nobody."""
        text = self._masked[span.start : span.end]
        names = list(self._name.finditer(text))
        for name in reversed(names) if any_mention else names:
            if _ABOUT.search(text[: name.start()]):
                continue  # "the piece about Dr. Liptan" credits the piece
            if any_mention or _AFTER_NAME.match(text, name.end()) or _BEFORE_NAME.search(text[: name.start()]):
                return self._speaker(name.group())
        if match := _PRONOUN.search(text):
            earlier = list(self._name.finditer(self._masked, 0, span.start + match.start()))
            if earlier:
                return self._speaker(earlier[-1].group())
        return None

    def _speaker(self, name: str) -> str:
        if re.fullmatch(_SOURCE, name, re.IGNORECASE):
            return NARRATOR if name.rsplit(maxsplit=1)[-1].lower() in ("author", "writer") else ""
        found = (article.speaker_named(name) for article in self._articles)
        return next((speaker for speaker in found if speaker), name)


def readings(claim: Claim) -> Iterator[Claim]:
    """Yield a credited sentence as it stands, then without what may be its crediting words."""
    yield claim
    if claim.is_quoted:
        return
    text = claim.text
    for pattern in (_SAYING, _COPULA, _PAUSE):
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
        pauses = [] if claim.is_quoted else _PAUSED.finditer(reading.text)
        added = [match.start() for match in pauses if _is_own(reading.text[match.end() :])]
        for end in (len(reading.text), *added):
            for part in _part(reading, 0, end):
                if part.span not in seen:
                    seen.add(part.span)
                    yield part


def _is_own(words: str) -> bool:
    """Whether words at a claim's end are its writer's own comment, which says nothing that could be changed."""
    return _OWN.match(words) is not None and not any(token.is_number for token in tokenize(words))


def _is_crediting(words: str, speaker: str) -> bool:
    """Whether words do no more than credit what follows: short, with a name, without a quantity."""
    tokens = tokenize(words)
    names = {token.form for token in tokenize(speaker)} | _NAMING
    return len(tokens) <= _CREDIT_MAX_WORDS and any(t.form in names for t in tokens) and not any(t.unit for t in tokens)


def _part(claim: Claim, start: int, end: int) -> Iterator[Claim]:
    words = claim.text[start:end]
    left = len(words) - len(words.lstrip(" \t\n,;:–—-"))
    words = words[left:].rstrip()
    if len(tokenize(words)) >= MIN_WORDS:
        first = claim.span.start + start + left
        yield replace(claim, text=words, span=Span(first, first + len(words)))


def _stripped(text: str, span: Span) -> Span | None:
    """Return a span without white space, list marks and quotation marks around it."""
    inner = text[span.start : span.end]
    left = re.match(r"[\s>*•\-–—_]*(?:\d{1,2}[.)]\s+)?[\s*_]*", inner)
    start = span.start + (left.end() if left else 0)
    end = span.start + len(inner.rstrip(" \t\n\r*_"))
    return Span(start, end) if start < end else None

"""PURE: a pasted post → the claims in it that can be checked, each with its place and the one it is credited to.

A claim is what stands in quotation marks or behind ">", what a sentence credits to a known person ("Dr. Liptan says
that …", "according to Liptan, …"), or a sentence that is close to the article's own words. What else a post has, the
writer's own story and questions, is no claim.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from whosaid.quotes import MIN_WORDS
from whosaid.readings import CLOSE_MIN_WORDS, PAUSED, REPORT, SAYING, is_own
from whosaid.sentences import ASKING, sentences, stripped
from whosaid.tokens import tokenize
from whosaid.types import NARRATOR, Article, Claim, Span

_QUOTED = re.compile(
    r"“(?P<curly>[^“”]+)”|\"(?P<straight>[^\"\n]+(?:\n(?!\s*\n)[^\"\n]+)*)\"|«(?P<angle>[^«»]+)»"
    r"|(?<![\w])[‘'](?P<single>[^‘\n]{12,}?)[’'](?![\w])"
)
_QUOTED_LINES = re.compile(r"^[ \t]*>+[ \t]*(?P<lines>.+(?:\n[ \t]*>+[ \t]*\S.*)*)", re.MULTILINE)
_NAMED_BEHIND = re.compile(r"\s*(?:\((?P<inside>[^()]{3,60})\)|[-–—~\n]\s*(?P<behind>[^.!?\n()]{3,60}))\s*$")
_LIST_ITEM = re.compile(r"(?:\d{1,2}[.)]|[-*•–])\s+")
_ACT = (
    "calls?|called|promises?|prefers?|uses?|used|prescribes?|prescribed|starts?|started|wants?|puts|keeps?|sees|treats?|"
    "likes?|is|was|has|had|does|doesn['’]?t|did|can|cannot|can['’]?t|would|will|won['’]?t|limits?|limited|goes|went|"
    "raises?|raised|increases?|increased|lowers?|lowered|tapers?|tapered|stops?|stopped|adds?|added|gives?|gave|moves?|moved|"
    "publish(?:es|ed)|runs?|ran|pro(?:ves?|ved|ven)|shows?|showed|tests?|tested|cures?|cured"
)
_ASIDE_WORDS = 8  # from which a sentence that only says what somebody is or does is a claim
_REPORTS = re.compile(rf"\b(?:{REPORT}|uses?|prescribes?|calls?)\b|:", re.IGNORECASE)
_TITLED = r"(?:[Dd]r\.?|[Dd]octor|[Pp]rof\.?|[Pp]rofessor)\s+[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?"
_SOURCE = r"(?:the|this|that) (?:article|piece|blog post|author|writer|text)|health rising"
_PRONOUN = re.compile(
    rf"\b(?P<who>she|he)\b(?:\s+\w+ly|\s+also|\s+even|\s+then|\s+has|\s+always|\s+never)*\s*(?:\b(?:{REPORT}|{_ACT})\b|\W*$)",
    re.IGNORECASE,
)
_HERS = re.compile(  # at a sentence's start: "Her most important supplements are …"
    r"^\W*(?:(?:and|but|also)\W+)?(?P<whose>her|his)\s+(?:[\w-]+\s+){1,6}?(?:is|are|was|were|includes?|consists? of)\b",
    re.IGNORECASE,
)
_IT_SAYS = re.compile(rf"^\W*(?:(?:and|but)\W+)?it\s+(?:also\s+|even\s+|then\s+|just\s+)?(?:{REPORT})\b", re.IGNORECASE)
_AFTER_NAME = re.compile(
    rf"(?:,[^,]*,)?\s*(?:\([^)]*\)\s*)?(?:\w+ly\s+|also\s+|even\s+|always\s+|never\s+|again\s*)*(?:\b(?:{REPORT}|{_ACT})\b|:|\s*$)"
    rf"|['’]s\s+(?:group|team|clinic|practice|patients|people|colleagues?|staff|members)\s+(?:has\s+|have\s+|also\s+)?(?:{REPORT})\b"
    r"|\s+(?:on|about)\b[^.:]*:|['’]s?\s+(?:[\w-]+\s+){1,6}(?:is|are|was|were)\b|['’]s?\s[^.:]*:",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(rf"(?:according to|as per|per|{REPORT}|quoting|quote from|from)\s+$", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|on|with|like)\s+$", re.IGNORECASE)
_SIGNED = re.compile(r"^[ \t]*(?:\n[ \t]*)?(?:[-–—~]+|\()[ \t]*(?P<name>[^\n()]{3,60})")
_LEFT_JOINING = re.compile(r"[\s,;]*\b(?:and|but|while|whereas)\s*$", re.IGNORECASE)
_GOES_ON = re.compile(r"^[\W_]*\b(?:and|but)\b(?: also)?(?: that)?\s+", re.IGNORECASE)
# Before a name: whoever asks what somebody says claims nothing; whoever asks "didn't she say …?" does
_AUXILIARY = "does|did|do|has|have|had|is|was|are|were|can|could|would|should|will"
_WHETHER = re.compile(
    rf"\b(?:{_AUXILIARY}|what|why|where|when|how|which|who|if|whether|know)\b[^,;:–—]*$", re.IGNORECASE
)
_TAIL = re.compile(rf",\s*(?:{_AUXILIARY}|so|right|correct|or|and|but|then|no|yes|huh|eh)\b[^,]*\?\W*$", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|he)\b", re.IGNORECASE)
_SAYS = re.compile(
    rf"(?:,? who)?(?: \w+ly| also| even| then| has| however| herself| himself| did)*\s+(?:{REPORT})\b", re.IGNORECASE
)
_BOUNDARY = re.compile(
    r"(?:[,;:–—(]|\s-)\s*(?:(?:and|but|so|or|yet|though|because|since|as|while|then|that) )*$|\b(?:and|but|because) $",
    re.IGNORECASE,
)
IsClose = Callable[[Claim], bool]


def find_claims(post: str, articles: Sequence[Article], is_close: IsClose) -> list[Claim]:
    """Return a post's claims in order. `is_close` says whether a sentence is close to an article's words."""
    return _Finder(post, articles).claims(is_close)


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
                found += self._claim(sentence, self._credit(sentence) or heading)
            elif ASKING.search(text):
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
        saying = SAYING.search(text)
        if saying is None or self._credit(sentence) is None or _WHETHER.search(text[: saying.start()]):
            return None
        tail = _TAIL.search(text, saying.end())
        return Span(sentence.start, sentence.start + (tail.start() if tail else len(text.rstrip(" ?!\"'”’)"))))

    def _is_aside(self, text: str) -> bool:
        """Whether a short sentence without a number only speaks of somebody: "Dr. Liptan is the real deal."."""
        tokens = tokenize(text)
        has_number = any(token.is_number for token in tokens)
        return len(tokens) < _ASIDE_WORDS and not has_number and _REPORTS.search(text) is None

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
        span = stripped(self._post, quoted)
        if span is None:
            return []
        claim = Claim(self._post[span.start : span.end], span, speaker or "")
        return [claim] if speaker is not None or is_close(claim) else []

    def _claim(self, sentence: Span, speaker: str) -> list[Claim]:
        span = stripped(self._post, sentence)
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
        own = (match.start() for match in PAUSED.finditer(text, start) if is_own(text[match.end() :]))
        end = next((end for end in own if len(tokenize(text[start:end])) >= CLOSE_MIN_WORDS), len(text))
        end = start + len(_LEFT_JOINING.sub("", text[start:end]))
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
            if claims and len(tokenize(claims[0].text)) >= CLOSE_MIN_WORDS and is_close(claims[0]):
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
            return self._last_called(match["who"].lower(), span.start + match.start())
        if match := _HERS.search(text):
            return self._last_called({"her": "she", "his": "he"}[match["whose"].lower()], span.start + match.start())
        if _IT_SAYS.match(text) and any(
            re.fullmatch(_SOURCE, name, re.IGNORECASE) for name in self._before(span.start)
        ):
            return ""
        return None

    def _before(self, place: int) -> list[str]:
        """Return the names, of people and of the article, that stand before a place of the post."""
        return [name.group() for name in self._name.finditer(self._masked, 0, place)]

    def _last_called(self, pronoun: str, place: int) -> str | None:
        """Return the last speaker before a place that a pronoun may stand for."""
        speakers = map(self._speaker, reversed(self._before(place)))
        return next((speaker for speaker in speakers if self._pronouns(speaker) <= {pronoun}), None)

    def _pronouns(self, speaker: str) -> set[str]:
        """Return the pronoun that stands for a speaker, nothing where it is not known: it is not guessed."""
        return {article.pronoun(speaker) for article in self._articles} - {""}

    def _speaker(self, name: str) -> str:
        if re.fullmatch(_SOURCE, name, re.IGNORECASE):
            return NARRATOR if name.rsplit(maxsplit=1)[-1].lower() in ("author", "writer") else ""
        found = (article.speaker_named(name) for article in self._articles)
        return next((speaker for speaker in found if speaker), name)

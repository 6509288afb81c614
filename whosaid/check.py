"""A pasted text, start to end: find its claims, hold each against the articles, say what became of it.

Read this file first for the check; `chat.py` is its like for questions. `Checker` is all that pages, command line and
evaluation need. Models are loaded for retellings alone, the first time that one is looked for.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from whosaid.claims import find_claims
from whosaid.classifier import RETELLINGS, Classifier
from whosaid.embedder import Embedder
from whosaid.errors import QuestionError
from whosaid.frames import AS_WRITTEN, framed
from whosaid.library import Library
from whosaid.quotes import MAX_CHARS, best, judge, unchanged
from whosaid.readings import parts_of, readings, tells_nothing, uncredited, without_chatter
from whosaid.reference import Reference
from whosaid.retelling import Retellings, Retold, ruling_of
from whosaid.sense import Extent, opposed, turned_round
from whosaid.sentences import sentences
from whosaid.tokens import tokenize
from whosaid.types import Change, ChangeKind, Claim, Person, Ruling, Span, Statement, Verdict
from whosaid.words import WordIndex

_POST_SENTENCES = 4  # from which a text without quotation marks is a post, not one quote
_CLOSE = 0.75  # of a changed sentence's words that are the article's, for it to be a claim though nobody is credited
_SHARED = (
    0.15  # of a sentence's words that a statement shares, for it to be read as a retelling that nobody is credited with
)
_MOST_READ = 40  # of these; a long post has hundreds of sentences
_NOT_AS_CREDITED = {Ruling.NOT_IN_ARTICLE, Ruling.ALTERED}
_SURELY_RELATED = 0.95
_WRAPPED = re.compile(r"\s*[\"“«](?P<inner>[^\"“”«»]+)[\"”»]\s*")


class Checker:
    """Checks quotes and posts against a library, or against one plain text. Threads may share one."""

    def __init__(self, library: Library, load: Callable[[], Retellings | None] | None = None) -> None:
        self._library = library
        self._load = load
        self._references = [Reference.of_article(article, library.glossary) for article in library.articles]
        self._words = WordIndex(library.statements)
        self._retellings: Retellings | None = None

    def check(self, text: str, speaker: str = "") -> list[Verdict]:
        """Check a quote, or every claim of a post; `speaker` is whom words are credited to where they name nobody.

        Raises `QuestionError` where there is nothing to read, or too much.
        """
        whole = self.check_words(text, speaker)
        if self._is_close(whole) and whole.ruling not in (Ruling.ALTERED, Ruling.STITCHED):
            return [whole]
        claims = find_claims(text, self._library.articles, lambda claim: self._is_close(judge(claim, self._references)))
        parts = sentences(text)
        if self._is_close(whole) and not self._has_parts(whole, claims, len(parts)):
            return [whole]
        if not claims and len(parts) < _POST_SENTENCES:
            return [] if all(tells_nothing(text[p.start : p.end]) for p in parts) else [self.check_quote(text, speaker)]
        credited = [replace(claim, speaker=claim.speaker or whole.claim.speaker) for claim in claims]
        ruled = self._retold([framed(self._checked(claim), text, self._library) for claim in credited])
        verdicts = [_as_a_quotation(verdict) for verdict in ruled]
        return sorted([*verdicts, *self._uncredited(text, claims)], key=lambda verdict: verdict.claim.span.start)

    def check_words(self, quote: str, speaker: str = "") -> Verdict:
        """Check one quote word for word; paraphrases are not looked for, so no model is loaded."""
        return judge(self._claim(quote, speaker), self._references)

    def check_quote(self, quote: str, speaker: str = "") -> Verdict:
        """Check one quote as it stands."""
        verdict = self.check_words(quote, speaker)
        return self._retold([verdict])[0]

    def check_against(self, quote: str, text: str) -> Verdict:
        """Check a quote against a plain text, which has no speakers; paraphrases are not looked for."""
        claim = self._claim(quote, "")
        return judge(claim, [Reference.of_text(text, sentences(text))])

    def _claim(self, quote: str, speaker: str) -> Claim:
        if not quote.strip():
            raise QuestionError("there is nothing to check: give a quote or a post")
        if len(quote) > MAX_CHARS:
            raise QuestionError(f"the text has {len(quote):,} characters: check at most {MAX_CHARS:,} at a time")
        named = (article.speaker_named(speaker) for article in self._library.articles)
        name = next((name for name in named if name), speaker.strip())
        inner = _WRAPPED.fullmatch(quote)
        span = Span(*inner.span("inner")) if inner else Span(0, len(quote))
        return Claim(quote[span.start : span.end], span, name)

    @staticmethod
    def _has_parts(whole: Verdict, claims: Sequence[Claim], sentences_: int) -> bool:
        """Whether a text that is near the article as one is better looked at claim by claim.

        It is where it credits ("Dr. Liptan says that …"), quotes, or has a claim in each of several sentences.
        """
        if len(claims) == 1 and not claims[0].is_quoted:
            return True
        quotes = any(claim.is_quoted and claim.text != whole.claim.text for claim in claims)
        return quotes or 1 < sentences_ <= len(claims)

    @staticmethod
    def _is_close(verdict: Verdict) -> bool:
        if verdict.ruling in (Ruling.ALTERED, Ruling.STITCHED):
            return unchanged(verdict) >= _CLOSE
        return verdict.ruling not in (Ruling.NOT_IN_ARTICLE, Ruling.TOO_SHORT)

    def _checked(self, claim: Claim) -> Verdict:
        verdicts = [judge(reading, self._references) for reading in readings(claim)]
        trimmed = filter(None, (without_chatter(verdict, self._library.glossary) for verdict in verdicts))
        verdict = best([*verdicts, *(judge(part, self._references) for part in trimmed)])
        if verdict.ruling in _NOT_AS_CREDITED and (other := self._by_another(claim)):
            return other
        return replace(verdict, claim=claim) if verdict.ruling is Ruling.NOT_IN_ARTICLE else verdict

    def _by_another(self, claim: Claim) -> Verdict | None:
        """Return the verdict on a sentence that is the article's but for whom it begins with: somebody else's."""
        for article in self._library.articles:
            own = next((person for person in article.people if person.name == claim.speaker), None)
            named = own and re.match(_names(own), claim.text, re.IGNORECASE)
            if not named or claim.is_quoted:
                continue
            others = [person.name for person in article.people if person is not own]
            texts = [(other, f"{other}{claim.text[named.end() :]}") for other in others]
            found = [judge(Claim(text, Span(0, len(text)), other), self._references) for other, text in texts]
            if real := next((verdict for verdict in found if verdict.ruling in AS_WRITTEN), None):
                return replace(real, claim=claim, ruling=Ruling.SOMEONE_ELSE, cut=())
        return None

    def _retold(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Look for the statements that claims which are not in the article may retell, for all claims at once."""
        missing = [n for n, verdict in enumerate(verdicts) if verdict.ruling is Ruling.NOT_IN_ARTICLE]
        ruled = list(verdicts)
        if not missing or not self._library.statements:
            return ruled
        retellings = self._loaded()
        if retellings is None:
            return [self._with_nearest(v) if v.ruling is Ruling.NOT_IN_ARTICLE else v for v in verdicts]
        parts = [(n, part) for n in missing for part in parts_of(verdicts[n].claim)]
        found = retellings.find([part.text for _, part in parts])
        for n in missing:
            retold = [(part, one) for (m, part), one in zip(parts, found, strict=True) if m == n]
            ruled[n] = _ruled(verdicts[n], retold)
        return ruled

    def _uncredited(self, text: str, claims: Sequence[Claim]) -> list[Verdict]:
        """Return what surely retells a statement though nobody is credited with it."""
        shares = [(part, float(self._words.shares(part.text).max(initial=0.0))) for part in uncredited(text, claims)]
        likely = sorted((part for part in shares if part[1] >= _SHARED), key=lambda part: -part[1])[:_MOST_READ]
        retellings = self._loaded() if likely else None
        if retellings is None:
            return []
        parts = [part for part, _ in likely]
        verdicts: list[Verdict] = []
        found = zip(parts, retellings.find([part.text for part in parts]), strict=True)
        for part, retold in sorted(found, key=lambda pair: -pair[1][0].related):
            is_taken = any(v.claim.span.start < part.span.end and part.span.start < v.claim.span.end for v in verdicts)
            if retold[0].related >= _SURELY_RELATED and not retold[0].names_another and not is_taken:
                verdicts.append(_ruled(Verdict(part, Ruling.NOT_IN_ARTICLE), [(part, retold)]))
        return [verdict for verdict in verdicts if verdict.ruling is not Ruling.NOT_IN_ARTICLE]

    def _loaded(self) -> Retellings | None:
        if self._retellings is None and self._load is not None:
            self._retellings = self._load()
        return self._retellings

    def _with_nearest(self, verdict: Verdict) -> Verdict:
        """Without a model, add the statement that shares most of a claim's words."""
        shares = dict(zip(self._words.ids, self._words.shares(verdict.claim.text).tolist(), strict=True))
        return replace(verdict, statements=(max(self._library.statements, key=lambda s: shares[s.id]),))


def load_retellings(library: Library, corpus_dir: Path, embedder: Embedder) -> Retellings | None:
    """Load what finds retellings; `None` where the corpus has no classifier for them. Raises `ModelError`."""
    path = corpus_dir / f"{RETELLINGS}.npz"
    if not path.is_file():
        return None
    return Retellings(library.statements, embedder, Classifier(path, takes_all_cores=True), library.glossary)


def _ruled(verdict: Verdict, retold: Sequence[tuple[Claim, list[Retold]]]) -> Verdict:
    """Return the verdict that the part of a claim gives which is most surely about a statement."""
    ruled = [(*ruling_of(found, verdict.claim.speaker), part) for part, found in retold]
    ruling, one, part = max(ruled, key=lambda found: found[1].related)
    changes = _what_differs(part, one.statement) if ruling is Ruling.ALTERED else ()
    actual = "" if ruling is Ruling.NOT_IN_ARTICLE else one.statement.speaker
    return replace(verdict, ruling=ruling, actual_speaker=actual, statements=(one.statement,), changes=changes)


def _names(person: Person) -> str:
    """Return a pattern of the ways to name somebody, the longest first."""
    names = {person.name, person.label, *person.aliases, person.pronoun} - {""}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _as_a_quotation(verdict: Verdict) -> Verdict:
    """Return that a retelling which a post puts in quotation marks was changed: it is nobody's words."""
    is_retold = verdict.claim.is_quoted and verdict.ruling is Ruling.PARAPHRASE
    return replace(verdict, ruling=Ruling.ALTERED) if is_retold else verdict


def _what_differs(claim: Claim, statement: Statement) -> tuple[Change, ...]:
    """Return what can be named of a changed retelling: other quantities of the same unit, opposite words."""
    theirs, ours = tokenize(claim.text), tokenize(statement.text)

    def change(kind: ChangeKind, their: Extent, our: Extent) -> Change:
        at = Span(theirs[their[0]].start, theirs[their[1]].end)
        of = Span(*(statement.quote.span.start + place for place in (ours[our[0]].start, ours[our[1]].end)))
        words = claim.text[at.start : at.end], statement.quote.article.quote(of).text
        return Change(kind, *words, Span(claim.span.start + at.start, claim.span.start + at.end), of)

    changes = []
    for place, token in enumerate(theirs):
        others = [n for n, other in enumerate(ours) if token.unit and other.unit == token.unit]
        if others and all(ours[n].form != token.form for n in others):
            changes.append(change("number", (place, place), (others[0], others[0])))
    turned = turned_round(theirs, ours)
    if turned and not changes:
        return (change("word", *turned),)
    opposites = [change("word", (mine, mine), (other, other)) for mine, other in opposed(theirs, ours)]
    return tuple(sorted([*changes, *opposites], key=lambda one: one.at.start))

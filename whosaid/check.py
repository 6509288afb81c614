"""A pasted text, start to end: find its claims, hold each against the articles, say what became of it.

Read this file first for the check; `chat.py` is its like for questions. `Checker` is all that pages, command line and
evaluation need. The embedding model is loaded for paraphrases alone, the first time that one is looked for.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from whosaid.claims import find_claims, readings, sentences
from whosaid.embedder import Embedder
from whosaid.errors import QuestionError
from whosaid.library import Library
from whosaid.quotes import MAX_CHARS, best, is_by, judge, unchanged, without_chatter
from whosaid.reference import Reference
from whosaid.retelling import FAITHFUL, ON_TOPIC, Retellings, Retold
from whosaid.tokens import tokenize
from whosaid.types import Change, Claim, Ruling, Span, Statement, Verdict
from whosaid.words import WordIndex

_POST_SENTENCES = 4  # from which a text without quotation marks is a post, not one quote
_NEARLY = 0.5  # the probability of a faithful retelling from which one that contradicts the statement is a changed one
_SURELY = 0.75  # from which somebody else's statement counts as the one that was retold
_CLOSE = 0.75  # of a changed sentence's words that are the article's, for it to be a claim though nobody is credited
_WRAPPED = re.compile(r"\s*[\"“«](?P<inner>[^\"“”«»]+)[\"”»]\s*")


class Checker:
    """Checks quotes and posts against a library, or against one plain text. Threads may share one."""

    def __init__(self, library: Library, load: Callable[[], Embedder] | None = None) -> None:
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
        if self._is_close(whole) and whole.ruling is not Ruling.ALTERED:
            return [whole]
        claims = find_claims(text, self._library.articles, lambda claim: self._is_close(judge(claim, self._references)))
        credits_only = len(claims) == 1 and not claims[0].is_quoted  # "Dr. Liptan says that …", not words changed
        if self._is_close(whole) and not credits_only:
            return [whole]
        if not claims and len(sentences(text)) < _POST_SENTENCES:
            return [self.check_quote(text, speaker)]
        return [self._checked(replace(claim, speaker=claim.speaker or whole.claim.speaker)) for claim in claims]

    def check_words(self, quote: str, speaker: str = "") -> Verdict:
        """Check one quote word for word; paraphrases are not looked for, so no model is loaded."""
        return judge(self._claim(quote, speaker), self._references)

    def check_quote(self, quote: str, speaker: str = "") -> Verdict:
        """Check one quote as it stands."""
        verdict = self.check_words(quote, speaker)
        return self._retelling(verdict) if verdict.ruling is Ruling.NOT_IN_ARTICLE else verdict

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
    def _is_close(verdict: Verdict) -> bool:
        if verdict.ruling in (Ruling.ALTERED, Ruling.STITCHED):
            return unchanged(verdict) >= _CLOSE
        return verdict.ruling not in (Ruling.NOT_IN_ARTICLE, Ruling.TOO_SHORT)

    def _checked(self, claim: Claim) -> Verdict:
        verdicts = [judge(reading, self._references) for reading in readings(claim)]
        trimmed = [part for verdict in verdicts if (part := without_chatter(verdict)) is not None]
        verdict = best([*verdicts, *(judge(part, self._references) for part in trimmed)])
        return self._retelling(replace(verdict, claim=claim)) if verdict.ruling is Ruling.NOT_IN_ARTICLE else verdict

    def _retelling(self, verdict: Verdict) -> Verdict:
        """Look for the statement that a claim retells; without a model, only for the one that lies nearest."""
        if self._load is None or not self._library.statements:
            shares = dict(zip(self._words.ids, self._words.shares(verdict.claim.text).tolist(), strict=True))
            nearest = max(self._library.statements, key=lambda s: shares[s.id], default=None)
            return replace(verdict, statements=(nearest,)) if nearest else verdict
        if self._retellings is None:
            self._retellings = Retellings(self._library.statements, self._load(), self._library.glossary)
        texts = dict.fromkeys(reading.text for reading in readings(verdict.claim))
        return self._retold(verdict, [found for text in texts for found in self._retellings.find(text)])

    def _retold(self, verdict: Verdict, retold: Sequence[Retold]) -> Verdict:
        speaker = verdict.claim.speaker
        faithful = [found for found in retold if found.probability >= FAITHFUL and not found.contradicts]
        mine = [found for found in faithful if not speaker or is_by(speaker, found.statement)]
        if mine:
            statement = max(mine, key=lambda found: found.probability).statement
            return replace(verdict, ruling=Ruling.PARAPHRASE, actual_speaker=statement.speaker, statements=(statement,))
        nearest = max(retold, key=lambda found: found.likeness)
        found = replace(verdict, statements=(nearest.statement,))
        if nearest in faithful and nearest.probability >= _SURELY:
            return replace(found, ruling=Ruling.SOMEONE_ELSE, actual_speaker=nearest.statement.speaker)
        if nearest.likeness < ON_TOPIC or nearest.names_another:
            return found
        changes = _other_quantities(verdict.claim, nearest.statement)
        if changes or (nearest.contradicts and nearest.probability >= _NEARLY):
            return replace(found, ruling=Ruling.ALTERED, actual_speaker=nearest.statement.speaker, changes=changes)
        return found


def _other_quantities(claim: Claim, statement: Statement) -> tuple[Change, ...]:
    """Return the quantities of a retelling that stand in a statement's place for others of the same unit."""
    theirs = [token for token in tokenize(claim.text) if token.unit]
    ours = [token for token in tokenize(statement.text) if token.unit]
    changes = []
    for token in theirs:
        others = [other for other in ours if other.unit == token.unit]
        if others and all(other.form != token.form for other in others):
            at = Span(claim.span.start + token.start, claim.span.start + token.end)
            start = statement.quote.span.start
            of = Span(start + others[0].start, start + others[0].end)
            words = claim.text[token.start : token.end], statement.quote.article.quote(of).text
            changes.append(Change("number", *words, at, of))
    return tuple(changes)

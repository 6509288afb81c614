"""Question → statements that may answer it, and whether the article answers it at all.

Three things are looked at together: the questions of the bank that lie nearest (each votes for the statements
that answer it, or for "not covered" and its topic), the statements that lie nearest themselves, and the words
that question and statement share. An article without a bank is left with the last two.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from whosaid.embedder import Embedder
from whosaid.library import Library
from whosaid.store import Index
from whosaid.types import BankQuestion, Findings, Hit, Question, Statement

NEIGHBOURS = 60  # bank questions that vote
_TEMPERATURE = 0.05  # of a vote, in cosine similarity: 0.05 nearer weighs e times as much
_RANK_WEIGHTS = (1.0, 0.5, 0.35, 0.25, 0.2)  # a bank question's second and later statements are looser
_FOREIGN_SHARE, _FOREIGN_MIN_WORDS = 0.5, 3  # of a question's words unknown; English ones reach 0.33
_ENOUGH_WORDS = 1000  # under which a corpus knows too few words to judge by
_OTHER_THING = 0.3  # of the score of a statement about ULDN, where LDN is asked about
_STATEMENT_WEIGHT, _WORD_WEIGHT = 0.1, 0.2

_STOPWORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in "
    "is it its me my no not of on or she should so some that the their them there they this to was we were what when "
    "where which who why will with would you your".split()
)


class Retriever:
    """Finds statements for a question over an open index."""

    def __init__(self, library: Library, index: Index, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        self._statements = {statement.id: statement for statement in library.statements}
        self._bank = {question.id: question for question in library.questions}
        self._words = WordIndex(library.statements)
        self._glossary = library.glossary
        self._about = {
            statement.id: [
                group.named(self._glossary.find(f"{statement.section} . {statement.text}"))
                for group in self._glossary.distinct
            ]
            for statement in library.statements
        }
        self._vocabulary = Vocabulary([*(q.text for q in library.questions), *(s.text for s in library.statements)])
        self._calibration = index.manifest.calibration

    def find(self, question: Question) -> Findings:
        """Return the hits for a question, the best first."""
        if not self._vocabulary.can_read(question.read_as):
            return Findings((), 0.0, self._calibration["threshold"], readable=False)
        vector = self._embedder.embed_query(question.read_as)
        near = [(self._bank[id_], s) for id_, s in self._index.nearest("questions", vector, NEIGHBOURS)]
        votes = vote(near)
        likeness = dict(self._index.nearest("statements", vector, len(self._statements)))
        words = self._words.shares(question.read_as)
        asked = [group.named(self._glossary.find(question.read_as)) for group in self._glossary.distinct]
        hits = [
            Hit(
                statement,
                self._same_thing(id_, asked)
                * (
                    votes.shares.get(id_, 0.0)
                    + _STATEMENT_WEIGHT * max(0.0, likeness.get(id_, 0.0))
                    + _WORD_WEIGHT * words[id_]
                ),
                {"questions": votes.shares.get(id_, 0.0), "statement": likeness.get(id_, 0.0), "words": words[id_]},
            )
            for id_, statement in self._statements.items()
        ]
        hits.sort(key=lambda hit: -hit.score)
        by_questions = self._calibration["by"] == "questions"
        answerable = votes.covered if by_questions else max(likeness.values(), default=0.0)
        return Findings(tuple(hits), answerable, self._calibration["threshold"], votes.topic)

    def _same_thing(self, statement_id: str, asked: Sequence[frozenset[str]]) -> float:
        """Return what is left of a statement's score where it is about another of things to be kept apart."""
        pairs = zip(asked, self._about[statement_id], strict=True)
        return _OTHER_THING if any(named and about and not named & about for named, about in pairs) else 1.0


class Votes:
    """What the nearest bank questions say: `covered` in [0, 1], a share for each statement, the leading topic."""

    def __init__(self, covered: float, shares: Mapping[str, float], topic: str) -> None:
        self.covered, self.shares, self.topic = covered, shares, topic


def vote(near: Sequence[tuple[BankQuestion, float]]) -> Votes:
    """Weigh bank questions by their cosine similarity to what is asked."""
    shares: dict[str, float] = defaultdict(float)
    topics: dict[str, float] = defaultdict(float)
    weights = [math.exp((similarity - 1.0) / _TEMPERATURE) for _, similarity in near]
    total = sum(weights) or 1.0
    for (question, _), weight in zip(near, weights, strict=True):
        if question.topic:
            topics[question.topic] += weight / total
        ranked = list(zip(question.statements, _RANK_WEIGHTS, strict=False))
        for statement, rank_weight in ranked:
            shares[statement] += weight / total * rank_weight / sum(w for _, w in ranked)
    return Votes(1.0 - sum(topics.values()) if near else 0.0, shares, max(topics, key=topics.__getitem__, default=""))


class Vocabulary:
    """The words that a corpus knows, to tell a question from one in another language or from no words at all."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known = {word for text in texts for word in _letters(text)}

    def can_read(self, text: str) -> bool:
        """Whether there are words in a text and enough of them are known; a small corpus takes any words."""
        words = _letters(text)
        unknown = sum(word not in self._known for word in words)
        is_foreign = unknown >= _FOREIGN_MIN_WORDS and unknown > _FOREIGN_SHARE * len(words)
        return bool(words) and not (is_foreign and len(self._known) >= _ENOUGH_WORDS)


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


class WordIndex:
    """Which share of a question's words, weighted by their rarity among the statements, each statement has."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._bags = {s.id: word_bag(f"{s.section} {s.text}") for s in statements}
        counts = Counter(word for bag in self._bags.values() for word in bag)
        self._rarity = {word: math.log((len(self._bags) + 1) / (n + 0.5)) for word, n in counts.items()}
        self._unseen = math.log(len(self._bags) + 1)

    def shares(self, text: str) -> dict[str, float]:
        """Return each statement's share in [0, 1]."""
        asked = word_bag(text)
        total = sum(self._rarity.get(word, self._unseen) for word in asked)
        return {
            id_: sum(self._rarity[word] for word in asked & bag) / total if total else 0.0
            for id_, bag in self._bags.items()
        }


def word_bag(text: str) -> set[str]:
    """Return the content words of a text, cut to a stem."""
    words = (word.strip(".") for word in re.findall(r"[a-z0-9.]+", text.lower().replace("’s", "").replace("'s", "")))
    return {re.sub(r"(?:ing|ed|es|s)$", "", w) if len(w) > 4 else w for w in words if w and w not in _STOPWORDS}

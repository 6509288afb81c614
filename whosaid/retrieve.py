"""Question → statements that may answer it, and whether the article answers it at all.

Where the article has a question bank, a model trained on it says how likely each statement answers, the questions of
the bank that lie nearest vote with it, and a judge weighs both with other signs. Where it has none, the statements
that lie nearest and the words that they share with the question are all there is.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from whosaid.batched import Batched
from whosaid.classifier import Classifies
from whosaid.embedder import Embedder
from whosaid.glossary import Mention
from whosaid.library import Library
from whosaid.order import antecedent, speaks_of_both
from whosaid.ranker import Judge, Mix, Ranker, signs, softmax
from whosaid.store import Index
from whosaid.turns import Turn, Turns
from whosaid.types import BankQuestion, Findings, Hit, Link, Question, Statement
from whosaid.words import Vocabulary, WordIndex

NEIGHBOURS = 60  # bank questions that vote
RANK_WEIGHTS = (1.0, 0.8, 0.65, 0.5, 0.4)  # a bank question's second and later statements are looser
_TEMPERATURE = 0.05  # of a vote, or of a statement, in cosine similarity: 0.05 nearer weighs e times as much
_WORDS_WEIGHT = 0.4  # beside the likeness of the statement itself, where there is no bank
_WITHOUT_BANK = 0.45  # likeness to the nearest statement from which a question counts as answered
_OTHER_THING = 0.3  # what is left of the score of a statement about ULDN, where LDN is asked about
_TOPIC_SHARE = 0.5  # of what the topics get, from which the leading one is named
_LINKED_HITS = 10  # hits whose links are looked up: more are never shown
_LINKED_KINDS = {"drug", "class"}  # a patient's word for a symptom needs no remark
_NO_VETO = 1e-4  # of a score, that one reading alone cannot rule a statement out
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")  # of pasted markup: it says nothing of what is asked
_MISSPELT = 0.75  # likeness of two words from which one is taken for the other misspelt


class Retriever:
    """Finds statements for a question over an open index."""

    def __init__(
        self,
        library: Library,
        index: Index,
        embedder: Embedder,
        reader: Classifies | None = None,
        listener: Classifies | None = None,
    ) -> None:
        """`reader` reads turns, `listener` listens to them once more; a corpus of one's own need not have them."""
        self._index = index
        self.embedder = embedder
        self.reader = reader
        self._glossary = library.glossary
        self._statements = {statement.id: statement for statement in library.statements}
        self._bank = {question.id: question for question in library.questions}
        self._vocabulary = Vocabulary([*(q.text for q in library.questions), *(s.text for s in library.statements)])
        self._words = WordIndex(library.statements)
        self._embedding = Batched(embedder.embed_documents)
        # Not a method of this one: an index that was replaced is let go at once where nothing refers to it in a circle
        self._reading = Batched[Turn | None](Turns(reader, self._words.ids, listener).read if reader else _unread)
        named = {s.id: self._glossary.find(f"{s.section} . {s.text}") for s in library.statements}
        self._named = {id_: {mention.term.name for mention in mentions} for id_, mentions in named.items()}
        self._of_drugs = self._drugs_of_pairs(library.statements)
        self._about = {id_: [g.named(found) for g in self._glossary.distinct] for id_, found in named.items()}
        self._figures = index.manifest.calibration
        self._ranker = Ranker.from_arrays(index.arrays) if "labels" in index.arrays else None
        self._mix = Mix(**self._figures["mix"]) if self._ranker else None
        self._judge = Judge(**self._figures["judge"]) if self._ranker else None

    def find(self, question: Question) -> Findings:
        """Return the hits for a question, the best first; where it has two readings, what fits both.

        A turn that may stand alone does where by itself it is surely answered, or is not answered at all.
        """
        text, said = _TAG.sub(" ", question.read_as), _TAG.sub(" ", question.said)
        readings = list(dict.fromkeys(filter(None, (text, question.also_read_as))))
        texts = list(dict.fromkeys(filter(None, [*readings, said])))
        reading = self._reading.submit(texts)  # beside the embedding: each takes one core
        looked_at = texts if question.may_stand_alone else readings
        vectors = dict(zip(looked_at, self._embedding.submit(looked_at).result(), strict=True))
        turns = dict(zip(texts, reading.result(), strict=True))
        turn = turns.get(said)
        heard, unheard = (turn.heard, turn.unheard) if turn else ((), ())
        if not self._vocabulary.can_read(text):
            return Findings((), 0.0, 1.0, readable=False, heard=heard, unheard=unheard)
        looked_up = self._look_up(said, vectors[said], turns.get(said)) if question.may_stand_alone else None
        alone = looked_up is not None and not looked_up.threshold <= looked_up.answerable < looked_up.sure
        if looked_up is None or not alone:
            looked_up = _both([self._look_up(text, vectors[text], turns.get(text)) for text in readings])
        text = said if alone else text
        mentions = self._glossary.find(text)
        asked = [group.named(mentions) for group in self._glossary.distinct]
        scores = {id_: score * self._same_thing(id_, asked, mentions) for id_, score in looked_up.scores.items()}
        order = sorted(scores, key=lambda id_: -scores[id_])
        return Findings(
            tuple(
                Hit(
                    self._statements[id_],
                    scores[id_],
                    {name: part[id_] for name, part in looked_up.parts.items()},
                    self._links(id_, mentions) if place < _LINKED_HITS else (),
                )
                for place, id_ in enumerate(order)
            ),
            looked_up.answerable,
            looked_up.threshold,
            looked_up.sure,
            looked_up.topic,
            tuple(mention.alias for mention in mentions if not mention.term.in_article),
            near=looked_up.near,
            heard=heard,
            unheard=unheard,
            alone=alone,
        )

    def _look_up(self, text: str, vector: Sequence[float], turn: Turn | None) -> "_LookedUp":
        return self._in_bank(vector, text, turn) or self._among_statements(vector, text)

    def _in_bank(self, vector: Sequence[float], text: str, turn: Turn | None) -> "_LookedUp | None":
        if self._ranker is None or self._judge is None or self._mix is None:
            return None
        found = self._index.nearest("questions", vector, NEIGHBOURS)
        near = tuple((self._bank[id_], similarity) for id_, similarity in found)
        votes = vote(near)
        shares, covered, topics = shares_of(self._ranker, Asked(text, vector, votes, turn), self._words)
        mentions = self._glossary.find(text)
        scores = dict(zip(self._words.ids, self._mix.scores(shares).tolist(), strict=True))
        topic = max(topics, key=topics.__getitem__)
        return _LookedUp(
            scores,
            {name: dict(zip(self._words.ids, share.tolist(), strict=True)) for name, share in shares.items()},
            self._judge.probability(signs(covered, votes.covered, votes.nearest, mentions, text)),
            self._figures["threshold"],
            self._figures["sure"],
            topic if topics[topic] >= _TOPIC_SHARE * sum(topics.values()) else "",
            near,
        )

    def _among_statements(self, vector: Sequence[float], text: str) -> "_LookedUp":
        found = dict(self._index.nearest("statements", vector, len(self._statements)))
        alike = {id_: max(0.0, found.get(id_, 0.0)) for id_ in self._statements}
        words = dict(zip(self._words.ids, self._words.shares(text).tolist(), strict=True))
        nearness = np.array([alike[id_] + _WORDS_WEIGHT * words[id_] for id_ in alike])
        return _LookedUp(
            dict(zip(alike, softmax(nearness / _TEMPERATURE).tolist(), strict=True)),
            {"likeness": alike, "shared words": words},
            max(alike.values(), default=0.0),
            _WITHOUT_BANK,
            1.0,  # without a bank nothing is sure
        )

    def _drugs_of_pairs(self, statements: Sequence[Statement]) -> dict[str, set[str]]:
        """Return which drugs a statement is about, by id, where it speaks of "both drugs" or is what that points at."""
        drugs = {}
        for statement in statements:
            before = antecedent(statement)
            if before and speaks_of_both(statement):
                drugs[before.id] = drugs[statement.id] = self._others(self._glossary.find(before.text))
        return drugs

    def _others(self, mentions: Sequence[Mention]) -> set[str]:
        """Return the drugs that are named beside those that an article is about, with what they are."""
        drugs = [mention.term for mention in mentions if mention.term.kind in _LINKED_KINDS]
        others = [term for term in drugs if term.name not in self._glossary.told_apart]
        return {name for term in others for name in (term.name, *term.is_a, *term.is_a_outside)}

    def _same_thing(self, statement_id: str, asked: Sequence[frozenset[str]], mentions: Sequence[Mention]) -> float:
        """Return what is left of a statement's score where it is about another of things to be kept apart."""
        drugs = self._of_drugs.get(statement_id)
        if drugs and (others := self._others(mentions)) and not drugs & others:
            return 0.0  # "both drugs" are gabapentin and LDN: it says nothing of an opioid, nor of Valium
        pairs = zip(asked, self._about[statement_id], strict=True)
        return _OTHER_THING if any(named and about and not named & about for named, about in pairs) else 1.0

    def _links(self, statement_id: str, mentions: Sequence[Mention]) -> tuple[Link, ...]:
        """Return the links of general knowledge between what is asked and what a statement names."""
        named = self._named[statement_id]
        links = []
        for mention in mentions:
            term = mention.term
            by_article = set() if mention.outside else {term.name, *term.is_a}
            if term.kind not in _LINKED_KINDS or named & by_article:
                continue
            things = [name for name in (term.name, *term.is_a, *term.is_a_outside) if name in named]
            if things and SequenceMatcher(None, mention.alias.lower(), things[0].lower()).ratio() < _MISSPELT:
                links.append(Link(mention.alias, things[0]))
        return tuple(links)


def _unread(texts: Sequence[str]) -> Sequence[None]:
    return [None] * len(texts)


@dataclass(frozen=True)
class _LookedUp:
    """What one way of looking found: scores by statement id with what they are made of, the rest as in `Findings`."""

    scores: Mapping[str, float]
    parts: Mapping[str, Mapping[str, float]]
    answerable: float
    threshold: float
    sure: float
    topic: str = ""
    near: tuple[tuple[BankQuestion, float], ...] = ()


def _both(readings: Sequence[_LookedUp]) -> _LookedUp:
    """Return what fits all readings: the geometric mean of their scores, the lower chance of an answer."""
    first = readings[0]
    if len(readings) == 1:
        return first
    scores = {id_: math.prod(r.scores[id_] + _NO_VETO for r in readings) ** (1 / len(readings)) for id_ in first.scores}
    return replace(first, scores=scores, answerable=min(reading.answerable for reading in readings))


@dataclass(frozen=True)
class Votes:
    """What the nearest bank questions say.

    `covered` in [0, 1], a share of it for each statement, and the similarity of the nearest question that is covered
    (True) and of the nearest that is not (False).
    """

    covered: float
    shares: Mapping[str, float]
    nearest: Mapping[bool, float]


def vote(near: Sequence[tuple[BankQuestion, float]]) -> Votes:
    """Weigh bank questions by their cosine similarity to what is asked."""
    shares: dict[str, float] = defaultdict(float)
    nearest: dict[bool, float] = {}
    weights = [math.exp((similarity - 1.0) / _TEMPERATURE) for _, similarity in near]
    total = sum(weights) or 1.0
    for (question, similarity), weight in zip(near, weights, strict=True):
        is_covered = bool(question.statements)
        nearest[is_covered] = max(nearest.get(is_covered, 0.0), similarity)
        ranked = list(zip(question.statements, RANK_WEIGHTS, strict=False))
        for statement, rank_weight in ranked:
            shares[statement] += weight / total * rank_weight / sum(w for _, w in ranked)
    return Votes(sum(shares.values()), shares, nearest)


class Asked(NamedTuple):
    """A question's text, its unit vector, what the nearest bank questions say, and how it was read, if it was."""

    text: str
    vector: Sequence[float]
    votes: Votes
    turn: Turn | None


@lru_cache(maxsize=2)  # an index that was replaced is let go
def _order(ranker: Ranker, words: WordIndex) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranker's column of each statement of an index, and whether it has one."""
    columns = {label: column for column, label in enumerate(ranker.labels[: ranker.statements])}
    order = np.array([columns.get(id_, -1) for id_ in words.ids])
    return order, order >= 0


def shares_of(
    ranker: Ranker, asked: Asked, words: WordIndex
) -> tuple[dict[str, np.ndarray], tuple[float, float], dict[str, float]]:
    """Return what each of `OPINIONS` gives the statements, in the order of `words.ids`, each a share of 1 but the last;
    the ranker's and the reading's probability of all statements together; and the ranker's of each topic. Where nothing
    read the text, the reading has no opinion.
    """
    order, is_known = _order(ranker, words)
    text, vector, votes, turn = asked
    likely = ranker.likely(vector, text)
    covered = float(likely[: ranker.statements].sum())
    voted = np.array([votes.shares.get(id_, 0.0) for id_ in words.ids]) / max(votes.covered, 1e-9)
    shares = {
        "words and meaning": np.where(is_known, likely[order], 0.0) / max(covered, 1e-9),
        "reading": turn.shares if turn else np.full(len(words.ids), 1 / len(words.ids)),
        "nearest questions": voted,
        "shared words": words.shares(text),
    }
    topics = dict(zip(ranker.labels[ranker.statements :], likely[ranker.statements :].tolist(), strict=True))
    return shares, (covered, turn.covered if turn else 0.5), topics

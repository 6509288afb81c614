"""A claim in other words → is it a faithful retelling of a statement?

Sentence likeness alone cannot tell "her mother fell ill" from "she fell ill". So each content word of the claim must
have its like in the statement, most of the statement must come back in the claim, and quantities, negations, hedges,
conditions and drugs are counted apart. A logistic model weighs these; `python -m evals retellings` fits it and says
what it is worth. It is strict: what it is not sure of is no paraphrase.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whosaid.embedder import Embedder
from whosaid.glossary import Glossary
from whosaid.sense import NEGATIONS, kinds, opposed
from whosaid.tokens import Token, tokenize
from whosaid.types import Statement

SIGNS = (
    "likeness", "covered", "least_covered", "uncovered", "returned", "numbers_added", "numbers_lost", "negations",
    "hedge_lost", "condition_lost", "drugs_added", "opposites", "words",
)  # fmt: skip
_LIKE = 0.6  # similarity of two words from which one stands for the other
_THINGS = {"drug", "class", "supplement", "condition", "treatment"}
_NEAREST = 3  # statements that are looked at
_LEFT_OUT = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in is "
    "it its me my of on or she so some that the their them there they this to was we were what when where which who "
    "why will with would you your dr liptan says said say tells told writes wrote according notes noted reports "
    "reported article author also just really very one thing things something people person patient patients get gets "
    "ginevra got go goes going make makes making take takes taking put want wants than then too still even only".split()
)


@dataclass(frozen=True)
class Retold:
    """The statement that a claim retells most likely, with the probability that it does so faithfully.

    `contradicts` is true where a quantity, negation, drug or direction of the claim is not the statement's,
    `names_another` where the claim names a thing that the statement does not.
    """

    statement: Statement
    probability: float
    likeness: float
    contradicts: bool
    names_another: bool


class Retellings:
    """Finds what a claim retells among an article's statements. The embedding model is used for this alone."""

    def __init__(self, statements: Sequence[Statement], embedder: Embedder, glossary: Glossary) -> None:
        self._statements = tuple(statements)
        self._embedder = embedder
        self._glossary = glossary
        self._vectors = np.array(embedder.embed_documents([s.text for s in statements]), dtype=np.float32)
        self._words: dict[str, np.ndarray] = {}

    def find(self, claim: str) -> list[Retold]:
        """Return the statements that lie nearest to a claim, the one that it retells most likely first."""
        found = []
        for statement, likeness in self.nearest(claim):
            signs = self.signs(claim, statement, likeness)
            contradicts = any(signs[name] for name in ("numbers_added", "negations", "drugs_added", "opposites"))
            named = (self._named(text) for text in (claim, f"{statement.section} . {statement.text}"))
            names_another = bool(next(named) - next(named))
            found.append(Retold(statement, probability(signs), likeness, contradicts, names_another))
        return sorted(found, key=lambda retold: -retold.probability)

    def nearest(self, claim: str) -> list[tuple[Statement, float]]:
        """Return the statements most like a claim with their cosine similarity."""
        likeness = self._vectors @ np.array(self._embedder.embed_query(claim), dtype=np.float32)
        return [(self._statements[int(n)], float(likeness[n])) for n in np.argsort(-likeness)[:_NEAREST]]

    def signs(self, claim: str, statement: Statement, likeness: float) -> dict[str, float]:
        """Return `SIGNS` for a claim and a statement."""
        theirs, ours = tokenize(claim), tokenize(statement.text)
        words, source = _content(theirs), _content(ours)
        alike = self._alike(words, source)
        there = alike.max(1) if source and words else np.zeros(len(words))
        back = alike.max(0) if source and words else np.zeros(len(source))
        numbers = ({t.form for t in theirs if t.is_number}, {t.form for t in ours if t.is_number})
        named = self._drugs(claim), self._drugs(f"{statement.section} . {statement.text}")
        lost = kinds(ours) - kinds(theirs)
        return {
            "likeness": likeness,
            "covered": float(there.mean()) if len(there) else 0.0,
            "least_covered": float(np.sort(there)[:3].mean()) if len(there) else 0.0,
            "uncovered": float((there < _LIKE).mean()) if len(there) else 1.0,
            "returned": float(back.mean()) if len(back) else 0.0,
            "numbers_added": len(numbers[0] - numbers[1]),
            "numbers_lost": len(numbers[1] - numbers[0]),
            "negations": abs(_negations(theirs) - _negations(ours)),
            "hedge_lost": float("hedge" in lost),
            "condition_lost": float("condition" in lost),
            "drugs_added": len(named[0] - named[1]),
            "opposites": opposed(theirs, ours),
            "words": math.log(1 + len(words)),
        }

    def _alike(self, words: Sequence[str], source: Sequence[str]) -> np.ndarray:
        """Return the similarity of each word with each of the source's, shape (words, source)."""
        missing = [word for word in dict.fromkeys((*words, *source)) if word not in self._words]
        if missing:
            vectors = self._embedder.embed_documents(missing)
            self._words |= dict(zip(missing, np.array(vectors, dtype=np.float32), strict=True))
        if not words or not source:
            return np.zeros((len(words), len(source)))
        first, second = (np.stack([self._words[word] for word in side]) for side in (words, source))
        return np.asarray(first @ second.T)

    def _named(self, text: str) -> set[str]:
        mentions = self._glossary.find(text)
        return {name for m in mentions for name in (m.term.name, *m.term.is_a) if m.term.kind in _THINGS}

    def _drugs(self, text: str) -> set[str]:
        return {m.term.name for m in self._glossary.find(text) if m.term.kind in ("drug", "class")}


def probability(signs: Mapping[str, float]) -> float:
    """Return how likely a claim with these signs is a faithful retelling."""
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * signs[name] for name in SIGNS))))


def _content(tokens: Sequence[Token]) -> list[str]:
    words = (token.form for token in tokens if not token.is_number and token.form[:1].isalnum())
    return [word for word in words if len(word) > 1 and word not in _LEFT_OUT and word not in NEGATIONS]


def _negations(tokens: Sequence[Token]) -> int:
    return sum(token.form in NEGATIONS for token in tokens)


# Fitted by `python -m evals retellings` on evals/cases/retellings.jsonl; its figures are in evals/README.md.
WEIGHTS: Mapping[str, float] = {
    "likeness": 0.418, "covered": -2.776, "least_covered": 4.622, "uncovered": 0.751, "returned": 3.304,
    "numbers_added": 0.188, "numbers_lost": -0.323, "negations": -0.242, "hedge_lost": -0.561,
    "condition_lost": -0.126, "drugs_added": -0.414, "opposites": -1.411, "words": 2.194,
}  # fmt: skip
BIAS = -7.28
FAITHFUL = 0.6  # the probability from which a claim counts as a paraphrase
ON_TOPIC = 0.55  # the likeness from which a claim that contradicts a statement is about it

"""A claim in other words → is it a faithful retelling of a statement, or a changed one?

Likeness finds the statements that a claim may retell; whether it does is read by a classifier that sees both at
once, since likeness cannot tell "her mother fell ill" from "she fell ill". What can be counted is not left to it: a
quantity, a drug or a direction that is not the statement's makes no faithful retelling, however sure it is.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from whosaid.classifier import Classifies
from whosaid.embedder import Embedder
from whosaid.glossary import REMEDIES, Glossary
from whosaid.sense import mispaired, opposed, turned_round
from whosaid.tokens import Token, tokenize
from whosaid.types import Ruling, Statement
from whosaid.words import word_bag

LABELS = ("unrelated", "faithful", "changed")  # of a claim beside a statement
_THINGS = {"drug", "class", "supplement", "condition", "treatment"}
_NEAREST = 3  # statements that are read beside a claim …
_LISTED = {*_THINGS, "symptom", "body"}
_LIST = re.compile(r"(?<=, )[^,.;:()]+(?:,[^,.;:()]+)*,? (?:and|or|&) [^,.;:()]+")  # from the second thing on
_ITEM_END = re.compile(r",\s*(?:(?:and|or|&)\s+)?|\s+(?:and|or|&)\s+")
_ITEM_WORDS = 3
_SAME_SHARE = 0.02  # "66 %" is "two thirds"
_NEARLY_AS_LIKE = 0.85  # … if they are like it at least this share of what the likest is


@dataclass(frozen=True)
class Retold:
    """A statement that a claim may retell, with the probabilities that it does so faithfully, and with a change.

    `contradicts` is true where a quantity, share, remedy or direction of the claim is not the statement's,
    `names_another` where the claim names a thing that the statement does not.
    """

    statement: Statement
    faithful: float
    changed: float
    likeness: float
    contradicts: bool
    names_another: bool

    @property
    def related(self) -> float:
        """The probability that the claim retells the statement at all."""
        return self.faithful + self.changed


class Retellings:
    """Finds what claims retell among an article's statements. Both models are used for this alone."""

    def __init__(
        self, statements: Sequence[Statement], embedder: Embedder, reader: Classifies, glossary: Glossary
    ) -> None:
        self._statements = tuple(statements)
        self._embedder = embedder
        self._reader = reader
        self._glossary = glossary
        self._vectors = np.array(embedder.embed_documents([s.text for s in statements]), dtype=np.float32)

    def find(self, claims: Sequence[str]) -> list[list[Retold]]:
        """Return for each claim the statements that lie nearest, the one that it retells most likely first."""
        texts = list(dict.fromkeys(claims))
        if not texts:
            return []
        likeness = np.array(self._embedder.embed_documents(texts), dtype=np.float32) @ self._vectors.T
        pairs = [
            (row, int(n))
            for row in range(len(texts))
            for n in np.argsort(-likeness[row])[:_NEAREST]
            if likeness[row, n] >= _NEARLY_AS_LIKE * likeness[row].max()
        ]
        logits = np.exp(self._reader.logits([(texts[row], self._statements[n].text) for row, n in pairs]))
        found: dict[str, list[Retold]] = {text: [] for text in texts}
        for (row, n), probabilities in zip(pairs, logits / logits.sum(1, keepdims=True), strict=True):
            found[texts[row]].append(self._retold(texts[row], n, float(likeness[row, n]), probabilities))
        return [sorted(found[claim], key=lambda one: -one.related) for claim in claims]

    def _retold(self, claim: str, number: int, likeness: float, probabilities: np.ndarray) -> Retold:
        statement = self._statements[number]
        context = f"{statement.section} . {statement.text}"
        remedies = self._named(claim, REMEDIES) - self._named(context, REMEDIES)
        another = self._named(claim, _THINGS) - self._named(context, _THINGS)
        _, faithful, changed = map(float, probabilities)
        is_other = bool(remedies) or self._lists_another(claim, context)
        contradicts = is_other or _disagree(tokenize(claim), tokenize(statement.text))
        return Retold(statement, faithful, changed, likeness, contradicts, bool(another))

    def _lists_another(self, claim: str, context: str) -> bool:
        """Whether a list in a claim has things of the statement, and one that is none of them."""
        theirs, names = word_bag(context), self._named(context, _LISTED)
        for run in _LIST.finditer(claim):
            items = [
                item for item in _ITEM_END.split(run[0]) if 0 < len(item.split()) <= _ITEM_WORDS and word_bag(item)
            ]
            there = [bool(word_bag(item) & theirs or self._named(item, _LISTED) & names) for item in items]
            if len(items) > 1 and any(there) and not all(there):
                return True
        return False

    def _named(self, text: str, kinds: Collection[str]) -> set[str]:
        mentions = self._glossary.find(text)
        return {name for m in mentions for name in (m.term.name, *m.term.is_a) if m.term.kind in kinds}


def ruling_of(retold: Sequence[Retold], speaker: str = "") -> tuple[Ruling, Retold]:
    """Return what a claim is, credited to `speaker` ("" for nobody), and the statement that says so.

    `retold` is what `Retellings.find` gives for it: not empty.
    """
    faithful = [one for one in retold if one.faithful >= FAITHFUL and not one.contradicts]
    best = max(faithful, key=lambda one: (not speaker or one.statement.is_by(speaker), one.faithful), default=None)
    if best is not None and (not speaker or best.statement.is_by(speaker)):
        return Ruling.PARAPHRASE, best
    if best is not None and best.faithful >= SURELY:
        return Ruling.SOMEONE_ELSE, best
    nearest = max(retold, key=lambda one: one.related)
    is_about = nearest.related >= RELATED and not nearest.names_another
    is_changed = nearest.changed >= CHANGED or nearest.contradicts
    return (Ruling.ALTERED if is_about and is_changed else Ruling.NOT_IN_ARTICLE), nearest


def _disagree(theirs: Sequence[Token], ours: Sequence[Token]) -> bool:
    """Whether a claim has a quantity or a share that the statement lacks, or its words' opposite or other order."""
    added = {t.form for t in theirs if t.unit} - {t.form for t in ours if t.unit}
    of_ours = [t.share for t in ours if t.share]
    added |= {t.form for t in theirs if t.share and not any(abs(t.share - share) <= _SAME_SHARE for share in of_ours)}
    is_opposed = bool(opposed(theirs, ours)) or turned_round(theirs, ours) is not None
    return bool(added) or is_opposed or mispaired(theirs, ours)


# Probabilities, chosen on authors that the reader was not trained on; evals/README.md has what they are worth.
FAITHFUL = 0.85  # from which a claim counts as a paraphrase
SURELY = 0.9  # from which somebody else's statement counts as the one that was retold
CHANGED = 0.5  # from which it counts as a changed retelling
RELATED = 0.6  # of both together, from which a claim is about the statement at all

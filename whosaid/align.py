"""PURE: words of a quoter held against a source: where they stand in it, and what differs, token by token.

The source's windows that share most of a quote's rarer words are aligned with it by edit distance (rapidfuzz). What
the alignment leaves is compared again: a hyphen or a line break inside a word, a misspelling of the source set right,
words in square brackets and left-out words behind "…" are no difference by themselves.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import Levenshtein

from whosaid.tokens import GAP, Token, tokenize
from whosaid.types import Span

_WINDOWS = 6  # aligned for a run of words
_SLACK = 6  # tokens before and after a window that the alignment may take in
_REPLACED_MAX = 3  # words that a bracket may stand for
_JOINED_MAX = 3  # parts that a broken word may have
REPLACEABLE = frozenset("it its she he they them her him his their this that these those the a an we i".split())


@dataclass(frozen=True)
class Block:
    """Where a quote and the source differ: source tokens `[first, last)` stand for quote tokens `[begin, end)`."""

    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True)
class Alignment:
    """A run of quote tokens beside source tokens `[first, last)`: `matched` tokens are the same, `blocks` are not."""

    first: int
    last: int
    blocks: tuple[Block, ...]
    matched: int
    length: int

    @property
    def closeness(self) -> float:
        """Return the share in [0, 1] of the longer side that is the same."""
        return self.matched / max(self.length, self.last - self.first, 1)


_Code = tuple[bool, int, int, int, int]  # same?, source [first, last), quote [begin, end)


class Source:
    """A text to check against. `sentences` are its spans that count as whole; `corrections` its misspellings."""

    def __init__(self, text: str, sentences: Sequence[Span], corrections: Mapping[str, str] | None = None) -> None:
        self.text = text
        self.sentences = tuple(sentences)
        self.tokens = [token for token in tokenize(text) if token.form != GAP]
        self.corrections = corrections or {}
        self._forms = [token.form for token in self.tokens]

    @cached_property
    def sentence_of(self) -> list[int]:
        """The number of the sentence that each token stands in, -1 for headings and the like."""
        numbers, at = [], 0
        for token in self.tokens:
            while at < len(self.sentences) and self.sentences[at].end <= token.start:
                at += 1
            is_in = at < len(self.sentences) and self.sentences[at].start <= token.start
            numbers.append(at if is_in else -1)
        return numbers

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places of each form."""
        places: dict[str, list[int]] = {}
        for place, form in enumerate(self._forms):
            places.setdefault(form, []).append(place)
        return places

    def rarity(self, form: str) -> float:
        """Return how much a form says about where it stands."""
        return math.log(1 + len(self._forms) / len(self.places.get(form, ()) or (0,)))

    def bounds(self, place: int) -> tuple[int, int]:
        """Return the tokens `[first, last)` of the sentence that a token stands in; itself where it is in none."""
        number = self.sentence_of[place]
        if number < 0:
            return place, place + 1
        first = last = place
        while first > 0 and self.sentence_of[first - 1] == number:
            first -= 1
        while last < len(self._forms) and self.sentence_of[last] == number:
            last += 1
        return first, last

    def span(self, first: int, last: int) -> Span:
        """Return the place of tokens `[first, last)`, an empty one where there are none."""
        if first < last:
            return Span(self.tokens[first].start, self.tokens[last - 1].end)
        end = self.tokens[first - 1].end if first else 0
        return Span(end, end)

    def words(self, first: int, last: int) -> str:
        """Return the text of tokens `[first, last)`."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def alignments(self, quote: Sequence[Token], text: str, low: int = 0, high: int | None = None) -> list[Alignment]:
        """Return the best places for a run of quote tokens (of `text`, without gaps) in `[low, high)`, best first."""
        high = len(self._forms) if high is None else min(high, len(self._forms))
        found: dict[tuple[int, int], Alignment] = {}
        size = len(quote)
        for start in self._runs([token.form for token in quote]):
            if low <= start and start + size <= high:
                found[start, start + size] = Alignment(start, start + size, (), size, size)
        if found:
            return list(found.values())
        for start in self._windows(quote, low, high):
            first, last = max(low, start - _SLACK), min(high, start + len(quote) + _SLACK)
            aligned = self._align(quote, text, first, last)
            found[aligned.first, aligned.last] = aligned
        return sorted(found.values(), key=lambda a: -a.closeness)

    def _runs(self, forms: Sequence[str]) -> list[int]:
        """Return where the forms stand in the source one after the other."""
        rarest = min(range(len(forms)), key=lambda n: len(self.places.get(forms[n], ())))
        starts = (place - rarest for place in self.places.get(forms[rarest], ()))
        wanted = list(forms)
        return [start for start in starts if start >= 0 and self._forms[start : start + len(forms)] == wanted]

    def _windows(self, quote: Sequence[Token], low: int, high: int) -> list[int]:
        """Return where windows of the quote's length begin that share most with it, by rarity."""
        gain = np.zeros(max(high - low, 1))
        for form in {token.form for token in quote}:
            hits = [place - low for place in self.places.get(form, ()) if low <= place < high]
            gain[hits] = self.rarity(form)
        if not gain.any():
            return []
        length = min(len(quote), len(gain))
        before = np.concatenate(([0.0], np.cumsum(gain)))
        sums = before[length:] - before[:-length]
        starts: list[int] = []
        for _ in range(_WINDOWS):
            best = int(sums.argmax())
            if sums[best] <= 0:
                break
            starts.append(low + best)
            reach = max(2, length // 2)
            sums[max(0, best - reach) : best + reach] = 0
        return starts

    def _align(self, quote: Sequence[Token], text: str, first: int, last: int) -> Alignment:
        forms = [token.form for token in quote]
        codes: list[_Code] = []
        for code in Levenshtein.opcodes(self._forms[first:last], forms):
            found = (code.tag == "equal", code.src_start + first, code.src_end + first, code.dest_start, code.dest_end)
            if codes and not found[0] and not codes[-1][0]:
                found = (False, codes[-1][1], found[2], codes[-1][3], found[4])
                codes.pop()
            codes.append(found)
        return self._trimmed(codes, quote, text)

    def _trimmed(self, codes: Sequence[_Code], quote: Sequence[Token], text: str) -> Alignment:
        """Drop far matches at the ends: a "the" found ten words before the rest is not where a quote begins."""
        equal = [n for n, code in enumerate(codes) if code[0]]
        while len(equal) > 1 and self._is_stray(codes, equal[0], equal[1]):
            equal.pop(0)
        while len(equal) > 1 and self._is_stray(codes, equal[-1], equal[-2]):
            equal.pop()
        if not equal:
            return Alignment(0, 0, (Block(0, 0, 0, len(quote)),), 0, len(quote))
        kept = codes[equal[0] : equal[-1] + 1]
        start, end = kept[0][1], kept[-1][2]
        blocks = [Block(start, start, 0, kept[0][3])] if kept[0][3] else []
        blocks += [Block(*code[1:]) for code in kept if not code[0]]
        if kept[-1][4] < len(quote):
            blocks.append(Block(end, end, kept[-1][4], len(quote)))
        # words that stand before and after belong to what the quoter changed there, one for one
        blocks = [self._widened(block, start, end) for block in blocks]
        start, end = min([start, *(b.first for b in blocks)]), max([end, *(b.last for b in blocks)])
        left = [part for block in blocks for part in self._compared(block, quote, text)]
        matched = len(quote) - sum(block.end - block.begin for block in left)
        return Alignment(start, end, tuple(left), matched, len(quote))

    @staticmethod
    def _is_stray(codes: Sequence[_Code], edge: int, inner: int) -> bool:
        between = codes[min(edge, inner) + 1 : max(edge, inner)]
        skipped = sum((code[2] - code[1]) - (code[4] - code[3]) for code in between)
        return skipped > codes[edge][2] - codes[edge][1]

    def _widened(self, block: Block, start: int, end: int) -> Block:
        size = block.end - block.begin
        if block.first == block.last == start and block.begin == 0:
            return Block(max(self.bounds(start)[0], start - size), start, block.begin, block.end)
        if block.first == block.last == end:
            return Block(end, min(self.bounds(end - 1)[1], end + size), block.begin, block.end)
        return block

    def _compared(self, block: Block, quote: Sequence[Token], text: str) -> list[Block]:
        """Return what is left of a block once what is no difference is taken out of it."""
        first, last, begin, end = block.first, block.last, block.begin, block.end
        if begin == end and 0 < begin < len(quote) and last - first <= _REPLACED_MAX:
            bracket = re.search(r"\[([^\]]*)\]", text[quote[begin - 1].end : quote[begin].start])
            stands_in = {token.form for token in tokenize(bracket[1])} if bracket else set()
            replaced = {token.form for token in self.tokens[first:last]}
            if stands_in and (replaced <= REPLACEABLE or stands_in <= REPLACEABLE):
                return []  # "where [it] is able" for "where LDN is able", "[LDN] can cause" for "it can cause"
        sizes = [(ours, theirs) for ours in range(1, _JOINED_MAX + 1) for theirs in range(1, _JOINED_MAX + 1)]
        while fit := next(
            (
                (ours, theirs, at_start)
                for ours, theirs in sizes
                for at_start in (True, False)
                if first + ours <= last
                and begin + theirs <= end
                and self._is_same(
                    self.tokens[first : first + ours] if at_start else self.tokens[last - ours : last],
                    quote[begin : begin + theirs] if at_start else quote[end - theirs : end],
                    text,
                )
            ),
            None,
        ):
            ours, theirs, at_start = fit
            first, begin = (first + ours, begin + theirs) if at_start else (first, begin)
            last, end = (last, end) if at_start else (last - ours, end - theirs)
        return [Block(first, last, begin, end)] if first < last or begin < end else []

    def _is_same(self, ours: Sequence[Token], theirs: Sequence[Token], text: str) -> bool:
        """Whether source and quote tokens are one word, broken otherwise or a misspelling set right."""
        forms = "".join(token.form for token in ours), "".join(token.form for token in theirs)
        if len(ours) == len(theirs) == 1:
            return forms[0] == forms[1] or self.corrections.get(forms[0]) == forms[1]
        if forms[0] != forms[1]:
            return False
        of_source = self.text[ours[0].start : ours[-1].end]
        of_quote = text[theirs[0].start : theirs[-1].end].replace("-\n", "").replace("- ", "")
        return " " not in of_source and " " not in of_quote

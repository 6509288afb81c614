"""PURE: the parts of a quote between its gaps → where they stand in a source, in their order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whosaid.align import Alignment, Block, Source
from whosaid.tokens import GAP, Token

_REACH = 120  # tokens before and after the longest part in which the others are looked for


@dataclass(frozen=True)
class Placement:
    """Where the parts of a claim between its gaps stand, in order."""

    parts: tuple[tuple[Sequence[Token], Alignment], ...]

    @property
    def blocks(self) -> list[tuple[Sequence[Token], Block]]:
        """What differs, each with the part that it is in."""
        return [(tokens, block) for tokens, aligned in self.parts for block in aligned.blocks]

    @property
    def matched(self) -> int:
        """How many tokens are the source's."""
        return sum(aligned.matched for _, aligned in self.parts)

    @property
    def closeness(self) -> float:
        """The share in [0, 1] of the longer side that is the same."""
        size = sum(max(aligned.length, aligned.last - aligned.first) for _, aligned in self.parts)
        return self.matched / max(size, 1)


def segments_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the words between gaps."""
    segments: list[list[Token]] = [[]]
    for token in tokens:
        if token.form == GAP:
            segments.append([])
        else:
            segments[-1].append(token)
    return [segment for segment in segments if segment]


def placements(segments: Sequence[list[Token]], text: str, source: Source) -> Iterator[Placement]:
    """Yield ways to place a claim: its longest part wherever it fits, the others around it in their order."""
    longest = max(range(len(segments)), key=lambda n: len(segments[n]))
    for anchor in source.alignments(segments[longest], text):
        placed = {longest: anchor}
        edge = anchor.first
        for number in range(longest - 1, -1, -1):
            found = source.alignments(segments[number], text, max(0, edge - _REACH), edge)
            placed[number] = _best(sorted(found, key=lambda aligned: -aligned.first), segments[number])
            edge = placed[number].first if placed[number].matched else edge
        edge = anchor.last
        for number in range(longest + 1, len(segments)):
            found = source.alignments(segments[number], text, edge, edge + _REACH)
            placed[number] = _best(sorted(found, key=lambda aligned: aligned.first), segments[number])
            edge = placed[number].last if placed[number].matched else edge
        yield Placement(tuple((segments[number], placed[number]) for number in range(len(segments))))


def _best(alignments: Sequence[Alignment], segment: Sequence[Token]) -> Alignment:
    """Return the closest, the first of those that are equally close."""
    nowhere = Alignment(0, 0, (Block(0, 0, 0, len(segment)),), 0, len(segment))
    return max(alignments, key=lambda aligned: aligned.closeness, default=nowhere)

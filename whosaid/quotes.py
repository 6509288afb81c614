"""PURE: a claim → a verdict: is it in the article, word for word, whole, and by whom it is said to be?

A claim is held against the source token by token (`align`). Nothing here is a percentage: what is not the same is
named, and what was cut is judged by the words in it (`sense`). The rules are told in docs/quote-check.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from whosaid.align import REPLACEABLE, Source
from whosaid.changes import change_of
from whosaid.cuts import cut_at_the_ends
from whosaid.glossary import REMEDIES
from whosaid.placement import Placement, placements, segments_of
from whosaid.reference import Reference
from whosaid.sense import kinds
from whosaid.tokens import GAP, Token, tokenize
from whosaid.types import Claim, Mode, Ruling, Span, Statement, Verdict

MIN_WORDS = 4  # fewer say too little, unless they are a whole sentence
MAX_CHARS = 50_000
_MAX_TOKENS = 1_500  # of one claim; no article sentence comes near
_NEAR = 0.6  # share of the words that are the article's from which a claim is a changed quote
_NEAR_SHORT = 0.75  # where fewer than `MIN_WORDS` of them are
_PIECE = 3  # words in a row that a stitched quote takes from one sentence
_STITCHED = 0.8  # share of a claim that such pieces make up
_GAP_SENSE = frozenset({"negation", "number", "hedge", "condition"})
_EDITORS_WORDS = frozenset(
    "sic emphasis italics bold mine added ours original writer author authors says said writes wrote adds note ed "
    "editor translated translation ie eg namely that is are was were be of in for to and or with on at by from as who "
    "which her his their s es ed d ing".split()
)
_MEDICINES = {*REMEDIES, "dose"}
_RANK = [
    Ruling.EXACT, Ruling.REPORTED, Ruling.SOMEONE_ELSE, Ruling.CLIPPED, Ruling.STITCHED, Ruling.ALTERED,
    Ruling.NOT_IN_ARTICLE, Ruling.TOO_SHORT,
]  # fmt: skip


def judge(claim: Claim, references: Sequence[Reference]) -> Verdict:
    """Return the best verdict on a claim that any of the references gives; paraphrases are not looked for."""
    tokens = tokenize(claim.text)[:_MAX_TOKENS]
    verdicts = [v for reference in references for v in _verdicts(claim, tokens, reference)]
    inserted, words = _insertions(tokens)
    if inserted:
        verdicts += [v for reference in references for v in _verdicts(claim, words, reference, inserted)]
    size = sum(token.form != GAP for token in tokens)
    nothing = Ruling.TOO_SHORT if size < MIN_WORDS else Ruling.NOT_IN_ARTICLE
    return best([*verdicts, Verdict(claim, nothing)])


def best(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict that finds most of a claim in the article, the one with the fewest changes first."""
    return min(verdicts, key=lambda found: (_RANK.index(found.ruling), 1 - unchanged(found)))


def unchanged(verdict: Verdict) -> float:
    """Return the share in [0, 1] of a claim's words that no change touches."""
    size = len(tokenize(verdict.claim.text))
    changed = sum(max(len(tokenize(change.theirs)), len(tokenize(change.article))) for change in verdict.changes)
    return 1 - changed / max(size, changed, 1)


def _insertions(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Return what a quoter put into square brackets, none where it changes the sense, and what then is left."""
    inserted = [token for token in tokens if token.inserted]
    if kinds(inserted) & _GAP_SENSE:
        return [], list(tokens)
    return inserted, [token for token in tokens if not token.inserted]


def _only_explains(inserted: Sequence[Token], placed: Placement, claim: Claim, reference: Reference) -> bool:
    """Whether words in brackets tell who or what is meant: "side effects [of LDN]" does, "[always] minimal" does not.

    They have to be in the sentence or beside it, and a medicine in the sentence itself unless the article is about it.
    """
    source = reference.source
    place = source.sentence_of[placed.parts[0][1].first]
    beside = [token for token, of in zip(source.tokens, source.sentence_of, strict=True) if abs(of - place) <= 1]
    sentence = [token for token, of in zip(source.tokens, source.sentence_of, strict=True) if of == place]
    known = {token.form for token in beside} | REPLACEABLE | _EDITORS_WORDS
    if not {token.form for token in inserted if token.form != GAP} <= known:
        return False
    named = {m.term.name for m in reference.named(_text_of(inserted, claim.text)) if m.term.kind in _MEDICINES}
    told_apart = reference.glossary.told_apart if reference.glossary else frozenset()
    there = {m.term.name for m in reference.named(_text_of(sentence, source.text))}
    return named <= there | told_apart


def _text_of(tokens: Sequence[Token], text: str) -> str:
    return " ".join(text[token.start : token.end] for token in tokens)


def _verdicts(
    claim: Claim, tokens: Sequence[Token], reference: Reference, inserted: Sequence[Token] = ()
) -> Iterator[Verdict]:
    """Yield the verdicts on a claim's tokens, those in brackets left out where they are `inserted`."""
    segments = segments_of(tokens)
    words = sum(map(len, segments))
    if not words:
        return
    placed_at = list(placements(segments, claim.text, reference.source))
    whole = [placed for placed in placed_at if placed.matched == words and not placed.blocks]
    if words < MIN_WORDS:
        sentences = [placed for placed in whole if _is_whole_sentence(placed, reference.source)]
        yield from (_of_real_words(claim, placed, reference) for placed in sentences)
        return
    honest = [
        placed
        for placed in whole
        if not _replaces_an_end(placed, claim, reference)
        and (not inserted or _only_explains(inserted, placed, claim, reference))
    ]
    yield from (_of_real_words(claim, placed, reference) for placed in honest)
    if whole:
        return
    stitched = _stitched(claim, [token for segment in segments for token in segment], reference)
    near = max(placed_at, key=lambda placed: placed.closeness, default=None)
    if stitched and (near is None or near.closeness < stitched[1]):
        yield stitched[0]
    elif near is not None and near.closeness >= (_NEAR if near.matched >= MIN_WORDS else _NEAR_SHORT):
        yield _altered(claim, tokens, near, reference)


def _replaces_an_end(placed: Placement, claim: Claim, reference: Reference) -> bool:
    """Whether a bracket before or after the quoted words may stand for a word of the article."""
    runs = [(aligned.first, aligned.last) for _, aligned in placed.parts]
    start, end = _whole_of(runs, _statements(runs, reference), reference.source)
    opens = re.match(r"\W*?\[[^\]]{2,}\]", claim.text) is not None
    closes = re.search(r"\[[^\]]{2,}\]\W*$", claim.text) is not None
    left_over = {token.form for token in reference.source.tokens[runs[-1][1] : end]}
    return (opens and runs[0][0] > start) or (closes and not left_over <= REPLACEABLE)


def _whole_of(runs: Sequence[tuple[int, int]], statements: Sequence[Statement], source: Source) -> tuple[int, int]:
    """Return the tokens `[start, end)` that a quote was taken from: the speaker's quoted words, or whole sentences."""
    span = Span(source.tokens[runs[0][0]].start, source.tokens[runs[-1][1] - 1].end)
    for quoted in (quoted for statement in statements for quoted in statement.quoted):
        if quoted.start <= span.start and span.end <= quoted.end:
            inside = [n for n, token in enumerate(source.tokens) if quoted.start <= token.start < quoted.end]
            return inside[0], inside[-1] + 1
    return source.bounds(runs[0][0])[0], source.bounds(runs[-1][1] - 1)[1]


def _is_whole_sentence(placed: Placement, source: Source) -> bool:
    (_, aligned), *others = placed.parts
    is_sentence = source.sentence_of[aligned.first] >= 0  # a heading's word is none
    return is_sentence and not others and source.bounds(aligned.first) == (aligned.first, aligned.last)


def _of_real_words(claim: Claim, placed: Placement, reference: Reference) -> Verdict:
    """Judge a claim all of whose words are the source's, in its order."""
    source = reference.source
    runs = [(aligned.first, aligned.last) for _, aligned in placed.parts]
    statements = _statements(runs, reference)
    places = tuple(source.span(*run) for run in runs)
    actual = _speaker_of(statements)

    def verdict(ruling: Ruling, cut: Iterable[tuple[int, int]] = ()) -> Verdict:
        left_out = tuple(source.span(*run) for run in cut)
        return Verdict(claim, ruling, actual, statements, (), places, left_out)

    gaps = [(before[1], after[0]) for before, after in pairwise(runs) if before[1] < after[0]]
    if any(not _is_honest(gap, reference) for gap in gaps):
        return verdict(Ruling.STITCHED)
    if claim.speaker and statements and not all(statement.is_by(claim.speaker) for statement in statements):
        return verdict(Ruling.SOMEONE_ELSE)
    cut = [gap for gap in gaps if kinds(source.tokens[gap[0] : gap[1]]) & _GAP_SENSE]
    cut += cut_at_the_ends(runs[0][0], runs[-1][1], _whole_of(runs, statements, source), source)
    if cut:
        return verdict(Ruling.CLIPPED, cut)
    own = all(_is_own(statement, places) for statement in statements)
    return verdict(Ruling.EXACT if own else Ruling.REPORTED)


def _statements(runs: Iterable[tuple[int, int]], reference: Reference) -> tuple[Statement, ...]:
    found = (reference.statement(place) for run in runs for place in range(*run))
    return tuple(dict.fromkeys(statement for statement in found if statement is not None))


def _speaker_of(statements: Sequence[Statement]) -> str:
    speakers = list(dict.fromkeys(statement.speaker for statement in statements))
    return " and ".join(speakers)


def _is_honest(gap: tuple[int, int], reference: Reference) -> bool:
    """Whether left-out words leave one sentence, or whole sentences of one speaker that stand together."""
    source = reference.source
    before, after = gap[0] - 1, gap[1]
    if source.sentence_of[before] == source.sentence_of[after]:
        return True
    ends_whole = source.bounds(before)[1] == gap[0] and source.bounds(after)[0] == gap[1]
    first, last = reference.statement(before), reference.statement(after)
    together = first is None or last is None or (first.speaker == last.speaker and first.section == last.section)
    return ends_whole and together


def _is_own(statement: Statement, places: Iterable[Span]) -> bool:
    """Whether the words are the speaker's own: quoted, a signed pull quote, or the author's."""
    if statement.mode in (Mode.DIRECT, Mode.NARRATOR):
        return True
    span = statement.quote.span
    inside = [
        Span(max(place.start, span.start), min(place.end, span.end))
        for place in places
        if place.start < span.end and span.start < place.end
    ]
    return bool(statement.quoted) and all(
        any(quoted.start <= place.start and place.end <= quoted.end for quoted in statement.quoted) for place in inside
    )


def _stitched(claim: Claim, words: Sequence[Token], reference: Reference) -> tuple[Verdict, float] | None:
    """Judge a claim made of parts of different sentences; return the verdict with the share that the parts make up.

    A claim that has a number of its own was changed: that is what to say of it.
    """
    source = reference.source
    runs: list[tuple[int, int]] = []
    at = covered = 0
    while at < len(words):
        size, start = _longest_run(words, at, source)
        if size >= _PIECE:
            runs.append((start, start + size))
            covered += size
            at += size
        elif words[at].is_number:
            return None
        else:
            at += 1
    sentences = {source.sentence_of[first] for first, _ in runs}
    share = covered / max(len(words), 1)
    if len(sentences) < 2 or share < _STITCHED:
        return None
    statements = _statements(runs, reference)
    places = tuple(source.span(*run) for run in runs)
    return Verdict(claim, Ruling.STITCHED, _speaker_of(statements), statements, (), places), share


def _longest_run(words: Sequence[Token], at: int, source: Source) -> tuple[int, int]:
    """Return the length and place of the longest run of source tokens that the words from `at` on are."""
    best = (0, 0)
    for start in source.places.get(words[at].form, ()):
        size = 0
        while (
            at + size < len(words)
            and start + size < len(source.tokens)
            and source.tokens[start + size].form == words[at + size].form
            and source.sentence_of[start + size] == source.sentence_of[start]
        ):
            size += 1
        best = max(best, (size, -start))
    return best[0], -best[1]


def _altered(claim: Claim, tokens: Sequence[Token], placed: Placement, reference: Reference) -> Verdict:
    source = reference.source
    runs = [(aligned.first, aligned.last) for _, aligned in placed.parts if aligned.matched]
    statements = _statements(runs, reference)
    changes = tuple(change_of(claim, words, block, reference) for words, block in placed.blocks)
    places = tuple(source.span(*run) for run in runs)
    return Verdict(claim, Ruling.ALTERED, _speaker_of(statements), statements, changes, places)

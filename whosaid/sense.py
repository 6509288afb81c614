"""PURE: the small words that turn a sentence's sense: negations, hedges, conditions, bounds.

`marks` finds them in a run of tokens, by kind. Used wherever words of ours or of a quoter are held against an
article: dropping one of these is never a matter of style.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from whosaid.tokens import Token

Mark = Literal["negation", "number", "hedge", "condition", "bound"]
Extent = tuple[int, int]  # the first and the last of some tokens

NEGATIONS = frozenset(
    "not no never none neither nor nothing nobody without hardly barely rarely seldom lack lacks lacking preclude "
    "precludes".split()
)
HEDGES = frozenset(
    "may might could appear appears appeared seem seems seemed probably possibly perhaps maybe likely unlikely "
    "theoretically apparently potentially presumably supposedly reportedly allegedly usually sometimes occasionally "
    "generally often mostly largely partly partially some few part parts odds suggests "
    "suggest suggested possible".split()
)
CONDITIONS = frozenset("if unless until except provided assuming only when once".split())
BOUNDS = frozenset("least most maximum minimum more less than about around under over up nearly almost below".split())
_PHRASES: dict[tuple[str, ...], Mark] = {
    ("in", "her", "experience"): "hedge",
    ("in", "his", "experience"): "hedge",
    ("in", "their", "experience"): "hedge",
    ("in", "theory"): "hedge",
    ("in", "general"): "hedge",
    ("it", "is", "possible"): "hedge",
    ("as", "long", "as"): "condition",
    ("so", "long", "as"): "condition",
    ("as", "opposed", "to"): "negation",
    ("instead", "of"): "negation",
    ("rather", "than"): "negation",
}
_COMPARING = (("instead", "of"), ("rather", "than"), ("than",))
_REACH = 8  # tokens beside it that it compares
_WORDS: dict[str, Mark] = {
    **dict.fromkeys(BOUNDS, "bound"),
    **dict.fromkeys(CONDITIONS, "condition"),
    **dict.fromkeys(HEDGES, "hedge"),
    **dict.fromkeys(NEGATIONS, "negation"),
}

_SHORT = 3  # characters of a word that says too little to tell what an opposite is of
_OPPOSITES = [
    (frozenset(first.split()), frozenset(second.split()))
    for first, second in (
        (
            "increase increases increased raise raises more higher",
            "decrease decreases reduce reduces lower less fewer cut cuts",
        ),
        ("high higher", "low lower"),
        ("night bedtime evening", "morning daytime noon midday afternoon"),
        ("before", "after"),
        ("slow slowly gradual gradually", "fast quick quickly rapid rapidly immediately"),
        ("short shorter", "long longer"),
        ("always all everyone everybody every", "some sometimes most few occasionally half many"),
        ("help helps helpful improve improves benefit", "hurt hurts harm harms worsen worsens useless"),
        ("best better", "worst worse"),
        ("cause causes trigger triggers", "prevent prevents cure cures"),
        ("safe", "dangerous risky"),
        ("cheap inexpensive", "expensive costly"),
        ("often usually common commonly", "rare rarely seldom uncommon"),
        ("proven proves certain guaranteed definitely", "possible theoretically may might could appears experimental"),
        ("minor minimal mild few", "severe major serious"),
        ("stop stops stopping quit quits", "keep keeps keeping continue continues continuing"),
        ("speed speeds speeding", "slow slows slowing slowed"),
        ("activate activates activating stimulate stimulates", "calm calms calming quiet quiets"),
        ("indefinitely forever permanent permanently", "limited briefly temporary temporarily"),
    )
]


def marks(tokens: Sequence[Token]) -> Iterator[tuple[int, Mark]]:
    """Yield the place in `tokens` and the kind of each word that turns the sense, quantities among them."""
    forms = [token.form for token in tokens]
    for place, token in enumerate(tokens):
        if token.is_number:
            yield place, "number"
        elif kind := _WORDS.get(token.form):
            yield place, kind
        for phrase, phrase_kind in _PHRASES.items():
            if tuple(forms[place : place + len(phrase)]) == phrase:
                yield place, phrase_kind


def kinds(tokens: Sequence[Token]) -> frozenset[Mark]:
    """Return the kinds of sense-turning words in `tokens`."""
    return frozenset(kind for _, kind in marks(tokens))


def opposed(theirs: Sequence[Token], ours: Sequence[Token]) -> int:
    """Return how many pairs of opposites two runs of tokens take different sides of, on the whole or of one thing."""
    claim, source = [token.form for token in theirs], [token.form for token in ours]
    sides = [(mine, other) for pair in _OPPOSITES for mine, other in (pair, pair[::-1])]
    return sum(
        bool(_behind(claim, mine) & _behind(source, other) - _behind(source, mine) - _behind(claim, other))
        or bool(mine & {*claim} and other & {*source} and not mine & {*source} and not other & {*claim})
        for mine, other in sides
    )


def turned_round(theirs: Sequence[Token], ours: Sequence[Token]) -> tuple[Extent, Extent] | None:
    """Return where two runs of tokens set the same two things against each other the other way round.

    "At night instead of in the morning" and "in the morning instead of at night" do.
    """
    for claim in _compared(theirs):
        for source in _compared(ours):
            one, other = claim.before.keys() & source.behind.keys(), claim.behind.keys() & source.before.keys()
            if one and other:
                return (
                    (min(claim.before[form] for form in one), max(claim.behind[form] for form in other)),
                    (min(source.before[form] for form in other), max(source.behind[form] for form in one)),
                )
    return None


class _Comparison(NamedTuple):
    """The words right before and right behind "instead of" and its like, each with its place."""

    before: dict[str, int]
    behind: dict[str, int]


def _compared(tokens: Sequence[Token]) -> Iterator[_Comparison]:
    forms = [token.form for token in tokens]
    for place in range(len(forms)):
        for phrase in _COMPARING:
            end = place + len(phrase)
            if tuple(forms[place:end]) == phrase:
                before = {forms[n]: n for n in range(max(0, place - _REACH), place) if len(forms[n]) > _SHORT}
                behind = {forms[n]: n for n in range(end, min(len(forms), end + _REACH)) if len(forms[n]) > _SHORT}
                both = before.keys() & behind.keys()
                yield _Comparison(*({f: n for f, n in side.items() if f not in both} for side in (before, behind)))


def _behind(forms: Sequence[str], words: frozenset[str]) -> set[str]:
    """Return what stands right behind one of `words`: "doses" behind "higher"."""
    return {behind for word, behind in pairwise(forms) if word in words and len(behind) > _SHORT}

"""PURE: the small words that turn a sentence's sense: negations, hedges, conditions, bounds.

`marks` finds them in a run of tokens, by kind. Used wherever words of ours or of a quoter are held against an
article: dropping one of these is never a matter of style.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
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

_MOST = "most"
_MAJORITY = frozenset("most majority mostly #2/3 #3/4".split())
_MINORITY = frozenset("some few several minority all every everyone #1/2".split())
_PEOPLE = frozenset("patients patient people participants women men those them users members".split())
_EFFECTS = frozenset(
    "reduction reductions reduced reduces reduce less lower drop decrease decreased improvement improvements relief "
    "better improved pain".split()
)
_JOINING = frozenset("and but while with whereas".split())
_NEARLY = Fraction(1, 50)  # between shares that are told as the same: 66% and two thirds
_CLOSE = 3  # tokens beside a share that tell what it is of

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
        (
            "often usually common commonly frequently typically regularly always",
            "rare rarely seldom uncommon occasionally occasional sometimes",
        ),
        ("big large great huge substantial dramatic considerable", "little slight small negligible"),
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


def opposed(theirs: Sequence[Token], ours: Sequence[Token]) -> list[tuple[int, int]]:
    """Return where two runs of tokens take different sides of a pair of opposites, on the whole or of one thing."""
    claim, source = [token.form for token in theirs], [token.form for token in ours]
    found = []
    for mine, other in [(mine, other) for pair in _OPPOSITES for mine, other in (pair, pair[::-1])]:
        of = _behind(claim, mine) & _behind(source, other) - _behind(source, mine) - _behind(claim, other)
        if of:
            found.append((_before(claim, mine, of), _before(source, other, of)))
        elif not mine & {*source} and not other & {*claim} and mine & {*claim} and other & {*source}:
            found.append((_first(claim, mine), _first(source, other)))
    return found


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


def mispaired(theirs: Sequence[Token], ours: Sequence[Token]) -> bool:
    """Whether a claim has a share that its source lacks, or has of something else or of other people.

    "Most get a 60% reduction" is not "most get 30%, some get 60% reductions", nor is "60% of patients get better".
    """
    source = list(_shares(ours))
    measured = {token.form.removesuffix(token.unit) for token in ours if token.unit}
    for share in _shares(theirs):
        if share.form in measured:
            continue  # "0.5 or lower" for "0.5 mg or lower" is no share of anything
        same = [one for one in source if abs(one.value - share.value) <= _NEARLY]
        rest = [one for one in source if abs(1 - one.value - share.value) <= _NEARLY]  # those whom it did not help
        if share.is_of_people is None or (rest and not same):
            continue
        if all(one.is_of_people is (not share.is_of_people) for one in same):
            return True
        whose = [one.who for one in same]
        if share.who and all(whose) and not any(share.who & who for who in whose):
            return True
    return False


class _Share(NamedTuple):
    """A fraction: whether it is a share of people (`None` where nothing tells), and of how many it is told."""

    form: str
    value: float
    is_of_people: bool | None
    who: frozenset[str]


def _shares(tokens: Sequence[Token]) -> Iterator[_Share]:
    for clause in _clauses(tokens):
        forms = [token.form for token in clause]
        parts = [n for n, form in enumerate(forms) if _is_fraction(form)]
        of_people = {n: _is_of_people(forms, n) for n in parts}
        for n in parts:
            who = {_MOST if form in _MAJORITY else form for form in forms if form in _MAJORITY | _MINORITY}
            who |= {_MOST if form in _MAJORITY else form for m, form in enumerate(forms) if m != n and of_people.get(m)}
            yield _Share(forms[n], float(Fraction(forms[n][1:])), of_people[n], frozenset(who))


def _is_of_people(forms: Sequence[str], place: int) -> bool | None:
    behind = forms[place + 1 : place + _REACH]
    if behind[:1] == ["of"] and _PEOPLE & {*behind}:
        return True
    near = {*forms[max(0, place - _CLOSE) : place], *behind[:_CLOSE]}
    return False if near & _EFFECTS else None


def _clauses(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for place, token in enumerate(tokens):
        is_apart = place > start and token.start - tokens[place - 1].end > 1
        if is_apart or token.form in _JOINING:
            yield tokens[start:place]
            start = place
    yield tokens[start:]


def _is_fraction(form: str) -> bool:
    return re.fullmatch(r"#\d+/\d+", form) is not None and Fraction(form[1:]) < 1


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


def _before(forms: Sequence[str], words: frozenset[str], behind: set[str]) -> int:
    return next(n for n, (word, follows) in enumerate(pairwise(forms)) if word in words and follows in behind)


def _first(forms: Sequence[str], words: frozenset[str]) -> int:
    return next(n for n, form in enumerate(forms) if form in words)

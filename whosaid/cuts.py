"""PURE: what a quote leaves out of its sentence, and whether that changes the sense of what is left.

A negation, hedge or condition that governs the quoted words, the quantity that they begin behind, the "if", "unless"
or "but" that follows them. What is left out elsewhere in a long sentence is no matter.
"""

from whosaid.align import Source
from whosaid.sense import kinds

_CONDITIONS = frozenset("unless except if when until only provided after before".split())
_CONTRASTS = frozenset("but although though however while".split())
_QUANTIFIERS = frozenset("some most many few half none".split())
_JOINING = frozenset("and but or so yet".split())
_LINKS = frozenset("of the a an her his their these those its".split())
_SAYING = frozenset(
    "said says noted notes replied reported reports believes thinks stated states suggests recommends recommended "
    "advises found indicated showed concluded asked".split()
)
_LOOSENING = frozenset("so more less below above".split())
_PRONOUNS = frozenset("she he they who".split())
_CLAUSE_END = ";:—–()"


def cut_at_the_ends(first: int, last: int, bounds: tuple[int, int], source: Source) -> list[tuple[int, int]]:
    """Return what was cut off before and after, where it changes the sense of what is left.

    `bounds` are the tokens `[start, end)` of the whole that `[first, last)` was taken from.
    """
    cut = []
    start, end = bounds
    clause = _clause_before(start, first, source)
    near = source.tokens[max(start, first - 3) : first]
    leads = [token for token in near if token.form not in _LINKS]
    counts = (
        bool(leads)
        and near[-1].form in _LINKS | {leads[-1].form}
        and (leads[-1].is_number or leads[-1].form in _QUANTIFIERS)
    )
    is_bounded = source.tokens[first].is_number and "bound" in kinds(near)
    if kinds(source.tokens[clause:first]) & {"negation", "hedge", "condition"} or counts or is_bounded:
        cut.append((clause if clause < first else start, first))
    stop = _clause_after(last, end, source)
    rest = source.tokens[last:stop]
    dangles = last < end and source.tokens[last - 1].form in _CONDITIONS | _CONTRASTS
    turns = _CONDITIONS | (_CONTRASTS if clause == first else frozenset())  # half a clause asserts nothing to contrast
    loosens = len(rest) > 1 and rest[0].form == "or" and rest[1].form in _LOOSENING  # "within a week or so"
    if (
        loosens
        or dangles
        or (rest and (rest[0].form in turns or "condition" in kinds(rest) or "negation" in kinds(rest[:2])))
    ):
        cut.append((last, stop))
    return cut


def _clause_before(start: int, first: int, source: Source) -> int:
    """Return where the clause begins that a quote's first token is cut out of.

    A comma ends it only where what stands before is no introduction ("If that's tolerated, …"). What credits the
    words ("she said that") is no part of it, unless it is denied.
    """
    place = first
    while place > start:
        between = source.text[source.tokens[place - 1].end : source.tokens[place].start]
        joined = "," in between and source.tokens[place].form in _JOINING
        if joined or any(mark in between for mark in _CLAUSE_END) or _is_credited(place, start, source):
            break
        place -= 1
    return place


def _is_credited(place: int, start: int, source: Source) -> bool:
    """Whether the words before a token credit it: "Dr. Liptan noted that"."""
    before = source.tokens[max(start, place - 4) : place]
    forms = [token.form for token in before]
    if forms and forms[-1] == "that":
        forms.pop()
    if len(forms) < 2 or forms[-1] not in _SAYING or "negation" in kinds(before):
        return False
    who = before[len(forms) - 2]
    return who.form in _PRONOUNS or source.text[who.start].isupper()  # "some evidence suggests" is a hedge


def _clause_after(last: int, end: int, source: Source) -> int:
    place = last
    while place < end:
        between = source.text[source.tokens[place - 1].end : source.tokens[place].start]
        if any(mark in between for mark in (_CLAUSE_END if place == last else _CLAUSE_END + ",")):
            break
        place += 1
    return place

"""PURE: a conversation's last turn → that turn as a question that stands alone.

Three readings, the first that fits: a marked change of topic drops what came before ("unrelated: …"); a bare thing
takes the place of its like in the turn before ("and Norco?" after "Can I take LDN with OxyContin?"); a turn that leans
on what came before ("how much of each?") gets the words that it lacks. All others stand as they are.
"""

import re
from collections.abc import Sequence
from textwrap import shorten
from typing import NamedTuple

from whosaid.glossary import REMEDIES, Glossary, Mention
from whosaid.pointing import DEMONSTRATIVE, SENTENCE_END, content_words, points, points_outside
from whosaid.told import HOW_MUCH, taken_beside

_TURNS_BEFORE = 3  # whose things are looked at
_TURN_CHARS = 500  # of a turn before: what it ends with
_SHOWN_CHARS = 90  # of a sentence that a turn is read after
_BARE_WORDS = 3  # in which a thing is named and nothing is asked
_ELLIPTIC_WORDS = 4  # up to which a turn leans on what came before, whatever its words
_UNNAMED_WORDS = 9  # the same, where it names nothing at all
_WHOLE_WORDS = 14  # above which a turn that names a remedy has in itself what its "it" and "that" mean
_WHOLE_CONTENT = 6  # content words from which a turn may stand alone, whatever it points at
_OWN_CONTENT = 3  # the same, where it points at nothing
_CLAUSE_CONTENT = 2  # the same, where it is no ellipsis either
_LEADING_CONTENT = 4  # content words up to which "how long …" and the like lean
_THINGS = {"drug", "class", "supplement", "condition", "symptom", "treatment", "person", "body", "dose"}
_NAMED = {*_THINGS, "source"}  # what a turn names that is whole without what came before
_MEANT = _THINGS - {"person", "dose"}  # by an "it"
_TREATMENTS = {*REMEDIES, "treatment"}

_CHANGE = re.compile(  # at the start, or set off from what follows
    r"^(?P<before>(?:[\w'’]+[\s,.!:;…–-]+){0,4}?)"
    r"(?P<marker>unrelated|off topic|anyways?|btw|by the way|something else|"
    r"chang(?:e of|ing)(?: the)? (?:topic|subject)|"
    r"(?:different|new|another|other|next|last|separate) (?:thing|question|topic|subject|q|one))\b[\s,:;.–-]*(?:but )?",
    re.IGNORECASE,
)
_ONLY_FIRST = {"anyway", "anyways"}
_OPENER = re.compile(
    r"^(?:(?:ok|okay|and|n|so|but|or|then|also|well|right|thanks|thank you|thx|ty|hm+|no|yes|yeah|sorry|i mean|i meant|"
    r"cool|great|good|aha|ah|oh|got it|i see|wait|like|actually)\b[\s,.!:;…-]*)+",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:(?:what|how) (?:about|bout|abt)|(?:is it |is that |it's |its )?(?:the )?same (?:for|with|goes for)|same|"
    r"even (?:with|for|at)|with|for|or|if)\b\s*",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^(?:and|so|but|or|then|why|how come|how (?:long|much|often|so)|since when|what if|even|also|only|for how|"
    r"until when|who|where|when)\b",
    re.IGNORECASE,
)
_SAYS_WHAT = re.compile(  # it is: "is it autoimmune?" asks of what was named, and puts nothing in its place
    r"^(?:is|was|isn['’]?t|could|might) (?:it|this|that)\b(?! (?:be )?the same)", re.IGNORECASE
)
_WHICH = re.compile(  # of what was named before: "which diet, what may I eat"
    r"\b(?:which|what (?:kind|type|sort)s?(?: of)?)((?: [\w'-]+){1,2})\s*(?:[,;:.?!–-]|$)", re.IGNORECASE
)
_ANOTHER = re.compile(  # question, which has nothing to do with the one before
    r"^(?:(?:ok|okay|and|thanks|thank you|thx|ty)\b[\s,.!:;…-]*)*also\b[\s,.:;…-]*"
    r"(?:what|whats|who|whos|where|when|why|how|which|is|are|was|does|do|did|has|have|can|should)\b",
    re.IGNORECASE,
)
# Complete but for what "it" is. What is to be stopped may be another medicine, but not before an operation
_COMPLETE = re.compile(
    r"^(?:how|what|who|when|is|does|do|did|can|could|should|will|would|has|must|may)\b(?=.*\bit\b)"
    r"(?:(?=.*\b(?:op|operation|surgery)\b)|(?!.*\b(?:quit|stop|taper|wean|off|give up|drop|replace|in it|of it)\b))"
    rf"(?!.*\b(?:{DEMONSTRATIVE}|they|them|their|there|ones?|both|either|same|instead|else|too|each)\b)",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"\b(?:apart|before|beforehand|after|afterwards|between|wait)\W*$", re.IGNORECASE)  # of what?
_PHRASE = re.compile(r"^(?:in|at|for|from|during|near)(?:\W+\w+){1,3}\W*$", re.IGNORECASE)  # "in the uk?"
_IT = re.compile(r"\bit\b", re.IGNORECASE)
_TAKEN_IT = re.compile(  # what is started and taken is the medicine that the conversation is about
    r"\b(?:(?:start|started|starting|take|taken|taking|took|on) it|starts? (?:people|patients|you|us|me) on)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(  # in its grammar: "does she use coq10"
    r"^(?:do|does|did|has|have|can|could|should|would|will|may|must)\s+(?:she|he|they|i|you|we|one|people|patients)\s+\w+",
    re.IGNORECASE,
)
_DOSE = r"\d+(?:[.,]\d+)?\s*(?:mgs?|milligrams?|mcg|micrograms?|g|ml)\b"  # of one medicine is not another's
_DOSE_BEFORE, _DOSE_BEHIND = (
    re.compile(pattern, re.IGNORECASE) for pattern in (rf"{_DOSE}\s*(?:of\s+)?$", rf"\s*(?:at\s+)?{_DOSE}")
)
_HE = re.compile(  # who says something, where nobody of the reader's own is spoken of
    r"\bhe(?= (?:says?|said|thinks?|recommends?|suggests?|advises?|mentions?|agrees?|believes?|claims?|uses?)\b)",
    re.IGNORECASE,
)
_HIM = re.compile(
    r"\b(?:husband|son|grandson|dad|father|brother|boyfriend|partner|uncle|friend|doctor|doc|gp|rheumy|neuro|\w+ologist|"
    r"pharmacist|chemist|surgeon|specialist|consultant|therapist|psychiatrist|physio)\b",
    re.IGNORECASE,
)
_WHO_IS = re.compile(r"^(?:who|what)(?:['’]?s| is| are| was)\b", re.IGNORECASE)
_OF_A_DOSE = re.compile(r"\b(?:doses?|dosages?|dosing|mgs?|mcg|how much|amount)\b", re.IGNORECASE)
_ADDED = re.compile(r"(?P<core>.*\S) \((?P<words>[^()]+)\)")


class Reading(NamedTuple):
    """How a turn is read: as `text`, which may be the turn itself with something added from the turns before.

    `after` is the sentence of them that most of it is from, "" where there is none; with `is_bound` it would mean
    something else, or mislead, as it stands.
    """

    text: str
    is_added_to: bool = False
    after: str = ""
    is_bound: bool = False


def stand_alone(last: str, before: Sequence[str], glossary: Glossary) -> Reading:
    """Read the last turn as one question; `before` are the turns before it, the newest last, none of them empty."""
    before = [turn[-_TURN_CHARS:] for turn in before]
    if not before:
        return Reading(last)
    before = _as_meant([_without_change(turn) for turn in before], glossary)
    if (changed := _without_change(last)) != last:
        return Reading(changed)
    core = _core(last)
    mine = _things(core, glossary)
    if taken := taken_beside(core, before[-_TURNS_BEFORE:], glossary):
        return Reading(f"{core} ({' '.join(taken)})", is_added_to=True, is_bound=True)
    if mine and not _WHO_IS.match(core) and (swapped := _swapped(core, last, before, mine, glossary)):
        return Reading(swapped)
    if not _leans(core, last, mine, glossary) and not _asks_which(core, mine, glossary):
        return Reading(core if mine else last)
    return _leaning(core, before, mine, glossary)


def _core(turn: str) -> str:
    """Return a turn without "ok, and" before it, unless nothing is left."""
    core = _OPENER.sub("", turn)
    return core if re.search(r"\w", core) else turn


def _leaning(core: str, before: Sequence[str], mine: Sequence[Mention], glossary: Glossary) -> Reading:
    """Read a turn that leans on those before it: with the words that it lacks."""
    thing = [mention for mention in mine if mention.term.kind != "person"]
    strong = [turn for turn in before if any(m.term.kind != "dose" for m in _things(turn, glossary))]
    base = (strong or _asking(before) or [turn for turn in before if len(content_words(turn)) > 1] or before)[-1]
    main = _main_thing(before, glossary)
    asks_dose = all(mention.term.kind == "dose" for mention in thing) and _OF_A_DOSE.search(core) is not None
    is_complete = _TAKEN_IT.search(core) or (not thing and _COMPLETE.match(core)) or (asks_dose and _WHO_IS.match(core))
    is_bound = asks_dose and _is_neighbour(main, glossary)
    may_be_meant = [m for turn in before[-_TURNS_BEFORE:] for m in _things(turn, glossary) if m.term.kind in _MEANT]
    if is_complete and (main or not may_be_meant or any(_IT.search(turn) for turn in before[-_TURNS_BEFORE:])):
        # an "it" that nobody has named is what the article is about, then and now
        after, lacking = "", [main] if main else []
    else:
        if len(content_words(core)) < 2:
            return Reading(f"{base} {core}", is_added_to=True, after=base, is_bound=is_bound)
        after = _asking_sentence(base)
        lacking = _lacking(core, after, before, mine, glossary)
    text = f"{core} ({' '.join(lacking)})" if lacking else core
    return Reading(text, is_added_to=True, after=after, is_bound=is_bound)


def in_words(read_as: str, after: str = "") -> str:
    """Return a reading as it is shown: what was added from the turns before it is said to be that."""
    sentence = shorten(after, _SHOWN_CHARS, placeholder=" …")
    if after and read_as.startswith(f"{after} "):
        return f"{read_as.removeprefix(after).strip()} – after “{sentence}”"
    added = _ADDED.fullmatch(read_as)
    if not added:
        return read_as
    words = added["words"].split()
    others = [word for word in words if not set(content_words(word)) & set(content_words(after))]
    parts = [f"“{part}”" for part in (sentence, " ".join(others)) if part]
    return f"{added['core']} – {'after' if after else 'with'} {' and '.join(parts)}{'' if after else ' from before'}"


def with_name(last: str, before: Sequence[str], glossary: Glossary) -> str:
    """Return a turn with the name of whoever "he" is: the last who was named, where the turn itself names nobody."""
    before = before[-_TURNS_BEFORE:]
    named = [m.alias for turn in before for m in glossary.find(turn) if m.term.kind == "person"]
    if (
        not named
        or any(_HIM.search(turn) for turn in (*before, last))
        or any(mention.term.kind == "person" for mention in glossary.find(last))
    ):
        return last
    return _HE.sub(named[-1], last, count=1)


def with_things_only(last: str, before: Sequence[str], glossary: Glossary) -> str:
    """Return a leaning last turn with just the things that the turns before it name, doses left out."""
    core = _core(last)
    mine = _names(core, glossary)
    named = [m for turn in before[-_TURNS_BEFORE:] for m in _things(turn[-_TURN_CHARS:], glossary)]
    things = [m.alias for m in named if m.term.name not in mine and m.term.kind != "dose"]
    return " ".join([core, *dict.fromkeys(things)])


def _as_meant(turns: Sequence[str], glossary: Glossary) -> list[str]:
    """Return turns with a bare thing put where it belongs: "what about Norco?" asks what the turn before it asks."""
    meant: list[str] = []
    for turn in turns:
        core = _core(turn)
        mine = _things(core, glossary)
        swapped = _swapped(core, turn, meant, mine, glossary) if mine and not _WHO_IS.match(core) else ""
        meant.append(swapped or turn)
    return meant


def _without_change(turn: str) -> str:
    """Return a turn without the words that say that it is about something else, and those before them."""
    changed = _CHANGE.match(turn)
    if not changed or len(turn[changed.end() :].split()) < 2:
        return turn
    is_first = not _OPENER.sub("", changed["before"])
    follows = turn[changed.end("marker") : changed.end()].strip()
    is_set_off = follows != "" and changed["marker"].lower() not in _ONLY_FIRST
    return turn[changed.end() :] if is_first or is_set_off else turn


def _swapped(core: str, last: str, before: Sequence[str], mine: Sequence[Mention], glossary: Glossary) -> str:
    """Return an earlier turn with the bare thing of the last one in its like's place, "" where that does not fit."""
    named = " ".join(mention.alias.lower() for mention in mine)
    beside = [word for word in content_words(_ABOUT.sub("", core)) if word not in named]
    is_bare = core != last or _ABOUT.match(core) or len(core.split()) <= _BARE_WORDS
    if len(beside) > 1 or not is_bare or _SAYS_WHAT.match(core):
        return ""
    thing = mine[0]
    if len({mention.term.name for mention in mine if mention.term.kind != "person"}) > 1:
        return ""
    groups = [set(group.names) for group in glossary.distinct]
    kept_apart = set().union(*groups)
    if beside and thing.term.name in kept_apart:
        return ""  # "LDN cost" is about what the whole conversation is about
    for turn in reversed(before):
        likes = [
            mention
            for mention in _things(turn, glossary)
            if mention.term.name != thing.term.name
            and (mention.term.kind == thing.term.kind or {mention.term.kind, thing.term.kind} <= REMEDIES)
        ]
        # what the whole conversation is about stays, unless it was taken for its neighbour ("sorry, I meant LDN")
        fit = [m for m in likes if m.term.name not in kept_apart]
        fit = fit or [m for m in likes if any({m.term.name, thing.term.name} <= group for group in groups)]
        if fit:
            aliases = "|".join(re.sub(r"\\[ -]", r"[\\s-]+", re.escape(mention.alias)) for mention in fit)
            listed = (
                rf"\b(?:{aliases})\b(?:(?:\s*,\s*|\s+)(?:and\s+|or\s+|&\s+)?(?:{aliases})\b)*"  # "vitamin D and CoQ10"
            )
            if places := list(re.finditer(listed, turn, re.IGNORECASE)):
                start, end = places[-1].span()
                start -= len(dose[0]) if (dose := _DOSE_BEFORE.search(turn[:start])) else 0
                end += len(dose[0]) if (dose := _DOSE_BEHIND.match(turn[end:])) else 0
                return _around(turn, start, end, thing.alias)
    return ""


def _asking(turns: Sequence[str]) -> list[str]:
    return [turn for turn in turns if "?" in turn and len(content_words(turn)) > 1]


def _main_thing(before: Sequence[str], glossary: Glossary) -> str:
    """Return the medicine that the conversation is about, of those that are told apart; "" where it names none."""
    for turn in reversed(before):
        if named := [m.alias for m in _things(turn, glossary) if m.term.name in glossary.told_apart]:
            return named[-1]
    return ""


def _is_neighbour(thing: str, glossary: Glossary) -> bool:
    """Whether a medicine is one that would be taken for the first of those that are told apart: ULDN for LDN."""
    names = {mention.term.name for mention in glossary.find(thing)} if thing else set()
    return any(names & set(group.names[1:]) for group in glossary.distinct)


def _around(turn: str, start: int, end: int, thing: str) -> str:
    """Return a turn with `thing` from `start` to `end`: the one sentence there, unless that leans on those before."""
    first = max((m.end() for m in SENTENCE_END.finditer(turn, 0, start)), default=0)
    following = SENTENCE_END.search(turn, end)
    sentence = turn[first:start] + thing + turn[end : following.start() if following else len(turn)]
    is_whole = sentence.endswith("?") and not points(sentence)
    return sentence if is_whole else turn[:start] + thing + turn[end:]


def _leans(core: str, last: str, mine: Sequence[Mention], glossary: Glossary) -> bool:
    words = core.split()
    # "how much should I take?" names nothing, "how much LDN?" does: a dose is one of something
    named = glossary.find(HOW_MUCH.sub("", core))
    names_something = any(mention.term.kind in _NAMED - {"dose"} for mention in named)
    if len(words) > _WHOLE_WORDS and any(mention.term.kind in _TREATMENTS for mention in mine):
        return False
    points_out = points_outside(core, _named(mine))
    thing_named = any(mention.term.kind not in {"person", "dose"} for mention in mine)
    if _ANOTHER.match(last) and len(content_words(core)) > 1 and not points_out:
        return False
    if names_something and not points_out and (_WHO_IS.match(core) or (thing_named and _WHOLE.match(core))):
        return False
    if (
        core == last
        and not points_out
        and len({m.term.name for m in mine if m.term.kind not in {"person", "dose"}}) > 1
    ):
        return False
    return (
        points_out
        or (not names_something and _LEANING.match(last) is not None and len(content_words(core)) <= _LEADING_CONTENT)
        or len(words) <= _ELLIPTIC_WORDS
        or (not names_something and len(words) <= _UNNAMED_WORDS)
    )


def may_stand_alone(last: str, glossary: Glossary) -> bool:
    """Whether a turn that leans on others has enough words of its own to be tried as it stands."""
    named = glossary.find(last)
    if points_outside(last, _named(_things(last, glossary)), may_be_demonstrative=True):
        least = _WHOLE_CONTENT
    elif len(named) > 1 or any(not mention.term.in_article for mention in named):
        least = 1
    else:
        least = _CLAUSE_CONTENT if len(last.split()) > _ELLIPTIC_WORDS else _OWN_CONTENT
    return (
        not (_OPENER.match(last) or _CUT_OFF.search(last) or _PHRASE.match(last)) and len(content_words(last)) >= least
    )


def _asks_which(core: str, mine: Sequence[Mention], glossary: Glossary) -> bool:
    """Whether a turn names one thing, and asks no more of it than which."""
    asked = _WHICH.search(core)
    named = {mention.term.name for mention in mine}
    return asked is not None and len(core.split()) <= _UNNAMED_WORDS and named == _names(asked[1], glossary)


def _asking_sentence(turn: str) -> str:
    """Return the last sentence of a turn that says something."""
    sentences = SENTENCE_END.split(turn)
    return next((s for s in reversed(sentences) if len(content_words(_OPENER.sub("", s))) > 1), turn)


def _lacking(core: str, after: str, before: Sequence[str], mine: Sequence[Mention], glossary: Glossary) -> list[str]:
    """Return what the last turn lacks: words of the sentence that it leans on, and things of the turns before."""
    named = {mention.term.name for mention in mine}
    other = {
        mention.alias.lower()
        for group in glossary.distinct
        if named & set(group.names)
        for turn in before
        for mention in _things(turn, glossary)
        if mention.term.name in (*group.names, group.general)
    }  # LDN is not brought along where the turn itself says ULDN
    left_out = {*content_words(core), *(word for alias in other for word in content_words(alias))}
    lacking = [word for word in content_words(_OPENER.sub("", after)) if word not in left_out]
    for turn in before[-_TURNS_BEFORE:]:
        for mention in _things(turn, glossary):
            alias = mention.alias.lower()
            if (
                mention.term.name not in named
                and alias not in other
                and not set(content_words(alias)) <= {*lacking, *left_out}
            ):
                lacking.append(mention.alias)
    return list(dict.fromkeys(lacking))


def _things(turn: str, glossary: Glossary) -> list[Mention]:
    return [mention for mention in glossary.find(turn) if mention.term.kind in _THINGS]


def _named(mentions: Sequence[Mention]) -> list[str]:
    return [mention.alias for mention in mentions if mention.term.kind != "dose"]


def _names(turn: str, glossary: Glossary) -> set[str]:
    return {mention.term.name for mention in _things(turn, glossary)}

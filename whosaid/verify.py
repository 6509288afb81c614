"""PURE: a chat model's draft → the sentences of it that its statements support. The whole guarantee is here.

A sentence stays only if it passes every rule of `RULES`; each rule names what is wrong in a word. They hold it against
the statements that it cites, never against what else the article says, and know nothing of a model. What they cannot
judge they refuse: a faithful sentence that is lost costs less than a wrong one that is shown.

What they do not know: whether free prose draws the right conclusion. They see its quantities, negations, hedges,
conditions, drugs, speakers and words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from whosaid.glossary import Glossary
from whosaid.held import Held, forms
from whosaid.sense import CONDITIONS, NEGATIONS, opposed
from whosaid.tokens import tokenize
from whosaid.types import NARRATOR, Sentence, Statement
from whosaid.words import word_bag

_SIDES = re.compile(r"\b(than|instead of|rather than|before|after|into|as opposed to)\b", re.IGNORECASE)
_NEAR_PIVOT = 3  # words
_OPENING, _UNSAID = 2, 0.4  # words that begin a clause; share of what a hedge governs that may be said without it
_SCOPE, _CANCELS = 6, 4  # words that a negation governs, and within which a second one undoes it
_NOT_BEFORE = frozenset("until before unless first only after".split())
_NO_NEGATION = re.compile(
    r"^no,|\bno (?:more|less|longer|later) than\b|\bno wonder\b|\bnot (?:only|just)\b|"
    r"\b(?:constraint|limit|barrier|obstacle|difficulty|problem)s? (?:in|to|on) not\b|"
    r"\bno reason\b[^.;]{0,40}?(?:\bnot\b|\bcannot\b|n['’]t\b)",
    re.IGNORECASE,
)
_SOFT = frozenset("lack lacks lacking without hardly barely rarely seldom".split())  # often said otherwise
_DENYING = NEGATIONS | frozenset(
    "unable fail fails failed prevent prevents prevented preventing exclude excludes omit omits reject rejects".split()
)
_NEGATIVE = frozenset("lack lacks lacking without poor unlike instead outside beyond".split())
_LIMITING = frozenset(
    "only until unless before after free avoid avoids different too rules rule little uncomfortable keeps".split()
)
_RESTRICTS = frozenset("who whose while".split())  # "patients who keep it in check"
_AS_LONG_AS = re.compile(r"\b(?:as|so) long as\b", re.IGNORECASE)
_IF = frozenset("if unless provided".split())
_KEEPS_IF = _IF | CONDITIONS | frozenset("case cases event first before after then works maximum ceiling".split())
_FEW_NEW, _NEW_SHARE = 2, 0.5  # content words, and share of them, that a retelling's statements need not have
_QUOTATION = re.compile(r"[\"“”«»„‟]|(?<!\w)['‘][^'‘’]{3,}['’](?!\w)")
_SMALL_WORDS = "two three four five six seven eight nine ten".split()
_SMALL = re.compile(rf"\b(?:{'|'.join(_SMALL_WORDS)})\b", re.IGNORECASE)
_UNIT = r"(milligrams?|mgs?|micrograms?|hour|day|week|month|year)\b"
_COUNTED = [
    (re.compile(pattern, re.IGNORECASE), number)
    for pattern, number in (
        (rf"\bhalf an? {_UNIT}", r"0.5 \1"),
        (rf"(?<!half )\ban? (?:whole |full |entire )?{_UNIT}", r"1 \1"),
        (r"\ban? (third|quarter|fifth)\b", r"one \1"),
        (r"\b(\d) (?:in|out of)(?: every)? (\d+)\b", r"\1/\2"),
        (r"\b(\d+) ?: ?(\d+)\b", r"\1/\2"),  # a ratio
        (r"\bweeks (\d+)((?: to | and |-|–)\d+)\b", r"\1\2 weeks"),
        (r"\b(\d+) decades\b", r"\g<1>0 years"),
    )
]
_TIMES = frozenset("morning afternoon evening night bedtime noon midday midnight clock waking".split())
_DURING = re.compile(r"\bduring (?:(?:the|her|his|their|its|an?) )?(\w+)", re.IGNORECASE)
_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_RECOMMENDS = re.compile(r"\b(?:recommends?|recommended|advises?|advised|suggests?|suggested)\b", re.IGNORECASE)
_DUTY = frozenset("should must ought".split())
_ORDER = re.compile(
    r"^(?:please |always |never |do not |don['’]t |just |simply )*(?:take|start|stop|try|increase|raise|lower|reduce|"
    r"avoid|wait|skip|use|switch|ask|talk|keep|begin|continue|taper|make sure|give|quit|cut|combine|consider|choose|"
    r"stay|move|go|remain|leave|follow|drop|aim|tell|get|put|add|work)\b(?! of\b)",
    re.IGNORECASE,
)
_CREDIT = (
    r"(?:says?|said|tells?|told|notes?|noted|writes?|wrote|reports?|reported|recommends?|recommended|advises?|advised|"
    r"suggests?|suggested|believes?|believed|thinks?|thought|finds?|found|feels?|felt|warns?|warned|explains?|explained|"
    r"describes?|described|calls?|called|states?|stated|argues?|adds?|added|announced|answered|replied|considers?|"
    r"concludes?|concluded|indicates?|indicated|reckons?|claims?|claimed|observes?|observed|sees?|saw|mentions?|"
    r"mentioned|admits?|maintains?|stresses|cautions?|cautioned|points out|experience|view|opinion|words)"
)
_OWN = r"(?:own )?(?:experience|view|opinion|words|judge?ment)"
_AUTHOR = re.compile(r"\b(?:author|narrator|writer|blogger)\b(?! of\b)", re.IGNORECASE)
_NO_HEDGE = re.compile(
    r"\b(?:the|be|is|are|her|his|their) most\b|\bso often\b|\bin (?:some|most) parts?\b|\bone of the few\b|"
    r"\bcan(?:not|['’]t)\b|\b(?:ask|asked|asks|wonders?|wondered) if\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(r"\bnot (?:all|always|every\w*)\b", re.IGNORECASE)
_CERTAIN = frozenset(
    "always all every everyone everybody never prove proves proven cure cures guarantee guarantees guaranteed "
    "definitely certainly surely undoubtedly clearly completely entirely totally invariably must exactly".split()
)
_ALL = {"all", "every"}
# Hedges of a kind, and what else keeps one: whoever drops "theoretically" says more, and "can" does not keep it.
_HEDGES = [
    (frozenset(kept.split()), frozenset((kept + " " + also).split()))
    for kept, also in (
        (
            "may might could appear appears appeared seem seems seemed probably possibly perhaps maybe likely "
            "theoretically theory apparently potentially presumably possible believes believed thinks thought suggests "
            "suggest suggested odds concern concerns experimental",
            "believe belief possibility evidence suspects if should theoretical",
        ),
        ("virtually nearly almost", "about around close"),
        ("can", "may might could able ability possible sometimes occasionally occasional some"),
        (
            "some most many few several half mostly largely occasional occasionally",
            "certain majority minority largest mainly among sometimes now usually",
        ),
        ("part parts partly partially", "some areas aspects"),
        (
            "sometimes usually generally often typically tends",
            "occasional occasionally frequently general commonly rule now once may might can could",
        ),
    )
]


@dataclass(frozen=True)
class Dropped:
    """A sentence that is not shown, and why: the name of the rule that it broke."""

    sentence: Sentence
    rule: str


def verify(
    draft: Sequence[Sentence], given: Sequence[Statement], glossary: Glossary
) -> tuple[list[Sentence], list[Dropped]]:
    """Return the sentences that their statements support, and those that they do not.

    `given` are the statements that the model was shown. Where a statement that is not surely the main person's needs
    one that is ("in about three hours" her "at least six"), a sentence stays only if that one carries a sentence too.
    """
    known = {statement.id: statement for statement in given}
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    for sentence in draft:
        rule = _broken(sentence, known, glossary)
        if rule:
            dropped.append(Dropped(sentence, rule))
        else:
            kept.append(sentence)
    while alone := [s for s in kept if not _needed(s, known) <= {id_ for other in kept for id_ in other.ids}]:
        kept = [sentence for sentence in kept if sentence not in alone]
        dropped += [Dropped(sentence, "misleads alone") for sentence in alone]
    return kept, dropped


def _needed(sentence: Sentence, known: Mapping[str, Statement]) -> set[str]:
    """Return the ids of what must carry a sentence as well, lest this one's quantities mislead.

    That is what a cited statement needs, where it is surely the main person's, the cited one is not, and it has another
    quantity of the same unit.
    """
    mine = _by_unit(sentence.text)
    cited = [known[id_] for id_ in sentence.ids]
    needed = {id_ for statement in cited if not statement.is_surely_main for id_ in statement.needs}
    return {
        id_
        for id_ in needed & known.keys()
        if known[id_].is_surely_main
        and any(forms - mine.get(unit, forms) for unit, forms in _by_unit(known[id_].text).items())
    }


def _by_unit(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for token in tokenize(text):
        if token.unit:
            found.setdefault(token.unit, set()).add(token.form)
    return found


def _broken(sentence: Sentence, known: Mapping[str, Statement], glossary: Glossary) -> str:
    if not sentence.ids:
        return "cites nothing"
    if not known.keys() >= set(sentence.ids):
        return "cites what was not given"
    held = Held(sentence.text, [known[id_] for id_ in sentence.ids], glossary)
    return next((name for name, is_broken in RULES.items() if is_broken(held)), "")


def _quotes(held: Held) -> bool:
    return _QUOTATION.search(held.text) is not None


def _advises(held: Held) -> bool:
    speaks_to_reader = _READER.search(held.text) is not None and _READER.search(held.source) is None
    is_told = bool(forms(held.text) & _DUTY - forms(held.source)) and not _RECOMMENDS.search(held.text)
    return speaks_to_reader or is_told or _ORDER.search(held.text) is not None


def _other_quantity(held: Held) -> bool:
    return not _quantities(held.text) <= _quantities(held.source) or not _periods(held) <= held.words


def _periods(held: Held) -> set[str]:
    """Return what a sentence says that something went on during ("during her residency")."""
    return {word for match in _DURING.finditer(held.text) for word in word_bag(match[1])}


def _quantities(text: str) -> set[str]:
    """Return a text's quantities, "a week", "half a milligram" and "two in three" too; a bare "one" is a pronoun."""
    counted = _SMALL.sub(lambda match: str(_SMALL_WORDS.index(match[0].lower()) + 2), text)
    for pattern, number in _COUNTED:
        counted = pattern.sub(number, counted)
    tokens = tokenize(counted)
    times = {"night" if token.form == "bedtime" else token.form for token in tokens if token.form in _TIMES}
    return times | {t.form for t in tokens if t.is_number and counted[t.start : t.end].casefold() != "one"}


def _other_thing(held: Held) -> bool:
    cited = held.names(" . ".join(statement.text for statement in held.cited))
    about = held.names(held.article.title) - cited
    siblings = [set(group.names) for group in held.glossary.distinct]
    there = held.names(held.source)
    if any(there & group for group in siblings):
        about -= set().union(*siblings)
    return held.names_else(there | about | _general(held, there, cited))


def _general(held: Held, there: set[str], cited: set[str]) -> set[str]:
    """Return the general words for what is kept apart ("naltrexone" for LDN), where no drug like it may be meant."""
    terms = held.glossary.terms
    found = set()
    for group in held.glossary.distinct:
        classes = {name for of in group.names for name in terms[of].is_a}
        likes = [t.name for t in terms.values() if classes & {*t.is_a, *t.is_a_outside} and t.name not in group.names]
        is_like_named = any(word_bag(name) <= held.own_words for name in likes if name != group.general)
        if cited & set(group.names) or (there & set(group.names) and not is_like_named):
            found.add(group.general)
    return found


def _other_negation(held: Held) -> bool:
    """Whether something is denied that the statements do not deny, or the other way round."""
    mine, theirs = _denied(held.text), _denied(" . ".join(statement.text for statement in held.cited))
    rested_on = forms(" . ".join(held.rested_on))
    if any(not any(scope & other for other in theirs) for scope in mine) and not rested_on & _NEGATIVE:
        return True
    if "until" in rested_on and mine and not forms(held.text) & _NOT_BEFORE:
        return True
    said = word_bag(held.text)
    lost = any(
        scope and len(scope & said) >= min(2, (len(scope) + 1) // 2)
        for source in held.rested_on
        for scope in _denied(source)
    )
    return lost and not mine and not forms(held.text) & (_NEGATIVE | _LIMITING | _SOFT)


def _denied(text: str) -> list[set[str]]:
    """Return the content words that each negation governs; two in a row cancel out ("no reason she can't")."""
    scopes: list[set[str]] = []
    for clause in re.split(r"[.;:,()–—]", _NO_NEGATION.sub(" ", text)):
        tokens = [token.form for token in tokenize(clause)]
        places = [place for place, form in enumerate(tokens) if form in _DENYING - _SOFT]
        if len(places) > 1 and places[1] - places[0] <= _CANCELS:
            places = places[2:]
        scopes += [word_bag(" ".join(tokens[place + 1 : place + 1 + _SCOPE])) for place in places]
    return scopes


def _lost_hedge(held: Held) -> bool:
    mine, all_theirs = forms(_NOT_ALL.sub("some", held.text)), forms(held.source)
    for source in held.rested_on:
        theirs = _hedging(_NO_HEDGE.sub(" ", source), _stems(held.text))
        if any(theirs & hedges and not mine & kept_by for hedges, kept_by in _HEDGES):
            return True
    return bool(mine & _CERTAIN - all_theirs - (_ALL if all_theirs & _ALL else set()))


def _hedging(source: str, said: set[str]) -> set[str]:
    """Return the words of a clause but those that govern nothing of what is said.

    "(opiates are probably the most-used drug)" hedges nothing for who does not say so. What begins the clause, and
    what has fewer than two words behind it, governs it all.
    """
    tokens = [token.form for token in tokenize(source)]
    found = set(tokens[:_OPENING])
    for place, form in enumerate(tokens[_OPENING:], _OPENING):
        governed = [stem for token in tokens[place + 1 : place + 1 + _SCOPE] for stem in _stems(token)]
        is_said = [word in said for word in governed]
        if len(governed) < 2 or is_said[0] or sum(is_said) > _UNSAID * len(governed):
            found.add(form)
    return found


def _stems(text: str) -> set[str]:
    return {word.rstrip("e") for word in word_bag(text)}  # "cause" and "causes" alike


def _lost_condition(held: Held) -> bool:
    mine = forms(_AS_LONG_AS.sub("if", held.text))
    for source in held.rested_on:
        theirs = forms(_NO_HEDGE.sub(" ", source))
        if theirs & _IF and not mine & _KEEPS_IF:
            return True
        if _AS_LONG_AS.search(source) and not mine & (_KEEPS_IF | _RESTRICTS):
            return True
    return False


def _turned(held: Held) -> bool:
    mine = tokenize(held.text)
    return (
        any(opposed(mine, tokenize(statement.text)) for statement in held.cited)
        or any(opposed(tokenize(r.clause), tokenize(" . ".join(r.sources))) for r in held.clauses)
        or any(_sides_swapped(held.text, statement.text) for statement in held.cited)
    )


def _sides_swapped(text: str, source: str) -> bool:
    """Whether what stands on one side of "than", "instead of", "before" … stands on the other side in the source."""
    mine, theirs = _SIDES.search(text), _SIDES.search(source)
    if not mine or not theirs or mine[1].lower() != theirs[1].lower():
        return False
    left, right = _around(text, mine)
    their_left, their_right = _around(source, theirs)
    crossed = (left & their_right - their_left) and (right & their_left - their_right)
    return bool(crossed) and not (left & their_left - their_right) and not (right & their_right - their_left)


def _around(text: str, pivot: re.Match[str]) -> tuple[set[str], set[str]]:
    """Return the content words that stand nearest to a pivot, on each side."""
    sides = text[: pivot.start()].split()[-_NEAR_PIVOT:], text[pivot.end() :].split()[:_NEAR_PIVOT]
    left, right = (word_bag(" ".join(side)) for side in sides)
    return left, right


def _other_speaker(held: Held) -> bool:
    """Whether somebody is credited or named whose words, or of whom, the statements do not speak."""
    article = held.article
    for person in article.people:
        names = [person.name, person.label, *person.aliases]
        is_main = person.name == article.main_speaker
        pronouns = ["she", "her", "he", "his"] if is_main else []
        is_spoken_of = any(
            s.speaker == person.name or _named([*names, *pronouns]).search(f"{s.text} {s.source}") for s in held.cited
        )
        if _named(names).search(held.text) and not is_spoken_of:
            return True
        if is_main and _is_credited_wrongly(person.name, _credit([*names, "she", "he"]), held):
            return True
    return _AUTHOR.search(held.text) is not None and all(s.speaker != NARRATOR for s in held.cited)


def _is_credited_wrongly(main: str, credit: re.Pattern[str], held: Held) -> bool:
    if not credit.search(held.text):
        return False
    others = [r.statement for r in held.clauses if credit.search(r.clause) and not held.is_from(r.clause, main)]
    return all(s.speaker != main for s in held.cited) or any(not _is_named(s, held) for s in others)


def _is_named(statement: Statement, held: Held) -> bool:
    """Whether the sentence names a statement's speaker, or the article where that is its author."""
    if statement.speaker == NARRATOR:
        return re.search(r"\barticle\b", held.text) is not None or _AUTHOR.search(held.text) is not None
    people = [person for person in held.article.people if person.name == statement.speaker]
    names = [name for person in people for name in (person.name, person.label, *person.aliases)]
    return bool(names) and _named(names).search(held.text) is not None


def _named(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def _credit(names: Sequence[str]) -> re.Pattern[str]:
    """Return what credits one of these people with what is said: "she notes", "according to Boll", "in her view"."""
    who = "|".join(map(re.escape, names))
    return re.compile(
        rf"\b(?:{who})(?:['’]s)?\W+(?:\w+\W+){{0,3}}?{_CREDIT}\b|\baccording to (?:{who})\b|\bin (?:her|his) {_OWN}\b",
        re.IGNORECASE,
    )


def _invents(held: Held) -> bool:
    return len(held.new_words()) > max(_FEW_NEW, _NEW_SHARE * len(word_bag(held.text)))


RULES: Mapping[str, Callable[[Held], bool]] = {
    "writes a quotation": _quotes,
    "addresses the reader": _advises,
    "another quantity": _other_quantity,
    "another drug or thing": _other_thing,
    "another speaker": _other_speaker,
    "a negation added or lost": _other_negation,
    "a hedge lost": _lost_hedge,
    "a condition lost": _lost_condition,
    "turned round": _turned,
    "says more than its statements": _invents,
}

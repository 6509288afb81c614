"""PURE: what somebody types → the notices that stand above any answer, and whether it is refused.

Rules are phrases, in prompts/dangers.toml; they know words only and err on the side of a notice, for one too many costs
a glance. Phrases that use the words of danger for something else ("dying to know") are taken out first. Rules work
without any model; the classifier of turns hears more (`Findings.heard`). What a notice says is in prompts/notices.toml.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache

from whosaid.errors import CorpusError
from whosaid.glossary import Glossary
from whosaid.settings import ROOT
from whosaid.told import asks_of_taking
from whosaid.types import Danger, Notice, NoticeKind, Question
from whosaid.wording import notice_wording

# The contract's kinds: two of them stand for two dangers each
_KIND: Mapping[Danger, NoticeKind] = {
    Danger.EMERGENCY: "emergency",
    Danger.CRISIS: "crisis",
    Danger.OVERDOSE: "overdose",
    Danger.WITHDRAWAL: "withdrawal",
    Danger.OPIOID: "withdrawal",
    Danger.PREGNANCY: "pregnancy",
    Danger.CHILD: "child",
    Danger.SURGERY: "prescriber",
    Danger.PRESCRIBER: "prescriber",
}
_URGENT = {"emergency", "crisis", "overdose"}
MAX_NOTICES = 3
_TOP = ("harmless", "past", "asked")
_LISTS = (*_TOP, "swallowed", "symptoms", "stopped", "polite", "orders", "whole_article", *map(str, Danger))
_NOW = {Danger.EMERGENCY, Danger.CRISIS, Danger.OVERDOSE, Danger.WITHDRAWAL}  # what is over is no danger
_TURNS_BEFORE = 3  # whose dangers a turn that leans on them keeps
_SHORT_WORDS = 8  # up to which a message that tells a time and no symptom tells of no withdrawal
_LONG = re.compile(r" (?:week|wk|month|mth|year|yr)s? ")
_SYMPTOMS = 2  # of withdrawal, from which it is likely
_HOW_MUCH = re.compile(r"\b(?:how (?:much|many|strong|big)|dos(?:e|es|age|ing)|mgs?|max(?:imum)?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_GAP = r"(?: \S+){0,4}?"
_OPIOIDS = {"opioids", "long-acting opioids", "short-acting opioids", "mixed agonist-antagonist opioids"}
_CLAUSE, _MARK = re.compile(r"[!?;,\n]+|(?<!\bdr)\.(?=\s|$)|\b(?:and|then)\b", re.IGNORECASE), re.compile('["“”«»]')
_WORD, _APOSTROPHE = re.compile(r"[^\W_]+(?:[.&][^\W_]+)*"), re.compile("[’‘ʼ´`']")


@cache
def _phrases() -> Mapping[str, re.Pattern[str]]:
    path = ROOT / "prompts" / "dangers.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        lists = {name: content[name] if name in _TOP else content[name]["phrases"] for name in _LISTS}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{path}: {error!r}: restore the file") from error
    return {name: re.compile("|".join(map(_pattern, phrases))) for name, phrases in lists.items()}


def _pattern(phrase: str) -> str:
    """Return a phrase as a regular expression over `_plain` text."""
    parts = []
    for word in phrase.split():
        either = "|".join(re.escape(w).replace(r"\*", r"\S*") for w in word.removeprefix("!").split("|"))
        parts.append(_GAP if word == "…" else f"(?! (?:{either}) )" if word.startswith("!") else f" (?:{either})")
    return "".join(parts) + "(?= )"


def _plain(text: str) -> str:
    """Return the words of a text in lower case, a blank around each, without apostrophes and what nobody can see."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    words = _WORD.findall(_APOSTROPHE.sub("", seen.lower()))
    return f" {' '.join(words)} "


def notices(found: Collection[Danger], region: str = "") -> tuple[Notice, ...]:
    """Return the notices for what was found, the most urgent first, at most `MAX_NOTICES`."""
    texts = notice_wording(region).texts
    return tuple(Notice(_KIND[danger], texts[danger]) for danger in Danger if danger in found)[:MAX_NOTICES]


def is_urgent(notice: Notice) -> bool:
    """Return whether a notice is about minutes or hours."""
    return notice.kind in _URGENT


def opening(notice: Notice) -> str:
    """Return the word that a notice opens with."""
    return "Urgent." if is_urgent(notice) else "Please note."


def refusal(text: str, found: Collection[Danger], before: Collection[Danger] = ()) -> str:
    """Return why a request is refused ("crisis", "orders", "whole_article"), "" where it is not.

    `found` is what is found in it, `before` in the turns before it.
    """
    asks_dose = Danger.OVERDOSE in {*found, *before} or (Danger.CRISIS in before and _HOW_MUCH.search(text))
    if Danger.CRISIS in {*found, *before} and asks_dose:
        return "crisis"  # no dose is shown to somebody who may look for a deadly one
    looked_at = [_plain(text), *map(_clause, _CLAUSE.split(text))]
    for name in ("orders", "whole_article"):
        if any(_phrases()[name].search(plain) for plain in looked_at):
            return name
    return ""


def _clause(text: str) -> str:
    """Return a clause in `_plain` words between "^" and "$", without what is polite before its verb and at its end."""
    polite = f"(?:{_phrases()['polite'].pattern})"
    plain = _plain(_MARK.sub(" quot ", text)).rstrip()
    bare = re.sub(f"^(?:{polite})+|(?:{polite})+ $", "", plain + " ")
    return f" ^{bare.rstrip()} $ "


def dangers(question: Question, glossary: Glossary) -> list[Danger]:
    """Return what the rules find in the last turn, and in how it is read, the most urgent first."""
    texts = {question.turns[-1], question.said, question.read_as}  # as typed too: no spelling put right may hide one
    found = {danger for text in texts for danger in dangers_in(text, glossary)}
    return [danger for danger in Danger if danger in found]


def carried(question: Question, glossary: Glossary) -> set[Danger]:
    """Return what the rules find in the turns before one that leans on them: nobody is out of danger by being brief.

    So is whoever asks of taking LDN. What is urgent in the turn right before stays, whatever is asked next. A crisis
    counts here too, so that no dose is looked for after it; its notice is not repeated above a question that has
    nothing to do with it, for whoever asks of sleep may pass that answer on.
    """
    before = [set(dangers_in(turn, glossary)) for turn in question.turns[:-1][-_TURNS_BEFORE:]]
    if question.leans or asks_of_taking(question.said, glossary):
        return set[Danger]().union(*before)
    return before[-1] & _NOW if before else set()


def only_tells_how_long(text: str) -> bool:
    """Return whether a text is short, tells a time and no symptom of withdrawal: "I came off morphine last year"."""
    plain = _plain(text)
    has_symptom = any(_phrases()[name].search(plain) for name in ("symptoms", Danger.WITHDRAWAL))
    return not has_symptom and len(plain.split()) <= _SHORT_WORDS and _LONG.search(plain) is not None


def is_harmless(text: str) -> bool:
    """Return whether a text is nothing but harmless phrases: then no model hears a danger in it either."""
    return not _phrases()["harmless"].sub(" ", _plain(text)).strip()


def dangers_in(text: str, glossary: Glossary) -> list[Danger]:
    """Return what the rules find in a text, the most urgent first."""
    phrases = _phrases()
    whole = phrases["harmless"].sub(" ", _plain(text))
    sentences = [phrases["harmless"].sub(" ", _plain(sentence)) for sentence in _SENTENCE.split(text)]
    now = " ".join(f" .{sentence.rstrip()} . " for sentence in sentences if not phrases["past"].search(sentence))
    found = {
        danger
        for danger in Danger
        if (pattern := phrases.get(danger)) and pattern.search(now if danger in _NOW else whole)
    }
    if Danger.WITHDRAWAL in found and not phrases[Danger.WITHDRAWAL].search(phrases["asked"].sub(" ", now)):
        found = found - {Danger.WITHDRAWAL} | {Danger.OPIOID}
    named = {name for m in glossary.find(text) for name in (m.term.name, *m.term.is_a, *m.term.is_a_outside)}
    if named & _OPIOIDS:
        found.add(Danger.OPIOID)
    if Danger.CHILD in found and phrases["swallowed"].search(now):
        found |= {Danger.EMERGENCY, Danger.OVERDOSE}
    symptoms = {match[0] for match in phrases["symptoms"].finditer(now)}
    if len(symptoms) >= _SYMPTOMS and (named & _OPIOIDS or phrases["stopped"].search(now)):
        found.add(Danger.WITHDRAWAL)
    return [danger for danger in Danger if danger in found]

"""The nouns of WhoSaid. Read this first, then `chat.py`.

The one rule lives here: a `Quote` has no text of its own, only an article and a span, so words that an
article does not contain cannot be quoted. `Article.quote(span)` makes one and checks the span.

Offsets are half-open and count characters (code points) of the canonical text, `article.txt`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

NARRATOR = "narrator"
NOT_STATED = "not stated"


class Mode(StrEnum):
    """How a statement carries its speaker's words."""

    DIRECT = "direct"  # all of it is quoted, or a signed pull quote
    PARTIAL = "partial"  # quotation marks on a part
    REPORTED = "reported"  # paraphrase with a cue
    CONTINUATION = "continuation"  # paraphrase without a cue: shown as "probably"
    PRACTICE = "practice"  # a narrated act: "she uses…"
    NARRATOR = "narrator"  # the article's author


class Status(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"  # the article touches it
    NOT_IN_ARTICLE = "not_in_article"
    REFUSED = "refused"


NoticeKind = Literal["emergency", "crisis", "withdrawal", "overdose", "pregnancy", "child", "prescriber"]


@dataclass(frozen=True, order=True)
class Span:
    """Half-open character offsets `[start, end)` into an article's canonical text."""

    start: int
    end: int


@dataclass(frozen=True)
class Person:
    """Somebody who speaks in an article: a person or a group.

    `name` is what statements carry as `speaker`, `label` what a reader sees, `aliases` other ways to write it.
    `pronoun` is "she", "he" or "they", "" where it is not known.
    """

    name: str
    label: str
    role: str
    aliases: tuple[str, ...] = ()
    pronoun: str = ""


@dataclass(frozen=True)
class Quote:
    """Words of an article, by reference: the text is cut from the article each time it is read.

    Raises `ValueError` where the span is empty or leaves the text.
    """

    article: "Article"
    span: Span

    def __post_init__(self) -> None:
        """Refuse a span that is no part of the article."""
        if not 0 <= self.span.start < self.span.end <= len(self.article.text):
            raise ValueError(
                f"span {self.span.start}:{self.span.end} is not inside the {len(self.article.text)} characters "
                f"of {self.article.id}"
            )

    @property
    def text(self) -> str:
        """The words, unchanged to the character."""
        return self.article.text[self.span.start : self.span.end]


@dataclass(frozen=True)
class Statement:
    """One whole sentence, list item or signed pull quote, and who said it.

    `cue` is the span that shows the speaker (it may stand outside the statement: a signature, or the sentence
    that it goes on from), `quoted` the spans in the speaker's own words, `source` whose finding is reported
    inside the claim, `needs` the ids of statements without which this one misleads. `reviewed_by` is empty
    where the attribution was made by a machine and nobody has read it.
    """

    id: str
    quote: Quote
    section: str
    speaker: str
    mode: Mode
    channel: str = NOT_STATED
    when: str = ""
    source: str = ""
    cue: Span | None = None
    quoted: tuple[Span, ...] = ()
    needs: tuple[str, ...] = ()
    reviewed_by: str = ""

    @property
    def needed(self) -> tuple["Statement", ...]:
        """All statements without which this one misleads: those that it needs, and those that they need, each once."""
        of = {other.id: other for other in self.quote.article.statements}
        found: dict[str, Statement] = {}
        waiting = list(self.needs)
        while waiting:
            id_ = waiting.pop(0)
            if id_ in of and id_ not in found and id_ != self.id:
                found[id_] = of[id_]
                waiting += of[id_].needs
        return tuple(found.values())

    @property
    def text(self) -> str:
        """The statement's words."""
        return self.quote.text

    @property
    def is_surely_main(self) -> bool:
        """Whether the article credits it outright to its main person."""
        return self.speaker == self.quote.article.main_speaker and self.mode is not Mode.CONTINUATION

    def is_by(self, name: str) -> bool:
        """Whether the one named is the speaker, or whose finding is reported."""
        named = self.quote.article.speaker_named(name)
        if not named and self.source and name.casefold().removeprefix("the ") in self.source.casefold():
            return True
        return named == self.speaker


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


@dataclass(frozen=True, eq=False)
class Article:
    """A canonical text and what is known of it.

    `main_speaker` is the person the article is about. `title_note` says whose the title is where it is not the
    publisher's, "" where it is, `attribution_note` how it was decided who said what, `examples` are questions to begin
    with. `statements` are in reading order and share no character.
    """

    id: str
    title: str
    site: str
    author: str
    published: str
    rights: str
    sha256: str
    text: str = field(repr=False)
    people: tuple[Person, ...]
    main_speaker: str
    url: str = ""
    title_note: str = ""
    attribution_note: str = ""
    examples: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)  # misspelt words → as a quoter may set them right
    statements: tuple[Statement, ...] = field(default=(), repr=False)

    def quote(self, span: Span) -> Quote:
        """Return the words of `span`. Raises `ValueError` where the span is empty or leaves the text."""
        return Quote(self, span)

    def speaker_named(self, words: str) -> str:
        """Return the speaker whom `words` name ("Dr. Liptan, in her book"), "" where it is nobody of this article."""
        plain = f" {_words(words)} "
        named = [(name, person.name) for person in self.people for name in (person.name, person.label, *person.aliases)]
        named += [(name, NARRATOR) for name in (NARRATOR, "the author", "the article’s author", "the blogger")]
        found = [
            (plain.index(f" {_words(name)} "), -len(name), speaker)
            for name, speaker in named
            if f" {_words(name)} " in plain
        ]
        return min(found)[2] if found else ""

    def label(self, speaker: str) -> str:
        """Return what a reader sees for a speaker's name."""
        if speaker == NARRATOR:
            return "the article’s author"
        return next((person.label for person in self.people if person.name == speaker), speaker)

    def pronoun(self, speaker: str) -> str:
        """Return the pronoun that stands for a speaker, "" where it is not known."""
        return next((person.pronoun for person in self.people if person.name == speaker), "")


@dataclass(frozen=True)
class BankQuestion:
    """A question of the bank: answered by `statements` (ids, the best first), or by none and about `topic`."""

    id: str
    article: str
    text: str
    statements: tuple[str, ...] = ()
    topic: str = ""


class Danger(StrEnum):
    """What a notice is about, the most urgent first."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    OVERDOSE = "overdose"
    WITHDRAWAL = "withdrawal"
    OPIOID = "opioid"  # together with LDN
    PREGNANCY = "pregnancy"
    CHILD = "child"
    SURGERY = "surgery"
    PRESCRIBER = "prescriber"


@dataclass(frozen=True)
class Topic:
    """Something that an article does not discuss: `says` reads well in "The article does not discuss …".

    `ask` is whom to ask instead: prescriber, pharmacist, emergency, publisher, or "" where nobody fits. `danger` is
    what whoever asks about it may be in.
    """

    name: str
    says: str
    ask: str = ""
    danger: Danger | None = None


class Focus(StrEnum):
    """What a turn asks of the answer before it, instead of asking something new."""

    NONE = ""
    WHO = "who"  # "who said that?"
    MORE = "more"
    OWN_WORDS = "own_words"  # only the main speaker's own
    AUTHOR = "author"  # only the article's author


@dataclass(frozen=True)
class Question:
    """What is looked up: `read_as` is the last turn, with what it leaves out taken from the turns before it.

    Where the last turn asks about the answer before it, `read_as` is the question of that answer and `focus` says what
    is asked of it. `leans` says that the last turn was found not to stand alone; `also_read_as` is then a second
    reading that brings less along, "" where there is none: what is found has to fit both. `said` is the last turn, its
    spelling put right; `may_stand_alone` says that it is looked up by itself too, and taken so where that settles it.
    `read_after` is the sentence before it that most of what it leaves out is from.
    """

    turns: tuple[str, ...]
    read_as: str
    focus: Focus = Focus.NONE
    leans: bool = False
    also_read_as: str = ""
    said: str = ""
    may_stand_alone: bool = False
    read_after: str = ""

    def as_said(self) -> "Question":
        """Return the last turn without the turns before it."""
        return self.read(self.said, leans=False)

    def read(self, read_as: str, *, leans: bool) -> "Question":
        """Return the last turn in one other reading."""
        return replace(self, read_as=read_as, leans=leans, also_read_as="", may_stand_alone=False, read_after="")


@dataclass(frozen=True)
class Link:
    """That the question's `words` mean, or belong to, the `thing` a statement speaks of: not from the article."""

    words: str
    thing: str


@dataclass(frozen=True)
class Hit:
    """A statement that may answer, with its score in [0, 1] and what the score is made of.

    `links` are the links of general knowledge that it rests on.
    """

    statement: Statement
    score: float
    parts: Mapping[str, float]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What retrieval found: hits (the best first) and how likely it is that the article answers at all.

    `answerable` is in [0, 1]: under `threshold` the article is silent, from `sure` up it answers, between them it
    may only touch the question. `topic` names what the question seems to be about where the article does not discuss
    it, "" where that is not known; `absent` are words of the question that name something the article never mentions.
    `readable` is false where there are no words to look up, or hardly any that the corpus knows, as in another
    language. `near` are the bank questions that lie nearest, with their cosine similarity, `heard` the dangers that the
    last turn sounds like, `unheard` those that it surely is not about. `alone`: the last turn stood by itself.
    """

    hits: tuple[Hit, ...]
    answerable: float
    threshold: float
    sure: float = 0.0
    topic: str = ""
    absent: tuple[str, ...] = ()
    readable: bool = True
    near: tuple[tuple[BankQuestion, float], ...] = ()
    heard: tuple["Danger", ...] = ()
    unheard: tuple["Danger", ...] = ()
    alone: bool = False


class Ruling(StrEnum):
    """What the check of a claim found."""

    EXACT = "exact"
    CLIPPED = "clipped"  # real words, but what was cut changes the sense
    ALTERED = "altered"
    STITCHED = "stitched"  # parts of different statements as one
    SOMEONE_ELSE = "someone_else"  # real, but not by the claimed speaker
    REPORTED = "reported"  # word for word, but the article's paraphrase of the speaker
    PARAPHRASE = "paraphrase"
    NOT_IN_ARTICLE = "not_in_article"
    TOO_SHORT = "too_short"


ChangeKind = Literal["number", "negation", "word", "dropped", "added"]


@dataclass(frozen=True)
class Change:
    """What a quoter changed: `theirs` stands at `at` in the checked text, `article` at `of` in the article.

    Either may be empty. `what` says more where it is known: hedge, condition, unit, drug, person.
    """

    kind: ChangeKind
    theirs: str
    article: str
    at: Span
    of: Span
    what: str = ""


@dataclass(frozen=True)
class Claim:
    """Words to check: `[span)` of a text, by whom they are said to be ("" where nobody is named).

    `is_quoted` is true where they claim to be word for word.
    """

    text: str
    span: Span
    speaker: str = ""
    is_quoted: bool = True


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    `statements` are those that it was held against, the first to be shown: two where it was stitched, none where it is
    about nothing in the article or the text has no statements. `places` are the spans of the source that its words
    come from, `cut` those that were left out and change the sense.
    """

    claim: Claim
    ruling: Ruling
    actual_speaker: str = ""
    statements: tuple[Statement, ...] = ()
    changes: tuple[Change, ...] = ()
    places: tuple[Span, ...] = ()
    cut: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A word of safety above the answer."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of a chat model's plain prose, with the ids of the statements that it rests on. It is no quotation."""

    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A statement on the page: `needed_by` is the id of the statement that must not stand without it."""

    statement: Statement
    score: float
    needed_by: str = ""


@dataclass(frozen=True)
class Answer:
    """What one turn gives back. `lead` is one plain sentence of ours; it asserts nothing of the article.

    `model` names the chat model that `prose` comes from, `None` where there is none; `prose` holds only what `verify`
    found supported by the statements shown.
    """

    status: Status
    read_as: str
    lead: str
    statements: tuple[Shown, ...] = ()
    related: tuple[Shown, ...] = ()
    notices: tuple[Notice, ...] = ()
    follow_ups: tuple[str, ...] = ()
    model: str | None = None
    prose: tuple[Sentence, ...] = ()
    remarks: tuple[str, ...] = ()  # what it rests on beside the article, or that the chat model was of no use
    findings: Findings | None = None  # what it was made of, for those who ask why
    read_after: str = ""  # the sentence of an earlier turn that `read_as` has words of
